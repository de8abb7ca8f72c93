"""The annual progress report as one document, from which every format is rendered.

An `AnnualReport` is made of plain values (text, integers, Decimal, dates,
None, tuples): it can be kept as JSON and needs no database to be read. It
holds figures, not their looks; renderers write them with
`kpis.achievement.display` and `display_value` and compute nothing.

Rates are percentages with 12 decimals, None where not computable.
"""

from reports.annual.document.changes import (
    ReportChange,
    ReportEndedKpi,
    ReportLife,
    ReportMovement,
    ReportMovements,
    ReportRevision,
    scope_of_comparison,
)
from reports.annual.document.kpis import NO_MARK, Mark, ReportKpi, ReportStanding, ReportYear
from reports.annual.document.outcome import ReportFinalKpi, ReportOutcome
from reports.annual.document.projects import ReportGoals, ReportInitiative, ReportProject
from reports.annual.document.report import AnnualReport

__all__ = [
    "NO_MARK",
    "AnnualReport",
    "Mark",
    "ReportChange",
    "ReportEndedKpi",
    "ReportFinalKpi",
    "ReportGoals",
    "ReportInitiative",
    "ReportKpi",
    "ReportLife",
    "ReportMovement",
    "ReportMovements",
    "ReportOutcome",
    "ReportProject",
    "ReportRevision",
    "ReportStanding",
    "ReportYear",
    "scope_of_comparison",
]
