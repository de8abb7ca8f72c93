"""A revised target on pages and papers: as of its year, with condition, year, baseline, reason."""

import csv
import io
from decimal import Decimal

import pytest

from kpis.models import FinalTarget, YearlyTarget
from kpis.progress import load_progress
from kpis.series import load_series
from reports.annual.assembly import assemble_report
from reports.annual.comparison import changes_between
from reports.annual.serialisation import from_json, to_json
from reports.charts.assessed import kpi_chart
from reports.renderers.csv import render_csv
from reports.renderers.open_data.indicators import indicators_csv
from tests.factories import make_kpi, record
from tests.page_text import said


@pytest.fixture
def kpi(project, kikaku):
    """50 from 2024 on, 12 and 9 measured; from 2026 on more than 80 by 2027, baseline 5."""
    kpi = make_kpi(project, target=50, aggregation="cumulative")
    record(kpi, {2024: 12, 2025: 9, 2026: 9}, kikaku)
    FinalTarget.objects.create(
        kpi=kpi, effective_from=2026, value=80, is_strict=True, target_year=2027,
        baseline=5, baseline_year=2023, reason="国の制度の変更",
    )  # fmt: skip
    return kpi


def report(strategy, year):
    return assemble_report(strategy, load_progress(strategy, year, with_texts=True))


def rows_of(content):
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_report_tells_the_revision_with_both_sides_from_its_year_on(strategy, kpi):
    before, after = report(strategy, 2025), report(strategy, 2026)

    assert before.revisions == ()
    (revision,) = after.revisions
    assert (revision.before, revision.after, revision.reason) == (50, 80, "国の制度の変更")
    assert revision.before_text == "50件以上、目標年度 令和10年度、基準値 なし"
    assert revision.after_text == "80件超、目標年度 令和9年度、基準値 5件（令和5年度）"
    assert from_json(to_json(after)) == after


def test_each_year_has_the_target_in_force(strategy, kpi):
    before, after = (report(strategy, year).kpis[0] for year in (2025, 2026))

    assert (before.final_target, before.target_text, before.target_year) == (50, "", 2028)
    assert (after.final_target, after.target_text, after.target_year) == (
        80, "80超（令和9）", 2027,
    )  # fmt: skip
    assert (before.baseline, after.baseline) == (None, 5)
    assert [year.expected for year in after.years] == [10, 20, 50]


def test_comparison_names_condition_and_year(strategy, kpi):
    before = report(strategy, 2026)
    FinalTarget.objects.filter(effective_from=2026).update(is_strict=False, target_year=None)
    after = report(strategy, 2026)

    assert [
        (one.item, one.before, one.after)
        for one in changes_between(before, after)
        if "目標の" in one.item
    ] == [
        ("目標の条件", "超", "以上"),
        ("目標の年度", "令和9年度", "計画の最終年度"),
        (
            "最終目標の改定",
            "令和8年度から80件超、目標年度 令和9年度、基準値 5件（令和5年度）（国の制度の変更）",
            "令和8年度から80件以上、基準値 5件（令和5年度）（国の制度の変更）",
        ),
    ]


def test_data_files_have_the_terms_at_their_end_where_a_target_has_them(strategy, kpi):
    plain, with_terms = (rows_of(indicators_csv(report(strategy, year))) for year in (2025, 2026))

    assert "目標の条件" not in plain[0]
    assert plain[0]["最終目標の会計年度（年）"] == "2028"
    assert list(with_terms[0])[-1] == "目標の条件"
    assert (with_terms[0]["目標の条件"], with_terms[0]["最終目標の会計年度（年）"]) == (
        "超",
        "2027",
    )
    by_year = rows_of(render_csv(report(strategy, 2026)))
    assert [row["最終目標値"] for row in by_year] == ["50", "50", "80"]


def test_words_and_a_kept_level_are_told_in_the_data_files(strategy, project, kikaku):
    make_kpi(project, 1, target=None).final_targets.create(
        effective_from=2024, words="増加", met_by="better"
    )
    kept = make_kpi(project, 2, target=50, baseline=Decimal(50))
    kept.final_targets.update(tolerance=2)
    record(project.kpis.get(number=1), {2024: 5}, kikaku)

    words, level = rows_of(indicators_csv(report(strategy, 2024)))

    last = ("目標の条件", "維持の幅", "ことばの目標")
    assert [words[name] for name in last] == ["基準値より良い", "", "増加"]
    assert [level[name] for name in last] == ["維持", "2", ""]
    first = report(strategy, 2024).kpis[0]
    assert first.latest.remarks == ("目標「増加」は数値ではないため、率を計算できません。",)
    assert (first.latest.absence_label, first.target_text) == ("算出不可", "増加")


def test_nothing_due_is_coded_and_remarked(strategy, project, kikaku):
    kpi = make_kpi(project)
    YearlyTarget.objects.create(kpi=kpi, fiscal_year=2024, value=0)
    record(kpi, {2024: 0}, kikaku)

    (row,) = rows_of(render_csv(report(strategy, 2024)))

    assert (row["達成率（%）"], row["進捗率（%）"], row["欠測区分"]) == ("0.0", "", "7")
    assert row["注記"] == "この年度の目安は0のため、進捗率はありません。"


def test_page_tells_the_target_of_its_year_and_all_rows(planner, kpi):
    before = said(planner.get("/plans/mihon/kpis/P1-1/?fy=2025"))
    after = said(planner.get("/plans/mihon/kpis/P1-1/?fy=2026"))

    assert "令和10年度の目標に対して" in before
    assert "最終目標の50件まであと29件です。" in before
    assert "令和9年度の目標に対して" in after
    assert "最終目標の80件超まであと50件です。" in after
    assert (
        "令和8年度から 80件超（目標年度 令和9年度、基準値 5件（令和5年度））（国の制度の変更）"
        in after
    )
    assert (
        "令和7年度の目安20件から令和9年度の最終目標80件まで、2年で均等に進むとした値です。" in after
    )


def test_history_tells_the_new_columns(planner, kpi):
    page = said(planner.get("/plans/mihon/history/?kpi=P1-1"))

    assert "超・未満： 空欄 → はい" in page
    assert "目標年度： 空欄 → 令和9年度" in page
    assert "改めた基準値： 空欄 → 5件" in page


def test_past_day_shows_the_terms_that_stood(planner, kpi):
    for model in (type(kpi), FinalTarget):
        model.history.update(history_date="2025-01-01T00:00+09:00")

    page = said(planner.get("/plans/mihon/kpis/P1-1/", {"as_of": "2025-06-30", "fy": "2026"}))

    assert "令和8年度から 80件超（目標年度 令和9年度" in page
    assert "目標を見直す" not in page


def test_chart_draws_the_target_as_a_step_and_names_that_of_the_pages_year(strategy, kpi):
    (series,) = load_series(strategy)

    before, after = kpi_chart(series, 2025), kpi_chart(series, 2026)

    assert "最終目標 50件（令和8年度から80件）。" in before.wide
    assert "最終目標 80件。" in after.wide
    # Two levels, the step between them, and the legend's.
    assert [one.wide.count('stroke-dasharray="6 4"') for one in (before, after)] == [4, 4]
    assert ">令和8から<" in before.wide
    assert ">令和8から<" not in after.wide
    assert "最終目標 50件（令和8年度から80件）" in before.narrow
