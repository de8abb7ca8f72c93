"""An `AnnualReport` as a page shows it: with the bands that its chips and bars take.

Everything comes from the document, so that an edition looks the same whatever
the plan has become since.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from kpis.achievement import Absence
from kpis.assessment import PlanRules
from kpis.progress import Standing
from projects.bands import Band
from reports.annual.report import AnnualReport, ReportProject, ReportStanding


@dataclass(frozen=True, slots=True)
class ShownProject:
    """A project's section with its standing in bands."""

    said: ReportProject
    standing: Standing


def page_document(report: AnnualReport) -> dict[str, object]:
    """What `reports/_document.html` takes."""
    rules = _rules(report)
    return {
        "report": report,
        "rules": rules,
        "fiscal_year": report.fiscal_year,
        "years": range(report.first_year, report.fiscal_year + 1),
        "standing": _standing(report.standing, rules),
        "previous": None if report.previous is None else _standing(report.previous, rules),
        "sections": [
            ShownProject(project, _standing(project.standing, rules)) for project in report.projects
        ],
    }


def band_of(symbol: str, rules: PlanRules) -> Band | None:
    """The band with a symbol, None for 「－」 and for none."""
    return next((band for band in rules.bands if band.symbol == symbol), None)


def absence_of(code: int) -> Absence | None:
    """Why there is no rate, by the code that the document keeps; None for 0."""
    return next((absence for absence in Absence if absence.code == code), None)


def _rules(report: AnnualReport) -> PlanRules:
    return PlanRules(
        first_year=report.first_year,
        last_year=report.last_year,
        average_cap=report.average_cap,
        rating_basis=report.rating_basis,
        bands=tuple(Band(band.symbol, band.label, band.lower) for band in report.bands),
    )


def _standing(standing: ReportStanding, rules: PlanRules) -> Standing:
    return Standing(
        kpi_count=standing.kpi_count,
        achievement_mean=_fraction(standing.achievement_mean),
        achievement_count=standing.achievement_count,
        progress_mean=_fraction(standing.progress_mean),
        progress_count=standing.progress_count,
        rating=band_of(standing.rating_symbol, rules),
        by_band=tuple(
            (band_of(symbol, rules), count) for symbol, _label, count in standing.by_band
        ),
    )


def _fraction(rate: Decimal | None) -> Fraction | None:
    return None if rate is None else Fraction(rate)
