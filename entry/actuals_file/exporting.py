"""Writes the file of actuals as CSV and XLSX; nothing in it runs, and it imports as it is."""

from collections.abc import Collection
from decimal import Decimal

from django.utils import timezone

from common.spreadsheets.writing import Value, csv_file
from common.spreadsheets.xlsx_writing import Column, form_workbook
from entry.actuals_file import columns
from entry.actuals_file.ratings import rates_by_people, written_mark
from kpis.models import MEASURED_STATES, ActualState
from kpis.permissions import User, may_decide, recordable_kpis
from kpis.progress import standing_in
from kpis.series import KpiSeries, load_series
from projects.models import Strategy, living_in

_WIDTHS = {
    columns.CODE: 9, columns.NAME: 38, columns.UNIT: 8, columns.YEAR: 8, columns.VALUE: 14,
    columns.PROVISIONAL: 7, columns.REASON: 24, columns.EXPECTED: 16,
    columns.ANALYSIS: 40, columns.NEXT_STEPS: 40, columns.CONFIRMATION: 24, columns.VERSION: 6,
    columns.VALUE_YEAR: 10, columns.PROPOSED: 16, columns.PROPOSAL_REASON: 32,
    columns.DECIDED: 16, columns.DECISION_REASON: 32,
}  # fmt: skip


def written_file(strategy: Strategy, fiscal_year: int, user: User, extension: str) -> bytes:
    """The KPIs of the year that a user may record, in printed order, each as it stands.

    As `csv`, or as `xlsx`: a form in which the columns to fill in stand out.
    """
    kpis = recordable_kpis(user, strategy).filter(living_in(fiscal_year))
    series = standing_in(load_series(strategy, kpis, with_texts=True), fiscal_year)
    is_rated = any(one.scale_in(fiscal_year).is_by_people for one in series)
    rated = _rating_columns(strategy, user) if is_rated else {}
    rows = [
        [*_written_row(one, fiscal_year), *_written_ratings(one, fiscal_year, rated)]
        for one in series
    ]
    headings = (*columns.HEADINGS, *rated)
    if extension == "csv":
        return csv_file(headings, rows)
    form = [
        Column(heading, _WIDTHS[heading], heading in (*columns.CONTENT, *rated))
        for heading in headings
    ]
    return form_workbook(f"{fiscal_year}年度の実績", form, rows, made_at=timezone.now())


def rating_columns(strategy: Strategy, fiscal_year: int, user: User) -> dict[str, str]:
    """The columns for ratings by people that a user fills in, with what they take."""
    return _rating_columns(strategy, user) if rates_by_people(strategy, fiscal_year) else {}


def _rating_columns(strategy: Strategy, user: User) -> dict[str, str]:
    decisions = columns.DECISIONS if may_decide(user, strategy) else {}
    return columns.PROPOSALS | decisions


def _written_ratings(series: KpiSeries, fiscal_year: int, headings: Collection[str]) -> list[Value]:
    record, scale = series.own_record(fiscal_year), series.scale_in(fiscal_year)
    if record is None or not scale.is_by_people:
        return [None] * len(headings)
    said = {
        columns.PROPOSED: written_mark(scale, record.proposed_place),
        columns.PROPOSAL_REASON: record.proposal_reason,
        columns.DECIDED: written_mark(scale, record.decided_place),
        columns.DECISION_REASON: record.decision_reason,
    }
    return [said[heading] for heading in headings]


def _written_row(series: KpiSeries, fiscal_year: int) -> list[Value]:
    """A KPI's year as it stands, in the order of the columns; `series` with texts."""
    own = series.placed_in(fiscal_year)
    named: list[Value] = [own.code, own.name, own.unit, fiscal_year]
    # A figure may be another plan's; explanations and version are this row's own.
    saved, texts = series.actuals.get(fiscal_year), series.own_record(fiscal_year)
    if saved is None:
        return named + [None] * (len(columns.HEADINGS) - len(named))
    marks = {ActualState.PROVISIONAL: "1", ActualState.FINAL: "0"}
    value = saved.value if saved.state in MEASURED_STATES else None
    return [
        *named,
        saved.value_words if value is None else Decimal(f"{value:.{own.decimal_places}f}"),
        marks.get(ActualState(saved.state)),
        saved.unmeasured_reason,
        saved.expected_on.isoformat() if saved.expected_on else None,
        texts.analysis if texts else "",
        texts.next_steps if texts else "",
        saved.confirmation,
        texts.version if texts else None,
        saved.value_year,
    ]
