"""値の年度: values that stand for a later year than the one in which they were measured.

What is measured every second or third year is carried forward: such a value counts in the rate of
the year whose row has it, and once, at its own year, wherever years are looked at one after the
other (docs/domain.md, Values of other years and in words). Pure.
"""

from collections.abc import Mapping
from decimal import Decimal

from common.fiscal_year import wareki
from kpis.achievement import Measurement


def mark_of(value_year: int | None) -> str:
    """`令和4年度の値`; empty for a value of its row's own year (None)."""
    return "" if value_year is None else f"{wareki(value_year)}の値"


def with_mark(figure: str, value_year: int | None) -> str:
    """`50人（令和4年度の値）`; a figure of its row's own year as it is."""
    return figure if value_year is None else f"{figure}（{mark_of(value_year)}）"


def measured_in(row: int, measurement: Measurement) -> int:
    """The year in which the value of a row was measured."""
    return row if measurement.year is None else measurement.year


def by_year_measured(
    measurements: Mapping[int, Measurement], *, before: int, first_year: int = 0
) -> dict[int, Decimal]:
    """The figures of the rows from `first_year` to before `before`, by year measured.

    In the order of the years, each once: where rows say the figure of one year differently, that
    year's own row counts, else the last. Years before the first row are among them.
    """
    found: dict[int, Decimal] = {}
    own = set()
    for row, known in sorted(measurements.items()):
        if known.value is None or not first_year <= row < before:
            continue
        year = measured_in(row, known)
        if year == row:
            own.add(year)
        if year == row or year not in own:
            found[year] = known.value
    return dict(sorted(found.items()))


def last_measured(
    measurements: Mapping[int, Measurement], before: int, *, first_year: int
) -> tuple[int, Decimal] | None:
    """The latest year measured that rows before `before` tell of, and its figure; else None."""
    known = by_year_measured(measurements, first_year=first_year, before=before)
    return max(known.items(), default=None)


def told_otherwise(
    measurements: Mapping[int, Measurement], row: int, stated: Measurement
) -> list[int]:
    """The other rows that tell of the year measured by `stated`, a row's value, and differ."""
    year = measured_in(row, stated)
    return [
        other
        for other, known in sorted(measurements.items())
        if other != row
        and known.absence is None
        and measured_in(other, known) == year
        and (known.value, known.words) != (stated.value, stated.words)
    ]


def problem_of(
    value_year: int, fiscal_year: int, *, aggregation: str, has_value: bool = True
) -> str:
    """Why a year can't be 値の年度 of a fiscal year's value, as a sentence; empty when it can."""
    if not has_value:
        return "値の年度は、実績値と一緒に入力してください。実績値がないときは空けてください。"
    if aggregation == "cumulative":
        return (
            "累計の指標では、ほかの年度の値を引き継げません（同じ数を2度足すことになります）。"
            "値の年度を空けてください。"
        )
    if value_year >= fiscal_year:
        return (
            f"値の年度には、{wareki(fiscal_year)}より前の年度を入力してください。"
            f"{wareki(fiscal_year)}に測った値のときは、空けてください。"
        )
    return ""
