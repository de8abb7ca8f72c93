"""Ratings year by year as a table's cells: a tint, a letter and, for screen readers, the word.

A dashboard shows five of them a row, so they are written here and not by a template, which would
take ten times as long.
"""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from common.fiscal_year import wareki_short
from kpis import achievement
from kpis.achievement import NOTHING
from kpis.assessment import PlanRules
from projects.bands import Band
from reports.dashboard import YearCell
from reports.templatetags.figures import tone

register = template.Library()

_TO_COME = (
    '<span class="heat__none" aria-hidden="true">・</span>'
    '<span class="visually-hidden">これから</span>'
)
_NO_RATING = f'{NOTHING}<span class="visually-hidden">評価なし</span>'


@register.simple_tag
def year_cells(
    cells: Iterable[YearCell], rules: PlanRules, *, with_rate: bool = False
) -> SafeString:
    """The cells of one row; the rate is printed beside the letter, or read aloud with the word."""
    return mark_safe(  # noqa: S308 - what comes from the database is escaped below
        "".join(
            f'<td role="cell" class="heat heat--{tone(cell.rating, rules.bands)}"'
            f' data-label="{wareki_short(cell.fiscal_year)}">'
            f"{_content(cell, rules, with_rate=with_rate)}</td>"
            for cell in cells
        )
    )


def _content(cell: YearCell, rules: PlanRules, *, with_rate: bool) -> str:
    if cell.is_to_come:
        return _TO_COME
    if cell.rating is None:
        return f"<small>{cell.absence.label}</small>" if cell.absence else _NO_RATING
    return _rated(cell.rating, cell.rate, rules.bounds, with_rate=with_rate)


@lru_cache(maxsize=4096)
def _rated(
    rating: Band, exact: Fraction | None, bounds: tuple[Decimal, ...], *, with_rate: bool
) -> str:
    rate = achievement.display(exact, bounds=bounds)
    letter = f"<b>{escape(rating.symbol)}</b>"
    if with_rate:
        return f"{letter} {rate}"
    return f'{letter}<span class="visually-hidden">{escape(rating.label)} {rate}</span>'
