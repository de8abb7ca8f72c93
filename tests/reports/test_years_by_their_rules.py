"""Years under several rules of rating, and a period that was changed: each as it was in force.

P1-1 is at 87.46% in every year: B 概ね順調 and 87.5% by the bands with which the plan begins, and
× 悪い, cut to 87.4%, by those that hold from 2026 on.
"""

import csv
import io
import re
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from kpis.plan_changes.period import change_period
from kpis.plan_changes.rating_rules import revise_rating_rules
from kpis.progress import load_progress
from kpis.recording import close_fiscal_year
from projects.bands import Band, bands_to_data
from reports.annual.assembly import assemble_report
from reports.annual.serialisation import from_json, to_json
from reports.renderers.csv import render_csv
from reports.renderers.docx import render_docx
from reports.renderers.open_data import render_open_data
from reports.renderers.pdf import render_pdf
from reports.renderers.xlsx import render_xlsx
from tests.clock import on
from tests.factories import make_kpi, make_project, make_strategy, record
from tests.page_text import main_of, said
from tests.reports import docx_reading, workbooks
from tests.reports.pdf_reading import body_text

MADE = datetime(2029, 7, 1, tzinfo=UTC)
MARKS = (Band("○", "良い", Decimal("87.5")), Band("×", "悪い", None))
CHANGED = (
    "令和8年度から、評価のきまりが変わりました（評価の区分）。理由：外部評価の意見による。"
    "令和7年度までの評価は、進捗率をA 順調100%以上・B 概ね順調80%以上・C やや遅れ60%以上・D 遅れに"
    "分けたもので、その後の評価とは比べられません。"
)


@pytest.fixture
def kpi(db):
    project = make_project(make_strategy())
    return make_kpi(project, target=100, decimal_places=2, unit="%")


@pytest.fixture
def plan(kpi, kikaku):
    """2024 and 2025 closed; rated by other bands from 2026 on."""
    strategy = kpi.project.strategy
    record(kpi, dict.fromkeys((2024, 2025, 2026), "87.46"), kikaku)
    for year in (2024, 2025):
        close_fiscal_year(strategy, year, user=kikaku)
    return strategy


def report_of(plan, year):
    plan.refresh_from_db()
    return assemble_report(plan, load_progress(plan, year, with_texts=True), made_at=MADE)


def revise(plan, user):
    revise_rating_rules(
        plan, effective_from=2026, rating_basis="progress", bands=bands_to_data(MARKS),
        average_cap=Decimal(100), user=user, reason="外部評価の意見による。",
    )  # fmt: skip


def heat(page):
    """The cells of the years: their tint and their words."""
    cells = re.findall(r'class="heat heat--(\d)"[^>]*>(.*?)</td>', main_of(page))
    return [(tint, re.sub(r"<[^>]+>", "", text)) for tint, text in cells]


def test_report_of_a_closed_year_stays_letter_by_letter(plan, kikaku):
    before = to_json(report_of(plan, 2025))

    revise(plan, kikaku)
    with_rules = to_json(report_of(plan, 2025))
    change_period(plan, first_year=2024, last_year=2030, user=kikaku, reason="延長")

    assert with_rules == before
    assert to_json(report_of(plan, 2025)) == before


def test_pages_show_each_year_as_it_was_rated(planner, plan, kikaku):
    revise(plan, kikaku)
    dashboard = planner.get("/plans/mihon/?fy=2026")
    closed = planner.get("/plans/mihon/?fy=2025")
    kpi = planner.get("/plans/mihon/kpis/P1-1/?fy=2026")

    of_project, of_kpi = heat(dashboard)[:3], heat(dashboard)[5:8]
    assert of_project == [("2", "B概ね順調 87.5%")] * 2 + [("4", "×悪い 87.4%")]
    assert of_kpi == [("2", "B 87.5%")] * 2 + [("4", "× 87.4%")]
    assert CHANGED in said(dashboard)
    assert "前年度 87.5%（増減なし）" in said(dashboard)
    assert "評価のきまりが変わった1件は、比べられません。" in said(dashboard)
    assert heat(closed)[:2] == [("2", "B概ね順調 87.5%")] * 2
    assert "評価のきまりが変わ" not in said(closed)
    assert CHANGED in said(kpi)
    assert re.findall(r"8\d\.\d% 8\d\.\d% \S \S+", said(kpi)) == [
        "87.5% 87.5% B 概ね順調", "87.5% 87.5% B 概ね順調", "87.4% 87.4% × 悪い",
    ]  # fmt: skip
    assert "○ 良い 87.5%以上" in dashboard.content.decode()


def test_limit_of_means_that_changed_leaves_means_uncompared(planner, kpi, plan, kikaku):
    record(make_kpi(kpi.project, 2, target=10), {2026: 30}, kikaku)
    revise_rating_rules(
        plan, effective_from=2026, rating_basis="progress", bands=plan.bands, average_cap=None,
        user=kikaku, reason="上限をやめる",
    )  # fmt: skip

    page = said(planner.get("/plans/mihon/?fy=2026"))

    assert "進捗率 その年度の目安に対して 193.7%" in page
    assert "ポイント増" not in page
    assert (
        "令和8年度から、評価のきまりが変わりました（平均に入れる率の上限）。理由：上限をやめる。"
        "令和7年度までの平均は、平均に入れる率の上限を100%としたもので、その後の平均とは"
        "比べられません。"
    ) in page


def test_as_of_a_day_knows_the_rules_and_the_period_of_that_day(planner, kpi, kikaku):
    with on("2026-04-01 09:00"):
        plan = make_strategy(code="beside", name="並ぶ計画", is_current=False)
        own = make_kpi(make_project(plan), target=100, aggregation="cumulative")
        record(own, {2024: 20, 2025: 17, 2026: 12}, kikaku)
        close_fiscal_year(plan, 2024, user=kikaku)
        close_fiscal_year(plan, 2025, user=kikaku)
    with on("2026-06-01 09:00"):
        change_period(plan, first_year=2024, last_year=2030, user=kikaku, reason="延長")
        revise(plan, kikaku)

    def stood(day):
        page = planner.get("/plans/beside/kpis/P1-1/", {"fy": 2026, "as_of": day})
        year = page.context["kpi_year"].assessment
        return len(page.context["years"]), year.expected, year.rating.text

    assert stood("2026-05-31") == (5, 60, "B 概ね順調")
    assert stood("2026-06-01") == (7, 52, "○ 良い")


def test_files_show_each_year_as_it_was_rated(plan, kikaku):
    revise(plan, kikaku)
    report = report_of(plan, 2026)
    kept = from_json(to_json(report))
    rows = list(csv.DictReader(io.StringIO(render_csv(kept).decode("utf-8-sig"))))
    archive = zipfile.ZipFile(io.BytesIO(render_open_data(kept)))
    codes = archive.read("codes.csv").decode("utf-8-sig")
    readme = archive.read("readme.txt").decode("utf-8-sig")
    pdf, word = body_text(render_pdf(kept)), docx_reading.opened(render_docx(kept))
    book = workbooks.opened(render_xlsx(kept))

    assert kept == report
    assert [(row["会計年度（年）"], row["進捗率（%）"], row["評価区分"]) for row in rows] == [
        ("2024", "87.5", "B"), ("2025", "87.5", "B"), ("2026", "87.4", "×"),
    ]  # fmt: skip
    assert "評価区分,A,順調,進捗率が100%以上（令和6年度から令和7年度まで）" in codes
    assert "評価区分,×,悪い,進捗率が87.5%未満（令和8年度）" in codes
    assert CHANGED in readme
    earlier = "令和7年度は評価のきまりが違うため、分けて示します：A 順調 0、B 概ね順調 1"
    not_compared = "評価のきまりが変わった1件は、比べられません。"
    printed = "".join(one.text for one in word.paragraphs)
    sheets = "".join(
        str(cell.value) for sheet in book for row in sheet for cell in row if cell.value
    )
    for text in (pdf, printed.replace(" ", ""), sheets.replace(" ", "")):
        assert CHANGED.replace(" ", "") in text
        assert earlier.replace(" ", "") in text
    for text in (pdf, printed):
        assert not_compared in text
    assert not_compared in sheets


def test_movement_of_a_kept_document_without_rules_reads_as_before(plan):
    report = report_of(plan, 2025)
    text = to_json(report)
    for name, value in (("rules", "[]"), ("outcome", "null")):
        assert f'"{name}":{value}' in text
        text = text.replace(f',"{name}":{value}', "")

    assert from_json(text) == report
    assert replace(report, rules=()) == report


def test_extended_plan_shows_each_year_in_its_period(planner, kikaku):
    plan = make_strategy()
    kpi = make_kpi(make_project(plan), target=100, aggregation="cumulative")
    record(kpi, dict.fromkeys(range(2024, 2029), 20), kikaku)
    for year in range(2024, 2028):
        close_fiscal_year(plan, year, user=kikaku)
    before = to_json(report_of(plan, 2027))
    shown = said(planner.get("/plans/mihon/kpis/P1-1/?fy=2027"))
    assert "令和10年度の見込み 推計 100 件" in shown

    change_period(plan, first_year=2024, last_year=2030, user=kikaku, reason="延長")

    kpi_page = said(planner.get("/plans/mihon/kpis/P1-1/?fy=2028"))
    due = re.findall(r"令和\d+年度 (?:締め済み )?\S+ \S+ ([\d.]+) ", kpi_page)
    assert due[-7:] == ["20", "40", "60", "80", "86.67", "93.33", "100"]
    assert (
        "令和9年度の目安80件から令和12年度の最終目標100件まで、3年で均等に進むとした値です。"
        in kpi_page
    )
    assert "令和12年度の見込み 推計 140 件" in kpi_page
    assert to_json(report_of(plan, 2027)) == before
    still = said(planner.get("/plans/mihon/kpis/P1-1/?fy=2027"))
    assert "令和10年度の見込み 推計 100 件" in still
    assert "最終目標の100件まであと20件です。" in still
    assert "達成率 令和10年度の目標に対して" in said(planner.get("/plans/mihon/?fy=2027"))
    assert "達成率 令和12年度の目標に対して" in said(planner.get("/plans/mihon/?fy=2028"))
