"""What of a report began, ended, was replaced and moved since the year before, with reasons."""

from collections.abc import Iterable, Iterator, Mapping

from kpis.progress import StrategyProgress
from kpis.series import KpiSeries
from projects.models import InitiativeListing
from reports.annual.assembly.kpis import KpiTexts
from reports.annual.document import ReportLife


def kpi_lives(progress: StrategyProgress, texts: Mapping[int, KpiTexts]) -> tuple[ReportLife, ...]:
    """Those of the KPIs, in printed order; none in the plan's first year."""
    year = progress.fiscal_year
    if year == progress.rules.first_year:
        return ()
    return (
        *_lives("kpi", progress.series, progress.ever, year, texts),
        *_lives("goal", progress.goal_series, progress.goals_ever, year, texts),
    )


def _lives(
    what: str,
    living: Iterable[KpiSeries],
    all_ever: Iterable[KpiSeries],
    year: int,
    texts: Mapping[int, KpiTexts],
) -> Iterator[ReportLife]:
    """Those of KPIs, or of 数値目標."""
    ever = {one.definition.id: one for one in all_ever}
    replaced: set[int] = set()
    for one in living:
        before = ever.get(texts[one.definition.id].predecessor or 0)
        if one.first_year == year and before is not None:
            replaced.add(before.definition.id)
        yield from _of_one(what, one, before, year, texts)
    for one in all_ever:
        pk = one.definition.id
        if one.lives_in(year - 1) and not one.lives_in(year) and pk not in replaced:
            yield _life(what, "ended", one, year - 1, "", texts[pk].end_reason)


def _of_one(
    what: str, one: KpiSeries, before: KpiSeries | None, year: int, texts: Mapping[int, KpiTexts]
) -> Iterator[ReportLife]:
    reason = texts[one.definition.id].begin_reason
    if one.first_year == year and before is not None:
        was = before.placed_in(year - 1)
        yield _life(what, "replaced", one, year, f"{was.code} {was.name}", reason)
    elif one.first_year == year:
        yield _life(what, "began", one, year, "", reason)
    for place in one.definition.former_places:
        if place.held_until == year - 1 and one.first_year < year:
            yield _life(what, "moved", one, year, place.code, place.reason)


def _life(what: str, kind: str, one: KpiSeries, year: int, before: str, reason: str) -> ReportLife:
    placed = one.placed_in(year)
    return ReportLife(what, kind, placed.code, placed.name, before, reason)


def listing_lives(rows: Iterable[InitiativeListing], year: int) -> tuple[ReportLife, ...]:
    """Those of initiatives and their listings, of rows that live in the year or the one before."""
    lives = []
    for row in rows:
        now, was = row.lives_in(year), row.lives_in(year - 1)
        if now == was:
            continue
        kind, reason = ("began", row.begin_reason) if now else ("ended", row.end_reason)
        what = "relisting" if row.is_relisted else "initiative"
        code = f"{row.project_code}({row.number})"  # type: ignore[attr-defined] # annotated
        lives.append(ReportLife(what, kind, code, row.name, "", reason))
    return tuple(lives)
