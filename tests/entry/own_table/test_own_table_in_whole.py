"""Cities' own tables become plans, by the way that all workbooks go."""

from decimal import Decimal

import pytest

from entry.own_table.guessing import guess
from entry.own_table.last_figures import KnownKpi, convert_figures
from entry.plan_workbook.importing import look_over, take_in
from kpis.models import Kpi, YearlyActual
from projects.models import Department
from tests.entry.own_table import wide_tables

pytestmark = pytest.mark.django_db

CITY = {"団体名": "みどり町", "団体コード": "464686"}


def plan_of(content, **plan):
    """The workbook of a table as it is guessed, with what was typed beside it."""
    sheet = wide_tables.sheet_of(content)
    settings = guess(sheet)
    settings.plan |= CITY | plan
    made = wide_tables.likeliest(sheet, settings)
    assert made.unfinished == []
    return made.workbook


def taken_in(workbook):
    looked = look_over(workbook, user=None)
    assert [str(one) for one in looked.problems] == []
    return take_in(workbook, user=None, file_name="KPI一覧.xlsx")[0]


def test_table_of_two_heading_lines_becomes_a_plan():
    Department.objects.create(code="norin", name="農林課")
    plan = taken_in(plan_of(wide_tables.town()))

    assert (plan.name, plan.first_year, plan.last_year, plan.words.pillar) == (
        "第2期みどり町まち・ひと・しごと創生総合戦略", 2024, 2028, "基本目標",
    )  # fmt: skip
    assert [one.code for one in Kpi.objects.filter(project__strategy=plan)] == [
        "P1-1", "P1-2", "P2-1", "P3-1", "P3-2",
    ]  # fmt: skip
    employed = Kpi.objects.get(name="従業者数")
    assert (employed.unit, employed.baseline, employed.baseline_year) == ("人", Decimal(1240), 2021)
    assert employed.department.name == "商工課"
    assert [one.name for one in employed.related_departments.all()] == ["企画課"]
    leaving = Kpi.objects.get(name="社会減")
    assert (leaving.formula, leaving.actuals.get(fiscal_year=2026).value) == (
        "from_baseline", Decimal(-39),
    )  # fmt: skip
    assert set(Department.objects.values_list("name", flat=True)) == {"商工課", "企画課", "農林課"}


def test_table_of_goals_and_actuals_below_each_other_becomes_a_plan():
    plan = taken_in(plan_of(wide_tables.of_two_rows(), 計画名="健康と安全の計画"))

    walking = Kpi.objects.get(project__strategy=plan, name="歩く人")
    dues = walking.yearly_targets.order_by("fiscal_year").values_list("fiscal_year", "value")
    assert list(dues) == [(2024, 1100), (2025, 1200), (2026, 1300), (2027, 1400)]
    accidents = Kpi.objects.get(project__strategy=plan, name="事故件数")
    assert (accidents.direction, accidents.final_targets.get().value) == ("decrease", 90)


def test_published_rates_of_a_table_are_held_against_ours():
    workbook = plan_of(
        wide_tables.with_bands(), 達成率の算式="基準値からの伸び", 評価に使う率="達成率"
    )
    trial = look_over(workbook, user=None).trial

    assert trial.summary == "率 4／4　評価 4／4"


def test_problems_name_the_cells_of_the_citys_file():
    rows = [["指標", "実績 R6", "目標値（R10）"], ["宿泊者数", "たくさん", 100], ["客数", 5, "=A1"]]
    workbook = plan_of(wide_tables.book_of("表", rows), 計画名="観光の計画")
    problems = look_over(workbook, user=None).problems

    assert [(one.place, one.written) for one in problems] == [
        ("3行目 C列（目標値（R10））", "（数式）"), ("2行目 B列（実績 R6）", "たくさん"),
    ]  # fmt: skip


def test_figures_of_years_past_change_nothing_but_actuals():
    plan = taken_in(plan_of(wide_tables.of_two_rows(), 計画名="健康と安全の計画"))
    kpis = [
        KnownKpi(one.code, one.name, one.unit)
        for one in Kpi.objects.filter(project__strategy=plan).select_related("project")
    ]
    rows = [["指標名", "R7実績", "R8実績"], ["受診率", "43.5%", 44.2], ["歩く人", None, 1310]]
    sheet = wide_tables.sheet_of(wide_tables.book_of("実績", rows))
    settings = guess(sheet)
    settings.plan = {"計画コード": plan.code}
    made = wide_tables.likeliest(sheet, settings, lambda *table: convert_figures(*table, kpis))
    looked = look_over(made.workbook, user=None)

    assert looked.problems == []
    assert [(one.sheet, one.key) for one in looked.changes] == [
        ("実績", "P1-1／2025"), ("実績", "P1-1／2026"), ("実績", "P1-2／2026"),
    ]  # fmt: skip
    take_in(made.workbook, user=None, file_name="実績.xlsx")
    actuals = YearlyActual.objects.filter(kpi__project__strategy=plan, kpi__name="受診率")
    assert list(actuals.order_by("fiscal_year").values_list("fiscal_year", "value")) == [
        (2024, Decimal("39.5")), (2025, Decimal("43.5")), (2026, Decimal("44.2")),
    ]  # fmt: skip
