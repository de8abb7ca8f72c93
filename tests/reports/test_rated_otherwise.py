"""Files of plans that rate as other cities do: each says how, and only what is rated."""

import csv
import io
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.contrib.auth.models import User

from entry.demo import seed_demo
from entry.plan_file.loading import load_plan
from kpis.models import KpiRatingRules, YearlyActual
from kpis.plan_changes.rating_rules import revise_rating_rules
from kpis.progress import load_progress
from projects.bands import bands_to_data
from projects.models import ProjectReview
from reports.annual.assembly import assemble_report
from reports.annual.comparison import changes_between
from reports.annual.law import compare
from reports.annual.open_points import open_points
from reports.annual.serialisation import from_json, to_json
from reports.annual.verification.data_files import differences
from reports.renderers.csv import HEADER, render_csv
from reports.renderers.docx import render_docx
from reports.renderers.open_data import render_open_data
from reports.renderers.pdf import render_pdf
from reports.renderers.xlsx import render_xlsx
from tests.factories import make_kpi, make_plan, record
from tests.rated_otherwise import OF_PEOPLE, TEN_MARKS, rate_otherwise
from tests.reports import docx_reading, workbooks
from tests.reports.pdf_reading import body_text

MADE = datetime(2026, 7, 1, tzinfo=UTC)
RENDERERS = (render_pdf, render_docx, render_xlsx, render_csv, render_open_data)
# What the guide, the summary and the tables say; of the whole file, without any blank.
SAID = {
    "ten marks": (
        "目標を大きく上回る150%以上",
        "ほぼ目標どおり95%以上100%未満",
        "率は、小数第3位以下を切り捨てています。",
    ),
    "by position": (
        "評価は、次の条件を上から順に見て、最初に当てはまるもので決めます。",
        "↗前の値より良い（幅3%）",
        "↘その他",
        "「前の値」は、前に測った年度の値で、なければ基準値です。",
        "次の指標は、ほかの指標と違うきまりで評価します。",
        "◎達成：100%以上△未達：100%未満（進捗率による）",
    ),
    "by people": (
        "評価は、所管課が理由を付けて案を出し、計画の担当課が決めます。",
        "次の区分で進捗率から計算した評価と違うときは、両方を示します。",
        "評価を人が決める指標で、まだ決めていないもの",
        "B やや不足（計算ではC）",
        "A 期待どおり：窓口が混んだため。",
        "B やや不足：水準で判断した。",
        "－評価未定",
        "外部有識者は、プロジェクトを良いものから順に「有効」、「有効でない」で評価します。",
        "指標が目安に届いたため。",
    ),
}  # fmt: skip


@pytest.fixture
def plan(kikaku):
    """P1-1 at 61% and 42% of its target, P1-2 at 44% and 64% of its own."""
    return make_plan(kikaku, first_year=2024, last_year=2025)


def report_of(plan, year=2025):
    report = assemble_report(plan, load_progress(plan, year, with_texts=True), made_at=MADE)
    assert from_json(to_json(report)) == report
    return report


def rated(plan, how):
    """The report of a plan that rates so, with what people said and a KPI's own scale."""
    rate_otherwise(plan, how)
    if how == "by position":
        KpiRatingRules.objects.create(
            kpi=plan.projects.get().kpis.get(number=2), effective_from=2024,
            bands=[{"symbol": "◎", "label": "達成", "lower": "100"},
                   {"symbol": "△", "label": "未達", "lower": None}],
        )  # fmt: skip
    if how == "by people":
        bounds = zip(OF_PEOPLE, (100, 90, 80, None), strict=True)
        plan.bands = bands_to_data(
            [replace(band, lower=lower and Decimal(lower)) for band, lower in bounds]
        )
        plan.save()
        YearlyActual.objects.filter(kpi__number=1, fiscal_year=2025).update(
            proposed_place=2, proposal_reason="窓口が混んだため。",
            decided_place=3, decision_reason="水準で判断した。",
        )  # fmt: skip
        ProjectReview.objects.create(
            project=plan.projects.get(), fiscal_year=2025, rating_place=2, external_place=1,
            rating_reason="指標が目安に届いたため。", updated_at=MADE,
        )  # fmt: skip
    return report_of(plan)


def words_of(report):
    """All that the report says to people, by format, without blanks."""
    book = workbooks.opened(render_xlsx(report))
    cells = (cell.value for sheet in book for row in sheet for cell in row if cell.value)
    word = docx_reading.all_text(docx_reading.opened(render_docx(report)))
    texts = {
        "pdf": body_text(render_pdf(report)),
        "docx": word,
        "xlsx": "\n".join(map(str, cells)),
    }
    return {name: "".join(text.split()) for name, text in texts.items()}


def rows_of(report, name="kpi_actuals.csv"):
    archive = zipfile.ZipFile(io.BytesIO(render_open_data(report)))
    return list(csv.DictReader(io.StringIO(archive.read(name).decode("utf-8-sig"))))


def codes_of(report, *items):
    return [
        (row["コード"], row["名称"], row["説明"])
        for row in rows_of(report, "codes.csv")
        if row["項目"] in items
    ]


@pytest.mark.parametrize("how", SAID)
def test_papers_say_how_the_plan_rates(plan, how):
    found = words_of(rated(plan, how))

    for text in found.values():
        assert [said for said in SAID[how] if "".join(said.split()) not in text] == []


def test_files_of_a_plan_without_ratings_have_no_trace_of_them(plan):
    report = rated(plan, "not at all")
    # The last year has the 総括 of the period, whose tables would have ratings.
    assert report.outcome is not None
    archive = zipfile.ZipFile(io.BytesIO(render_open_data(report)))
    read = {name: archive.read(name).decode("utf-8-sig", "ignore") for name in archive.namelist()}

    for text in (*words_of(report).values(), *read.values()):
        assert "評価" not in text.replace("重要業績評価指標", "")
    assert list(rows_of(report)[0]) == [one for one in HEADER if one != "評価区分"]
    assert [row["達成率（%）"] for row in rows_of(report)] == ["42.0", "62.0", "44.0", "64.0"]
    assert "この報告書の見方" in words_of(report)["docx"]


def test_proposals_and_decisions_are_columns_of_the_data(plan):
    report = rated(plan, "by people")
    undecided, judged, *_ = rows_of(report)
    (project,) = rows_of(report, "project_ratings.csv")

    assert list(judged)[len(HEADER) :] == ["算定評価", "評価の案", "評価の案の理由", "評価の理由"]
    assert (judged["評価区分"], *list(judged.values())[len(HEADER) :], judged["欠測区分"]) == (
        "B", "C", "A", "窓口が混んだため。", "水準で判断した。", "",
    )  # fmt: skip
    assert (undecided["評価区分"], undecided["算定評価"], undecided["欠測区分"]) == ("", "C", "6")
    assert {name: project[name] for name in list(project)[-4:]} == {
        "評価区分": "A", "算定評価": "C", "評価の理由": "指標が目安に届いたため。",
        "外部有識者の評価": "有効",
    }  # fmt: skip
    assert codes_of(report, "評価区分", "外部有識者の評価")[3:] == [
        ("C", "不足", "人が決める評価で、良いものから4番目。計算では進捗率が80%未満"),
        ("有効", "有効", "人が決める評価で、良いものから1番目"),
        ("有効でない", "有効でない", "人が決める評価で、良いものから2番目"),
    ]
    assert codes_of(report, "プロジェクトの評価区分")[0] == (
        "S", "期待を超える", "人が決める評価で、良いものから1番目。計算では進捗率の平均が100%以上",
    )  # fmt: skip


def test_marks_of_positions_and_of_a_kpis_own_are_codes(plan):
    report = rated(plan, "by position")

    assert [row["評価区分"] for row in rows_of(report)] == ["", "↗", "△", "△"]
    assert codes_of(report, "評価区分") == [
        ("↗", "↗", "1番目の条件「前の値より良い（幅3%）」"),
        ("→", "→", "2番目の条件「前の値と同程度（幅3%）」"),
        ("↘", "↘", "3番目の条件「その他」"),
        ("◎", "達成", "進捗率が100%以上（P1-2、令和6年度から令和7年度まで）"),
        ("△", "未達", "進捗率が100%未満（P1-2、令和6年度から令和7年度まで）"),
    ]
    assert report.standing.by_band == (
        ("↗", "", 1), ("→", "", 0), ("↘", "", 0), ("◎", "達成", 0), ("△", "未達", 1),
        ("－", "評価なし", 0),
    )  # fmt: skip


def test_rates_are_cut_to_two_decimals_in_every_file(plan, kikaku):
    rate_otherwise(plan, "ten marks")
    kpi = make_kpi(plan.projects.get(), 3, target=300)
    record(kpi, {2025: 299}, kikaku)
    report = report_of(plan)
    last = rows_of(report)[-1]
    (row,) = (
        one
        for one in workbooks.table(workbooks.opened(render_xlsx(report))["指標一覧"], "番号")
        if one["番号"].value == "P1-3"
    )

    # 299 of 300 is 99.666…%: 99.67 where it is rounded.
    assert (last["達成率（%）"], last["進捗率（%）"]) == ("99.66", "99.66")
    assert workbooks.shown(row["達成率（%）"]) == "99.66"
    found = words_of(report)
    assert "99.66%" in found["pdf"]
    assert "99.66%" in found["docx"]
    assert last["評価区分"] == "ほぼ目標どおり"


def test_ten_labels_are_counted_in_rows(plan):
    (table,) = docx_reading.tables(
        docx_reading.opened(render_docx(rated(plan, "ten marks"))), "評価別の指標数"
    )

    assert docx_reading.lines(table)[-6:] == [
        "やや遅れ 0 0", "遅れ 0 2", "大幅な遅れ 2 0", "未着手に近い 0 0", "－ 評価なし 0 0",
        "計 2 2",
    ]  # fmt: skip


def test_differences_between_reports_tell_of_rules_and_judgements(plan):
    before = report_of(plan)
    after = rated(plan, "by people")
    told = {
        (one.code, one.fiscal_year, one.item): one.after for one in changes_between(before, after)
    }

    assert told["", None, "評価の方法"] == "人が決める（所管課が案を出し、企画担当が決める）"
    assert told["", None, "外部有識者の評価の区分"] == "有効、有効でない"
    assert told["P1-1", 2025, "評価の案"] == "A 期待どおり"
    assert told["P1-1", 2025, "計算した評価"] == "C 不足"
    assert told["P1-1", 2025, "評価の理由"] == "水準で判断した。"
    assert told["P1-1", 2024, "評価のない理由"] == "評価未定"
    assert told["P1", None, "外部有識者の評価"] == "有効"


def test_what_nobody_has_decided_is_open_before_an_edition(plan):
    rate_otherwise(plan, "by people")
    open_in_it = {title: places for title, _remark, places in open_points(report_of(plan))}

    assert open_in_it["評価の決まっていない指標"] == [("P1-1", "指標1"), ("P1-2", "指標2")]
    assert open_in_it["評価の決まっていないプロジェクト"] == [("P1", "P1プロジェクト")]


def test_law_tells_marks_without_symbols_apart_by_their_labels(plan):
    report = rated(plan, "ten marks")
    first, *others = report.bands
    renamed = replace(report, bands=(replace(first, lower=Decimal(160)), *others))

    assert [one.place for one in compare(report, renamed)] == ["bands 目標を大きく上回る › lower"]


def test_years_under_the_same_codes_are_told_apart_when_files_are_compared(plan, kikaku):
    rate_otherwise(plan, "ten marks")

    def revised(lower):
        bands = (replace(TEN_MARKS[0], lower=Decimal(lower)), *TEN_MARKS[1:])
        revise_rating_rules(
            plan, effective_from=2025, bands=bands_to_data(bands), user=kikaku, reason="見直し"
        )
        plan.refresh_from_db()
        return render_open_data(report_of(plan))

    told = differences(revised(160), revised(170), "open-data.zip")

    assert [(one.place, one.kept) for one in told if one.place.startswith("codes.csv")] == [
        ("codes.csv 評価区分 目標を大きく上回る（2） 説明", "進捗率が160%以上（令和7年度）"),
        ("codes.csv 評価区分 目標を上回る（2） 説明", "進捗率が120%以上160%未満（令和7年度）"),
    ]


def test_code_that_a_later_version_explains_is_no_difference(plan):
    new = render_open_data(report_of(plan))
    old = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(new)) as parts, zipfile.ZipFile(old, "w") as archive:
        for name in parts.namelist():
            lines = parts.read(name).splitlines(keepends=True)
            archive.writestr(name, b"".join(one for one in lines if "評価未定".encode() not in one))

    assert rows_of(report_of(plan), "codes.csv")[7]["名称"] == "評価未定"
    assert differences(old.getvalue(), new, "open-data.zip") == []


def test_new_bands_from_a_year_leave_the_files_of_earlier_years_of_the_real_plan(db, settings):
    settings.DEMO = True
    plan = load_plan("omuta_2024_2028").strategy
    assert seed_demo() == ""

    def files(year, *renderers):
        plan.refresh_from_db()
        report = report_of(plan, year)
        return to_json(report), [render(report) for render in renderers]

    before = files(2024, render_open_data), files(2025, *RENDERERS)
    rows = [row for row in rows_of(report_of(plan, 2026)) if row["会計年度（年）"] < "2026"]
    revise_rating_rules(
        plan, effective_from=2026, bands=bands_to_data(TEN_MARKS), rate_decimals=2,
        user=User.objects.get(username="kikaku"),
        reason="外部評価の意見による。",
    )  # fmt: skip

    assert (files(2024, render_open_data), files(2025, *RENDERERS)) == before
    later = report_of(plan, 2026)
    assert later.bands == TEN_MARKS
    assert [row for row in rows_of(later) if row["会計年度（年）"] < "2026"] == rows
    assert {row["評価区分"] for row in rows} <= {"A", "B", "C", "D", ""}
