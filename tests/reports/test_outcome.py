"""計画期間の総括: in the last year, what became of each KPI over the whole period.

P1-1 reached its 100 (120 in the end), P1-2 did not (45 of 50), nobody entered P1-3, and P1-4
ended after 2025 with its target reached.
"""

import pytest

from kpis.models import ActualState, FinalTarget
from kpis.outcome import plan_outcome
from kpis.progress import load_progress
from kpis.recording import ActualEntry, close_fiscal_year
from reports.annual.assembly import assemble_report
from reports.annual.serialisation import from_json, to_json
from reports.renderers.docx import render_docx
from reports.renderers.pdf import render_pdf
from reports.renderers.xlsx import render_xlsx
from tests.factories import make_kpi, make_project, make_strategy, record
from tests.page_text import said
from tests.reports import docx_reading, workbooks
from tests.reports.pdf_reading import body_text

SENTENCE = (
    "令和6年度から令和8年度までの計画期間では、4指標のうち2指標が最終目標に達し、"
    "1指標が達していません。1指標は、達成率を算出できません。"
    "途中で終えた指標は、終えた年度の値によります。"
)


@pytest.fixture
def plan(db, kikaku):
    strategy = make_strategy(last_year=2026)
    project = make_project(strategy)
    record(
        make_kpi(project, 1, target=100, aggregation="cumulative"),
        {2024: 30, 2025: 40, 2026: 50}, kikaku,
    )  # fmt: skip
    record(make_kpi(project, 2), {2024: 30, 2025: 40, 2026: 45}, kikaku)
    record(make_kpi(project, 3), {2024: 50}, kikaku)
    ended = make_kpi(project, 4, target=10)
    record(ended, {2024: 5, 2025: 10}, kikaku)
    close_fiscal_year(strategy, 2024, user=kikaku)
    close_fiscal_year(strategy, 2025, user=kikaku)
    ended.last_year, ended.end_reason = 2025, "統計の廃止"
    ended.save()
    return strategy


def report_of(plan, year=2026):
    return assemble_report(plan, load_progress(plan, year, with_texts=True))


def test_outcome_is_that_of_the_last_year_of_each_kpis_life(plan):
    outcome = plan_outcome(load_progress(plan, 2026))

    assert [
        (one.last.definition.code, one.last.fiscal_year, one.outcome.label, one.last.value)
        for one in outcome.kpis
    ] == [
        ("P1-1", 2026, "達成", 120),
        ("P1-2", 2026, "未達成", 45),
        ("P1-3", 2026, "算出不可", None),
        ("P1-4", 2025, "達成", 10),
    ]
    assert [one.kpi_count for one in outcome.standings] == [4, 4, 3]
    assert plan_outcome(load_progress(plan, 2025)) is None


def test_report_of_the_last_year_keeps_the_outcome(plan):
    report = report_of(plan)

    assert [(one.code, one.ratings, one.outcome) for one in report.outcome.kpis] == [
        ("P1-1", ("B", "A", "A"), "reached"),
        ("P1-2", ("C", "B", "B"), "missed"),
        ("P1-3", ("A", "－", "－"), "unknown"),
        ("P1-4", ("D", "A", ""), "reached"),
    ]
    assert from_json(to_json(report)) == report
    assert report_of(plan, 2025).outcome is None


def test_pages_of_the_last_year_sum_the_period_up(planner, plan):
    dashboard = said(planner.get("/plans/mihon/?fy=2026"))
    report = said(planner.get("/plans/mihon/reports/2026/"))

    for page in (dashboard, report):
        assert SENTENCE in page
        assert (
            "達成 2指標 P1-1 指標1 120.0% P1-4 指標4 100.0%（令和7年度まで） "
            "未達成 1指標 P1-2 指標2 90.0% 算出不可 1指標 P1-3 指標3 －（未入力）"
        ) in page
    assert "計画期間の総括" not in said(planner.get("/plans/mihon/?fy=2025"))
    assert "計画期間の総括" not in said(planner.get("/plans/mihon/reports/2025/"))


def test_files_of_the_last_year_sum_the_period_up(plan):
    report = report_of(plan)
    pdf = body_text(render_pdf(report))
    word = docx_reading.opened(render_docx(report))
    sheet = workbooks.opened(render_xlsx(report))["総括"]
    rows = [[workbooks.shown(cell) for cell in row] for row in sheet]

    assert SENTENCE in pdf
    assert "P1-1指標1（件）100120120.0%R6B、R7A、R8A達成" in pdf
    assert "P1-4指標4（件）令和7年度まで1010100.0%R6D、R7A達成" in pdf
    assert SENTENCE in "".join(one.text for one in word.paragraphs)
    (kpis,) = docx_reading.tables(word, "指標別の結果")
    lines = [line.replace("\N{NO-BREAK SPACE}", " ") for line in docx_reading.lines(kpis)]
    assert lines[1:3] == [
        "P1-2 指標2（件） 50 45 90.0% R6 C、R7 B、R8 B 未達成",
        "P1-3 指標3（件） 50 未入力 － R6 A、R7 －、R8 － 算出不可",
    ]
    (outcomes,) = docx_reading.tables(word, "最終目標の達成状況")
    assert docx_reading.lines(outcomes)[0] == "達成 P1-1 指標1、P1-4 指標4 2"
    found = [[text for text in row if text] for row in rows]
    assert ["達成", "P1-1 指標1、P1-4 指標4", "2"] in found
    assert ["P1-2", "指標2（件）", "50", "45", "90.0", "R6 C、R7 B、R8 B", "未達成"] in found
    assert "計画期間の総括" not in body_text(render_pdf(report_of(plan, 2025)))


def test_target_and_last_value_in_words_stand_in_the_outcome_and_its_notes(plan, kikaku):
    judged = make_kpi(plan.projects.get(), 5, target=None, unit="")
    FinalTarget.objects.create(
        kpi=judged, effective_from=2024, words="支え合う仕組みを整える", met_by="people"
    )
    record(judged, {2026: ActualEntry(ActualState.FINAL, value_words="検討を始めた")}, kikaku)
    report = report_of(plan)
    (kpis,) = docx_reading.tables(docx_reading.opened(render_docx(report)), "指標別の結果")
    sheet = workbooks.opened(render_xlsx(report))["総括"]
    found = [[text for text in map(workbooks.shown, row) if text] for row in sheet]

    row = ["P1-5", "指標5", "支え合う仕組みを整える", "検討を始めた", "－"]
    assert docx_reading.lines(kpis)[3].split(" ")[:5] == row
    assert row in [texts[:5] for texts in found]
    assert report.kpis[3].latest.remarks == (
        "実績は「検討を始めた」です。",
        "実績がことばのため、率は計算しません。",
        "最終目標は「支え合う仕組みを整える」です。",
    )
