"""A rate's formula with its numbers put in, as an auditor would check it."""

import re
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kpis.achievement import MINUS_IN_PRINT, Measurement, display
from kpis.assessment import assess, course_of
from kpis.formula_text import achievement_in_numbers, progress_in_numbers
from kpis.targets import Target
from projects.bands import Band
from tests.kpis.definitions import ANNUAL, CUMULATIVE, FALLING, RULES, assess_pairs

DEVIATION = replace(ANNUAL, formula="deviation")
FALLING_DEVIATION = replace(FALLING, formula="deviation")
NUMBERS = st.decimals(min_value=-10_000, max_value=10_000, places=1)
LINES = (
    Band("A", "順調", Decimal("99.5")),
    Band("B", "概ね順調", Decimal("42.5")),
    Band("C", "遅れ", None),
)


def from_baseline(baseline, **fields):
    return replace(ANNUAL, formula="from_baseline", baseline=Decimal(baseline), **fields)


def assessed(kpi, *values, target=50, yearly=None, rules=RULES):
    """A KPI with the values of 2024, 2025, …, in the last of them."""
    return assess_pairs(
        kpi,
        rules,
        2023 + len(values),
        measurements={
            2024 + at: Measurement(Decimal(value))
            for at, value in enumerate(values)
            if value is not None
        },
        final_targets=() if target is None else ((2024, Decimal(target)),),
        yearly_targets={} if yearly is None else {2023 + len(values): Decimal(yearly)},
    )


@pytest.mark.parametrize(
    ("kpi", "value", "target", "text"),
    [
        (ANNUAL, 21, 50, "21 ÷ 50 × 100 = 42.0%"),
        (ANNUAL, 9996, 10000, "9,996 ÷ 10,000 × 100 = 99.9%"),
        (ANNUAL, 0, 50, "0 ÷ 50 × 100 = 0.0%"),
        (replace(ANNUAL, decimal_places=1), "361.8", 335, "361.8 ÷ 335.0 × 100 = 108.0%"),
        (FALLING, 5200, 4917, "4,917 ÷ 5,200 × 100 = 94.6%"),
        (FALLING, 3, 0, "0 ÷ 3 × 100 = 0.0%"),
        (FALLING, 0, 4917, "実績値が0で目標値4,917以下のため 100.0%"),
        (FALLING, 0, 0, "実績値が0で目標値0以下のため 100.0%"),
        (DEVIATION, 40, 50, "40 ÷ 50 × 100 = 80.0%"),
        (FALLING_DEVIATION, 5200, 4917, "200 − 5,200 ÷ 4,917 × 100 = 94.2%"),
        (FALLING_DEVIATION, 350, 100, "200 − 350 ÷ 100 × 100 = −150.0%"),
        (FALLING_DEVIATION, 0, 100, "200 − 0 ÷ 100 × 100 = 200.0%"),
        (from_baseline(50), 48, 60, "（48 − 50）÷（60 − 50）× 100 = −20.0%"),
        (
            from_baseline(650, direction="decrease"),
            640,
            550,
            "（640 − 650）÷（550 − 650）× 100 = 10.0%",
        ),
        (from_baseline(-20), -5, 10, "（−5 −（−20））÷（10 −（−20））× 100 = 50.0%"),
        (replace(ANNUAL, baseline=Decimal(12)), 21, 50, "21 ÷ 50 × 100 = 42.0%"),
    ],
)
def test_achievement_is_written_with_its_numbers(kpi, value, target, text):
    assert achievement_in_numbers(assessed(kpi, value, target=target)) == text


@pytest.mark.parametrize(
    ("assessment", "text"),
    [
        (assessed(CUMULATIVE, 12, 9), "21 ÷ 20 × 100 = 105.0%"),
        (assessed(ANNUAL, 40, target=50, yearly=44), "40 ÷ 44 × 100 = 90.9%"),
        (assessed(ANNUAL, 40, target=50, yearly="44.04"), "40 ÷ 44.04 × 100 = 90.8%"),
        (assessed(FALLING, 0, target=5, yearly=9), "実績値が0で年度目安9以下のため 100.0%"),
        (
            assessed(from_baseline(50), 51, target=60),
            "（51 − 50）÷（52 − 50）× 100 = 50.0%",
        ),
    ],
)
def test_progress_is_written_with_the_years_goal(assessment, text):
    assert progress_in_numbers(assessment) == text


def test_goal_that_is_shown_rounded_says_so():
    six_years = replace(RULES, last_year=2029)
    kpi = assessed(CUMULATIVE, 10, target=100, rules=six_years)

    assert progress_in_numbers(kpi) == (
        "10 ÷ 16.67 × 100 = 60.0%（式の中の数は四捨五入して示しています）"
    )
    assert achievement_in_numbers(kpi) == "10 ÷ 100 × 100 = 10.0%"


def test_result_keeps_below_the_bounds_of_the_strategys_bands():
    kpi = assessed(ANNUAL, 4249, target=10000, rules=replace(RULES, bands=LINES))
    assert achievement_in_numbers(kpi) == "4,249 ÷ 10,000 × 100 = 42.4%"


def test_report_in_print_has_its_own_minus():
    kpi = assessed(from_baseline(-20), -25, target=10)

    assert achievement_in_numbers(kpi, minus=MINUS_IN_PRINT) == (
        "（△25 −（△20））÷（10 −（△20））× 100 = △16.7%"
    )


@pytest.mark.parametrize(
    "assessment",
    [
        assessed(ANNUAL, 12, target=None),
        assessed(ANNUAL, 12, None),
        assessed(CUMULATIVE, None, 9),
        assessed(ANNUAL, -1),
        assessed(ANNUAL, 1, target=0),
        assessed(from_baseline(60), 55, target=50),
    ],
    ids=["no target", "missing", "reference", "negative", "goal of zero", "goal behind baseline"],
)
def test_nothing_is_written_where_there_is_no_rate(assessment):
    assert (achievement_in_numbers(assessment), progress_in_numbers(assessment)) == ("", "")


@given(
    kpi=st.sampled_from([ANNUAL, FALLING, DEVIATION, FALLING_DEVIATION, from_baseline("7.5")]),
    direction=st.sampled_from(["increase", "decrease"]),
    value=NUMBERS,
    target=NUMBERS,
    yearly=NUMBERS,
)
def test_formula_calculated_by_hand_gives_the_rate_that_is_shown(
    kpi, direction, value, target, yearly
):
    kpi = replace(kpi, direction=direction, decimal_places=1)
    assessment = assessed(kpi, value, target=target, yearly=yearly)
    written = {
        achievement_in_numbers(assessment): assessment.achievement,
        progress_in_numbers(assessment): assessment.progress,
    }
    written.pop("", None)
    assume(written)

    for text, rate in written.items():
        assert text.endswith(f" {display(rate)}")
        if "=" in text:
            assert calculated(text.partition(" = ")[0]) == rate


def calculated(expression):
    """What the printed expression comes to, exactly."""
    plain = expression.translate(str.maketrans("÷×−（）", "/*-()", ",")).replace(" ", "")
    exact = re.sub(r"[\d.]+", lambda number: f"Fraction('{number[0]}')", plain)
    return eval(exact, {"Fraction": Fraction})  # noqa: S307 - digits and operators only


@pytest.mark.parametrize(
    ("kpi", "value", "terms", "said"),
    [
        (
            ANNUAL,
            100,
            {"is_strict": True},
            "実績値が目標値と同じ100件で、100件超ではないため 99.9%",
        ),
        (
            FALLING,
            100,
            {"is_strict": True},
            "実績値が目標値と同じ100件で、100件未満ではないため 99.9%",
        ),
        (ANNUAL, 101, {"is_strict": True}, "101 ÷ 100 × 100 = 101.0%"),
        (
            ANNUAL,
            95,
            {"tolerance": Decimal(5)},
            "目標値100件を維持する幅（±5件）に入るため 100.0%",
        ),
        (ANNUAL, 76, {"tolerance": Decimal(5)}, "76 ÷ 95 × 100 = 80.0%"),
        (ANNUAL, 110, {"tolerance": Decimal(5)}, "110 ÷ 100 × 100 = 110.0%"),
        (FALLING, 140, {"tolerance": Decimal(5)}, "105 ÷ 140 × 100 = 75.0%"),
    ],
)
def test_terms_of_a_target_are_told(kpi, value, terms, said):
    course = course_of(kpi, RULES, [Target(2024, Decimal(100), **terms)], {})
    measured = {2024: Measurement(Decimal(value))}
    assessment = assess(kpi, RULES, 2024, measurements=measured, course=course)

    assert achievement_in_numbers(assessment) == said
    assert progress_in_numbers(assessment) == said
