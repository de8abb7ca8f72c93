"""The rules of every rate, value, mean and rating by docs/domain.md's worked examples."""

from decimal import Decimal
from fractions import Fraction

import pytest

from kpis.achievement import (
    Absence,
    Measurement,
    as_decimal,
    display,
    display_number,
    display_value,
    exact_rate,
    expected_value,
    goal_problem,
    in_force,
    mean,
    progress_value,
    rate,
    rating,
    value_problem,
)
from kpis.value_years import last_measured
from projects.bands import DEFAULT_BANDS, Band

# (case, value, goal, options, rate as displayed, band)
WORKED = [
    ("P1-1 against its target", 21, 50, {}, "42.0%", "D"),
    ("P1-1 against its pace", 21, 20, {}, "105.0%", "A"),
    ("P1-1 with an unmeasured year, target", 9, 50, {}, "18.0%", "D"),
    ("P1-1 with an unmeasured year, pace", 9, 20, {}, "45.0%", "D"),
    ("P3-1 annual", 96, 150, {}, "64.0%", "C"),
    ("a hair below the goal", 9996, 10000, {}, "99.9%", "B"),
    ("P6-1 above its target", Decimal("361.8"), 335, {}, "108.0%", "A"),
    ("decrease by ratio", 5200, 4917, {"direction": "decrease"}, "94.6%", "B"),
    ("decrease to nothing, reached", 0, 0, {"direction": "decrease"}, "100.0%", "A"),
    ("decrease to nothing, missed", 3, 0, {"direction": "decrease"}, "0.0%", "D"),
    ("decrease near nothing", 1, 10, {"direction": "decrease"}, "1,000.0%", "A"),
    ("decrease, measured zero", 0, 10, {"direction": "decrease"}, "100.0%", "A"),
    (
        "decrease from a baseline", 640, 550,
        {"direction": "decrease", "formula": "from_baseline", "baseline": 650}, "10.0%", "D",
    ),
    (
        "increase from a baseline, fallen below it", 48, 60,
        {"formula": "from_baseline", "baseline": 50}, "−20.0%", "D",
    ),
    (
        "increase from a negative baseline", -5, 10,
        {"formula": "from_baseline", "baseline": -20}, "50.0%", "D",
    ),
    ("from nothing", 5, 20, {"formula": "from_baseline", "baseline": 0}, "25.0%", "D"),
    (
        "decrease by deviation", 120, 100,
        {"direction": "decrease", "formula": "deviation"}, "80.0%", "B",
    ),
    (
        "decrease by deviation, far off", 350, 100,
        {"direction": "decrease", "formula": "deviation"}, "−150.0%", "D",
    ),
    ("measured zero", 0, 50, {}, "0.0%", "D"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "goal", "options", "shown", "band"),
    [row[1:] for row in WORKED],
    ids=[row[0] for row in WORKED],
)
def test_worked_example(value, goal, options, shown, band):
    computed = rate(value, goal, **options)

    assert display(computed) == shown
    assert rating(computed, DEFAULT_BANDS).symbol == band


# What a case is called, its value, its goal and its options.
NOT_COMPUTABLE = [
    ("no value", None, 50, {}),
    ("no goal", 12, None, {}),
    ("a goal of zero", 12, 0, {}),
    ("a negative goal", 12, -5, {}),
    ("a negative value by ratio", -3, 50, {}),
    ("a negative value by ratio, decrease", -3, 50, {"direction": "decrease"}),
    ("a negative goal, decrease", 3, -1, {"direction": "decrease"}),
    ("a negative value by deviation", -3, 50, {"formula": "deviation"}),
    ("a goal of zero by deviation", 3, 0, {"direction": "decrease", "formula": "deviation"}),
    ("from a baseline that is not there", 48, 60, {"formula": "from_baseline"}),
    ("a goal below the baseline", 48, 40, {"formula": "from_baseline", "baseline": 50}),
    ("a goal at the baseline", 48, 50, {"formula": "from_baseline", "baseline": 50}),
    (
        "a goal above the baseline, decrease", 48, 60,
        {"direction": "decrease", "formula": "from_baseline", "baseline": 50},
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "goal", "options"),
    [row[1:] for row in NOT_COMPUTABLE],
    ids=[row[0] for row in NOT_COMPUTABLE],
)
def test_not_computable_is_none_and_shown_as_a_dash(value, goal, options):
    computed = rate(value, goal, **options)

    assert computed is None
    assert display(computed) == "－"
    assert rating(computed, DEFAULT_BANDS) is None


def test_rate_leaves_with_twelve_decimals():
    assert rate(2, 3) == Decimal("66.666666666667")
    assert rate(1, 3) == Decimal("33.333333333333")
    assert rate(Decimal("361.8"), Decimal("335.0")) == Decimal("108.000000000000")


def test_large_rate_leaves_with_all_its_digits():
    assert rate(999_999_999_999_999, Decimal("0.0007")) == Decimal(
        "142857142857142714285.714285714286"
    )


def test_rate_without_options_is_by_ratio():
    assert exact_rate(0, 0, direction="decrease") == 100


def test_only_bounds_of_two_decimals_are_kept_from_being_rounded_up_to():
    hair = Fraction(1, 10**13)

    assert as_decimal(Fraction("79.99") - hair) == Decimal("79.989999999999")
    assert as_decimal(Fraction("79.991") - hair) == Decimal("79.991")


def test_rate_a_hair_below_100_never_leaves_at_it():
    assert rate(Decimal("99999999999.9998"), Decimal("99999999999.9999")) == Decimal(
        "99.999999999999"
    )


@pytest.mark.parametrize(
    ("exact", "shown"),
    [
        (Decimal("99.96"), "99.9%"),
        (Decimal("79.96"), "79.9%"),
        (Decimal("59.95"), "59.9%"),
        (Decimal("59.94"), "59.9%"),
        (Decimal("92.25"), "92.3%"),
        (Decimal("92.24"), "92.2%"),
        (Decimal(100), "100.0%"),
        (Decimal("100.04"), "100.0%"),
        (Decimal("1234.56"), "1,234.6%"),
        (Decimal("-0.04"), "0.0%"),
        (Decimal("-0.05"), "−0.1%"),
        (Decimal(-20), "−20.0%"),
        (Fraction(200, 3), "66.7%"),
        (0, "0.0%"),
    ],
)
def test_display(exact, shown):
    assert display(exact) == shown


def test_display_knows_other_bounds_and_signs():
    assert display(Decimal("89.96"), bounds=(90,)) == "89.9%"
    assert display(Decimal("79.96"), bounds=(90,)) == "80.0%"
    assert display(Decimal("99.99"), bounds=()) == "99.9%"
    assert display(Decimal("99.6"), 0) == "99%"
    assert display(Decimal("-12.34"), minus="△") == "△12.3%"
    assert display_number(Decimal("-1234.5"), minus="-", separator="") == "-1234.5"


def test_display_adds_decimals_where_one_cannot_tell():
    assert display(Decimal("79.94"), bounds=(Decimal("79.94"),)) == "79.94%"


def test_value_is_shown_with_its_decimals():
    assert display_value(Decimal("1234.5"), 1) == "1,234.5"
    assert display_value(Decimal(12), 0) == "12"
    assert display_value(Decimal(-3), 0) == "−3"
    assert display_value(Decimal(0), 1) == "0.0"
    assert display_value(None, 1) == "－"


def test_computed_value_gets_two_more_decimals_only_when_it_needs_them():
    assert display_value(Fraction(29, 3), 0) == "9.67"
    assert display_value(Fraction(29, 3), 1) == "9.667"
    assert display_value(Fraction(20), 0) == "20"


# Values of a year


def measured(**years):
    """measured(y2024=12, y2025="pending") → measurements by fiscal year."""
    return {
        int(year[1:]): Measurement(None, Absence(known))
        if isinstance(known, str)
        else Measurement(Decimal(known))
        for year, known in years.items()
    }


def cumulative(measurements, year):
    return progress_value(measurements, year, first_year=2024, aggregation="cumulative")


def annual(measurements, year):
    return progress_value(measurements, year, first_year=2024, aggregation="annual")


def test_cumulative_value_is_the_sum_so_far():
    assert cumulative(measured(y2024=12, y2025=9, y2026=5), 2025).value == 21


def test_cumulative_value_after_a_missing_year_is_only_a_reference():
    progressed = cumulative(measured(y2025=9), 2025)

    assert (progressed.value, progressed.absence) == (9, Absence.REFERENCE)
    assert progressed.unknown_years == (2024,)


def test_cumulative_value_after_a_pending_year_is_only_a_reference():
    progressed = cumulative(measured(y2024="pending", y2025=9), 2025)

    assert (progressed.value, progressed.absence) == (9, Absence.REFERENCE)


def test_cumulative_value_after_an_unmeasured_year_counts_and_is_flagged():
    progressed = cumulative(measured(y2024="unmeasured", y2025=9), 2025)

    assert (progressed.value, progressed.absence) == (9, None)
    assert progressed.unmeasured_years == (2024,)


@pytest.mark.parametrize("aggregate", [cumulative, annual])
@pytest.mark.parametrize("absence", ["pending", "unmeasured"])
def test_value_of_a_year_without_one_is_none(aggregate, absence):
    progressed = aggregate(measured(y2024=12, y2025=absence), 2025)

    assert (progressed.value, progressed.absence) == (None, Absence(absence))


@pytest.mark.parametrize("aggregate", [cumulative, annual])
def test_value_of_a_year_nobody_entered_is_none(aggregate):
    progressed = aggregate(measured(y2024=12), 2025)

    assert (progressed.value, progressed.absence) == (None, Absence.MISSING)


def test_annual_value_stands_alone():
    assert annual(measured(y2025=9), 2025).value == 9
    assert annual(measured(y2024=12, y2025=0), 2025).value == 0


def test_last_measured_is_the_latest_year_with_a_value():
    measurements = measured(y2024=12, y2025="unmeasured")

    assert last_measured(measurements, 2026, first_year=2024) == (2024, 12)
    assert last_measured(measurements, 2025, first_year=2024) == (2024, 12)
    assert last_measured(measurements, 2024, first_year=2024) is None
    assert last_measured(measurements, 2027, first_year=2025) is None


# Expected values and targets


def expected(year, target, **options):
    return expected_value(year, first_year=2024, last_year=2028, final_target=target, **options)


def test_cumulative_pace_is_even():
    paces = [expected(year, Decimal(50), aggregation="cumulative") for year in range(2024, 2029)]

    assert paces == [10, 20, 30, 40, 50]


def test_six_year_pace_is_exactly_sixty_after_one_year():
    due = expected_value(
        2024, first_year=2024, last_year=2029, final_target=Decimal(100), aggregation="cumulative"
    )

    assert due == Fraction(100, 6)
    assert rate(10, due) == 60
    assert rating(exact_rate(10, due), DEFAULT_BANDS).symbol == "C"


def test_annual_pace_is_the_target():
    assert expected(2025, Decimal(150)) == 150


def test_pace_from_a_baseline_leads_to_the_target():
    options = {"formula": "from_baseline", "baseline": Decimal(650)}

    assert [expected(year, Decimal(550), **options) for year in (2024, 2026, 2028)] == [
        630,
        590,
        550,
    ]


def test_yearly_target_comes_first_but_not_in_the_last_year():
    assert expected(2025, Decimal(150), yearly_target=Decimal(120)) == 120
    assert expected(2028, Decimal(150), yearly_target=Decimal(120)) == 150


def test_expected_value_without_a_target_is_none():
    assert expected(2025, None) is None
    assert expected(2025, None, yearly_target=Decimal(120)) == 120
    assert expected(2025, Decimal(60), formula="from_baseline") is None
    assert expected(2028, Decimal(60), formula="from_baseline") == 60


def test_target_in_force_is_the_latest_effective_one():
    targets = [(2026, Decimal(60)), (2024, Decimal(50))]

    assert [in_force(targets, year) for year in (2023, 2024, 2025, 2026, 2028)] == [
        None, 50, 50, 60, 60,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("goal", "options", "sentence"),
    [
        (None, {}, "目標値が設定されていません。"),
        (0, {}, "算式「実績÷目標」では、目標値を0より大きくしてください。"),
        (0, {"direction": "decrease"}, ""),
        (-1, {"direction": "decrease"}, "算式「実績÷目標」では、目標値を0以上にしてください。"),
        (
            0,
            {"formula": "deviation"},
            "算式「目標との乖離」では、目標値を0より大きくしてください。",
        ),
        (
            60,
            {"formula": "from_baseline"},
            "算式「基準値からの伸び」には基準値が要ります。",
        ),
        (
            40,
            {"formula": "from_baseline", "baseline": 50},
            "算式「基準値からの伸び」では、目標値を基準値より大きくしてください。",
        ),
        (
            60,
            {"formula": "from_baseline", "baseline": 50, "direction": "decrease"},
            "算式「基準値からの伸び」では、目標値を基準値より小さくしてください。",
        ),
    ],
)
def test_goal_problem_names_the_remedy(goal, options, sentence):
    assert goal_problem(goal, **options) == sentence


def test_value_problem_names_the_formula():
    assert value_problem(-3) == "算式「実績÷目標」の指標では、実績値は0以上です。"
    assert value_problem(-3, formula="deviation") == (
        "算式「目標との乖離」の指標では、実績値は0以上です。"
    )
    assert value_problem(-3, formula="from_baseline") == ""
    assert value_problem(0) == ""


# Means and ratings


def test_mean_caps_and_leaves_out_what_is_missing():
    assert mean([Decimal(108), Decimal(40), None]) == 70
    assert mean([Decimal(-20), Decimal(100)]) == 50
    assert mean([Decimal(108), Decimal(40)], cap=None) == 74
    assert mean([Decimal(108), Decimal(40)], cap=Decimal(105)) == Fraction(145, 2)
    assert mean([Decimal(108), Decimal(40)], cap=Decimal("104.5")) == Fraction("72.25")


def test_mean_has_a_lower_limit_too_or_none():
    assert mean([Decimal(-20), Decimal(100)], floor=None) == 40
    assert mean([Decimal(-20), Decimal(100)], floor=Decimal(-10)) == 45
    assert mean([Decimal(30), Decimal(100)], floor=Decimal(50)) == 75
    assert mean([Decimal(-20), Decimal(120)], cap=None, floor=None) == 50


@pytest.mark.parametrize(
    ("rate", "decimals", "half_up", "cut"),
    [
        ("92.36", 1, "92.4%", "92.3%"),
        ("92.36", 0, "92%", "92%"),
        ("92.66", 0, "93%", "92%"),
        ("92.366", 2, "92.37%", "92.36%"),
        # Never up to a bound, whatever the decimals; as many more as it takes.
        ("99.996", 2, "99.99%", "99.99%"),
        ("99.6", 0, "99%", "99%"),
        ("80.4", 0, "80%", "80%"),
        ("-3.27", 1, "−3.3%", "−3.2%"),
        ("-0.04", 1, "0.0%", "0.0%"),
    ],
)
def test_rates_are_shown_with_the_decimals_of_a_plan(rate, decimals, half_up, cut):
    assert display(Decimal(rate), decimals) == half_up
    assert display(Decimal(rate), decimals, rounding="cut") == cut


def test_mean_of_nothing_is_none():
    assert mean([]) is None
    assert mean([None, None]) is None


def test_mean_is_exact_before_it_is_rated():
    rates = [exact_rate(14, 15), exact_rate(14, 15), exact_rate(8, 15)]

    assert mean(rates) == 80
    assert rating(mean(rates), DEFAULT_BANDS).symbol == "B"


def test_rating_uses_the_bands_it_is_given():
    bands = (Band("◎", "達成", Decimal(90)), Band("×", "未達成", None))

    assert rating(Decimal("89.99"), bands).symbol == "×"
    assert rating(Decimal(90), bands).symbol == "◎"
