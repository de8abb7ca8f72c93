"""How a report's document looks on a page: chips from the symbols that it keeps."""

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString

from common.fiscal_year import wareki_date
from reports.annual.report import AnnualReport, ReportYear
from reports.formats import FORMATS
from reports.templatetags.figures import absence_chip, band_chip, band_of

register = template.Library()


@register.simple_tag
def year_chip(year: ReportYear, report: AnnualReport) -> SafeString:
    """The chip of a KPI's year: its rating, or the word for why there is none."""
    if year.rating_symbol:
        return symbol_chip(year.rating_symbol, report)
    return absence_chip(year.absence_label)


@register.simple_tag
def symbol_chip(symbol: str, report: AnnualReport) -> SafeString:
    """The chip of a rating by its symbol; 評価なし for 「－」."""
    return band_chip(band_of(symbol, report), report)


@register.filter
def wareki_day(moment: datetime) -> str:
    """The day of a moment in the city's time: `令和8年7月15日`."""
    return wareki_date(timezone.localdate(moment))


@register.filter
def format_label(name: str) -> str:
    """What a report's file is called: `PDF` for `annual-report.pdf`."""
    return FORMATS[name].label if name in FORMATS else name
