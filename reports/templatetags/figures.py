"""How figures, years and ratings look on a page: one-line wrappers of the rules."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from common import fiscal_year
from kpis import achievement
from kpis.achievement import Number
from kpis.assessment import KpiAssessment
from kpis.progress import Standing
from kpis.terms import PlanRules, RatingTerms
from kpis.value_years import mark_of
from projects.scales import Method
from reports import chips
from reports.annual.document import AnnualReport, ReportRevision, ReportStanding, ReportYear
from reports.formats import FORMATS
from reports.legend import legend, limits_of, mean_limits
from reports.marks import SHAPES, has_words
from reports.tally import tally
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


# A pace bar shows rates up to this one; the mark stands at 100.
_PACE_LIMIT = 120

register.simple_tag(chips.kpi_chip)
register.simple_tag(chips.experts_chip)
register.simple_tag(chips.year_chip)
register.simple_tag(chips.movement_chip)
register.simple_tag(chips.report_rate)
register.simple_tag(chips.band_chip)
register.simple_tag(tally)
register.simple_tag(legend)
register.filter("mean_limits", mean_limits)


@register.simple_tag
def standing_chip(standing: Standing | ReportStanding, rules: Rules) -> SafeString:
    """The chip of a project's rating, or of a plan's; empty where projects aren't rated."""
    if isinstance(standing, ReportStanding):
        return chips.report_standing_chip(standing, rules)
    return chips.standing_chip(standing, rules)


@register.simple_tag
def icon(chosen: int) -> SafeString:
    """One of the shapes alone, for notices."""
    return chips.shape_svg(SHAPES[chosen])


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
def kpi_rate(kpi: KpiAssessment, exact: Number | None) -> str:
    """A rate of a KPI, never rounded up to a bound by which it is rated itself."""
    return kpi.rate_text(exact)


@register.simple_tag
def points(now: Number | None, before: Number | None, rules: RatingTerms) -> str:
    """The change between two rates in words: `2.3ポイント増`; empty where either is missing."""
    if now is None or before is None:
        return ""
    size = rules.rate_number(abs(Fraction(now) - Fraction(before)), ())
    if Decimal(size.replace(",", "")) == 0:
        return "増減なし"
    return f"{size}ポイント{'増' if now > before else '減'}"


@register.simple_tag
def mean_change(now: Number | None, before: Number | None, rules: Rules, fiscal_year: int) -> str:
    """The change of a mean since the year before; empty too where other limits held then."""
    was, now_in_force = rules.in_year(fiscal_year - 1), rules.in_year(fiscal_year)
    if limits_of(was) != limits_of(now_in_force):
        return ""
    return points(now, before, now_in_force)


@register.simple_tag
def movement_text(was: KpiAssessment, now: KpiAssessment) -> SafeString:
    """From which mark to which a KPI went: with the rates that say it, else alone.

    Where marks are words, the first of them is apart: the wall has no room for it.
    """
    if was.rating is None or now.rating is None:
        return mark_safe("")
    first, last = was.rating.short, now.rating.short
    if now.scale.method == Method.RATE:
        first = f"{first} {was.rate_text(was.rating_rate)} → "
        last = f"{last} {now.rate_text(now.rating_rate)}"
    else:
        first, last = f"「{first}」から", f"「{last}」へ"
    said = "{}{}"
    if has_words(now.bands):
        said = '<span class="moved__was">{}</span><span class="moved__now">{}</span>'
    return format_html(said, first, last)


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
