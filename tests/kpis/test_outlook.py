"""The estimate for the plan's last year and the pace still needed."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis.achievement import Absence, Measurement, display_value
from kpis.outlook import NeededPace
from kpis.series import KpiSeries, load_series
from kpis.targets import Target
from tests.factories import make_kpi, make_project, make_strategy, make_user, record
from tests.kpis.definitions import ANNUAL, CUMULATIVE, FALLING, RULES

SHARE = replace(ANNUAL, unit="%", decimal_places=1)
PENDING = Measurement(None, Absence.PENDING)
UNMEASURED = Measurement(None, Absence.UNMEASURED)

VALUES = st.decimals(min_value=0, max_value=10**6, places=2)
SHARES = st.decimals(min_value=0, max_value=100, places=1)


def seen(kpi, values, *, year=None, target=50):
    """A KPI with the values of 2024, 2025, …, as seen from the last of them (or from `year`)."""
    measurements = {
        2024 + at: value if isinstance(value, Measurement) else Measurement(Decimal(value))
        for at, value in enumerate(values)
        if value is not None
    }
    targets = () if target is None else (Target(2024, Decimal(target)),)
    return KpiSeries(kpi, RULES, targets, {}, {}, measurements), year or 2023 + len(values)


def outlook(kpi, values, **options):
    series, year = seen(kpi, values, **options)
    return series.outlook(year)


def problem(kpi, values, **options):
    """The reason, after asserting that there is a reason exactly where there is no outlook."""
    series, year = seen(kpi, values, **options)
    reason = series.outlook_problem(year)
    assert (series.outlook(year) is None) == bool(reason)
    return reason


def pace(kpi, values, **options):
    series, year = seen(kpi, values, **options)
    return series.needed_pace(year)


@pytest.mark.parametrize("unit", ["％", "パーセント"])
def test_line_of_a_share_is_cut_however_its_percent_sign_is_written(unit):
    assert outlook(replace(SHARE, unit=unit), [80, 92, 98], target=100).value == 100


def test_percentage_that_is_no_share_goes_beyond_a_hundred_and_below_nothing():
    beside_the_year_before = outlook(SHARE, [115, 120], target=110)
    rate_of_change = replace(SHARE, formula="from_baseline", baseline=Decimal(-2))
    falling = outlook(rate_of_change, [-1, "-1.5"], target=0)

    assert (beside_the_year_before.value, beside_the_year_before.reaches) == (120, True)
    assert beside_the_year_before.basis == "令和7年度の実績が続くとした場合"
    lowest = Fraction("-1.5")
    assert (falling.value, falling.lowest, falling.highest) == (lowest, lowest, -1)
    assert outlook(SHARE, [80, 90, 100], target=120).value == 120
    assert outlook(SHARE, [90, 50, 10], target=120).value == 0


def test_line_of_a_count_falls_below_nothing_only_where_the_formula_bears_it():
    counted = outlook(FALLING, [30, 20, 10], target=5)
    from_baseline = replace(FALLING, formula="from_baseline", baseline=Decimal(40))

    assert (counted.value, counted.basis) == (
        0,
        "3か年の実績の傾向を延ばした場合（0件を下限とします）",
    )
    assert outlook(from_baseline, [30, 20, 10], target=5).value == -10


@pytest.mark.parametrize("baseline", ["0", "0.5"])
def test_share_from_a_baseline_ends_at_nothing(baseline):
    share = replace(SHARE, formula="from_baseline", baseline=Decimal(baseline))

    assert outlook(share, [20, 8, 2], target=30).value == 0


@pytest.mark.parametrize(("target", "reaches"), [(39, False), (40, True), (None, None)])
def test_falling_kpi_reaches_its_target_from_above(target, reaches):
    assert outlook(FALLING, [60, 55, 50], target=target).value == 40
    assert outlook(FALLING, [60, 55, 50], target=target).reaches is reaches


@pytest.mark.parametrize(
    ("kpi", "values", "reason"),
    [
        (CUMULATIVE, [12, None], "令和7年度の実績が未入力のため、着地見込みは計算できません。"),
        (ANNUAL, [12, PENDING], "令和7年度の実績が集計中のため、着地見込みは計算できません。"),
        (
            CUMULATIVE,
            [12, UNMEASURED],
            "令和7年度の実績が未測定のため、着地見込みは計算できません。",
        ),
        (CUMULATIVE, [None, 9], "累計が参考のため、着地見込みは計算できません。"),
        (CUMULATIVE, [PENDING, 9], "累計が参考のため、着地見込みは計算できません。"),
        (
            ANNUAL,
            [1, 2, 3, 4, 5],
            "令和10年度は計画の最終年度のため、着地見込みはありません。",
        ),
        (ANNUAL, [12, 13], ""),
    ],
)
def test_year_without_an_outlook_says_why(kpi, values, reason):
    assert problem(kpi, values) == reason


def test_outlook_needs_no_rate():
    assert outlook(ANNUAL, [12, 13], target=None).value == 13
    assert outlook(ANNUAL, [12, 13], target=None).reaches is None


def test_needed_pace_of_the_worked_example():
    needed = pace(CUMULATIVE, [12, 9])

    assert needed == NeededPace(Fraction(50 - 21, 3))
    assert display_value(needed.per_year, CUMULATIVE.decimal_places) == "9.67"


def test_needed_pace_of_the_year_before_the_last_is_all_that_is_missing():
    assert pace(CUMULATIVE, [12, 9, 8, 7]) == NeededPace(Fraction(14))


@pytest.mark.parametrize("values", [[30, 20], [30, 25]])
def test_nothing_more_is_needed_where_the_target_is_reached(values):
    assert pace(CUMULATIVE, values) == NeededPace(None)


@pytest.mark.parametrize(
    ("kpi", "values", "target"),
    [
        (ANNUAL, [12, 9], 50),
        (CUMULATIVE, [12, 9], None),
        (CUMULATIVE, [None, 9], 50),
        (CUMULATIVE, [12, None], 50),
        (CUMULATIVE, [12, UNMEASURED], 50),
        (CUMULATIVE, [1, 1, 1, 1, 1], 50),
        (CUMULATIVE, [20, 20, 20, 1, 1], 50),
    ],
    ids=["annual", "no target", "reference", "missing", "unmeasured", "last year", "last, reached"],
)
def test_no_pace_is_needed_where_the_question_has_no_sense(kpi, values, target):
    assert pace(kpi, values, target=target) is None


def test_what_is_needed_brings_the_sum_to_the_target_exactly():
    needed = pace(CUMULATIVE, [3, 4], target=100)

    assert 3 + 4 + 3 * needed.per_year == 100


@pytest.mark.parametrize("kpi", [CUMULATIVE, ANNUAL])
def test_later_years_are_not_looked_at(kpi):
    values = [12, 9, 30, 400]

    assert outlook(kpi, values, year=2025) == outlook(kpi, values[:2])
    assert pace(kpi, values, year=2025) == pace(kpi, values[:2])


@pytest.mark.parametrize("kpi", [CUMULATIVE, ANNUAL])
def test_years_before_the_plan_are_not_looked_at(kpi):
    series, year = seen(kpi, [12, 9])
    with_2023 = {2023: Measurement(Decimal(100))} | series.measurements

    assert replace(series, measurements=with_2023).outlook(year) == outlook(kpi, [12, 9])


@given(constant=SHARES, years=st.integers(1, 4))
def test_constant_series_lands_on_its_constant(constant, years):
    annual = outlook(SHARE, [constant] * years)
    cumulative = outlook(CUMULATIVE, [constant] * years)

    assert (annual.value, annual.lowest, annual.highest) == (constant,) * 3
    assert (cumulative.value, cumulative.lowest, cumulative.highest) == (5 * constant,) * 3


@given(start=VALUES, step=VALUES, years=st.integers(3, 4))
def test_straight_series_goes_on_straight(start, step, years):
    straight = outlook(ANNUAL, [start + at * step for at in range(years)])

    assert (straight.value, straight.lowest, straight.highest) == (start + 4 * step,) * 3


@given(
    values=st.lists(VALUES, min_size=1, max_size=4),
    factor=st.integers(1, 1000),
    kpi=st.sampled_from([CUMULATIVE, ANNUAL, FALLING]),
)
def test_outlook_scales_with_the_unit(values, factor, kpi):
    small = outlook(kpi, values)
    large = outlook(kpi, [factor * value for value in values])

    assert (large.value, large.lowest, large.highest) == (
        factor * small.value,
        factor * small.lowest,
        factor * small.highest,
    )


@given(
    values=st.lists(st.one_of(VALUES, st.just(UNMEASURED)), max_size=3),
    last=VALUES,
    kpi=st.sampled_from([CUMULATIVE, ANNUAL, FALLING]),
)
def test_outlook_lies_in_its_band_and_never_below_nothing(values, last, kpi):
    found = outlook(kpi, [*values, last])

    assert 0 <= found.lowest <= found.value <= found.highest


@given(values=st.lists(SHARES, min_size=1, max_size=4))
def test_share_stays_a_share(values):
    found = outlook(SHARE, values)

    assert 0 <= found.lowest <= found.value <= found.highest <= 100


@pytest.mark.django_db
def test_series_gives_outlook_and_pace_of_a_year():
    strategy = make_strategy()
    kpi = make_kpi(make_project(strategy), aggregation="cumulative")
    record(kpi, {2024: 12, 2025: 9}, make_user("kikaku"))
    (series,) = load_series(strategy)

    assert series.outlook(2025) == outlook(CUMULATIVE, [12, 9])
    assert series.needed_pace(2025) == NeededPace(Fraction(29, 3))
    assert series.outlook(2026) is None
    assert series.outlook_problem(2026) == (
        "令和8年度の実績が未入力のため、着地見込みは計算できません。"
    )


def revised(kpi, values, *rows, **fields):
    """A KPI with several rows of targets, as seen from the last of its values."""
    series, year = seen(replace(kpi, **fields), values)
    return replace(series, final_targets=rows), year


def test_outlook_and_pace_are_for_the_target_year():
    series, year = revised(CUMULATIVE, [12, 9], Target(2024, Decimal(40), target_year=2026))

    assert series.outlook_year(year) == 2026
    assert (series.outlook(year).value, series.outlook(year).reaches) == (Fraction(63, 2), False)
    assert series.needed_pace(year) == NeededPace(Fraction(19))


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ([12, 9, 9], "令和8年度は目標年度のため、着地見込みはありません。"),
        ([12, 9, 9, 9], "目標年度（令和8年度）を過ぎているため、着地見込みはありません。"),
    ],
)
def test_nothing_is_estimated_from_the_target_year_on(values, reason):
    series, year = revised(CUMULATIVE, values, Target(2024, Decimal(40), target_year=2026))

    assert series.outlook_problem(year) == reason
    assert (series.outlook(year), series.needed_pace(year)) == (None, None)


def test_outlook_of_a_kpi_that_ends_is_held_against_what_is_due_then():
    series, year = revised(CUMULATIVE, [12, 9], Target(2024, Decimal(50)), last_year=2026)

    found = series.outlook(year)
    assert (series.outlook_year(year), found.value, found.reaches) == (2026, Fraction(63, 2), True)
    assert series.needed_pace(year) == NeededPace(Fraction(29, 3))


def test_year_before_a_revision_knows_nothing_of_it():
    series, _year = revised(
        CUMULATIVE, [12, 9, 9], Target(2024, Decimal(50)), Target(2026, Decimal(80))
    )

    assert (series.outlook(2025).value, series.outlook(2025).reaches) == (Fraction(105, 2), True)
    assert (series.outlook(2026).value, series.outlook(2026).reaches) == (50, False)
