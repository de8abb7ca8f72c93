"""How figures, years and ratings look on a page: one-line wrappers of the rules."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from django import template
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from common import fiscal_year
from kpis import achievement
from kpis.achievement import Number
from kpis.assessment import KpiAssessment
from kpis.progress import Standing
from kpis.terms import PlanRules
from kpis.value_years import mark_of
from projects.bands import Band
from reports.annual.document import AnnualReport, ReportRevision, ReportStanding, ReportYear
from reports.formats import FORMATS
from reports.target_lines import goal_of

# A report keeps the rules that its figures were rated by.
Rules = PlanRules | AnnualReport

register = template.Library()

register.filter("wareki", fiscal_year.wareki)
register.filter("wareki_short", fiscal_year.wareki_short)
register.filter("wareki_initial", fiscal_year.wareki_initial)
register.filter("wareki_with_western", fiscal_year.wareki_with_western)
register.filter("wareki_date", fiscal_year.wareki_date)


@register.filter
def wareki_all(years: Iterable[int]) -> str:
    """Several fiscal years: `令和6年度、令和7年度`."""
    return "、".join(map(fiscal_year.wareki, years))


@register.filter
def wareki_day(moment: datetime) -> str:
    """The day of a moment in the city's time: `令和8年7月15日`."""
    return fiscal_year.wareki_date(timezone.localdate(moment))


@register.simple_tag
def revised(figure: Decimal | None, text: str, revision: ReportRevision) -> str:
    """One side of a revised target: the text where the figure alone doesn't say it."""
    if text or figure is None:
        return text or achievement.NOTHING
    return f"{achievement.display_value(figure, revision.decimal_places)}{revision.unit}"


@register.filter
def goal(kpi: KpiAssessment) -> str:
    """The final target in force, with its condition: `50件以上`."""
    return goal_of(kpi.definition, kpi.target)


@register.filter
def format_label(name: str) -> str:
    """What a report's file is called: `PDF` for `annual-report.pdf`."""
    return FORMATS[name].label if name in FORMATS else name


# Shapes differ, so that a rating is never told by colour alone; 16 units square.
_SHAPES = {
    1: "M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1Zm-1 10.2L3.9 8.1 5 7l2 2 4-4 1.1 1.1Z",
    2: "M2 6.5h6.5V3L14 8l-5.5 5V9.5H2Z",
    3: "M8 1.5 15 14H1ZM7.2 6v4h1.6V6Zm0 5v1.6h1.6V11Z",
    4: (
        "M5 1h6l4 4v6l-4 4H5l-4-4V5Zm.6 3.5L4.5 5.6 6.9 8l-2.4 2.4 1.1 1.1"
        "L8 9.1l2.4 2.4 1.1-1.1L9.1 8l2.4-2.4-1.1-1.1L8 6.9Z"
    ),
    0: "M2 7h12v2H2Z",
}
_BEST, _SECOND, _MIDDLE, _WORST, _NONE = 1, 2, 3, 4, 0
# A pace bar shows rates up to this one; the mark stands at 100.
_PACE_LIMIT = 120


def tone(band: Band | None, bands: tuple[Band, ...]) -> int:
    """The colour and shape of a band: 1 best, 2 second, 4 worst, 3 those between, 0 none."""
    if band is None:
        return _NONE
    place = bands.index(band)
    if place == 0:
        return _BEST
    if place == len(bands) - 1:
        return _WORST
    return _SECOND if place == 1 else _MIDDLE


@lru_cache(maxsize=256)
def _chip(chosen: int, text: str) -> SafeString:
    return format_html(
        '<span class="chip chip--{}"><svg viewBox="0 0 16 16" aria-hidden="true">'
        '<path d="{}"/></svg>{}</span>',
        chosen,
        _SHAPES[chosen],
        text,
    )


@register.simple_tag
def band_chip(band: Band | None, rules: Rules) -> SafeString:
    """The chip of a band, or of 評価なし."""
    return _chip(tone(band, rules.bands), band.text if band else "評価なし")


def band_of(symbol: str, rules: Rules) -> Band | None:
    """The band with a symbol, None for 「－」 and for none."""
    return next((band for band in rules.bands if band.symbol == symbol), None)


@register.simple_tag
def standing_chip(standing: Standing | ReportStanding, rules: Rules) -> SafeString:
    """The chip of the rating of a group of KPIs."""
    if isinstance(standing, ReportStanding):
        return band_chip(band_of(standing.rating_symbol, rules), rules)
    return band_chip(standing.rating, rules)


@register.simple_tag
def kpi_chip(kpi: KpiAssessment) -> SafeString:
    """The chip of a KPI's rating, or the word for why there is none."""
    if kpi.rating is not None:
        return _chip(tone(kpi.rating, kpi.bands), kpi.rating.text)
    return absence_chip(kpi.absence.label if kpi.absence else "")


def absence_chip(label: str) -> SafeString:
    """The chip that says why there is no rate."""
    return _chip(_NONE, label or "評価なし")


@register.simple_tag
def year_chip(year: ReportYear, report: AnnualReport) -> SafeString:
    """The chip of a KPI's year: its rating, or the word for why there is none."""
    if year.rating_symbol:
        return symbol_chip(year.rating_symbol, report, year.fiscal_year)
    return absence_chip(year.absence_label)


@register.simple_tag
def symbol_chip(symbol: str, report: AnnualReport, fiscal_year: int) -> SafeString:
    """The chip of a year's rating by its symbol; 評価なし for 「－」."""
    in_force = report.in_year(fiscal_year)
    return band_chip(band_of(symbol, in_force), in_force)


@register.simple_tag
def icon(chosen: int) -> SafeString:
    """One of the shapes alone, for notices."""
    return format_html(
        '<svg viewBox="0 0 16 16" aria-hidden="true"><path d="{}"/></svg>', _SHAPES[chosen]
    )


@register.simple_tag
def rate(exact: Number | None, rules: Rules, fiscal_year: int | None = None) -> str:
    """A rate as people read it: `92.3%`, or 「－」; by the rules of a year where one is named."""
    in_force = rules if fiscal_year is None else rules.in_year(fiscal_year)
    return in_force.rate_text(exact)


@register.simple_tag
def value(figure: Number | None, decimals: int) -> str:
    """A value with its KPI's decimals."""
    return achievement.display_value(figure, decimals)


@register.simple_tag
def actual(year: KpiAssessment | ReportYear, decimals: int) -> SafeString:
    """A year's own figure, or its words, and whose year the value is: `50（令和4年度の値）`."""
    if year.value_words:
        said = format_html('<span class="in-words">{}</span>', year.value_words)
    else:
        said = format_html("{}", achievement.display_value(year.actual, decimals))
    return said + value_year(year.value_year)


@register.simple_tag
def value_year(year: int | None) -> SafeString:
    """`（令和4年度の値）` in small print; empty for a value of its row's own year (None)."""
    if year is None:
        return mark_safe("")
    return format_html(' <small class="value-year">（{}）</small>', mark_of(year))


@register.simple_tag
def points(now: Number | None, before: Number | None) -> str:
    """The change between two rates in words: `2.3ポイント増`; empty where either is missing."""
    if now is None or before is None:
        return ""
    size = achievement.display_number(abs(Fraction(now) - Fraction(before)), bounds=())
    if Decimal(size.replace(",", "")) == 0:
        return "増減なし"
    return f"{size}ポイント{'増' if now > before else '減'}"


@register.simple_tag
def mean_change(now: Number | None, before: Number | None, rules: Rules, fiscal_year: int) -> str:
    """The change of a mean since the year before; empty too where another limit held then."""
    if rules.in_year(fiscal_year - 1).average_cap != rules.in_year(fiscal_year).average_cap:
        return ""
    return points(now, before)


@register.simple_tag
def pace_bar(exact: Number | None, text: str) -> SafeString:
    """A bar of a rate with a mark at 100%; empty without a rate. `text` is what it says aloud."""
    if exact is None:
        return mark_safe("")
    return _pace_bar(f"{min(max(float(exact), 0.0), _PACE_LIMIT):.2f}", text)


@lru_cache(maxsize=1024)
def _pace_bar(width: str, text: str) -> SafeString:
    return format_html(
        '<svg class="pace" viewBox="0 0 120 20" preserveAspectRatio="none" role="img" '
        'aria-label="{}"><rect class="pace__track" y="4" width="120" height="12"/>'
        '<rect class="pace__fill" y="4" width="{}" height="12"/>'
        '<rect class="pace__mark" x="99.2" width="1.6" height="20"/></svg>',
        text,
        width,
    )


@register.simple_tag
def tally(standing: Standing | ReportStanding, rules: Rules) -> SafeString:
    """Counts by rating, as one bar in proportion and as a list."""
    by_band = (
        [(band_of(symbol, rules), count) for symbol, _label, count in standing.by_band]
        if isinstance(standing, ReportStanding)
        else standing.by_band
    )
    items = format_html_join(
        "", "<li>{}<b>{}</b></li>", ((band_chip(band, rules), count) for band, count in by_band)
    )
    return format_html('{}<ul class="tally">{}</ul>', _tally_bar(by_band, rules), items)


def _tally_bar(by_band: Sequence[tuple[Band | None, int]], rules: Rules) -> SafeString:
    """Each count as a part of the bar, with its figure printed in it; empty without a KPI."""
    total = sum(count for _band, count in by_band)
    if not total:
        return mark_safe("")
    parts = []
    start = 0.0
    for band, count in by_band:
        if not count:
            continue
        width = 100 * count / total
        parts.append(
            (
                tone(band, rules.bands),
                f"{start:.2f}",
                f"{width:.2f}",
                f"{start + width / 2:.2f}",
                count,
            )
        )
        start += width
    return format_html(
        '<svg class="stack" role="img" aria-label="{}">{}</svg>',
        "、".join(f"{band.text if band else '評価なし'} {count}" for band, count in by_band),
        format_html_join(
            "",
            '<rect class="tone-{}" x="{}%" width="{}%" height="100%"/>'
            '<text x="{}%" y="50%" dy="0.36em" text-anchor="middle">{}</text>',
            parts,
        ),
    )
