"""What makes a figure or a day look like a slip, without being one for certain.

Pure. A doubt never blocks a save; it asks for a word of explanation.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from common.fiscal_year import first_day, last_day, wareki
from kpis.achievement import Measurement
from kpis.definition import KpiDefinition
from kpis.value_years import measured_in, told_otherwise

_FAR = 10
_TWICE = 2
_WHOLE = 100
_LONGEST_WAIT = 3


def doubts_of_year(
    definition: KpiDefinition,
    fiscal_year: int,
    stated: Measurement | None,
    measurements: Mapping[int, Measurement],
) -> tuple[str, ...]:
    """The doubts about what is stated of a year, as Japanese sentences.

    `measurements` are those of all years, the year's own left aside. A value that is carried
    forward is held against the others of its own year, and not against itself.
    """
    if stated is None or stated.absence is not None:
        return ()
    year, before = measured_in(fiscal_year, stated), measurements.get(fiscal_year - 1)
    last, last_of = None, None
    if before is not None and measured_in(fiscal_year - 1, before) != year:
        last, last_of = before.value, before.year
    known = measurements.items()
    earlier = [one.value for row, one in known if one.value and row < fiscal_year]
    otherwise = [
        f"{wareki(year)}の値は、{wareki(row)}の実績では"
        f"{_told(definition, measurements[row])}です。同じ年度の値が違っています。"
        "どちらが正しいか確かめてください。"
        for row in told_otherwise(measurements, fiscal_year, stated)
    ]
    return (
        *doubts(definition, stated.value, last_year=last, earlier=earlier, last_of=last_of),
        *otherwise,
    )


def _told(definition: KpiDefinition, known: Measurement) -> str:
    return f"「{known.words}」" if known.value is None else definition.written(known.value)


def doubts(
    definition: KpiDefinition,
    value: Decimal | None,
    *,
    last_year: Decimal | None,
    earlier: Sequence[Decimal],
    last_of: int | None = None,
) -> tuple[str, ...]:
    """The doubts about a year's figure, as Japanese sentences.

    `last_year` is the figure of the year before, None where there is none, and `last_of` the
    year in which that was measured where it is an earlier one; `earlier` are the figures of all
    years before, in any order.
    """
    if value is None:
        return ()

    found = []
    if last_year is not None and last_year > 0:
        named = "前年度（" if last_of is None else f"前の値（{wareki(last_of)}の"
        last = f"{named}{definition.written(last_year)}）"
        if value >= _FAR * last_year:
            found.append(f"{last}の10倍以上です。桁を確かめてください。")
        elif value * _FAR <= last_year:
            found.append(f"{last}の10分の1以下です。桁を確かめてください。")
    if definition.is_percent and value > _WHOLE:
        found.append("割合が100%を超えています。小数点を確かめてください。")
    if definition.is_cumulative:
        so_far = sum(earlier, Decimal(0))
        # A second good year easily exceeds the first one, but hardly all the years before it.
        is_second = sum(figure > 0 for figure in earlier) == 1
        if 0 < so_far * (_TWICE if is_second else 1) <= value:
            twice = "の2倍" if is_second else ""
            found.append(
                f"前年度までの累計（{definition.written(so_far)}）{twice}以上です。"
                "累計ではなく、この年度だけの数ですか。"
            )
    return tuple(found)


def day_doubts(fiscal_year: int, expected_on: date | None) -> tuple[str, ...]:
    """The doubts about the day on which a year's figure is expected, as Japanese sentences.

    `expected_on` is None where none is awaited. A figure may be known before its year ends,
    but not before it begins; one that comes years later is more often a slip in the year.
    """
    if expected_on is None:
        return ()
    if expected_on < first_day(fiscal_year):
        where = "が始まる前です"
    elif expected_on > last_day(fiscal_year + _LONGEST_WAIT):
        where = f"が終わって{_LONGEST_WAIT}年よりあとです"
    else:
        return ()
    day = _western(expected_on)
    return (f"集計中の予定日（{day}）は、{wareki(fiscal_year)}{where}。年を確かめてください。",)


def _western(day: date) -> str:
    """`2026年8月20日`: what is doubted is the year, and 令和981年 would hide it."""
    return f"{day.year}年{day.month}月{day.day}日"
