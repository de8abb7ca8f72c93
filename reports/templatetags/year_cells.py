"""Ratings year by year as a table's cells: a tint, a mark and, for screen readers, the word.

A dashboard shows five of them a row, so they are written here and not by a template, which would
take ten times as long.
"""

from collections.abc import Sequence
from functools import lru_cache
from itertools import zip_longest

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from common.fiscal_year import wareki_short
from kpis.achievement import NOTHING, Absence
from kpis.assessment import KpiAssessment
from kpis.progress import Standing
from kpis.terms import PlanRules
from projects.bands import Band
from projects.scales import Scale
from reports.marks import NO_LOOK, has_words, look_of

register = template.Library()

_TO_COME = (
    '<span class="heat__none" aria-hidden="true">・</span>'
    '<span class="visually-hidden">これから</span>'
)
_NO_RATING = f'{NOTHING}<span class="visually-hidden">評価なし</span>'


@register.simple_tag
def year_cells(
    years: Sequence[Standing | KpiAssessment | None],
    rules: PlanRules,
    *,
    with_rate: bool = False,
) -> SafeString:
    """The cells of one row, for `years` from the plan's first on and those still to come.

    Each year stands as it is rated by its own rules; one that isn't rated has its rate alone. The
    rate is printed beside the mark, or read aloud with the word.
    """
    return mark_safe(  # noqa: S308 - what comes from the database is escaped below
        "".join(
            _cell(fiscal_year, year, rules, with_rate=with_rate)
            for fiscal_year, year in zip_longest(rules.years, years)
        )
    )


def _cell(
    fiscal_year: int, year: Standing | KpiAssessment | None, rules: PlanRules, *, with_rate: bool
) -> str:
    kind, content = NO_LOOK.classes("heat"), _TO_COME
    if year is not None:
        if isinstance(year, KpiAssessment):
            scale, rate = year.scale, year.rate_text(year.rating_rate)
        else:
            in_force = rules.in_year(fiscal_year)
            scale, rate = in_force.project_scale, in_force.rate_text(year.rating_rate)
        kind = _kind(year.rating, scale.bands)
        content = _content(year, scale, rate, with_rate=with_rate)
    label = wareki_short(fiscal_year)
    return f'<td role="cell" class="{kind}" data-label="{label}">{content}</td>'


@lru_cache(maxsize=1024)
def _kind(rating: Band | None, bands: tuple[Band, ...]) -> str:
    """The classes of a cell: its colour, and whether marks are words rather than letters."""
    words = " heat--words" if has_words(bands) else ""
    return look_of(rating, bands).classes("heat") + words


def _content(year: Standing | KpiAssessment, scale: Scale, rate: str, *, with_rate: bool) -> str:
    if year.rating is not None and scale.rates:
        return _rated(year.rating, rate, with_rate=with_rate)
    if isinstance(year, KpiAssessment) and year.why_nothing is not None:
        return f"<small>{year.why_nothing.label}</small>"
    if not scale.rates:
        return rate
    if scale.is_by_people:
        return f"<small>{Absence.UNDECIDED.label}</small>"
    return _NO_RATING


@lru_cache(maxsize=4096)
def _rated(rating: Band, rate: str, *, with_rate: bool) -> str:
    letter = f"<b>{escape(rating.short)}</b>"
    if with_rate:
        return f"{letter} {rate}"
    word = rating.label if rating.symbol else ""
    return f'{letter}<span class="visually-hidden">{escape(word)} {rate}</span>'
