"""Finding what has a code, and what stands in the plan, in a fiscal year.

A code is a place in the plan, which one KPI has in a year and another one may have later.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce
from django.http import Http404
from django.utils import timezone

from common.fiscal_year import fiscal_year_of, wareki
from kpis.models import FormerPlace, Kpi
from projects.models import (
    FiscalYearClosing,
    InitiativeListing,
    Project,
    ProjectReview,
    Strategy,
    living_in,
)
from projects.project_codes import parts_of
from projects.words import PlanWords

_Found = TypeVar("_Found", bound=Kpi)
# A fiscal year, or that of each plan.
Years = int | Mapping[Strategy, int]


@dataclass(frozen=True, slots=True)
class FoundKpi:
    """The KPI that an address means; `goes_to` is the address to use, where that is another one.

    That is a code, and the year in which the KPI has it (None: as things stand now).
    """

    kpi: Any
    goes_to: tuple[str, int | None] | None = None


def kpi_or_404(
    kpis: QuerySet[_Found], code: str, words: PlanWords, fiscal_year: int | None = None
) -> _Found:
    """The KPI with a code in a year among some KPIs; Http404 with a sentence if it is none.

    Without a year the one that has it now, or is to have it last.
    """
    if fiscal_year is not None:
        found = with_code(kpis, code, fiscal_year)
    else:
        project_code, number = parts_of(code)
        here = kpis.filter(project__code=project_code, number=number)
        found = here.order_by(F("last_year").desc(nulls_first=True))
    kpi = found.select_related("project", "department").first()
    if kpi is None:
        when = "" if fiscal_year is None else f"{wareki(fiscal_year)}の"
        raise Http404(f"{when}{words.kpi}{code}は見つかりません。")
    return kpi


def with_code(kpis: QuerySet[_Found], code: str, fiscal_year: int) -> QuerySet[_Found]:
    """The one among some KPIs that has a code in a year, or none."""
    project_code, number = parts_of(code)
    placed: QuerySet[Any] = with_places(kpis.filter(living_in(fiscal_year)), fiscal_year)
    return placed.filter(project_code_then=project_code, number_then=number)


def find_kpi(
    kpis: QuerySet[Kpi], code: str, strategy: Strategy, fiscal_year: int | None
) -> FoundKpi:
    """The KPI that has a code in a year; without one, or where none has it then, by now.

    By now is who has it in the fiscal year of today, else the last that had it, with its present
    address or its last year. Http404 where none ever had it.
    """
    kpis = kpis.select_related("project", "department")
    if fiscal_year is not None:
        kpi = with_code(kpis, code, fiscal_year).first()
        if kpi is not None:
            return FoundKpi(kpi)
    today = fiscal_year_of(timezone.localdate())
    now = min(max(today, strategy.first_year), strategy.last_year)
    kpi = with_code(kpis, code, now).first()
    if kpi is not None:
        return FoundKpi(kpi)
    project_code, number = parts_of(code)
    here = Q(project__code=project_code, number=number)
    last = F("last_year").desc(nulls_first=True)
    kpi = kpis.filter(here).order_by(last, F("first_year").desc(nulls_last=True)).first()
    if kpi is not None:
        return FoundKpi(kpi, _year_at_own_place(kpi, strategy, now, fiscal_year))
    moved = FormerPlace.objects.filter(
        kpi__in=kpis.order_by().values("pk"), project__code=project_code, number=number
    )
    row = moved.order_by("-held_until").first()
    kpi = kpis.filter(pk=row.kpi_id).first() if row else None
    if kpi is None:
        raise Http404(f"{strategy.words.kpi}{code}は見つかりません。")
    return FoundKpi(kpi, (kpi.code, None))


def _year_at_own_place(
    kpi: Kpi, strategy: Strategy, now: int, asked: int | None
) -> tuple[str, int | None] | None:
    """The address of a KPI that is over, or still to come; None where it is the one asked for."""
    year = kpi.last_year if kpi.last_year is not None and kpi.last_year < now else kpi.first_year
    former = kpi.former_places.order_by("-held_until").first()
    if year is not None and former is not None and former.held_until >= year:
        year = former.held_until + 1
    return None if year in (None, asked) else (kpi.code, year)


def with_places(kpis: QuerySet[Any], years: Years) -> QuerySet[Any]:
    """Each with its place in a year: `project_code_then`, `number_then`, `position_then`."""
    year: Any = years
    if not isinstance(years, int):
        whens = [When(project__strategy=plan, then=own) for plan, own in years.items()]
        kpis = kpis.annotate(year_then=Case(*whens, output_field=IntegerField()))
        year = OuterRef("year_then")
    former = FormerPlace.objects.filter(kpi=OuterRef("pk"), held_until__gte=year)
    place = former.order_by("held_until")
    placed: QuerySet[Any] = kpis.annotate(
        project_code_then=_then(place, "project__code"),
        number_then=_then(place, "number"),
        position_then=_then(place, "project__position"),
    )
    return placed


def _then(place: QuerySet[FormerPlace], column: str) -> Coalesce:
    return Coalesce(Subquery(place.values(column)[:1]), F(column))


def living(years: Mapping[Strategy, int], plan: str, prefix: str = "") -> Q:
    """The condition under which a row lives in its plan's year; `plan` leads to that."""
    condition = Q(pk__in=())
    for strategy, year in years.items():
        condition |= Q(**{plan: strategy}) & living_in(year, prefix)
    return condition


def not_over(rows: QuerySet[Any], strategy: Strategy) -> QuerySet[Any]:
    """Those that live in one of the years that are still open, or in all to come."""
    closed = FiscalYearClosing.objects.filter(strategy=strategy).order_by("-fiscal_year")
    over = Q(last_year__lte=Subquery(closed.values("fiscal_year")[:1]))
    return rows.filter(Q(last_year=None) | ~over)


def projects_in(strategy: Strategy, fiscal_year: int) -> QuerySet[Project]:
    """The projects in which something lives in a year, or whose 総括 is written for it.

    What holds 数値目標 is none of them; in all else as `homes_in`.
    """
    return homes_in(strategy, fiscal_year).filter(holds_goals=False)


def homes_in(strategy: Strategy, fiscal_year: int) -> QuerySet[Project]:
    """The same with what holds 数値目標.

    In a year that is not closed also those that never had anything: a project that is added later
    doesn't come into a closed year, nor one go from there that gets its first KPI later.
    """
    here = OuterRef("pk")
    listed = InitiativeListing.objects.filter(project=here)
    stays = FormerPlace.objects.filter(kpi=OuterRef("pk"), held_until__gte=fiscal_year)
    own = Kpi.objects.filter(project=here)
    earlier = FormerPlace.objects.filter(
        kpi=OuterRef("kpi"), held_until__gte=fiscal_year, held_until__lt=OuterRef("held_until")
    )
    former = FormerPlace.objects.filter(project=here)
    reviewed = ProjectReview.objects.filter(project=here, fiscal_year=fiscal_year)
    closed = strategy.closings.filter(fiscal_year=fiscal_year)
    return strategy.projects.filter(
        Exists(listed.filter(living_in(fiscal_year)))
        | Exists(own.filter(living_in(fiscal_year)).filter(~Exists(stays)))
        | Exists(
            former.filter(living_in(fiscal_year, "kpi__"), held_until__gte=fiscal_year).filter(
                ~Exists(earlier)
            )
        )
        | Exists(reviewed)
        | (~Exists(listed) & ~Exists(own) & ~Exists(former) & ~Exists(closed))
    )
