"""The plan's years as the page of reports lists them: state, draft, editions, next step."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from kpis.progress import StrategyProgress
from projects.models import Strategy
from reports.models import Edition, EditionFile


@dataclass(frozen=True, slots=True)
class ReportYearRow:
    """One fiscal year; `entered` counts the KPIs with a value, `editions` are the newest first."""

    fiscal_year: int
    is_closed: bool
    entered: int
    editions: tuple[Edition, ...]

    @property
    def is_begun(self) -> bool:
        """Whether there is anything to report of the year."""
        return bool(self.is_closed or self.entered or self.editions)

    @property
    def next_number(self) -> int:
        """The number of the edition that would be issued now."""
        return self.editions[0].number + 1 if self.editions else 1


def year_rows(strategy: Strategy, progress: StrategyProgress) -> list[ReportYearRow]:
    """The plan's years, the newest first (two queries)."""
    editions = list(listed_editions().filter(strategy=strategy))
    return [
        ReportYearRow(
            fiscal_year=year,
            is_closed=year in progress.closed_years,
            entered=sum(one.has_value(year) for one in progress.series),
            editions=_of_year(editions, year),
        )
        for year in reversed(strategy.years)
    ]


def listed_editions() -> QuerySet[Edition]:
    """Editions of every plan with their files, the newest first, without document and bytes."""
    files = EditionFile.objects.defer("content").order_by("id")
    return (
        Edition.objects.defer("document")
        .prefetch_related(Prefetch("files", files))
        .order_by("-fiscal_year", "-number")
    )


def _of_year(editions: Iterable[Edition], year: int) -> tuple[Edition, ...]:
    return tuple(edition for edition in editions if edition.fiscal_year == year)
