"""Who changed the rows last that changed here since a workbook was exported, and when."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from common.fiscal_year import wareki_date
from entry.actuals_file import columns as actuals
from entry.plan_workbook import forms
from entry.plan_workbook.differing import RowChange
from entry.plan_workbook.standing import Standing
from kpis.models import FinalTarget, Kpi, YearlyActual, YearlyTarget
from projects.models import Initiative, Pillar, Project, Strategy

# What names a row of a KPI in the histories, and the sheets in which such rows are.
_OF_KPIS: dict[str, tuple[Any, str]] = {
    forms.KPIS: (Kpi, "id"),
    forms.TARGETS: (FinalTarget, "kpi_id"),
    forms.YEARLY: (YearlyTarget, "kpi_id"),
    forms.ACTUALS: (YearlyActual, "kpi_id"),
}
# Sheet and key: `企画担当、令和8年11月29日`.
LastChanges = dict[tuple[str, str], str]


def last_changes(standing: Standing, rows: Iterable[RowChange]) -> LastChanges:
    """Who changed rows last: one query a sheet; without those of which no history tells."""
    told: LastChanges = {}
    sheets: dict[str, list[RowChange]] = {}
    for row in rows:
        sheets.setdefault(row.sheet, []).append(row)
    for sheet, own in sheets.items():
        told |= _of_sheet(standing, sheet, own)
    return told


def _of_sheet(standing: Standing, sheet: str, rows: list[RowChange]) -> LastChanges:
    there = {
        row.key: (one, _year(row)) for row in rows if (one := _row_of(standing, row)) is not None
    }
    if not there:
        return {}
    of_rows = type(next(iter(there.values()))[0])
    model, column = _OF_KPIS.get(sheet, (of_rows, "id"))
    history = model.history.filter(**{f"{column}__in": {one.pk for one, _year in there.values()}})
    latest: dict[tuple[int, int], str] = {}
    for one in history.order_by("history_date", "history_id"):
        day = wareki_date(timezone.localdate(one.history_date))
        year = one.fiscal_year if sheet == forms.ACTUALS else 0
        latest[getattr(one, column), year] = f"{one.acted_by}、{day}" if one.acted_by else day
    return {
        (sheet, key): latest[one.pk, year]
        for key, (one, year) in there.items()
        if (one.pk, year) in latest
    }


def _year(row: RowChange) -> int:
    """The year of an actual, by which its history is told from the KPI's others; else 0."""
    return int(row.named[actuals.YEAR]) if row.sheet == forms.ACTUALS else 0


def _row_of(
    standing: Standing, row: RowChange
) -> Strategy | Pillar | Project | Initiative | Kpi | None:
    """What the history of a row is found by: its KPI, or itself; None where it has none."""
    if row.sheet in _OF_KPIS:
        return standing.kpis.get(row.named.get("KPI番号", ""))
    if row.sheet == forms.PLAN:
        return standing.strategy
    if row.sheet == forms.PILLARS:
        return standing.pillars.get(row.key)
    if row.sheet == forms.PROJECTS:
        return standing.projects.get(row.key)
    listing = standing.listings.get(row.key) if row.sheet == forms.INITIATIVES else None
    return None if listing is None else listing.initiative
