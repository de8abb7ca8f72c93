"""Where a fiscal year stands, department by department: what the planner looks at.

Four queries whatever the size of the plan, and however many plans are asked for; two more where
figures are another plan's: those are asked for there, and only named here. And two more where
people rate. What is missing counts
at its 所管課 alone; its 関係課 have it beside their own.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from itertools import chain, groupby
from operator import or_
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from kpis.lookup import living, with_places
from kpis.models import ActualState, Kpi, YearlyActual
from kpis.open_work.lines import NOBODY, Change, InitiativeLine, KpiLine, Owner, RatingWork
from kpis.open_work.ratings import EVER_BY_PEOPLE, Judged, rating_work
from kpis.permissions import of_departments
from kpis.series import load_sources
from projects.initiative_codes import with_home_number
from projects.models import Initiative, InitiativeProgress, Strategy
from projects.models.department import ends_before

_PRINTED_ORDER = ("project__position", "project__code", "number")


@dataclass(frozen=True, slots=True)
class DepartmentOverview:
    """What a department owns and where it stands; `code` is empty for what nobody owns.

    `related` are the KPIs whose 関係課 it is: they count at their 所管課. `taken` are those whose
    figure is another plan's, of which only the rating is this plan's work.
    """

    code: str
    name: str
    kpis: tuple[KpiLine, ...]
    initiatives: tuple[InitiativeLine, ...]
    related: tuple[KpiLine, ...] = ()
    is_abolished: bool = False
    taken: tuple[KpiLine, ...] = ()

    def in_state(self, state: ActualState) -> tuple[KpiLine, ...]:
        """The KPIs whose year is in one state, in printed order."""
        return tuple(kpi for kpi in self.kpis if kpi.state == state)

    @property
    def goals(self) -> tuple[KpiLine, ...]:
        """The 数値目標 among the KPIs."""
        return tuple(kpi for kpi in self.kpis if kpi.is_goal)

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
    def unproposed(self) -> tuple[KpiLine, ...]:
        """The KPIs for whose rating it has still to make a proposal."""
        return tuple(kpi for kpi in (*self.kpis, *self.taken) if kpi.awaits_proposal)

    @property
    def undecided(self) -> tuple[KpiLine, ...]:
        """評価未定: the KPIs that are measured and whose rating the planner has not decided."""
        return tuple(kpi for kpi in (*self.kpis, *self.taken) if kpi.awaits_decision)

    @property
    def related_open(self) -> tuple[KpiLine, ...]:
        """未入力 and then 集計中 of the KPIs whose 関係課 it is."""
        states = (ActualState.MISSING, ActualState.PENDING)
        return tuple(kpi for state in states for kpi in self.related if kpi.state == state)

    @property
    def related_missing(self) -> tuple[KpiLine, ...]:
        """未入力 among them."""
        return tuple(kpi for kpi in self.related if kpi.state == ActualState.MISSING)

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
        figures = self.missing or self.pending or self.related_open
        return not (figures or self.without_progress or self.unproposed)


@dataclass(frozen=True, slots=True)
class YearOverview:
    """One fiscal year: the departments that own something, by code, then what nobody owns.

    Behind those that own something are those that are 関係課 alone. `shared` are the KPIs whose
    figure is another plan's work; they count nowhere else.
    """

    departments: tuple[DepartmentOverview, ...]
    total: DepartmentOverview
    shared: tuple[KpiLine, ...] = ()

    @property
    def ending(self) -> tuple[KpiLine, ...]:
        """The KPIs whose life ends with the year."""
        return tuple(line for line in (*self.total.kpis, *self.shared) if line.ends)

    @property
    def shared_open(self) -> tuple[KpiLine, ...]:
        """Those of the shared KPIs whose figure is missing, pending or provisional."""
        settled = (ActualState.FINAL, ActualState.UNMEASURED)
        return tuple(line for line in self.shared if line.state not in settled)

    @property
    def is_judged(self) -> bool:
        """Whether people rate some of the KPIs."""
        lines = (*self.total.kpis, *self.shared)
        return any(line.rating is not RatingWork.NONE for line in lines)

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
    """The same of several plans, each in a year of its own; of some departments, by id, or all.

    Of some departments, the total has as `related` what other departments own.
    """
    kpis = _kpi_lines(years, departments)
    initiatives = _initiative_lines(years, departments)
    return {plan: _overview(*kpis[plan.pk], initiatives[plan.pk]) for plan in years}


def _overview(
    lines: list[KpiLine], related: list[tuple[KpiLine, Owner]], initiatives: list[InitiativeLine]
) -> YearOverview:
    """`lines` are the KPIs of the departments asked for, `related` those whose 関係課 they are."""
    taken_of: defaultdict[Owner, list[KpiLine]] = defaultdict(list)
    for kpi in lines:
        if kpi.source is not None and kpi.awaits_decision:
            taken_of[kpi.owner].append(kpi)
    kpis = [line for line in lines if line.source is None]
    beside = [(line, owner) for line, owner in related if line.source is None]
    kpis_of: defaultdict[Owner, list[KpiLine]] = defaultdict(list)
    related_of: defaultdict[Owner, list[KpiLine]] = defaultdict(list)
    initiatives_of: defaultdict[Owner, list[InitiativeLine]] = defaultdict(list)
    for kpi in kpis:
        kpis_of[kpi.owner].append(kpi)
    for kpi, owner in beside:
        related_of[owner].append(kpi)
    for initiative in initiatives:
        initiatives_of[initiative.owner].append(initiative)
    owning = {*kpis_of, *initiatives_of, *taken_of}
    owners = sorted(
        {*owning, *related_of}, key=lambda owner: (owner == NOBODY, owner not in owning, owner)
    )
    counted = set(kpis)
    elsewhere = dict.fromkeys(line for line, _owner in beside if line not in counted)
    return YearOverview(
        tuple(
            DepartmentOverview(
                owner.code,
                owner.name,
                tuple(kpis_of[owner]),
                tuple(initiatives_of[owner]),
                tuple(related_of[owner]),
                owner.is_abolished,
                tuple(taken_of[owner]),
            )
            for owner in owners
        ),
        DepartmentOverview(
            "",
            "合計",
            tuple(kpis),
            tuple(initiatives),
            tuple(elsewhere),
            taken=tuple(chain.from_iterable(taken_of.values())),
        ),
        tuple(line for line in lines if line.source is not None),
    )


def kpis_in_order(*plans: Strategy) -> QuerySet[Kpi]:
    """The plans' KPIs as each prints them."""
    return Kpi.objects.filter(project__strategy__in=plans).order_by(*_PRINTED_ORDER)


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
) -> defaultdict[int, tuple[list[KpiLine], list[tuple[KpiLine, Owner]]]]:
    """By the plan's id: the departments' own, and each beside the 関係課 that it has."""
    # A row for each 関係課 of a KPI, which stand one behind the other.
    living_ones = Kpi.objects.filter(living(years, "project__strategy"))
    placed = with_places(living_ones, years).annotate(ever_by_people=EVER_BY_PEOPLE)
    found = _of(placed, departments).order_by(
        "position_then", "project_code_then", "number_then", "pk", "related_departments__code"
    )
    rows: list[tuple[Any, ...]] = list(
        found.values_list(
            "project__strategy_id", "id", "source_id", "project_code_then", "number_then", "name",
            "unit", "decimal_places", *_owner_columns("department"),
            *_owner_columns("related_departments"), "last_year", "ever_by_people",
            "project__holds_goals",
        )
    )  # fmt: skip
    sources = load_sources(row[2] for row in rows)
    year_of = {plan.pk: year for plan, year in years.items()}
    known, judged = _known(_in_years("kpi__project__strategy", years))
    work = rating_work(years, {row[1]: row[0] for row in rows if row[17]}, judged)
    if sources:
        known |= _known(Q(kpi__in=list(sources), fiscal_year__in=set(years.values())))[0]
    today = timezone.localdate()
    lines: defaultdict[int, tuple[list[KpiLine], list[tuple[KpiLine, Owner]]]] = defaultdict(
        lambda: ([], [])
    )
    for (plan, kpi, source_id), same in groupby(rows, key=lambda row: row[:3]):
        each = list(same)
        project, number, name, unit, places, department = each[0][3:9]
        others = {
            row[12]: _owner(row[12:16], today) for row in each if row[12] not in (None, department)
        }
        year, source = year_of[plan], sources.get(source_id)
        if source is not None and not source.covers(year):
            source = None
        line = KpiLine(
            f"{project}-{number}",
            name,
            unit,
            places,
            _owner(each[0][8:12], today),
            tuple(others.values()),
            source,
            each[0][16] == year,
            each[0][18],
            work.get(kpi, RatingWork.NONE),
            *known.get((source.kpi_id if source else kpi, year), (ActualState.MISSING,)),
        )
        own, related = lines[plan]
        if departments is None or department in departments:
            own.append(line)
        related += [
            (line, owner)
            for pk, owner in others.items()
            if departments is None or pk in departments
        ]
    return lines


def _owner_columns(department: str) -> tuple[str, ...]:
    return tuple(f"{department}__{name}" for name in ("id", "code", "name", "valid_until"))


def _owner(columns: Sequence[Any], today: date) -> Owner:
    """What `_owner_columns` have brought."""
    pk, code, name, valid_until = columns
    return Owner(code, name, ends_before(valid_until, today)) if pk else NOBODY


def _known(wanted: Q) -> tuple[dict[tuple[int, int], tuple[Any, ...]], Judged]:
    """What is recorded of some KPIs' years, by their id and the year; and the ratings of people."""
    actuals = YearlyActual.objects.filter(wanted).values_list(
        "kpi_id", "fiscal_year", "updated_at", "updated_by_name", "state", "value", "value_year",
        "value_words", "expected_on", "unmeasured_reason", "proposed_place", "decided_place",
    )  # fmt: skip
    known: dict[tuple[int, int], tuple[Any, ...]] = {}
    judged: dict[tuple[int, int], tuple[int | None, int | None]] = {}
    for kpi_id, year, at, by, state, *figure, proposed, decided in actuals:
        known[kpi_id, year] = (ActualState(state), *figure, Change(at, by))
        judged[kpi_id, year] = (proposed, decided)
    return known, judged


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
    living_ones = initiatives_in_order(*years).filter(living(years, "strategy"))
    rows = _of(living_ones, departments).values_list(
        "strategy_id", "id", "home_project__code", "home_number", "name",
        *_owner_columns("department"),
    )  # fmt: skip
    today = timezone.localdate()
    lines = defaultdict(list)
    for plan, initiative, project, number, name, *department in rows:
        lines[plan].append(
            InitiativeLine(
                f"{project}-{number}" if number else project,
                name,
                _owner(department, today),
                initiative in known,
                known.get(initiative),
            )
        )
    return lines


def _of(items: QuerySet[Any], departments: Collection[int] | None) -> QuerySet[Any]:
    return items if departments is None else items.filter(of_departments(items.model, departments))
