"""What holds of every rate, value, mean and rating, whatever the numbers: docs/domain.md."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from kpis.achievement import (
    Absence,
    Measurement,
    as_decimal,
    display,
    exact_rate,
    mean,
    progress_value,
    rate,
    rating,
)
from projects.bands import DEFAULT_BANDS

DIRECTIONS = st.sampled_from(["increase", "decrease"])
FORMULAS = st.sampled_from(["ratio", "deviation"])
NUMBERS = st.decimals(min_value=0, max_value=10**9, places=4)
POSITIVE = st.decimals(min_value=Decimal("0.0001"), max_value=10**9, places=4)
ANY_NUMBERS = st.decimals(min_value=-(10**9), max_value=10**9, places=4)
RATES = st.fractions(min_value=-200, max_value=1200, max_denominator=10**6)
MAYBE_RATES = st.lists(st.none() | RATES, max_size=12)
FACTORS = st.sampled_from([Decimal("0.001"), Decimal("0.5"), Decimal(2), Decimal(1000)])


@given(NUMBERS, POSITIVE, DIRECTIONS, FORMULAS, FACTORS)
def test_rate_does_not_depend_on_the_unit(value, goal, direction, formula, factor):
    options = {"direction": direction, "formula": formula}

    assert rate(value * factor, goal * factor, **options) == rate(value, goal, **options)


@given(ANY_NUMBERS, ANY_NUMBERS, ANY_NUMBERS, FACTORS)
def test_rate_from_a_baseline_does_not_depend_on_the_unit(value, goal, baseline, factor):
    assert rate(
        value * factor, goal * factor, formula="from_baseline", baseline=baseline * factor
    ) == rate(value, goal, formula="from_baseline", baseline=baseline)


@given(RATES, st.integers(0, 2), st.sampled_from(["half_up", "cut"]))
def test_shown_rate_reaches_a_bound_exactly_when_the_rate_does(exact, decimals, rounding):
    shown = display(exact, decimals, (80, Decimal("33.33")), minus="-", rounding=rounding)
    figure = Decimal(shown.rstrip("%").replace(",", ""))

    for bound in (100, 80, Decimal("33.33")):
        assert (figure >= bound) == (exact >= Fraction(bound))


@given(NUMBERS, POSITIVE, DIRECTIONS, FORMULAS)
def test_reached_goal_is_never_below_100_and_a_missed_one_never_at_it(
    value, goal, direction, formula
):
    reached = value >= goal if direction == "increase" else value <= goal

    assert (rate(value, goal, direction=direction, formula=formula) >= 100) == reached


@given(ANY_NUMBERS, ANY_NUMBERS, ANY_NUMBERS, DIRECTIONS)
def test_goal_from_a_baseline_is_reached_exactly_at_100(value, goal, baseline, direction):
    computed = rate(value, goal, direction=direction, formula="from_baseline", baseline=baseline)
    assume(computed is not None)

    assert (computed >= 100) == (value >= goal if direction == "increase" else value <= goal)


@given(RATES, st.lists(st.decimals(0, 150, places=1), max_size=4), st.integers(0, 2))
def test_display_reads_at_least_a_bound_exactly_when_the_rate_does(exact, bounds, decimals):
    shown = Decimal(
        display(exact, decimals, bounds).removesuffix("%").replace(",", "").replace("−", "-")
    )

    assert [shown >= bound for bound in (*bounds, 100)] == [
        exact >= bound for bound in (*bounds, 100)
    ]
    assert abs(Fraction(shown) - exact) < Fraction(1, 10**decimals)
    assert "−0.0%" not in display(exact, decimals, bounds)


@given(RATES, st.sampled_from([Decimal(100), Decimal(80), Decimal("79.5"), Decimal(60)]))
def test_rounding_to_twelve_places_never_crosses_a_bound(distance, bound):
    exact = Fraction(bound) + distance / 10**15

    assert (as_decimal(exact) >= bound) == (exact >= bound)


@given(st.lists(NUMBERS, min_size=5, max_size=5), st.integers(0, 4))
def test_cumulative_value_equals_the_sum_of_its_years(values, upto):
    measurements = {2024 + at: Measurement(value) for at, value in enumerate(values)}

    total = progress_value(measurements, 2024 + upto, aggregation="cumulative", first_year=2024)
    assert total.value == sum(values[: upto + 1])


@given(
    st.dictionaries(
        st.integers(2024, 2028),
        st.sampled_from([Absence.PENDING, Absence.UNMEASURED]),
    ),
    st.sampled_from(["cumulative", "annual"]),
)
def test_none_never_becomes_a_number(absences, aggregation):
    measurements = {year: Measurement(None, absence) for year, absence in absences.items()}
    for year in range(2024, 2029):
        progressed = progress_value(measurements, year, first_year=2024, aggregation=aggregation)
        computed = exact_rate(progressed.value, 100)

        assert progressed.value is None
        assert (computed, as_decimal(computed)) == (None, None)
        assert mean([computed]) is None


@given(MAYBE_RATES)
def test_mean_lies_between_its_parts_and_within_its_cap(rates):
    counted = [min(max(one, Fraction(0)), Fraction(100)) for one in rates if one is not None]
    average = mean(rates)

    if counted:
        assert min(counted) <= average <= max(counted)
    else:
        assert average is None


@given(MAYBE_RATES, st.integers(0, 5))
def test_missing_rates_never_move_a_mean(rates, missing):
    assert mean([*rates, *[None] * missing]) == mean(rates)


@given(RATES)
def test_rating_is_the_best_band_that_the_rate_reaches(exact):
    reached = [band for band in DEFAULT_BANDS if band.lower is None or exact >= band.lower]

    assert rating(exact, DEFAULT_BANDS) == reached[0]
