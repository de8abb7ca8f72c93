"""Where a KPI is heading: the outlook for the plan's last year, and the pace still needed.

Pure and exact, like `kpis.achievement`. Both are estimates: pages mark them as
such, and no rating or mean ever reads them.

Source of the rules: docs/domain.md, Outlook and needed pace.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from common.fiscal_year import wareki
from kpis.achievement import Absence, Measurement, Number
from kpis.assessment import KpiAssessment
from kpis.definition import KpiDefinition
from kpis.targets import is_reached
from kpis.value_years import by_year_measured

# Two points always lie on a line: it takes a third to speak of a trend.
_TREND_YEARS = 3
_WHOLE = 100


@dataclass(frozen=True, slots=True)
class Outlook:
    """着地見込み: what the KPI comes to in the plan's last year if things go on as they have.

    `value` is in the KPI's unit, for a cumulative KPI the sum over the plan.
    It lies within `lowest`…`highest`, the band that shows how rough it is (no
    wider than `value` where one year is known). `basis` says in Japanese what
    it supposes. `reaches` is whether `value` reaches the final target, None
    where there is none.
    """

    value: Fraction
    lowest: Fraction
    highest: Fraction
    basis: str
    reaches: bool | None


@dataclass(frozen=True, slots=True)
class NeededPace:
    """必要ペース: what each remaining year has to bring, in the KPI's unit.

    `per_year` is None exactly when the final target is reached already (達成済み).
    """

    per_year: Fraction | None


def outlook_of(
    assessment: KpiAssessment,
    last_year: int,
    goal: Fraction | None,
    measurements: Mapping[int, Measurement],
) -> Outlook | None:
    """The outlook for a last year as seen from the assessed one: later years don't count.

    `goal` is what is due in the last year, None where nobody knows; `measurements` are those of
    the KPI's life. None where `outlook_problem` says why there is none.
    """
    value = assessment.value
    if value is None or outlook_problem(assessment, last_year):
        return None
    known = _known_values(measurements, assessment.fiscal_year)
    if assessment.definition.is_cumulative:
        years_left = last_year - assessment.fiscal_year
        return _at_this_pace(assessment, Fraction(value), known, years_left, goal)
    return _along_the_line(assessment, known, last_year, goal)


def outlook_problem(
    assessment: KpiAssessment, last_year: int, last_name: str = "計画の最終年度"
) -> str:
    """Why a year has no outlook for a last year, as a Japanese sentence; empty when it has one.

    `last_name` is what that year is called.
    """
    year = wareki(assessment.fiscal_year)
    if assessment.fiscal_year == last_year:
        return f"{year}は{last_name}のため、着地見込みはありません。"
    if assessment.fiscal_year > last_year:
        return f"{last_name}（{wareki(last_year)}）を過ぎているため、着地見込みはありません。"
    if assessment.is_reference:
        return "累計が参考のため、着地見込みは計算できません。"
    if assessment.value_words:
        return "実績がことばのため、着地見込みは計算できません。"
    if assessment.value is None:
        state = (assessment.absence or Absence.MISSING).label
        return f"{year}の実績が{state}のため、着地見込みは計算できません。"
    return ""


def needed_pace_of(assessment: KpiAssessment) -> NeededPace | None:
    """What a cumulative KPI needs a year, from the assessed year on, to reach its final target.

    None for an annual KPI, from the target's year on, without a final target,
    and where the sum is not known or 参考.
    """
    years_left = assessment.target_year - assessment.fiscal_year
    missing = assessment.difference_to_target
    if (
        not assessment.definition.is_cumulative
        or years_left <= 0
        or missing is None
        or assessment.is_reference
    ):
        return None
    return NeededPace(-missing / years_left if missing < 0 else None)


def reaches(definition: KpiDefinition, value: Number, target: Number) -> bool:
    """Whether a value is at least as good as a target, in the KPI's direction."""
    return value >= target if definition.direction == "increase" else value <= target


def _known_values(measurements: Mapping[int, Measurement], fiscal_year: int) -> dict[int, Fraction]:
    """The measured values up to a year, each at the year in which it was measured, in order."""
    known = by_year_measured(measurements, before=fiscal_year + 1)
    return {year: Fraction(own) for year, own in known.items()}


def _at_this_pace(
    assessment: KpiAssessment,
    total: Fraction,
    known: dict[int, Fraction],
    years_left: int,
    goal: Fraction | None,
) -> Outlook:
    """The sum so far, and the mean yearly actual in each remaining year."""
    definition = assessment.definition
    first = min(known)
    mean = sum(known.values(), Fraction(0)) / len(known)
    figure = definition.written(mean)
    if len(known) == 1:
        basis = f"{wareki(first)}の実績{figure}が続くとした場合"
    else:
        gap = any(year > first for year in assessment.unmeasured_years)
        without = "（未測定の年度を除く）" if gap else ""
        years = f"{wareki(first)}から{wareki(assessment.fiscal_year)}まで{without}"
        basis = f"{years}の年平均{figure}が続くとした場合"
    value = total + years_left * mean
    return Outlook(
        value=value,
        lowest=total + years_left * min(known.values()),
        highest=total + years_left * max(known.values()),
        basis=basis,
        reaches=_reaches(assessment, value, goal),
    )


def _along_the_line(
    assessment: KpiAssessment, known: dict[int, Fraction], last_year: int, goal: Fraction | None
) -> Outlook:
    """The least-squares line drawn on to the last year; with too few years the last value."""
    definition = assessment.definition
    if len(known) < _TREND_YEARS:
        # Not the latest year measured where a later row tells of a year before it.
        year = assessment.value_year or assessment.fiscal_year
        value = known[year]
        lowest, highest = min(known.values()), max(known.values())
        basis = f"{wareki(year)}の実績が続くとした場合"
    else:
        value, error = _least_squares(known, last_year)
        lowest, highest = value - error, value + error
        basis = f"{len(known)}か年の実績の傾向を延ばした場合"
    limits = _limits(assessment, known)
    within = _cut(value, *limits)
    if within != value:
        bound = definition.written(within)
        basis += f"（{bound}を{'上限' if within < value else '下限'}とします）"
    return Outlook(
        value=within,
        lowest=_cut(lowest, *limits),
        highest=_cut(highest, *limits),
        basis=basis,
        reaches=_reaches(assessment, within, goal),
    )


def _least_squares(known: dict[int, Fraction], at: int) -> tuple[Fraction, Fraction]:
    """The line's value in the year `at`, and how far the measured values lie from it at most."""
    middle = Fraction(sum(known), len(known))
    mean = sum(known.values(), Fraction(0)) / len(known)
    spread = sum(((year - middle) ** 2 for year in known), Fraction(0))
    rise = sum(((year - middle) * (own - mean) for year, own in known.items()), Fraction(0))
    slope = rise / spread
    error = max(abs(own - mean - slope * (year - middle)) for year, own in known.items())
    return mean + slope * (at - middle), error


def _limits(
    assessment: KpiAssessment, known: dict[int, Fraction]
) -> tuple[Fraction | None, Fraction | None]:
    """The least and the greatest that the KPI can measure, None for no limit.

    Nothing lies below 0 by ratio or deviation. A share lies within 0–100, but not every
    percentage is one: a rate of change falls below, a comparison with the year before rises
    above, and their values or goals say so. A line knows no such limits.
    """
    definition = assessment.definition
    goals = (assessment.final_target, definition.baseline)
    stated = [*known.values(), *(Fraction(goal) for goal in goals if goal is not None)]
    is_percentage = definition.is_percent
    has_floor = definition.formula != "from_baseline" or (is_percentage and min(stated) >= 0)
    has_ceiling = is_percentage and max(stated) <= _WHOLE
    return Fraction(0) if has_floor else None, Fraction(_WHOLE) if has_ceiling else None


def _cut(value: Fraction, lowest: Fraction | None, highest: Fraction | None) -> Fraction:
    """The value, kept within its limits."""
    if lowest is not None and value < lowest:
        return lowest
    return highest if highest is not None and value > highest else value


def _reaches(assessment: KpiAssessment, value: Fraction, goal: Fraction | None) -> bool | None:
    if goal is None:
        return None
    target = assessment.target
    if target is not None and target.value is not None and goal == target.value:
        return is_reached(value, target, assessment.definition.direction)
    return reaches(assessment.definition, value, goal)
