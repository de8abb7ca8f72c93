"""One KPI in one fiscal year: figures, rates, rating, and what can't be said and why.

Pure, like `kpis.achievement`, on whose functions everything here rests. Every
page, table and report reads its figures from a `KpiAssessment`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from common.fiscal_year import wareki
from common.reading.units import is_percent
from kpis import achievement, value_years
from kpis.achievement import Absence, Measurement, Number, display_value
from projects.bands import Band, lower_bounds
from projects.words import OWN_WORDS, PlanWords

# Which rules of docs/domain.md, Rates, a document's figures were computed by. It grows with
# every change of them that can change a figure.
RULES_VERSION = 1


@dataclass(frozen=True, slots=True)
class PlanRules:
    """What a strategy says about its years, means and ratings, and in which words."""

    first_year: int
    last_year: int
    average_cap: Decimal | None
    rating_basis: str
    bands: tuple[Band, ...]
    words: PlanWords = OWN_WORDS

    @property
    def years(self) -> range:
        """The plan's fiscal years, in order."""
        return range(self.first_year, self.last_year + 1)

    @property
    def bounds(self) -> tuple[Decimal, ...]:
        """The bounds that a displayed rate must not be rounded up to."""
        return lower_bounds(self.bands)


@dataclass(frozen=True, slots=True)
class KpiDefinition:
    """What a KPI measures and how its rates are computed. Ids are the database's."""

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
    sentence.
    """

    definition: KpiDefinition
    bands: tuple[Band, ...]
    fiscal_year: int
    actual: Decimal | None
    value: Decimal | None
    expected: Fraction | None
    final_target: Decimal | None
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


def assess(
    definition: KpiDefinition,
    rules: PlanRules,
    fiscal_year: int,
    *,
    measurements: Mapping[int, Measurement],
    final_targets: tuple[tuple[int, Decimal], ...],
    yearly_targets: Mapping[int, Decimal],
) -> KpiAssessment:
    """Assess one KPI in one fiscal year of the plan."""
    progressed = achievement.progress_value(
        measurements,
        fiscal_year,
        first_year=rules.first_year,
        aggregation=definition.aggregation,
    )
    target = achievement.in_force(final_targets, fiscal_year)
    yearly = yearly_targets.get(fiscal_year)
    expected = achievement.expected_value(
        fiscal_year,
        first_year=rules.first_year,
        last_year=rules.last_year,
        final_target=target,
        yearly_target=yearly,
        aggregation=definition.aggregation,
        formula=definition.formula,
        baseline=definition.baseline,
    )
    against_target = against_expected = None
    if progressed.absence is None:
        against_target = _rate_of(definition, progressed.value, target)
        against_expected = (
            against_target
            if _is_same(expected, target)
            else _rate_of(definition, progressed.value, expected)
        )
    rated = against_expected if rules.rating_basis == "progress" else against_target
    own = measurements.get(fiscal_year)
    absence = progressed.absence
    if absence is None and (against_target is None or against_expected is None):
        absence = Absence.UNCOMPUTABLE
    return KpiAssessment(
        definition=definition,
        bands=rules.bands,
        fiscal_year=fiscal_year,
        actual=own.value if own is not None else None,
        value=progressed.value,
        expected=expected,
        final_target=target,
        yearly_target=yearly,
        achievement=against_target,
        progress=against_expected,
        rating_rate=rated,
        rating=achievement.rating(rated, rules.bands),
        absence=absence,
        absence_reason=_reason(definition, progressed, target, absence),
        unmeasured_years=progressed.unmeasured_years,
        last_measured=(
            value_years.last_measured(measurements, fiscal_year, first_year=rules.first_year)
            if progressed.absence is not None and not definition.is_cumulative
            else None
        ),
        value_year=own.year if own is not None else None,
        value_words=own.words if own is not None else "",
    )


def default_year(
    rules: PlanRules, closed_years: Iterable[int], measured_counts: Mapping[int, int], kpis: int
) -> int:
    """The fiscal year a page opens on.

    The latest closed year; else the latest in which at least half of the
    KPIs have a value (`measured_counts`, by year); else the plan's first.
    """
    closed = [year for year in closed_years if year in rules.years]
    if closed:
        return max(closed)
    half = [year for year in rules.years if kpis and 2 * measured_counts.get(year, 0) >= kpis]
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


def _is_same(expected: Fraction | None, target: Decimal | None) -> bool:
    """Whether the year's goal is the final one; a Fraction and a Decimal compare slowly."""
    if expected is None or target is None:
        return expected is None and target is None
    return expected.as_integer_ratio() == target.as_integer_ratio()


def _reason(
    definition: KpiDefinition,
    progressed: achievement.ProgressValue,
    target: Decimal | None,
    absence: Absence | None,
) -> str:
    if absence is None:
        return ""
    if absence is Absence.REFERENCE:
        years = "、".join(wareki(year) for year in progressed.unknown_years)
        return f"{years}の実績がそろっていないため、累計は参考です。"
    if progressed.value is None and absence is Absence.UNCOMPUTABLE:
        return "実績がことばのため、率は計算しません。"
    if progressed.value is not None:
        return (
            achievement.value_problem(progressed.value, formula=definition.formula)
            or achievement.goal_problem(
                target,
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
}


def _difference(value: Decimal | None, goal: Decimal | Fraction | None) -> Fraction | None:
    if value is None or goal is None:
        return None
    return Fraction(value) - Fraction(goal)
