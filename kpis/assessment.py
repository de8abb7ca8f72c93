"""One KPI in one fiscal year: figures, rates, rating, and what can't be said and why.

Pure, like `kpis.achievement`, on whose functions everything here rests. Every
page, table and report reads its figures from a `KpiAssessment`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from common.fiscal_year import wareki
from common.reading.units import is_percent
from kpis import achievement, value_years
from kpis.achievement import Absence, Measurement, Number, display_value
from kpis.targets import Course, Target, former_state, row_in_force, target_rate
from projects.bands import Band, lower_bounds
from projects.words import OWN_WORDS, PlanWords

# Which rules of docs/domain.md, Rates, a document's figures were computed by. It grows with
# every change of them that can change a figure.
RULES_VERSION = 2


@dataclass(frozen=True, slots=True)
class RuleChange:
    """Rules of rating that hold from a fiscal year of the plan on."""

    effective_from: int
    average_cap: Decimal | None
    rating_basis: str
    bands: tuple[Band, ...]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class LastYearUntil:
    """A last year as it was for the years up to `held_until`; None where there was none."""

    held_until: int
    last_year: int | None


@dataclass(frozen=True, slots=True)
class PlaceUntil:
    """Where a KPI stood in the plan until the end of a fiscal year.

    `reason` says why it was moved then; `order` is by what KPIs stand in printed order: the
    project's position and code, and the number.
    """

    held_until: int
    code: str
    project_code: str
    project_name: str
    order: tuple[int, str, int] = (0, "", 0)
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PlanRules:
    """What a strategy says about its years, means and ratings, and in which words.

    The period is the plan's as it stands; the rules are those with which it begins, or, from
    `in_year`, those in force for a year. `changes` are empty where the rules never changed; else
    they are all that there ever were, from those with which the plan begins on.
    """

    first_year: int
    last_year: int
    average_cap: Decimal | None
    rating_basis: str
    bands: tuple[Band, ...]
    words: PlanWords = OWN_WORDS
    changes: tuple[RuleChange, ...] = ()
    former_last_years: tuple[LastYearUntil, ...] = ()

    @property
    def years(self) -> range:
        """The plan's fiscal years, in order."""
        return range(self.first_year, self.last_year + 1)

    @property
    def bounds(self) -> tuple[Decimal, ...]:
        """The bounds that a displayed rate must not be rounded up to."""
        return lower_bounds(self.bands)

    def in_year(self, fiscal_year: int) -> "PlanRules":
        """With the rules of rating that are in force for a year."""
        change = row_in_force(self.changes, fiscal_year)
        if change is None:
            return self
        return replace(
            self,
            average_cap=change.average_cap,
            rating_basis=change.rating_basis,
            bands=change.bands,
        )

    def changed_in(self, fiscal_year: int) -> RuleChange | None:
        """The revision that a year is the first to be rated by; None for any other year."""
        revisions = self.changes[1:]
        return next((one for one in revisions if one.effective_from == fiscal_year), None)

    def revised_by(self, fiscal_year: int) -> tuple[RuleChange, ...]:
        """The revisions that the years up to one were rated by, in order."""
        return tuple(one for one in self.changes[1:] if one.effective_from <= fiscal_year)

    def last_year_in(self, fiscal_year: int) -> int:
        """The plan's last year as it is in force for a year."""
        former = former_state(self.former_last_years, fiscal_year)
        return (former and former.last_year) or self.last_year


@dataclass(frozen=True, slots=True)
class KpiDefinition:
    """What a KPI measures, when it lives and how its rates are computed. Ids are the database's.

    Code and project are those of now, the baseline that with which the KPI begins; an assessment
    gives those of a year. `first_year` and `last_year` are None where they are the plan's.
    """

    id: int
    code: str
    name: str
    unit: str
    decimal_places: int
    aggregation: str
    direction: str
    formula: str
    baseline: Decimal | None
    baseline_year: int | None
    project_code: str
    project_name: str
    department_id: int | None
    department_name: str
    first_year: int | None = None
    last_year: int | None = None
    former_ends: tuple[LastYearUntil, ...] = ()
    former_places: tuple[PlaceUntil, ...] = ()
    order: tuple[int, str, int] = (0, "", 0)

    def begins(self, rules: PlanRules) -> int:
        """The first fiscal year in which the KPI lives."""
        return rules.first_year if self.first_year is None else self.first_year

    def ends_as_of(self, fiscal_year: int) -> int | None:
        """The last year of its life as far as a year knows; None where it is the plan's."""
        former = former_state(self.former_ends, fiscal_year)
        return self.last_year if former is None else former.last_year

    def lives_in(self, fiscal_year: int, rules: PlanRules) -> bool:
        """Whether the KPI is measured in a year of the plan."""
        last = self.ends_as_of(fiscal_year)
        return self.begins(rules) <= fiscal_year and (last is None or fiscal_year <= last)

    def placed_in(self, fiscal_year: int) -> "KpiDefinition":
        """With the code and the project that it has in a year."""
        place = former_state(self.former_places, fiscal_year)
        if place is None:
            return self
        return replace(
            self,
            code=place.code,
            project_code=place.project_code,
            project_name=place.project_name,
            order=place.order,
        )

    @property
    def is_cumulative(self) -> bool:
        """Whether its yearly actuals add up over the plan."""
        return self.aggregation == "cumulative"

    @property
    def is_percent(self) -> bool:
        """Whether its figures are shares, whose differences are ポイント."""
        return is_percent(self.unit)

    def written(self, figure: Number) -> str:
        """A figure as people read it, with the unit: `1,234件`."""
        return f"{display_value(figure, self.decimal_places)}{self.unit}"


@dataclass(frozen=True, slots=True)
class KpiAssessment:
    """Where one KPI stands in one fiscal year.

    Rates are exact percentages, None where not computable; `rating_rate` is the
    one that the rating is read from. `actual` is the year's own figure, `value`
    what is held against the goals (for a cumulative KPI the sum so far).
    `value_year` is the year in which the actual was measured where that is an
    earlier one (値の年度), `value_words` an actual in words, which bears no rate.
    `absence` says why a rate is missing and `absence_reason` says it in a
    sentence. Place, baseline, bands and basis are those in force for the year, `target_year` the
    year by which the target is to be reached.
    """

    definition: KpiDefinition
    rating_basis: str
    bands: tuple[Band, ...]
    fiscal_year: int
    actual: Decimal | None
    value: Decimal | None
    expected: Fraction | None
    target: Target | None
    target_year: int
    yearly_target: Decimal | None
    achievement: Fraction | None
    progress: Fraction | None
    rating_rate: Fraction | None
    rating: Band | None
    absence: Absence | None
    absence_reason: str
    unmeasured_years: tuple[int, ...]
    last_measured: tuple[int, Decimal] | None
    value_year: int | None = None
    value_words: str = ""

    @property
    def final_target(self) -> Decimal | None:
        """The figure to reach; None where none is set, or only words are."""
        return None if self.target is None else self.target.value

    @property
    def is_reference(self) -> bool:
        """Whether the value is shown as 参考, without a rate."""
        return self.absence is Absence.REFERENCE

    @property
    def difference_to_target(self) -> Fraction | None:
        """Value minus final target, in the KPI's unit; None where either is not known."""
        return _difference(self.value, self.final_target)

    @property
    def difference_to_expected(self) -> Fraction | None:
        """Value minus this year's expected value, in the KPI's unit; None likewise."""
        return _difference(self.value, self.expected)


def course_of(
    definition: KpiDefinition,
    rules: PlanRules,
    targets: Sequence[Target],
    yearly_targets: Mapping[int, Decimal],
) -> Course:
    """What a KPI aims at, year by year."""
    return Course(
        rows=targets,
        yearly=yearly_targets,
        begins=definition.begins(rules),
        last_year_in=rules.last_year_in,
        start=definition.baseline,
        start_year=definition.baseline_year,
        aggregation=definition.aggregation,
        direction=definition.direction,
        formula=definition.formula,
    )


def assess(
    definition: KpiDefinition,
    rules: PlanRules,
    fiscal_year: int,
    *,
    measurements: Mapping[int, Measurement],
    course: Course,
) -> KpiAssessment:
    """Assess one KPI in one fiscal year of the plan in which it lives."""
    in_force = rules.in_year(fiscal_year)
    first_year = definition.begins(rules)
    definition = _as_in(definition, course, fiscal_year)
    progressed = achievement.progress_value(
        measurements,
        fiscal_year,
        first_year=first_year,
        aggregation=definition.aggregation,
    )
    target = course.target(fiscal_year)
    yearly = course.yearly.get(fiscal_year)
    expected = course.expected(fiscal_year)
    nothing_due = expected == 0 and _asks_for_something(definition)
    against_target = against_expected = None
    if progressed.absence is None:
        against_target = target_rate(
            progressed.value,
            target,
            direction=definition.direction,
            formula=definition.formula,
            baseline=definition.baseline,
        )
        if _is_same(expected, target):
            against_expected = against_target
        elif not nothing_due:
            against_expected = _rate_of(definition, progressed.value, expected)
    rated = against_expected if in_force.rating_basis == "progress" else against_target
    own = measurements.get(fiscal_year)
    absence = progressed.absence
    if absence is None and against_target is None:
        absence = Absence.UNCOMPUTABLE
    elif absence is None and against_expected is None:
        absence = Absence.NOT_APPLICABLE if nothing_due else Absence.UNCOMPUTABLE
    return KpiAssessment(
        definition=definition,
        rating_basis=in_force.rating_basis,
        bands=in_force.bands,
        fiscal_year=fiscal_year,
        actual=own.value if own is not None else None,
        value=progressed.value,
        expected=expected,
        target=target,
        target_year=course.target_year(fiscal_year),
        yearly_target=yearly,
        achievement=against_target,
        progress=against_expected,
        rating_rate=rated,
        rating=achievement.rating(rated, in_force.bands),
        absence=absence,
        absence_reason=_reason(definition, progressed, target, absence),
        unmeasured_years=progressed.unmeasured_years,
        last_measured=(
            value_years.last_measured(measurements, fiscal_year, first_year=first_year)
            if progressed.absence is not None and not definition.is_cumulative
            else None
        ),
        value_year=own.year if own is not None else None,
        value_words=own.words if own is not None else "",
    )


def _as_in(definition: KpiDefinition, course: Course, fiscal_year: int) -> KpiDefinition:
    """The definition with the place and the baseline that are in force for a year."""
    if definition.former_places:
        definition = definition.placed_in(fiscal_year)
    baseline, baseline_year = course.baseline(fiscal_year)
    if baseline is definition.baseline and baseline_year == definition.baseline_year:
        return definition
    return replace(definition, baseline=baseline, baseline_year=baseline_year)


def _asks_for_something(definition: KpiDefinition) -> bool:
    """Whether a goal of 0 bears no rate: where more is better and nothing is counted from."""
    return definition.direction == "increase" and definition.formula != "from_baseline"


def default_year(
    rules: PlanRules,
    closed_years: Iterable[int],
    measured_counts: Mapping[int, int],
    kpis: Mapping[int, int],
) -> int:
    """The fiscal year a page opens on.

    The latest closed year; else the latest in which at least half of the KPIs that live in it
    (`kpis`, by year) have a value (`measured_counts`, by year); else the plan's first.
    """
    closed = [year for year in closed_years if year in rules.years]
    if closed:
        return max(closed)
    half = [
        year
        for year in rules.years
        if kpis.get(year) and 2 * measured_counts.get(year, 0) >= kpis[year]
    ]
    return max(half, default=rules.first_year)


def _rate_of(
    definition: KpiDefinition, value: Decimal | None, goal: Decimal | Fraction | None
) -> Fraction | None:
    return achievement.exact_rate(
        value,
        goal,
        direction=definition.direction,
        formula=definition.formula,
        baseline=definition.baseline,
    )


def _is_same(expected: Fraction | None, target: Target | None) -> bool:
    """Whether the year's goal is the final one; a Fraction and a Decimal compare slowly."""
    goal = None if target is None else target.value
    if expected is None or goal is None:
        return expected is None and goal is None
    return expected.as_integer_ratio() == goal.as_integer_ratio()


def _reason(
    definition: KpiDefinition,
    progressed: achievement.ProgressValue,
    target: Target | None,
    absence: Absence | None,
) -> str:
    if absence is None:
        return ""
    if absence is Absence.REFERENCE:
        years = "、".join(wareki(year) for year in progressed.unknown_years)
        return f"{years}の実績がそろっていないため、累計は参考です。"
    if absence is Absence.NOT_APPLICABLE:
        return "この年度の目安は0のため、進捗率はありません。"
    if progressed.value is not None:
        if target is not None and target.words:
            return f"目標「{target.words}」は数値ではないため、率を計算できません。"
        return (
            achievement.value_problem(progressed.value, formula=definition.formula)
            or achievement.goal_problem(
                None if target is None else target.value,
                direction=definition.direction,
                formula=definition.formula,
                baseline=definition.baseline,
            )
            or "年度目安に対する率を、この算式では計算できません。"
        )
    return _STATE_REASONS[absence]


_STATE_REASONS = {
    Absence.MISSING: "この年度の実績がまだ入力されていません。",
    Absence.PENDING: "この年度の実績は集計中です。",
    Absence.UNMEASURED: "この年度は測定していません。",
    Absence.UNCOMPUTABLE: "実績がことばのため、率は計算しません。",
}


def _difference(value: Decimal | None, goal: Decimal | Fraction | None) -> Fraction | None:
    if value is None or goal is None:
        return None
    return Fraction(value) - Fraction(goal)
