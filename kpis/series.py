"""Loads a strategy's KPIs with their targets and actuals, in a constant number of queries.

Six, whatever the number of KPIs; one more where some take their figures from another plan's
(`kpis.sharing`), and where some were moved or their end was changed (`kpis.changed`).
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from decimal import Decimal
from itertools import chain
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from kpis.achievement import Absence, Measurement
from kpis.assessment import Judgement, KpiAssessment, assess, course_of, default_year
from kpis.definition import KpiDefinition, OwnScale, PlaceUntil
from kpis.models import (
    MEASURED_STATES,
    ActualState,
    FinalTarget,
    FormerEnd,
    FormerPlace,
    Kpi,
    KpiRatingRules,
    YearlyActual,
    YearlyTarget,
)
from kpis.outlook import NeededPace, Outlook, needed_pace_of, outlook_of, outlook_problem
from kpis.plan_rules import own_scales, plan_rules
from kpis.sharing import Source, as_source, with_takers
from kpis.targets import TARGET_COLUMNS, Course, MetBy, Target
from kpis.terms import LastYearUntil, PlanRules
from projects.models import FiscalYearClosing, Strategy
from projects.scales import Scale

# What a KPI's own row, today's or a past one, says of its definition.
OWN_COLUMNS = (
    "id", "name", "unit", "decimal_places", "aggregation", "direction", "formula", "baseline",
    "baseline_year", "department_id", "first_year", "last_year",
)  # fmt: skip
_ABSENCES = {"pending": Absence.PENDING, "unmeasured": Absence.UNMEASURED}


@dataclass(frozen=True, slots=True)
class ActualRecord:
    """One recorded year of one KPI, as it stands in the database.

    `value_year` is the year of the value where that is an earlier one. Of a year whose figure is
    another plan's (`taken_record`), `has_lent_texts` says that the explanations are that plan's
    too.
    """

    fiscal_year: int
    state: str
    value: Decimal | None
    value_year: int | None = None
    value_words: str = ""
    proposed_place: int | None = None
    decided_place: int | None = None
    unmeasured_reason: str = ""
    expected_on: date | None = None
    version: int = 0
    updated_at: datetime | None = None
    confirmation: str = ""
    analysis: str = ""
    next_steps: str = ""
    proposal_reason: str = ""
    decision_reason: str = ""
    has_lent_texts: bool = False

    @property
    def judgement(self) -> Judgement:
        """What people say of the year, where they rate."""
        return judgement_of(self)

    @property
    def is_stated(self) -> bool:
        """Whether the year is more than 未入力: explanations may come before the figure."""
        return self.state != ActualState.MISSING


# What a row of the database says of itself, and what rates need of that.
ACTUAL_COLUMNS = tuple(column.name for column in fields(ActualRecord))[:-1]
FIGURE_COLUMNS = ACTUAL_COLUMNS[:7]
# What people say of a year, which is each plan's own.
JUDGED = ("proposed_place", "proposal_reason", "decided_place", "decision_reason")
_NO_FIGURE: dict[str, Any] = {
    "value": None, "value_year": None, "value_words": "", "unmeasured_reason": "",
    "expected_on": None,
}  # fmt: skip


def taken_record(lent: ActualRecord | None, own: ActualRecord | None) -> ActualRecord | None:
    """A year of a KPI whose figure is its source's: with its own explanations, else the source's.

    The rating that people give is its own. The version is that of the KPI's own row. None where
    neither says anything.
    """
    if lent is None:
        return own and replace(own, state=ActualState.MISSING, **_NO_FIGURE)
    own = own or ActualRecord(lent.fiscal_year, ActualState.MISSING, None)
    has_own_texts = bool(own.analysis or own.next_steps)
    texts = own if has_own_texts else lent
    return replace(
        lent,
        version=own.version,
        updated_at=max(filter(None, (lent.updated_at, own.updated_at)), default=None),
        **{name: getattr(own, name) for name in JUDGED},
        analysis=texts.analysis,
        next_steps=texts.next_steps,
        has_lent_texts=not has_own_texts and bool(lent.analysis or lent.next_steps),
    )


@dataclass(frozen=True, slots=True)
class KpiSeries:
    """A KPI with everything its rates need, for all years of the plan.

    What a year comes to is worked out when it is first asked for and kept as long
    as the series. Where the KPI has a `source`, the figures of the years that this covers are
    the source's, and `own_records` are the KPI's own rows of them, which have explanations alone.
    `has_takers` says whether another plan's KPI takes this one's figures (today; no past day says).
    """

    definition: KpiDefinition
    rules: PlanRules
    final_targets: tuple[Target, ...]
    yearly_targets: dict[int, Decimal]
    actuals: dict[int, ActualRecord]
    measurements: dict[int, Measurement]
    source: Source | None = None
    own_records: Mapping[int, ActualRecord] = field(default_factory=dict)
    has_takers: bool = False
    _assessed: dict[int, KpiAssessment] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _courses: list[Course] = field(default_factory=list, init=False, repr=False, compare=False)

    @property
    def course(self) -> Course:
        """What the KPI aims at, year by year."""
        if not self._courses:
            self._courses.append(
                course_of(self.definition, self.rules, self.final_targets, self.yearly_targets)
            )
        return self._courses[0]

    @property
    def first_year(self) -> int:
        """The first fiscal year of the KPI's life."""
        return self.definition.begins(self.rules)

    @property
    def years(self) -> list[int]:
        """The plan's years in which the KPI lives, in order."""
        return [year for year in self.rules.years if self.lives_in(year)]

    def lives_in(self, fiscal_year: int) -> bool:
        """Whether the KPI is measured in a year of the plan."""
        return self.definition.lives_in(fiscal_year, self.rules)

    def code_in(self, fiscal_year: int) -> str:
        """The code that it has in a year."""
        return self.placed_in(fiscal_year).code

    def placed_in(self, fiscal_year: int) -> KpiDefinition:
        """The definition with the place of a year."""
        if not self.definition.former_places:
            return self.definition
        return self.definition.placed_in(fiscal_year)

    def project_code_in(self, fiscal_year: int) -> str:
        """The code of the project in which it stands in a year."""
        return self.placed_in(fiscal_year).project_code

    def scale_in(self, fiscal_year: int) -> Scale:
        """By what it is rated in a year."""
        return self.definition.scale_in(fiscal_year, self.rules.in_year(fiscal_year))

    @property
    def measured_years(self) -> list[int]:
        """The years that have a value, final or provisional, in words too."""
        return [year for year, known in self.measurements.items() if known.absence is None]

    def takes_words(self, fiscal_year: int) -> bool:
        """Whether the year's actual may be words: people decide whether its target is met."""
        target = self.course.target(fiscal_year)
        return target is not None and target.met_by == MetBy.PEOPLE

    def takes(self, fiscal_year: int) -> bool:
        """Whether the year's figure is another plan's."""
        return self.source is not None and self.source.covers(fiscal_year)

    def own_record(self, fiscal_year: int) -> ActualRecord | None:
        """What is recorded of the year for this KPI itself."""
        records = self.own_records if self.takes(fiscal_year) else self.actuals
        return records.get(fiscal_year)

    def has_value(self, fiscal_year: int) -> bool:
        """Whether the year has a figure, final or provisional."""
        measured = self.measurements.get(fiscal_year)
        return measured is not None and measured.value is not None

    def assess(self, fiscal_year: int) -> KpiAssessment:
        """Where the KPI stands in one fiscal year."""
        if fiscal_year not in self._assessed:
            own = self.actuals.get(fiscal_year)
            self._assessed[fiscal_year] = self._assess(
                fiscal_year, self.measurements, None if own is None else own.judgement
            )
        return self._assessed[fiscal_year]

    def assess_with(
        self,
        fiscal_year: int,
        measurement: Measurement | None,
        judgement: Judgement | None = None,
    ) -> KpiAssessment:
        """Where it would stand if a year's measurement were another one (None: not entered).

        `judgement` is what people would say of it.
        """
        supposed = {year: own for year, own in self.measurements.items() if year != fiscal_year}
        if measurement is not None:
            supposed[fiscal_year] = measurement
        return self._assess(fiscal_year, supposed, judgement)

    def _assess(
        self,
        fiscal_year: int,
        measurements: Mapping[int, Measurement],
        judgement: Judgement | None,
    ) -> KpiAssessment:
        return assess(
            self.definition,
            self.rules,
            fiscal_year,
            measurements=measurements,
            course=self.course,
            judgement=judgement,
        )

    def outlook_year(self, fiscal_year: int) -> int:
        """The year that the outlook of a year is for: the target's, or the life's end before it."""
        end = self.definition.ends_as_of(fiscal_year)
        last = self.rules.last_year_in(fiscal_year)
        goals = (self.course.target_year(fiscal_year), last, last if end is None else end)
        return min(goals)

    def outlook(self, fiscal_year: int) -> Outlook | None:
        """The estimate for the last year as seen from one year; None where there is none.

        It is held against what is due in that year.
        """
        if self.outlook_problem(fiscal_year):
            return None
        last = self.outlook_year(fiscal_year)
        due = self.course_as_of(fiscal_year).expected(last)
        known = {year: one for year, one in self.measurements.items() if year >= self.first_year}
        return outlook_of(self.assess(fiscal_year), last, due, known)

    def outlook_problem(self, fiscal_year: int) -> str:
        """Why a year has no outlook, as a Japanese sentence; empty when it has one."""
        last = self.outlook_year(fiscal_year)
        if last == self.rules.last_year_in(fiscal_year):
            name = "計画の最終年度"
        else:
            is_goal = last == self.course.target_year(fiscal_year)
            name = "目標年度" if is_goal else f"{self.rules.words.kpi}の最後の年度"
        return outlook_problem(self.assess(fiscal_year), last, name)

    def course_as_of(self, fiscal_year: int) -> Course:
        """The course as a year knows it: without what holds from later years only."""
        known = tuple(one for one in self.final_targets if one.effective_from <= fiscal_year)
        if len(known) == len(self.final_targets) and not self.rules.former_last_years:
            return self.course
        rules = replace(
            self.rules, last_year=self.rules.last_year_in(fiscal_year), former_last_years=()
        )
        return course_of(self.definition, rules, known, self.yearly_targets)

    def needed_pace(self, fiscal_year: int) -> NeededPace | None:
        """What each year after one has to bring to reach the final target; None where not asked.

        Nor where the KPI's life ends with the year.
        """
        end = self.definition.ends_as_of(fiscal_year)
        if end is not None and end <= fiscal_year:
            return None
        return needed_pace_of(self.assess(fiscal_year))


def load_series(
    strategy: Strategy,
    kpis: QuerySet[Kpi] | None = None,
    *,
    with_texts: bool = False,
    rules: PlanRules | None = None,
) -> list[KpiSeries]:
    """The strategy's KPIs (or those of `kpis`) in printed order, whenever they live.

    Without `with_texts` an actual is its state and value alone, which is all that rates need.
    `rules` are the plan's where they are loaded already.
    """
    rules = plan_rules(strategy) if rules is None else rules
    if kpis is None:
        kpis = Kpi.objects.filter(project__strategy=strategy)
    ordered = with_takers(kpis).order_by("project__position", "project__code", "number", "id")
    chosen = ordered.annotate(
        was_moved=Exists(FormerPlace.objects.filter(kpi=OuterRef("pk"))),
        has_own_rules=Exists(KpiRatingRules.objects.filter(kpi=OuterRef("pk"))),
        end_was_changed=Exists(FormerEnd.objects.filter(kpi=OuterRef("pk"))),
    ).values_list(
        "source_id", "has_takers", "was_moved", "end_was_changed", "has_own_rules", *OWN_COLUMNS,
        "number", "project__code", "project__name", "project__position", "project__holds_goals",
        "department__name",
    )  # fmt: skip
    rows = list(chosen)
    places = former_places([row[5] for row in rows if row[2]])
    ends = former_ends([row[5] for row in rows if row[3]])
    scales = own_scales([row[5] for row in rows if row[4]])
    definitions, source_ids, giving = [], {}, {}
    for source_id, has_takers, _was_moved, _end_was_changed, _has_own_rules, *row in rows:
        pk = row[0]
        definitions.append(
            _definition(row, ends.get(pk, ()), places.get(pk, ()), scales.get(pk, ()))
        )
        source_ids[pk], giving[pk] = source_id, has_takers
    sources = load_sources(source_ids.values())
    wanted = kpis.order_by().values("id")
    final_targets = _targets_by_kpi(wanted)
    yearly_targets = _yearly_by_kpi(wanted)
    recorded = load_actuals(Q(kpi__in=wanted), sources, with_texts=with_texts)
    series = []
    for definition in definitions:
        source = sources.get(source_ids[definition.id])
        own = recorded[definition.id]
        lent = recorded[source.kpi_id] if source else {}
        actuals = counted_actuals(rules.years, source, lent, own)
        series.append(
            KpiSeries(
                definition,
                rules,
                tuple(final_targets[definition.id]),
                yearly_targets[definition.id],
                actuals,
                measurements_of(actuals),
                source,
                own if source else {},
                giving[definition.id],
            )
        )
    return series


def former_places(kpi_ids: Collection[int]) -> dict[int, tuple[PlaceUntil, ...]]:
    """Where some KPIs stood before they were moved; no query for none."""
    grouped: defaultdict[int, list[PlaceUntil]] = defaultdict(list)
    if kpi_ids:
        rows = FormerPlace.objects.filter(kpi__in=kpi_ids).order_by("held_until")
        for pk, until, reason, number, code, name, position in rows.values_list(
            "kpi_id", "held_until", "reason", "number", "project__code", "project__name",
            "project__position",
        ):  # fmt: skip
            order = (position, code, number)
            grouped[pk].append(PlaceUntil(until, f"{code}-{number}", code, name, order, reason))
    return {pk: tuple(places) for pk, places in grouped.items()}


def former_ends(kpi_ids: Collection[int]) -> dict[int, tuple[LastYearUntil, ...]]:
    """What was known before of when some KPIs end; no query for none."""
    grouped: defaultdict[int, list[LastYearUntil]] = defaultdict(list)
    if kpi_ids:
        rows = FormerEnd.objects.filter(kpi__in=kpi_ids).order_by("held_until")
        for pk, until, last_year in rows.values_list("kpi_id", "held_until", "last_year"):
            grouped[pk].append(LastYearUntil(until, last_year))
    return {pk: tuple(ends) for pk, ends in grouped.items()}


def counted_actuals(
    years: Iterable[int],
    source: Source | None,
    lent: Mapping[int, ActualRecord],
    own: dict[int, ActualRecord],
) -> dict[int, ActualRecord]:
    """A KPI's actuals by year of its plan: its own, and its source's where this covers a year."""
    if source is None:
        return own
    counted = {year: record for year, record in own.items() if not source.covers(year)}
    for year in filter(source.covers, years):
        record = taken_record(lent.get(year), own.get(year))
        if record is not None:
            counted[year] = record
    return counted


def load_sources(source_ids: Iterable[int | None]) -> dict[int | None, Source]:
    """The sources of some KPIs by id; no query where none has one."""
    wanted = {pk for pk in source_ids if pk is not None}
    if not wanted:
        return {}
    found = Kpi.objects.filter(pk__in=wanted).order_by()
    return {
        kpi.pk: as_source(kpi) for kpi in found.select_related("project__strategy", "department")
    }


def _definition(
    row: Sequence[Any],
    ends: tuple[LastYearUntil, ...],
    places: tuple[PlaceUntil, ...],
    scales: tuple[OwnScale, ...],
) -> KpiDefinition:
    """A definition of its own columns, and what its project and department say."""
    *own, number, project_code, project_name, position, is_goal, department_name = row
    return KpiDefinition(
        **dict(zip(OWN_COLUMNS, own, strict=True)),
        code=f"{project_code}-{number}",
        project_code=project_code,
        project_name=project_name,
        department_name=department_name or "",
        former_ends=ends,
        former_places=places,
        order=(position, project_code, number),
        own_scales=scales,
        is_goal=is_goal,
    )


def _targets_by_kpi(kpi_ids: Any) -> defaultdict[int, list[Target]]:
    """The targets of some KPIs, by the KPI's id."""
    grouped: defaultdict[int, list[Target]] = defaultdict(list)
    rows = FinalTarget.objects.filter(kpi__in=kpi_ids).order_by()
    for kpi_id, *said in rows.values_list("kpi_id", *TARGET_COLUMNS):
        grouped[kpi_id].append(Target(*said))
    return grouped


def _yearly_by_kpi(kpi_ids: Any) -> defaultdict[int, dict[int, Decimal]]:
    """The yearly targets of some KPIs, by the KPI's id and the year."""
    grouped: defaultdict[int, dict[int, Decimal]] = defaultdict(dict)
    rows = YearlyTarget.objects.filter(kpi__in=kpi_ids).order_by()
    for kpi_id, year, value in rows.values_list("kpi_id", "fiscal_year", "value"):
        grouped[kpi_id][year] = value
    return grouped


def measurements_of(actuals: Mapping[int, ActualRecord]) -> dict[int, Measurement]:
    """The years of which more is known than 未入力."""
    return {year: measurement_of(record) for year, record in actuals.items() if record.is_stated}


def measurement_of(stated: Any) -> Measurement:
    """An actual's figure (of a row, a record or an entry) as the rules of rates take it."""
    absence = _ABSENCES.get(stated.state)
    return Measurement(stated.value, absence, stated.value_year, stated.value_words)


def judgement_of(stated: Any) -> Judgement:
    """What people say of a year's rating (in a row, a record or an entry)."""
    return Judgement(
        stated.proposed_place,
        stated.decided_place,
        stated.proposal_reason,
        stated.decision_reason,
    )


def closed_years(strategy: Strategy) -> frozenset[int]:
    """The strategy's closed fiscal years."""
    closings = FiscalYearClosing.objects.filter(strategy=strategy).order_by()
    return frozenset(closings.values_list("fiscal_year", flat=True))


def opening_year(
    strategy: Strategy,
    series: Sequence[KpiSeries] | None,
    closed: frozenset[int],
    rules: PlanRules | None = None,
) -> int:
    """The fiscal year a page opens on when none is asked for.

    `series` are all KPIs of the plan, None where they aren't loaded (one query, and those of
    `load_series` where some take their figures from another plan's). `rules` are the plan's
    where they are loaded already.
    """
    rules = plan_rules(strategy) if rules is None else rules
    rows: list[tuple[int, int | None, int | None, int | None, int | None, str | None]] = []
    if series is None:
        kpis = Kpi.objects.filter(project__strategy=strategy).order_by()
        columns = ("id", "source_id", "first_year", "last_year")
        rows = list(kpis.values_list(*columns, "actuals__fiscal_year", "actuals__state"))
        if any(source_id for _id, source_id, *_actual in rows):
            series = load_series(strategy, rules=rules)
    if series is not None:
        living = Counter(chain.from_iterable(one.years for one in series))
        measured = Counter(
            year for one in series for year in one.measured_years if one.lives_in(year)
        )
    else:
        lives = {pk: (first, last) for pk, _source, first, last, _year, _state in rows}
        years = {
            pk: range(first or rules.first_year, (last or rules.last_year) + 1)
            for pk, (first, last) in lives.items()
        }
        living = Counter(chain.from_iterable(years.values()))
        measured = Counter(
            year
            for pk, _source, _first, _last, year, state in rows
            if year is not None and year in years[pk] and state in MEASURED_STATES
        )
    return default_year(rules, closed, measured, living)


def load_actuals(
    of_plan: Q, sources: Collection[int | None], *, with_texts: bool
) -> defaultdict[int, dict[int, ActualRecord]]:
    """The actuals of a plan's KPIs and of their sources, by the KPI's id and year."""
    columns = ACTUAL_COLUMNS if with_texts else FIGURE_COLUMNS
    actuals: defaultdict[int, dict[int, ActualRecord]] = defaultdict(dict)
    wanted = of_plan | Q(kpi__in=list(sources)) if sources else of_plan
    # Nothing here needs the model's order, for which the database would join and sort.
    rows = YearlyActual.objects.filter(wanted).order_by()
    for kpi_id, *known in rows.values_list("kpi_id", *columns):
        record = ActualRecord(*known)
        actuals[kpi_id][record.fiscal_year] = record
    return actuals
