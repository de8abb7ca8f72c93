"""One KPI in one fiscal year: figures, rates, rating, and what can't be said and why.

Pure, like `kpis.achievement`, on whose functions everything here rests. Every
page, table and report reads its figures from a `KpiAssessment`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from common.fiscal_year import wareki
from kpis import achievement, value_years
from kpis.achievement import MINUS_ON_SCREEN, Absence, Measurement, Number
from kpis.definition import KpiDefinition
from kpis.position import Position, band_by_position
from kpis.targets import Course, Target, target_rate
from kpis.terms import PlanRules
from projects.bands import Band, lower_bounds
from projects.scales import Scale

# Which rules of docs/domain.md, Rates, a document's figures were computed by. It grows with
# every change of them that can change a figure.
RULES_VERSION = 2


@dataclass(frozen=True, slots=True)
class Judgement:
    """What people say of a KPI's year, where they rate: places of bands, from 1 for the best.

    `proposed` is the department's, `decided` the planner's; None where nothing is said yet.
    """

    proposed: int | None = None
    decided: int | None = None
    proposal_reason: str = ""
    decision_reason: str = ""


_UNSAID = Judgement()


@dataclass(frozen=True, slots=True)
class KpiAssessment:
    """Where one KPI stands in one fiscal year.

    Rates are exact percentages, None where not computable; `rating_rate` is the
    one that the rating is read from. `actual` is the year's own figure, `value`
    what is held against the goals (for a cumulative KPI the sum so far).
    `value_year` is the year in which the actual was measured where that is an
    earlier one (値の年度), `value_words` an actual in words, which bears no rate.
    `absence` says why a rate is missing and `absence_reason` says it in a
    sentence. Place, baseline, scale and rules are those in force for the year, `target_year` the
    year by which the target is to be reached.

    `rating` is what holds; `computed` is what rates or positions say, which is the same but where
    people decide (None where nothing is computed). `rating_absence` says why there is no rating
    where one is due; None where there is one, or nothing is rated.
    """

    definition: KpiDefinition
    rules: PlanRules
    scale: Scale
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
    computed: Band | None = None
    rating_absence: Absence | None = None
    judgement: Judgement = _UNSAID

    @property
    def rating_basis(self) -> str:
        """The rate that the rating is read from, where it is by rate."""
        return self.scale.basis

    @property
    def is_held_against_target(self) -> bool:
        """Whether its rating holds the value against the final target, not against what is due."""
        return self.scale.is_by_rate and self.rating_basis == "achievement"

    @property
    def bands(self) -> tuple[Band, ...]:
        """The bands that a rating can be."""
        return self.scale.bands

    @property
    def is_late(self) -> bool:
        """Whether its rating means 遅れ."""
        return self.scale.is_late(self.rating)

    @property
    def proposed(self) -> Band | None:
        """What the department proposes, where people rate; None where it has not yet."""
        return self.scale.at(self.judgement.proposed) if self.scale.is_by_people else None

    @property
    def why_nothing(self) -> Absence | None:
        """Why there is no rating, else why there is no rate; None where there are both."""
        return self.rating_absence or self.absence

    def rate_text(self, rate: Number | None, *, minus: str = MINUS_ON_SCREEN) -> str:
        """A rate as people read it, never rounded up to a bound by which the KPI is rated."""
        return self.rules.rate_text(rate, lower_bounds(self.bands), minus=minus)

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
    judgement: Judgement | None = None,
) -> KpiAssessment:
    """Assess one KPI in one fiscal year of the plan in which it lives.

    `judgement` is what people say of the year; None for nothing.
    """
    in_force = rules.in_year(fiscal_year)
    scale = definition.scale_in(fiscal_year, in_force)
    first_year = definition.begins(rules)
    definition = _as_in(definition, course, fiscal_year)
    progressed = achievement.progress_value(
        measurements,
        fiscal_year,
        first_year=first_year,
        aggregation=definition.aggregation,
    )
    target = course.target(fiscal_year)
    expected = course.expected(fiscal_year)
    own = measurements.get(fiscal_year)
    rates = _rates(definition, progressed, target, expected)
    rated = rates.progress if scale.basis == "progress" else rates.achievement
    if scale.is_by_position:
        stands = None
        if progressed.absence is None and progressed.value is not None:
            stands = Position(
                value=progressed.value,
                target=target,
                expected=expected,
                baseline=definition.baseline,
                definition=definition,
                own=own.value if own is not None else None,
                before=_value_before(definition, measurements, fiscal_year, first_year),
            )
        computed, unrated = band_by_position(scale, stands)
        unrated = progressed.absence or unrated
    else:
        computed = achievement.rating(rated, scale.bands) if scale.is_by_rate else None
        unrated = None if computed else rates.absence
    said = judgement or _UNSAID
    rating = scale.at(said.decided) if scale.is_by_people else computed
    if rating is not None or not scale.rates:
        unrated = None
    elif scale.is_by_people:
        unrated = progressed.absence or Absence.UNDECIDED
    return KpiAssessment(
        definition=definition,
        rules=in_force,
        scale=scale,
        fiscal_year=fiscal_year,
        actual=own.value if own is not None else None,
        value=progressed.value,
        expected=expected,
        target=target,
        target_year=course.target_year(fiscal_year),
        yearly_target=course.yearly.get(fiscal_year),
        achievement=rates.achievement,
        progress=rates.progress,
        rating_rate=rated,
        rating=rating,
        absence=rates.absence,
        absence_reason=_reason(definition, progressed, target, rates.absence),
        unmeasured_years=progressed.unmeasured_years,
        last_measured=(
            value_years.last_measured(measurements, fiscal_year, first_year=first_year)
            if progressed.absence is not None and not definition.is_cumulative
            else None
        ),
        value_year=own.year if own is not None else None,
        value_words=own.words if own is not None else "",
        computed=computed,
        rating_absence=unrated,
        judgement=said,
    )


@dataclass(frozen=True, slots=True)
class _Rates:
    """Both rates of a year, and why one is missing; None where none is."""

    achievement: Fraction | None
    progress: Fraction | None
    absence: Absence | None


def _rates(
    definition: KpiDefinition,
    progressed: achievement.ProgressValue,
    target: Target | None,
    expected: Fraction | None,
) -> _Rates:
    if progressed.absence is not None:
        return _Rates(None, None, progressed.absence)
    against_target = target_rate(
        progressed.value,
        target,
        direction=definition.direction,
        formula=definition.formula,
        baseline=definition.baseline,
    )
    nothing_due = expected == 0 and _asks_for_something(definition)
    against_expected = None
    if _is_same(expected, target):
        against_expected = against_target
    elif not nothing_due:
        against_expected = _rate_of(definition, progressed.value, expected)
    absence = None
    if against_target is None:
        absence = Absence.UNCOMPUTABLE
    elif against_expected is None:
        absence = Absence.NOT_APPLICABLE if nothing_due else Absence.UNCOMPUTABLE
    return _Rates(against_target, against_expected, absence)


def _value_before(
    definition: KpiDefinition,
    measurements: Mapping[int, Measurement],
    fiscal_year: int,
    first_year: int,
) -> Number | None:
    """前の値: what the year's own figure is compared with; None where nobody knows.

    The last value of another year of measurement in the KPI's life, else the baseline; of a
    cumulative KPI what the year before brought alone.
    """
    if definition.is_cumulative:
        known = measurements.get(fiscal_year - 1) if fiscal_year > first_year else None
        return None if known is None else known.value
    own = measurements[fiscal_year]
    measured = value_years.measured_in(fiscal_year, own)
    found = value_years.by_year_measured(measurements, first_year=first_year, before=fiscal_year)
    others = [value for year, value in found.items() if year != measured]
    return others[-1] if others else definition.baseline


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
