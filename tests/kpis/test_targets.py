"""What is due in each year of a plan whose targets change (docs/domain.md, Targets)."""

from decimal import Decimal
from fractions import Fraction

import pytest

from kpis.achievement import as_decimal
from kpis.targets import Course, Target, is_reached, target_rate

YEARS = range(2024, 2029)


def course(*rows, yearly=(), begins=2024, last=2028, **options):
    """A course of (from year, value, further columns) of a cumulative KPI until 2028."""
    targets = [Target(year, None if value is None else Decimal(value), **more)
               for year, value, more in ((*row, {})[:3] for row in rows)]  # fmt: skip
    last_year_in = last if callable(last) else lambda _year: last
    given = {year: Decimal(value) for year, value in dict(yearly).items()}
    return Course(targets, given, begins, last_year_in, **{"aggregation": "cumulative"} | options)


def due(one, years=YEARS):
    return [one.expected(year) for year in years]


def test_target_raised_from_a_year_goes_on_from_what_was_due_before():
    assert due(course((2024, 50), (2026, 80))) == [10, 20, 40, 60, 80]


def test_extended_period_goes_on_from_what_was_due_before():
    extended = course((2024, 100), last=lambda year: 2028 if year < 2028 else 2030)

    assert due(extended, range(2024, 2031)) == [
        20, 40, 60, 80, 80 + Fraction(20, 3), 80 + Fraction(40, 3), 100,
    ]  # fmt: skip


def test_kpi_begun_later_is_due_from_its_first_year():
    assert due(course((2026, 30), begins=2026), range(2026, 2029)) == [10, 20, 30]


def test_annual_ratio_is_due_its_target_every_year_whatever_the_baseline():
    assert due(course((2024, 70), aggregation="annual", start=Decimal(57))) == [70] * 5


def test_target_year_before_the_last_is_reached_then_and_kept():
    assert due(course((2024, 60, {"target_year": 2026}))) == [20, 40, 60, 60, 60]


def test_yearly_target_comes_first_and_is_where_a_revision_begins():
    revised = course((2024, 50), (2026, 80), yearly={2025: 35, 2027: 60})

    assert due(revised) == [10, 35, 50, 60, 80]


def test_lowered_target_is_never_passed():
    assert due(course((2024, 100), (2027, 70), yearly={2026: 75})) == [20, 40, 75, 70, 70]


def test_target_set_later_leaves_the_years_before_without_one():
    assert due(course((2024, None), (2026, 30))) == [None, None, 10, 20, 30]


def test_words_are_no_figure_that_is_due():
    assert due(course((2024, None, {"words": "増加", "met_by": "better"}))) == [None] * 5


def test_way_from_a_baseline_begins_at_what_the_row_states_else_at_what_was_due():
    options = {"aggregation": "annual", "formula": "from_baseline", "start": Decimal(50)}

    assert due(course((2024, 60), **options)) == [52, 54, 56, 58, 60]
    assert due(course((2024, 60), (2026, 66), **options)) == [52, 54, 58, 62, 66]
    restated = course((2024, 60), (2026, 66, {"baseline": Decimal(48)}), **options)
    assert due(restated) == [52, 54, 54, 60, 66]
    assert [restated.baseline(year)[0] for year in YEARS] == [50, 50, 48, 48, 48]


@pytest.mark.parametrize(
    ("direction", "target", "value", "rate"),
    [
        ("increase", {"is_strict": True}, "100", Decimal("99.999999999999")),
        ("increase", {"is_strict": True}, "101", Decimal(101)),
        ("decrease", {"is_strict": True}, "100", Decimal("99.999999999999")),
        ("increase", {"tolerance": Decimal(5)}, "95", Decimal(100)),
        ("increase", {"tolerance": Decimal(5)}, "100", Decimal(100)),
        ("increase", {"tolerance": Decimal(5)}, "110", Decimal(110)),
        ("increase", {"tolerance": Decimal(5)}, "76", Decimal(80)),
        ("decrease", {"tolerance": Decimal(5)}, "105", Decimal(100)),
        ("decrease", {"tolerance": Decimal(5)}, "140", Decimal(75)),
    ],
)
def test_rate_against_a_target_of_100_with_its_terms(direction, target, value, rate):
    row = Target(2024, Decimal(100), **target)

    exact = target_rate(
        Decimal(value), row, direction=direction, formula="ratio", baseline=Decimal(100)
    )

    assert as_decimal(exact) == rate
    assert is_reached(Decimal(value), row, direction) == (rate >= 100)
