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
    ever = {one.definition.id: one for one in progress.ever}
    replaced: set[int] = set()
    lives: list[ReportLife] = []
    for one in progress.series:
        before = ever.get(texts[one.definition.id].predecessor or 0)
        if one.first_year == year and before is not None:
            replaced.add(before.definition.id)
        lives += _of_one(one, before, year, texts)
    for one in progress.ever:
        pk = one.definition.id
        if one.lives_in(year - 1) and not one.lives_in(year) and pk not in replaced:
            lives.append(_life("ended", one, year - 1, "", texts[pk].end_reason))
    return tuple(lives)


def _of_one(
    one: KpiSeries, before: KpiSeries | None, year: int, texts: Mapping[int, KpiTexts]
) -> Iterator[ReportLife]:
    reason = texts[one.definition.id].begin_reason
    if one.first_year == year and before is not None:
        was = before.placed_in(year - 1)
        yield _life("replaced", one, year, f"{was.code} {was.name}", reason)
    elif one.first_year == year:
        yield _life("began", one, year, "", reason)
    for place in one.definition.former_places:
        if place.held_until == year - 1 and one.first_year < year:
            yield _life("moved", one, year, place.code, place.reason)


def _life(kind: str, one: KpiSeries, year: int, before: str, reason: str) -> ReportLife:
    placed = one.placed_in(year)
    return ReportLife("kpi", kind, placed.code, placed.name, before, reason)


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
