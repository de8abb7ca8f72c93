"""What a change of the plan changes: the content of every open year before and after, compared.

A year that is closed keeps its content. What an open year says is assembled as its report would
be; whatever is the same from one year to the next is told once, at the first.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass

from kpis.series import closed_years
from projects.models import Strategy
from reports.annual.assembly.years import assemble_years
from reports.annual.comparison import changes_between, written
from reports.annual.document import AnnualReport, ReportChange, ReportKpi

_IN_PERIOD = "計画期間の内"


@dataclass(frozen=True, slots=True)
class YearChanges:
    """What reads otherwise in an open year's content, in its printed order; never empty.

    `fiscal_year` of a change is the year of the figure, None for what no single year has.
    """

    fiscal_year: int
    changes: tuple[ReportChange, ...]


def open_contents(strategy: Strategy) -> dict[int, AnnualReport]:
    """The content of each open year of the plan, as the database has it now."""
    # As it is now, and not as a page or an act has it in its hands.
    plan = Strategy.objects.get(pk=strategy.pk)
    closed = closed_years(plan)
    return assemble_years(plan, dict.fromkeys(year for year in plan.years if year not in closed))


def changes_of_years(
    before: Mapping[int, AnnualReport], after: Mapping[int, AnnualReport]
) -> list[YearChanges]:
    """What differs, year by year; a year in which nothing does is left out."""
    told: set[ReportChange] = set()
    years = []
    for year in sorted(before.keys() | after.keys()):
        changes = []
        for change in _changes_in(year, before, after):
            # A report has the years before its own as well: each figure is told in its own year.
            if change.fiscal_year in before and change.fiscal_year != year:
                continue
            if change not in told:
                changes.append(change)
        told.update(changes)
        if changes:
            years.append(YearChanges(year, tuple(changes)))
    return years


def _changes_in(
    year: int, before: Mapping[int, AnnualReport], after: Mapping[int, AnnualReport]
) -> Iterable[ReportChange]:
    if year not in before:
        return (
            ReportChange("", "", year, "計画期間", "", _IN_PERIOD),
            *_due_in(after[year], after[year].all_kpis),
        )
    if year not in after:
        return (ReportChange("", "", year, "計画期間", _IN_PERIOD, ""),)
    return _with_due_of_new(before[year], after[year])


def _with_due_of_new(before: AnnualReport, after: AnnualReport) -> Iterator[ReportChange]:
    """What differs, and after each KPI that is new what it is to reach."""
    known = {kpi.key for kpi in before.all_kpis}
    new = {(kpi.code, kpi.name): kpi for kpi in after.all_kpis if kpi.key not in known}
    for change in changes_between(before, after):
        yield change
        if change.after and change.place in new:
            yield from _due_in(after, (new.pop(change.place),))


def _due_in(report: AnnualReport, kpis: Iterable[ReportKpi]) -> Iterator[ReportChange]:
    """What KPIs are to reach in a year that the plan or they gain."""
    for kpi in kpis:
        for item, value in (
            ("年度目安", kpi.latest.expected),
            ("最終目標", kpi.latest.final_target),
        ):
            if value is not None:
                shown = written(value, kpi)
                yield ReportChange(kpi.code, kpi.name, report.fiscal_year, item, "", shown)


def as_text(years: Sequence[YearChanges]) -> str:
    """The changes as JSON on one line: what is kept of an act, the same for the same changes."""
    plain = [[one.fiscal_year, [astuple(change) for change in one.changes]] for one in years]
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":"))


def from_text(text: str) -> list[YearChanges]:
    """What `as_text` wrote."""
    return [
        YearChanges(year, tuple(ReportChange(*change) for change in changes))
        for year, changes in json.loads(text)
    ]


def fingerprint(years: Sequence[YearChanges]) -> str:
    """A hash by which the changes that somebody looked over are known again."""
    return hashlib.sha256(as_text(years).encode()).hexdigest()
