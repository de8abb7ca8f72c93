"""Where a fiscal year stands, department by department: what the planner looks at.

Four queries whatever the size of the plan, two more where figures are another plan's: those are
asked for there, and only named here.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import F, Q, QuerySet

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
    """One KPI and what is known of its year; `source` where that is another plan's to enter."""

    code: str
    name: str
    unit: str
    decimal_places: int
    owner: Owner
    source: Source | None
    state: ActualState
    value: Decimal | None = None
    expected_on: date | None = None
    unmeasured_reason: str = ""
    change: Change | None = None


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
    lines = _kpi_lines(strategy, fiscal_year)
    kpis = [line for line in lines if line.source is None]
    initiatives = _initiative_lines(strategy, fiscal_year)
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


def kpis_in_order(strategy: Strategy) -> QuerySet[Kpi]:
    """The strategy's KPIs as the plan prints them."""
    return Kpi.objects.filter(project__strategy=strategy).order_by(
        "project__position", "project__code", "number"
    )


def initiatives_in_order(strategy: Strategy) -> QuerySet[Any]:
    """The strategy's initiatives by home, each once, with `home_number`."""
    initiatives: QuerySet[Any] = with_home_number(Initiative.objects.filter(strategy=strategy))
    return initiatives.order_by(
        "home_project__position",
        "home_project__code",
        F("home_number").asc(nulls_last=True),
        "pk",
    )


def _kpi_lines(strategy: Strategy, fiscal_year: int) -> list[KpiLine]:
    rows: list[tuple[Any, ...]] = list(
        kpis_in_order(strategy).values_list(
            "id", "source_id", "project__code", "number", "name", "unit", "decimal_places",
            "department__code", "department__name",
        )
    )  # fmt: skip
    sources = {
        pk: source
        for pk, source in load_sources(row[1] for row in rows).items()
        if source.covers(fiscal_year)
    }
    known = _known(Q(kpi__project__strategy=strategy), fiscal_year)
    if sources:
        known |= _known(Q(kpi__in=list(sources)), fiscal_year)
    return [
        KpiLine(
            f"{project}-{number}",
            name,
            unit,
            places,
            Owner(department, department_name) if department else NOBODY,
            sources.get(source),
            *known.get(source if source in sources else kpi, (ActualState.MISSING,)),
        )
        for kpi, source, project, number, name, unit, places, department, department_name in rows
    ]


def _known(of_kpis: Q, fiscal_year: int) -> dict[int, tuple[Any, ...]]:
    """What is recorded of a year of some KPIs, by their id."""
    actuals = YearlyActual.objects.filter(of_kpis, fiscal_year=fiscal_year).values_list(
        "kpi_id", "state", "value", "expected_on", "unmeasured_reason", "updated_at",
        "updated_by_name",
    )  # fmt: skip
    return {
        kpi_id: (ActualState(state), value, expected_on, reason, Change(at, by))
        for kpi_id, state, value, expected_on, reason, at, by in actuals
    }


def _initiative_lines(strategy: Strategy, fiscal_year: int) -> list[InitiativeLine]:
    known = {
        initiative: Change(at, by)
        for initiative, at, by in InitiativeProgress.objects.filter(
            initiative__strategy=strategy, fiscal_year=fiscal_year
        ).values_list("initiative_id", "updated_at", "updated_by_name")
    }
    rows = initiatives_in_order(strategy).values_list(
        "id", "home_project__code", "home_number", "name", "department__code", "department__name"
    )
    return [
        InitiativeLine(
            f"{project}-{number}" if number else project,
            name,
            Owner(department, department_name) if department else NOBODY,
            initiative in known,
            known.get(initiative),
        )
        for initiative, project, number, name, department, department_name in rows
    ]
