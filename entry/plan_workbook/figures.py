"""Records the actuals of a workbook by the engine that every door records by."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from common.spreadsheets.cells import Cell
from entry.actuals_file import columns as actuals
from entry.actuals_file.importing import request_of
from entry.actuals_file.ratings import UNDECIDED
from entry.actuals_file.row import RowRequest
from entry.plan_workbook import forms
from entry.plan_workbook.columns import DELETE
from entry.plan_workbook.differing import ChangeKind, RowChange, is_taken
from entry.plan_workbook.saving import Fault
from entry.plan_workbook.saving.rows import no_kpi
from entry.plan_workbook.standing import Records, Standing
from entry.plan_workbook.written import Written
from kpis.models import YearlyActual
from kpis.permissions import User, may_decide
from kpis.recording import Change, RecordingRefused, record_actuals
from kpis.series import KpiSeries, load_series
from projects.models import Strategy

# What 削除 in a cell other than that of the value empties.
_EMPTIED: dict[str, dict[str, Any]] = {
    actuals.ANALYSIS: {"analysis": ""},
    actuals.NEXT_STEPS: {"next_steps": ""},
    actuals.CONFIRMATION: {"confirmation": ""},
    actuals.VALUE_YEAR: {"value_year": None},
}


def save_figures(
    standing: Standing,
    written: Written,
    changes: Iterable[RowChange],
    ticked: Collection[str],
    *,
    user: User | None,
    reason: str,
) -> list[Fault]:
    """Record the changes of the sheet 実績, all of a year at once; why some can't be.

    Of the conflicts those that are `ticked`. In the caller's transaction.
    """
    strategy = standing.strategy
    by_year: defaultdict[int, list[RowChange]] = defaultdict(list)
    for change in changes:
        if change.sheet == forms.ACTUALS:
            by_year[int(change.key.split("／")[1])].append(change)
    if strategy is None or not by_year:
        return []
    of_ids = {one.definition.id: one for one in load_series(strategy, with_texts=True)}
    series = {name: of_ids[kpi.pk] for name, kpi in standing.kpis.items() if kpi.pk in of_ids}
    faults: list[Fault] = []
    for year in sorted(by_year):
        recorder = _Year(strategy, year, written, ticked, user)
        faults += recorder.record(series, by_year[year], reason)
    return faults


def without_kpi(
    changes: Iterable[RowChange], after: Records, ticked: Collection[str]
) -> list[Fault]:
    """A fault for each figure whose KPI a colleague deleted, and nobody ticked to be there again.

    `after` are the plan's records as they will be.
    """
    return [
        Fault(forms.ACTUALS, one.key, "KPI番号", no_kpi(one.named["KPI番号"]))
        for one in changes
        if one.sheet == forms.ACTUALS
        and one.kind is not ChangeKind.DELETED
        and one.named["KPI番号"] not in after.get(forms.KPIS, {})
        and is_taken(one, ticked)
    ]


class _Year:
    """The changes of one fiscal year."""

    def __init__(
        self,
        strategy: Strategy,
        year: int,
        written: Written,
        ticked: Collection[str],
        user: User | None,
    ) -> None:
        self.strategy = strategy
        self.year = year
        self.written = written
        self.ticked = ticked
        self.user = user
        self.decides = user is None or may_decide(user, strategy)
        rows = YearlyActual.objects.filter(kpi__project__strategy=strategy, fiscal_year=year)
        self.saved = {row.kpi_id: row for row in rows.select_related("updated_by")}

    def record(
        self, series: Mapping[str, KpiSeries], changes: Iterable[RowChange], reason: str
    ) -> list[Fault]:
        faults: list[Fault] = []
        wanted: list[Change] = []
        keys: dict[int, str] = {}
        for change in changes:
            own = series.get(change.key.split("／")[0])
            if own is None:
                continue  # what is wrong with its KPI is told
            request = self._request(own, change)
            if request is None:
                continue
            for heading, message in request.problems:
                faults.append(Fault(forms.ACTUALS, change.key, heading, message))
            if request.is_change and not request.problems:
                keys[own.definition.id] = change.key
                wanted.append(Change(own.definition.id, request.entry, request.version))
        try:
            record_actuals(self.strategy, self.year, wanted, user=self.user, reason=reason)
        except RecordingRefused as refused:
            faults += [
                Fault(
                    forms.ACTUALS,
                    keys.get(one.owner_id or 0, next(iter(keys.values()))),
                    actuals.HEADING_OF.get(one.field, actuals.YEAR),
                    one.message,
                )
                for one in refused.refusals
            ]
        return faults

    def _request(self, series: KpiSeries, change: RowChange) -> RowRequest | None:
        """What a row asks for without the conflicts that aren't ticked; None for nothing."""
        row = self.written.rows[forms.ACTUALS][change.key]
        left = {
            one.heading
            for one in change.cells
            if one.is_conflict and change.id_of(one) not in self.ticked
        }
        if not change.is_by_cell and left:
            return None
        saved = self.saved.get(series.definition.id)
        texts = {
            heading: text
            for heading, text in row.cells.items()
            if heading not in left and heading not in ("KPI番号", actuals.YEAR)
        }
        emptied: dict[str, Any] = {}
        for heading in row.deleted - left:
            if heading in (actuals.PROPOSED, actuals.DECIDED):
                texts[heading] = UNDECIDED
            elif heading in _EMPTIED and change.kind is not ChangeKind.DELETED:
                emptied |= _EMPTIED[heading]
            else:
                texts[heading] = DELETE
        texts[actuals.VERSION] = str(saved.version if saved else 0)
        request = request_of(
            series,
            self.year,
            saved,
            {heading: Cell(text) for heading, text in texts.items()},
            self.strategy.words,
            decides=self.decides,
        )
        if emptied and request.entry is not None:
            request.entry = replace(request.entry, **emptied)
            request.is_change = True
        return request
