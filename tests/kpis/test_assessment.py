"""One KPI in one year, and the year a page opens on."""

from dataclasses import replace
from decimal import Decimal

import pytest

from kpis.achievement import Absence, Measurement
from kpis.assessment import default_year
from tests.kpis.definitions import ANNUAL, CUMULATIVE, FALLING, RULES, assess_pairs

PENDING = Measurement(None, Absence.PENDING)
UNMEASURED = Measurement(None, Absence.UNMEASURED)
FROM_550_DOWN = replace(FALLING, formula="from_baseline", baseline=Decimal(550))


def assessed(kpi, year, *, target=50, yearly=None, rules=RULES, **values):
    """assessed(CUMULATIVE, 2025, y2024=12, y2025=9)"""
    return assess_pairs(
        kpi,
        rules,
        year,
        measurements={
            int(name[1:]): value if isinstance(value, Measurement) else Measurement(Decimal(value))
            for name, value in values.items()
        },
        final_targets=() if target is None else ((2024, Decimal(target)),),
        yearly_targets=yearly or {},
    )


def test_cumulative_kpi_on_its_way():
    kpi = assessed(CUMULATIVE, 2025, y2024=12, y2025=9)

    assert (kpi.fiscal_year, kpi.actual, kpi.value, kpi.expected) == (2025, 9, 21, 20)
    assert (kpi.achievement, kpi.progress, kpi.rating.symbol) == (42, 105, "A")
    assert (kpi.difference_to_expected, kpi.difference_to_target) == (1, -29)
    assert (kpi.absence, kpi.absence_reason) == (None, "")


@pytest.mark.parametrize(("basis", "rate"), [("progress", 105), ("achievement", 42)])
def test_rating_stands_on_the_rate_that_the_plan_rates_by(basis, rate):
    kpi = assessed(CUMULATIVE, 2025, rules=replace(RULES, rating_basis=basis), y2024=12, y2025=9)

    assert kpi.rating_rate == rate


def test_figure_is_written_with_the_kpis_decimals_and_unit():
    assert replace(CUMULATIVE, decimal_places=1).written(Decimal("1234.2")) == "1,234.2件"
    assert CUMULATIVE.written(Decimal(1234)) == "1,234件"


@pytest.mark.parametrize(("unit", "is_percent"), [("％", True), ("%", True), ("件", False)])
def test_share_is_known_by_its_unit(unit, is_percent):
    assert replace(ANNUAL, unit=unit).is_percent is is_percent


def test_sum_with_an_unknown_year_is_shown_without_rate():
    kpi = assessed(CUMULATIVE, 2025, y2025=9)

    assert (kpi.value, kpi.achievement, kpi.progress, kpi.rating) == (9, None, None, None)
    assert kpi.is_reference
    assert kpi.absence_reason == "令和6年度の実績がそろっていないため、累計は参考です。"


def test_sum_with_unknown_years_names_each():
    kpi = assessed(CUMULATIVE, 2026, y2026=9)

    assert kpi.absence_reason == (
        "令和6年度、令和7年度の実績がそろっていないため、累計は参考です。"
    )


def test_sum_with_an_unmeasured_year_is_rated_and_flagged():
    kpi = assessed(CUMULATIVE, 2025, y2024=UNMEASURED, y2025=9)

    assert (kpi.achievement, kpi.progress, kpi.rating.symbol) == (18, 45, "D")
    assert kpi.unmeasured_years == (2024,)


@pytest.mark.parametrize(
    ("values", "absence"),
    [
        ({}, Absence.MISSING),
        ({"y2025": PENDING}, Absence.PENDING),
        ({"y2025": UNMEASURED}, Absence.UNMEASURED),
    ],
)
def test_year_without_a_value_has_no_rate_and_says_why(values, absence):
    kpi = assessed(ANNUAL, 2025, y2024=96, **values)

    assert (kpi.value, kpi.achievement, kpi.progress, kpi.rating) == (None, None, None, None)
    assert kpi.absence is absence
    assert kpi.last_measured == (2024, 96)


def test_last_measured_year_is_named_only_where_an_annual_value_is_missing():
    assert assessed(ANNUAL, 2025, y2024=96, y2025=98).last_measured is None
    assert assessed(CUMULATIVE, 2025, y2024=96).last_measured is None


def test_kpi_without_a_target_is_not_computable():
    kpi = assessed(ANNUAL, 2025, target=None, y2025=96)

    assert (kpi.value, kpi.achievement, kpi.absence) == (96, None, Absence.UNCOMPUTABLE)
    assert (kpi.difference_to_target, kpi.difference_to_expected) == (None, None)
    assert kpi.absence_reason == "目標値が設定されていません。"


def test_kpi_without_a_final_target_is_rated_on_its_yearly_one():
    kpi = assessed(ANNUAL, 2025, target=None, yearly={2025: Decimal(120)}, y2025=96)

    assert (kpi.achievement, kpi.progress, kpi.rating.symbol) == (None, 80, "B")
    assert (kpi.yearly_target, kpi.absence) == (120, Absence.UNCOMPUTABLE)
    assert kpi.absence_reason == "目標値が設定されていません。"


def test_kpi_from_a_baseline_is_due_on_the_way_from_there():
    kpi = assessed(FROM_550_DOWN, 2025, target=500, y2025=540)

    assert (kpi.expected, kpi.achievement, kpi.progress) == (530, 20, 50)


def test_value_that_the_formula_cannot_bear_is_not_computable():
    kpi = assessed(ANNUAL, 2025, y2025=-3)

    assert (kpi.value, kpi.absence) == (-3, Absence.UNCOMPUTABLE)
    assert kpi.absence_reason == "算式「実績÷目標」の指標では、実績値は0以上です。"


@pytest.mark.parametrize(
    ("direction", "target", "side"), [("increase", 500, "大きく"), ("decrease", 600, "小さく")]
)
def test_goal_that_the_formula_cannot_bear_is_not_computable(direction, target, side):
    kpi = assessed(replace(FROM_550_DOWN, direction=direction), 2025, target=target, y2025=-3)

    assert (kpi.achievement, kpi.progress, kpi.absence) == (None, None, Absence.UNCOMPUTABLE)
    assert kpi.absence_reason == (
        f"算式「基準値からの伸び」では、目標値を基準値より{side}してください。"
    )


def test_yearly_target_that_the_formula_cannot_bear_is_told_from_the_final_one():
    kpi = assessed(FROM_550_DOWN, 2025, target=500, yearly={2025: Decimal(560)}, y2025=540)

    assert (kpi.achievement, kpi.progress, kpi.absence) == (20, None, Absence.UNCOMPUTABLE)
    assert kpi.absence_reason == "年度目安に対する率を、この算式では計算できません。"


def test_bounds_of_the_bands_are_those_a_rate_is_not_rounded_up_to():
    assert RULES.bounds == (100, 80, 60)


def test_rating_basis_is_the_strategys_choice():
    by_target = replace(RULES, rating_basis="achievement")

    assert assessed(CUMULATIVE, 2025, rules=by_target, y2024=12, y2025=9).rating.symbol == "D"


def test_revised_target_holds_from_its_year_on():
    def rate_in(year):
        return assess_pairs(
            ANNUAL,
            RULES,
            year,
            measurements={2024: Measurement(Decimal(50)), 2026: Measurement(Decimal(50))},
            final_targets=((2024, Decimal(50)), (2026, Decimal(100))),
            yearly_targets={},
        ).achievement

    assert (rate_in(2024), rate_in(2026)) == (100, 50)


@pytest.mark.parametrize(
    ("closed", "counts", "year"),
    [
        ({2024}, {2024: 16, 2025: 16}, 2024),
        ({2024, 2025}, {}, 2025),
        (set(), {2024: 16, 2025: 8}, 2025),
        (set(), {2024: 16, 2025: 7}, 2024),
        (set(), {2024: 7}, 2024),
        (set(), {}, 2024),
        ({2019}, {2025: 16}, 2025),
        ({2024, 2028}, {}, 2028),
        ({2024, 2029}, {}, 2024),
    ],
)
def test_year_a_page_opens_on(closed, counts, year):
    assert default_year(RULES, closed, counts, dict.fromkeys(RULES.years, 16)) == year


def test_plan_of_two_kpis_without_values_opens_on_its_first_year():
    assert default_year(RULES, (), {}, dict.fromkeys(RULES.years, 2)) == 2024
