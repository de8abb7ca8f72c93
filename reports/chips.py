"""Chips: a mark, or the word for why there is none, with its shape and colour."""

from decimal import Decimal
from functools import lru_cache

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from kpis.achievement import Absence
from kpis.assessment import KpiAssessment
from kpis.progress import Standing
from kpis.terms import RatingTerms
from projects.bands import Band
from projects.scales import Scale
from reports.annual.document import AnnualReport, ReportKpi, ReportStanding, ReportYear
from reports.marks import NO_LOOK, Look, look_of

NO_RATING = "評価なし"
NOTHING_SHOWN = mark_safe("")


@lru_cache(maxsize=1024)
def chip(look: Look, text: str) -> SafeString:
    """A chip with a text, and with the shape that its look has."""
    return format_html(
        '<span class="{}">{}{}</span>', look.classes("chip"), shape_svg(look.shape), text
    )


def shape_svg(shape: str) -> SafeString:
    """One of the shapes alone; empty for an empty one."""
    if not shape:
        return NOTHING_SHOWN
    return format_html('<svg viewBox="0 0 16 16" aria-hidden="true"><path d="{}"/></svg>', shape)


def band_chip(band: Band | None, bands: tuple[Band, ...]) -> SafeString:
    """The chip of one of some bands, or of 評価なし."""
    return chip(look_of(band, bands), band.text if band else NO_RATING)


def absence_chip(label: str) -> SafeString:
    """The chip that says why there is no rating, or no rate."""
    return chip(NO_LOOK, label or NO_RATING)


def kpi_chip(kpi: KpiAssessment, *, with_computed: bool = True) -> SafeString:
    """The chip of a KPI's rating, and what is computed where people decide otherwise.

    Without a rating it is the word for why; empty where nothing is rated and nothing is missing.
    """
    note = computed_note(kpi.rating, kpi.computed, kpi.scale) if with_computed else NOTHING_SHOWN
    if kpi.rating is None:
        shown = absence_chip(kpi.why_nothing.label) if kpi.why_nothing else NOTHING_SHOWN
    else:
        shown = band_chip(kpi.rating, kpi.bands)
    return shown + note


def standing_chip(standing: Standing, rules: RatingTerms) -> SafeString:
    """The chip of a project's rating; empty where projects aren't rated."""
    scale = rules.project_scale
    if not scale.rates:
        return NOTHING_SHOWN
    if standing.rating is None and scale.is_by_people:
        shown = absence_chip(Absence.UNDECIDED.label)
    else:
        shown = band_chip(standing.rating, scale.bands)
    return shown + computed_note(standing.rating, standing.computed, scale)


def experts_chip(standing: Standing | ReportStanding, rules: RatingTerms) -> SafeString:
    """The chip of the outside experts' rating of a project, or of 評価未定."""
    bands = rules.external_bands
    if isinstance(standing, ReportStanding):
        found = band_said(*standing.external_rating, bands)
    else:
        found = standing.external
    return band_chip(found, bands) if found else absence_chip(Absence.UNDECIDED.label)


def computed_note(rating: Band | None, computed: Band | None, scale: Scale) -> SafeString:
    """`計算では「A」`: what is computed where people decide, and haven't decided just that."""
    if not scale.is_by_people or computed is None or computed == rating:
        return NOTHING_SHOWN
    return format_html(' <small class="computed">計算では「{}」</small>', computed.text)


def band_said(symbol: str, label: str, bands: tuple[Band, ...]) -> Band | None:
    """The band that a report names; None where it names none."""
    said = (symbol, label)
    return next((band for band in bands if (band.symbol, band.label) == said), None)


def report_standing_chip(standing: ReportStanding, report: RatingTerms) -> SafeString:
    """The chip of a rating that a report keeps of a project or of the plan; empty likewise."""
    scale = report.project_scale
    if not scale.rates or not any(standing.rating):
        return NOTHING_SHOWN
    found = band_said(*standing.rating, scale.bands)
    shown = band_chip(found, scale.bands) if found else absence_chip(standing.rating_label)
    return shown + computed_note(found, band_said(*standing.computed_rating, scale.bands), scale)


def year_chip(kpi: ReportKpi, year: ReportYear, report: AnnualReport) -> SafeString:
    """The chip of a KPI's year in a report: as `kpi_chip`."""
    scale = kpi.scale_in(year.fiscal_year, report)
    found = band_said(*year.rating, scale.bands)
    if found:
        shown = band_chip(found, scale.bands)
    else:
        shown = absence_chip(year.absence_label) if year.absence_label else NOTHING_SHOWN
    return shown + computed_note(found, band_said(*year.computed_rating, scale.bands), scale)


def report_rate(
    kpi: ReportKpi, year: ReportYear, exact: Decimal | None, report: AnnualReport
) -> str:
    """A rate of a KPI's year in a report, never rounded up to a bound by which it is rated."""
    bounds = kpi.bounds_in(year.fiscal_year, report)
    return report.in_year(year.fiscal_year).rate_text(exact, bounds)


def movement_chip(
    code: str, rating: tuple[str, str], report: AnnualReport, fiscal_year: int
) -> SafeString:
    """The chip of a rating by its symbol and label, which a KPI had in a year of a report."""
    bands = report.in_year(fiscal_year).bands
    own = next((kpi for kpi in report.kpis if kpi.code == code and kpi.own_scales), None)
    if own is not None:
        bands = own.scale_in(fiscal_year, report).bands
    return band_chip(band_said(*rating, bands), bands)
