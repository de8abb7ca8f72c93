"""Ratings year by year as a table's cells: a tint, a letter and, for screen readers, the word.

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
from kpis.achievement import NOTHING
from kpis.assessment import KpiAssessment
from kpis.progress import Standing
from kpis.terms import PlanRules
from projects.bands import Band
from reports.templatetags.figures import tone

register = template.Library()

_TO_COME = (
    '<span class="heat__none" aria-hidden="true">・</span>'
    '<span class="visually-hidden">これから</span>'
)
_NO_RATING = f'{NOTHING}<span class="visually-hidden">評価なし</span>'


@register.simple_tag
def year_cells(
    years: Sequence[Standing | KpiAssessment],
    rules: PlanRules,
    *,
    with_rate: bool = False,
) -> SafeString:
    """The cells of one row, for `years` from the plan's first on and those still to come.

    Each year stands as it is rated by its own rules. The rate is printed beside the letter, or
    read aloud with the word.
    """
    return mark_safe(  # noqa: S308 - what comes from the database is escaped below
        "".join(
            _cell(fiscal_year, year, rules.in_year(fiscal_year), with_rate=with_rate)
            for fiscal_year, year in zip_longest(rules.years, years)
        )
    )


def _cell(
    fiscal_year: int, year: Standing | KpiAssessment | None, rules: PlanRules, *, with_rate: bool
) -> str:
    return (
        f'<td role="cell" class="heat heat--{tone(year.rating if year else None, rules.bands)}"'
        f' data-label="{wareki_short(fiscal_year)}">'
        f"{_content(year, rules, with_rate=with_rate)}</td>"
    )


def _content(year: Standing | KpiAssessment | None, rules: PlanRules, *, with_rate: bool) -> str:
    if year is None:
        return _TO_COME
    if year.rating is not None:
        return _rated(year.rating, rules.rate_text(year.rating_rate), with_rate=with_rate)
    if isinstance(year, KpiAssessment) and year.absence is not None:
        return f"<small>{year.absence.label}</small>"
    return _NO_RATING


@lru_cache(maxsize=4096)
def _rated(rating: Band, rate: str, *, with_rate: bool) -> str:
    letter = f"<b>{escape(rating.short)}</b>"
    if with_rate:
        return f"{letter} {rate}"
    return f'{letter}<span class="visually-hidden">{escape(rating.label)} {rate}</span>'
