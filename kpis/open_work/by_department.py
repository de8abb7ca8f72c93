"""Where a fiscal year stands, department by department: what the planner looks at.

Four queries whatever the size of the plan, and however many plans are asked for; two more where
figures are another plan's: those are asked for there, and only named here.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

from django.db.models import F, Q, QuerySet

from kpis.lookup import living, with_places
from kpis.models import ActualState, Kpi, YearlyActual
from kpis.series import load_sources
from kpis.sharing import Source
from projects.initiative_codes import with_home_number
from projects.models import Initiative, InitiativeProgress, Strategy


class Owner(NamedTuple):
    """The department that owns something, by code and name."""

    code: str
    name: str


NOBODY = Owner("", "所管課 未設定")


@dataclass(frozen=True, slots=True)
class Change:
    """When something was last changed and by whom (empty where nobody is named)."""

    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class KpiLine:
    """One KPI and what is known of its year; `source` where that is another plan's to enter.

    `ends` says that the year is the last of its life.
    """

    code: str
    name: str
    unit: str
    decimal_places: int
    owner: Owner
    source: Source | None
    ends: bool
    state: ActualState
    value: Decimal | None = None
    expected_on: date | None = None
    unmeasured_reason: str = ""
    change: Change | None = None

    @property
    def life_note(self) -> str:
        """`この年度で終わり`, where the KPI's life ends with the year; else empty."""
        return "この年度で終わり" if self.ends else ""


@dataclass(frozen=True, slots=True)
class InitiativeLine:
    """One initiative and whether its progress is entered.

    `code` is its home listing's, or the home's alone where that does not list it.
    """

    code: str
    name: str
    owner: Owner
    is_entered: bool
    change: Change | None = None

    @property
    def is_listed(self) -> bool:
        """Whether its home lists it, so that it has a page of its own."""
        return "-" in self.code


@dataclass(frozen=True, slots=True)
class DepartmentOverview:
    """What a department owns and where it stands; `code` is empty for what nobody owns."""

    code: str
    name: str
    kpis: tuple[KpiLine, ...]
    initiatives: tuple[InitiativeLine, ...]

    def in_state(self, state: ActualState) -> tuple[KpiLine, ...]:
        """The KPIs whose year is in one state, in printed order."""
        return tuple(kpi for kpi in self.kpis if kpi.state == state)

    @property
    def final(self) -> tuple[KpiLine, ...]:
        """確定."""
        return self.in_state(ActualState.FINAL)

    @property
    def provisional(self) -> tuple[KpiLine, ...]:
        """速報."""
        return self.in_state(ActualState.PROVISIONAL)

    @property
    def pending(self) -> tuple[KpiLine, ...]:
        """集計中."""
        return self.in_state(ActualState.PENDING)

    @property
    def unmeasured(self) -> tuple[KpiLine, ...]:
        """未測定."""
        return self.in_state(ActualState.UNMEASURED)

    @property
    def missing(self) -> tuple[KpiLine, ...]:
        """未入力: no row, or one that has texts alone."""
        return self.in_state(ActualState.MISSING)

    @property
    def without_progress(self) -> tuple[InitiativeLine, ...]:
        """The initiatives whose progress is not entered."""
        return tuple(one for one in self.initiatives if not one.is_entered)

    @property
    def progress_count(self) -> int:
        """How many initiatives have their progress entered."""
        return len(self.initiatives) - len(self.without_progress)

    @property
    def last_change(self) -> Change | None:
        """The latest change of the year's figures and progress; None before the first."""
        lines: tuple[KpiLine | InitiativeLine, ...] = (*self.kpis, *self.initiatives)
        changes = [line.change for line in lines if line.change]
        return max(changes, key=lambda change: change.at, default=None)

    @property
    def is_complete(self) -> bool:
        """Whether there is nothing to remind the department of."""
        return not (self.missing or self.pending or self.without_progress)


@dataclass(frozen=True, slots=True)
class YearOverview:
    """One fiscal year: the departments that own something, by code, then what nobody owns.

    `shared` are the KPIs whose figure is another plan's work; they count nowhere else.
    """

    departments: tuple[DepartmentOverview, ...]
    total: DepartmentOverview
    shared: tuple[KpiLine, ...] = ()

    @property
    def shared_open(self) -> tuple[KpiLine, ...]:
        """Those of the shared KPIs whose figure is missing, pending or provisional."""
        settled = (ActualState.FINAL, ActualState.UNMEASURED)
        return tuple(line for line in self.shared if line.state not in settled)

    def of_department(self, code: str, name: str) -> DepartmentOverview:
        """One department's part, which is empty where it owns nothing."""
        found = (one for one in self.departments if one.code == code)
        return next(found, DepartmentOverview(code, name, (), ()))


def load_overview(strategy: Strategy, fiscal_year: int) -> YearOverview:
    """The strategy's KPIs and initiatives in one fiscal year, all and by department."""
    return load_overviews({strategy: fiscal_year})[strategy]


def load_overviews(
    years: Mapping[Strategy, int], departments: Collection[int] | None = None
) -> dict[Strategy, YearOverview]:
    """The same of several plans, each in a year of its own; of some departments, by id, or all."""
    kpis = _kpi_lines(years, departments)
    initiatives = _initiative_lines(years, departments)
    return {plan: _overview(kpis[plan.pk], initiatives[plan.pk]) for plan in years}


def _overview(lines: list[KpiLine], initiatives: list[InitiativeLine]) -> YearOverview:
    kpis = [line for line in lines if line.source is None]
    kpis_of: defaultdict[Owner, list[KpiLine]] = defaultdict(list)
    initiatives_of: defaultdict[Owner, list[InitiativeLine]] = defaultdict(list)
    for kpi in kpis:
        kpis_of[kpi.owner].append(kpi)
    for initiative in initiatives:
        initiatives_of[initiative.owner].append(initiative)
    owners = sorted({*kpis_of, *initiatives_of}, key=lambda owner: (owner == NOBODY, owner))
    return YearOverview(
        tuple(
            DepartmentOverview(*owner, tuple(kpis_of[owner]), tuple(initiatives_of[owner]))
            for owner in owners
        ),
        DepartmentOverview("", "合計", tuple(kpis), tuple(initiatives)),
        tuple(line for line in lines if line.source is not None),
    )


def kpis_in_order(*plans: Strategy) -> QuerySet[Kpi]:
    """The plans' KPIs as each prints them."""
    return Kpi.objects.filter(project__strategy__in=plans).order_by(
        "project__position", "project__code", "number"
    )


def initiatives_in_order(*plans: Strategy) -> QuerySet[Any]:
    """The plans' initiatives by home, each once, with `home_number`."""
    initiatives: QuerySet[Any] = with_home_number(Initiative.objects.filter(strategy__in=plans))
    return initiatives.order_by(
        "home_project__position",
        "home_project__code",
        F("home_number").asc(nulls_last=True),
        "pk",
    )


def _in_years(plan: str, years: Mapping[Strategy, int]) -> Q:
    """Rows of each plan's own year; `plan` leads from a row to its plan."""
    conditions = (Q(**{plan: one, "fiscal_year": year}) for one, year in years.items())
    return reduce(or_, conditions, Q(pk__in=()))


def _kpi_lines(
    years: Mapping[Strategy, int], departments: Collection[int] | None
) -> dict[int, list[KpiLine]]:
    """By the plan's id."""
    kpis = Kpi.objects.filter(living(years, "project__strategy"))
    placed = with_places(kpis, years).order_by("position_then", "project_code_then", "number_then")
    rows: list[tuple[Any, ...]] = list(
        _owned(placed, departments).values_list(
            "project__strategy_id", "id", "source_id", "project_code_then", "number_then", "name",
            "unit", "decimal_places", "last_year", "department__code", "department__name",
        )
    )  # fmt: skip
    sources = load_sources(row[2] for row in rows)
    year_of = {plan.pk: year for plan, year in years.items()}
    known = _known(_in_years("kpi__project__strategy", years))
    if sources:
        known |= _known(Q(kpi__in=list(sources), fiscal_year__in=set(years.values())))
    lines = defaultdict(list)
    for plan, kpi, source_id, project, number, name, unit, places, last, department, owner in rows:
        year, source = year_of[plan], sources.get(source_id)
        if source is not None and not source.covers(year):
            source = None
        lines[plan].append(
            KpiLine(
                f"{project}-{number}",
                name,
                unit,
                places,
                Owner(department, owner) if department else NOBODY,
                source,
                last == year,
                *known.get((source.kpi_id if source else kpi, year), (ActualState.MISSING,)),
            )
        )
    return lines


def _known(wanted: Q) -> dict[tuple[int, int], tuple[Any, ...]]:
    """What is recorded of some KPIs' years, by their id and the year."""
    actuals = YearlyActual.objects.filter(wanted).values_list(
        "kpi_id", "fiscal_year", "state", "value", "expected_on", "unmeasured_reason",
        "updated_at", "updated_by_name",
    )  # fmt: skip
    return {
        (kpi_id, year): (ActualState(state), value, expected_on, reason, Change(at, by))
        for kpi_id, year, state, value, expected_on, reason, at, by in actuals
    }


def _initiative_lines(
    years: Mapping[Strategy, int], departments: Collection[int] | None
) -> dict[int, list[InitiativeLine]]:
    """By the plan's id."""
    known = {
        initiative: Change(at, by)
        for initiative, at, by in InitiativeProgress.objects.filter(
            _in_years("initiative__strategy", years)
        ).values_list("initiative_id", "updated_at", "updated_by_name")
    }
    own = initiatives_in_order(*years).filter(living(years, "strategy"))
    rows = _owned(own, departments).values_list(
        "strategy_id", "id", "home_project__code", "home_number", "name", "department__code",
        "department__name",
    )  # fmt: skip
    lines = defaultdict(list)
    for plan, initiative, project, number, name, department, department_name in rows:
        lines[plan].append(
            InitiativeLine(
                f"{project}-{number}" if number else project,
                name,
                Owner(department, department_name) if department else NOBODY,
                initiative in known,
                known.get(initiative),
            )
        )
    return lines


def _owned(items: QuerySet[Any], departments: Collection[int] | None) -> QuerySet[Any]:
    return items if departments is None else items.filter(department__in=departments)
