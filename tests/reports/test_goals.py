"""数値目標 on pages, in reports, files and comparisons: in lines and sections of their own."""

import csv
import io
import zipfile
from dataclasses import replace

import pytest
from openpyxl import load_workbook

from kpis.plan_changes.lives import end_kpi
from kpis.progress import load_progress
from kpis.recording import ActualEntry, close_fiscal_year, close_years_through
from projects.models import Pillar
from reports.annual.assembly import assemble_report
from reports.annual.comparison import changes_between
from reports.annual.law import differences_from_kept
from reports.annual.open_points import open_points
from reports.annual.serialisation import from_json, to_json
from reports.formats import FORMATS
from reports.goal_figures import goal_figures
from tests.factories import final, make_goal, make_kpi, make_project, record
from tests.page_text import bare, main_of, table_row
from tests.reports.docx_reading import all_text, opened
from tests.reports.pdf_reading import pages_by_pdfium

pytestmark = pytest.mark.django_db


@pytest.fixture
def whole(strategy, project, kikaku):
    """P1-1 at 80 of 100; the plan's goal at 100 and the pillar's, cumulative, at 10 of 50."""
    record(make_kpi(project, target=100), {2024: 60, 2025: 80}, kikaku)
    record(make_goal(strategy, name="交流人口"), {2024: 90, 2025: 100}, kikaku)
    of_pillar = make_goal(strategy, project.pillar, target=50, aggregation="cumulative")
    record(of_pillar, {2025: final(10, analysis="伸び悩んだ")}, kikaku)
    record(of_pillar, {2024: ActualEntry("unmeasured", unmeasured_reason="始める前")}, kikaku)
    return strategy


@pytest.fixture
def alone(strategy, kikaku):
    """Nothing but goals: one of the plan, one of its pillar that has no value yet."""
    pillar = Pillar.objects.create(strategy=strategy, number=1, name="しごとの創生")
    record(make_goal(strategy, name="交流人口"), {2024: 90, 2025: 100}, kikaku)
    make_goal(strategy, pillar, name="起業者数")
    return strategy


def report_of(strategy, year=2025, previous=None):
    progress = load_progress(strategy, year, with_texts=True)
    return assemble_report(strategy, progress, previous=previous)


def test_goals_have_a_sentence_with_ratings_and_outlook(whole):
    figures = goal_figures(load_progress(whole, 2025))

    # 10 of the 20 that were due is 50%; at 5 a year 25 of 50 are to come by 2028.
    assert figures.sentence == (
        "数値目標2件のうち、1件が「順調」、1件が「遅れ」です。"
        "このまま進むと、1件が最終目標に届く見込みです。"
    )
    assert (figures.measured, figures.total) == (2, 2)
    assert [(group.name, len(group.goals)) for group in figures.groups] == [
        ("計画全体の数値目標", 1), ("しごとの創生の数値目標", 1),
    ]  # fmt: skip


def test_dashboard_shows_goals_apart(planner, whole):
    response = planner.get("/plans/mihon/?fy=2025")
    page = bare(response)

    assert "1指標のすべてが" in page
    assert "80.0%1指標中1指標の平均" in page
    assert "数値目標2件のうち、1件が「順調」、1件が「遅れ」です。" in page
    assert table_row(response, "G0-1")["見込み"].startswith("100")
    assert "G1-1" not in page[page.index("プロジェクト別") :]
    meeting = bare(planner.get("/plans/mihon/?fy=2025&view=meeting"))
    assert "A順調G0-1交流人口100件／目安100件" in meeting


def test_project_page_of_a_holder_leads_to_its_goals(planner, whole):
    response = planner.get("/plans/mihon/projects/G1/?fy=2025")

    assert response.url == "/plans/mihon/projects/?fy=2025#goals-G1"
    listed = bare(planner.get("/plans/mihon/projects/?fy=2025"))
    assert "しごとの創生数値目標D遅れG1-1目標1累計10件" in listed
    assert "計画全体の数値目標A順調G0-1交流人口100件" in listed
    assert "G1しごと" not in listed


def test_goal_has_the_page_of_a_kpi(planner, whole):
    page = bare(planner.get("/plans/mihon/kpis/G1-1/?fy=2025"))

    assert "G1-1／しごとの創生の数値目標" in page
    assert "累計は10件で、目安の20件を10件下回っています。" in page
    listed = planner.get("/plans/mihon/kpis/?fy=2025")
    assert "数値目標柱と計画全体の目標" in bare(listed)
    assert table_row(listed, "G1-1")["進捗率"] == "50.0%"


def test_report_has_goals_beside_its_projects(whole):
    report = report_of(whole)

    assert [kpi.code for kpi in report.kpis] == ["P1-1"]
    assert [(one.code, one.pillar, len(one.kpis)) for one in report.goals] == [
        ("G0", "", 1), ("G1", "しごとの創生", 1),
    ]  # fmt: skip
    assert report.standing.kpi_count == 1
    assert report.standing.progress_mean == 80
    assert report.goals_by_band == (
        ("A", "順調", 1), ("B", "概ね順調", 0), ("C", "やや遅れ", 0), ("D", "遅れ", 1),
        ("－", "評価なし", 0),
    )  # fmt: skip
    assert from_json(to_json(report)) == report
    without = replace(report, goals=(), goals_by_band=(), goals_sentence="")
    assert not without.has_goals


def test_files_say_which_rows_are_goals(whole):
    report = report_of(whole)

    rows = list(csv.DictReader(io.StringIO(_file(report, "annual-report.csv").decode("utf-8-sig"))))
    assert list(rows[0])[-1] == "種別"
    assert [(row["指標コード"], row["会計年度（年）"], row["種別"]) for row in rows] == [
        ("P1-1", "2024", "指標"), ("P1-1", "2025", "指標"),
        ("G0-1", "2024", "数値目標"), ("G0-1", "2025", "数値目標"),
        ("G1-1", "2024", "数値目標"), ("G1-1", "2025", "数値目標"),
    ]  # fmt: skip
    assert (rows[-1]["プロジェクト名"], rows[-1]["進捗率（%）"]) == (
        "しごとの創生の数値目標",
        "50.0",
    )
    archive = zipfile.ZipFile(io.BytesIO(_file(report, "open-data.zip")))
    indicators = archive.read("kpi_indicators.csv").decode("utf-8-sig").splitlines()
    assert indicators[0].endswith(",種別")
    assert [line.rpartition(",")[2] for line in indicators[1:]] == ["指標", "数値目標", "数値目標"]
    assert "種別,数値目標,数値目標," in archive.read("codes.csv").decode("utf-8-sig")
    assert "種別、kind、" in archive.read("readme.txt").decode("utf-8-sig")


def test_files_of_a_plan_without_goals_have_no_column_of_kinds(strategy, project, kikaku):
    record(make_kpi(project), {2025: 20}, kikaku)
    report = report_of(strategy)

    archive = zipfile.ZipFile(io.BytesIO(_file(report, "open-data.zip")))
    for text in (
        _file(report, "annual-report.csv"), *(archive.read(one) for one in archive.namelist()),
    ):  # fmt: skip
        assert "種別" not in text.decode("utf-8-sig", "replace")


def test_papers_have_a_chapter_of_goals(whole):
    report = report_of(whole)

    paper = " ".join(" ".join(pages_by_pdfium(_file(report, "annual-report.pdf"))).split())
    assert "数値目標2件のうち、1件が「順調」、1件が「遅れ」です。" in paper
    assert "しごとの創生の数値目標" in paper
    assert "伸び悩んだ" in paper
    word = all_text(opened(_file(report, "annual-report.docx")))
    assert word.index("計画全体の数値目標") < word.index("P1プロジェクト", word.index("総括"))
    book = load_workbook(io.BytesIO(_file(report, "annual-report.xlsx")))
    assert "数値目標" in book.sheetnames
    cells = [cell.value for row in book["数値目標"].rows for cell in row if cell.value is not None]
    assert {"しごとの創生の数値目標", "G1-1", "伸び悩んだ"} <= set(cells)


def test_goals_are_compared_and_named_where_open(whole, kikaku):
    before = report_of(whole)
    record(make_goal(whole, number=2, name="移住者数"), {2025: 5}, kikaku)
    after = report_of(whole)

    assert [(one.code, one.item, one.after) for one in changes_between(before, after)] == [
        (
            "", "評価別の数値目標の数",
            "A 順調 1、B 概ね順調 0、C やや遅れ 0、D 遅れ 2、－ 評価なし 0",
        ),
        ("G0-2", "数値目標", "掲載"),
    ]  # fmt: skip
    unexplained = {title: places for title, _remark, places in open_points(after)}
    assert unexplained["要因分析のない数値目標"] == [("G0-1", "交流人口"), ("G0-2", "移住者数")]
    assert unexplained["要因分析のない指標"] == [("P1-1", "指標1")]


def test_closed_year_keeps_its_goals(whole, kikaku):
    close_years_through(whole, 2025, user=kikaku)
    goal = whole.projects.get(code="G0").kpis.get()
    make_project(whole, "P2")
    end_kpi(goal, 2026, user=kikaku, reason="終える")

    assert all(one.holds for one in differences_from_kept(whole))
    later = report_of(whole, 2027)
    assert [one.kpi.code for one in later.ended_goals] == ["G0-1"]
    assert [(one.what, one.kind, one.code) for one in later.lives] == [("goal", "ended", "G0-1")]


def test_goals_alone_have_a_dashboard_and_every_page(planner, alone):
    page = bare(planner.get("/plans/mihon/?fy=2025"))
    assert "数値目標2件のうち、1件が「順調」です。値がまだないものが1件あります。" in page
    assert "値のある目標令和7年度1／2件" in page
    assert "G0-1A順調交流人口100件" in page
    assert "未入力起業者数" in page
    assert "指標がまだ登録されていません" not in page
    assert "プロジェクトがまだ登録されていません" not in page
    assert "平均" not in page
    for path, words in {
        "?fy=2025&view=meeting": "数値目標2件のうち、1件が「順調」です。",
        "?fy=2028": "数値目標2件のどれにも、この年度の値はまだありません。",
        "projects/?fy=2025": "しごとの創生数値目標未入力G1-1起業者数",
        "kpis/?fy=2025": "数値目標柱と計画全体の目標",
        "entry/2025/": "G1-1起業者数",
        "entry/2025/overview/": "（数値目標2件を含みます）",
        "entry/2025/close/": "未入力1指標",
        "entry/2025/reviews/": "総括",
        "initiatives/": "取組",
        "reports/": "数値目標2件中1件が入力済み",
        "reports/2025/": "しごとの創生の数値目標",
        "changes/targets/": "G1-1",
        "history/": "交流人口",
        "departments/": "G1-1",
        "next/": "G1-1",
    }.items():
        assert words in bare(planner.get(f"/plans/mihon/{path}")), path
    assert "86.3" not in main_of(planner.get("/plans/mihon/?fy=2025"))


def test_goals_alone_give_every_file_and_an_outcome(alone, kikaku):
    for year in (2024, 2025, 2026, 2027):
        close_fiscal_year(alone, year, user=kikaku)
    record(alone.projects.get(code="G0").kpis.get(), {2028: 120}, kikaku)
    report = report_of(alone, 2028)

    assert report.headline == (
        "数値目標2件のうち、1件が「順調」です。値がまだないものが1件あります。"
    )
    assert [(one.code, one.outcome) for one in report.outcome.goals] == [
        ("G0-1", "reached"), ("G1-1", "unknown"),
    ]  # fmt: skip
    made = {name: one.render(report) for name, one in FORMATS.items()}
    paper = " ".join(" ".join(pages_by_pdfium(made["annual-report.pdf"])).split())
    assert "数値目標2件のうち1件が最終目標に達しました。" in paper
    assert "平均" not in paper
    assert all(made.values())


def test_dashboard_asks_the_same_however_many_goals_there_are(
    planner, whole, django_assert_num_queries
):
    with django_assert_num_queries(12) as asked:
        planner.get("/plans/mihon/?fy=2025")
    for number in range(2, 8):
        make_goal(whole, number=number)
    with django_assert_num_queries(len(asked)):
        planner.get("/plans/mihon/?fy=2025")


def _file(report, name):
    return FORMATS[name].render(report)
