"""A rate's formula with its numbers put in, for people who check a figure by hand.

Pure. The numbers are written as pages write them and the result is what
`achievement.display` shows: `21 ÷ 50 × 100 = 42.0%`.
"""

from decimal import Decimal
from fractions import Fraction

from kpis.achievement import EXTRA_DECIMALS, MINUS_ON_SCREEN, display_value
from kpis.assessment import KpiAssessment
from kpis.definition import KpiDefinition
from kpis.target_text import condition_of
from kpis.targets import Target, edge_of, is_reached, is_worse

_ROUNDED = "（式の中の数は四捨五入して示しています）"


def achievement_in_numbers(assessment: KpiAssessment, *, minus: str = MINUS_ON_SCREEN) -> str:
    """How the 達成率 came about; empty where it is not computable.

    `minus` is the sign of negative numbers, as `display` takes it.
    """
    return _in_numbers(
        assessment, assessment.achievement, assessment.final_target, "目標値", minus, is_final=True
    )


def progress_in_numbers(assessment: KpiAssessment, *, minus: str = MINUS_ON_SCREEN) -> str:
    """How the 進捗率 came about; empty where it is not computable."""
    is_final = assessment.expected is not None and assessment.expected == assessment.final_target
    return _in_numbers(
        assessment, assessment.progress, assessment.expected, "年度目安", minus, is_final=is_final
    )


def _in_numbers(
    assessment: KpiAssessment,
    rate: Fraction | None,
    goal: Decimal | Fraction | None,
    goal_name: str,
    minus: str,
    *,
    is_final: bool,
) -> str:
    value = assessment.value
    if rate is None or value is None or goal is None:
        return ""
    definition = assessment.definition
    said = ""
    if is_final and assessment.target is not None:
        goal, said = _by_its_terms(assessment, value, assessment.target, goal)
    result = assessment.rate_text(rate, minus=minus)
    numbers = [value, goal]
    if definition.formula == "from_baseline" and definition.baseline is not None:
        numbers.append(definition.baseline)
    written = [display_value(number, definition.decimal_places, minus=minus) for number in numbers]
    rounded = any(_is_rounded(number, definition.decimal_places) for number in numbers)
    if said:
        said = f"{said}ため {result}"
    elif _is_falling_ratio(definition) and value == 0:
        said = f"実績値が{written[0]}で{goal_name}{written[1]}以下のため {result}"
    else:
        said = f"{_expression(definition, written, minus)} = {result}"
    return said + (_ROUNDED if rounded else "")


def _by_its_terms(
    assessment: KpiAssessment, value: Decimal, target: Target, goal: Decimal | Fraction
) -> tuple[Decimal | Fraction, str]:
    """The goal that a value is held against by the target's terms, and what they alone say.

    The latter is empty where a formula tells the rate.
    """
    written = assessment.definition.written
    if target.is_strict and value == goal:
        condition = condition_of(target, assessment.definition.direction)
        return goal, f"実績値が目標値と同じ{written(value)}で、{written(goal)}{condition}ではない"
    if target.tolerance is None or not is_worse(value, goal, assessment.definition.direction):
        return goal, ""
    if is_reached(value, target, assessment.definition.direction):
        return goal, f"目標値{written(goal)}を維持する幅（±{written(target.tolerance)}）に入る"
    return edge_of(target, assessment.definition.direction), ""


def _expression(definition: KpiDefinition, written: list[str], minus: str) -> str:
    """The formula of docs/domain.md, Rates, with numbers for v, g and B."""
    value, goal, *baseline = written
    if baseline:
        start = f"（{baseline[0]}）" if baseline[0].startswith(minus) else f" {baseline[0]}"
        return f"（{value} −{start}）÷（{goal} −{start}）× 100"
    if definition.direction == "increase":
        return f"{value} ÷ {goal} × 100"
    if definition.formula == "deviation":
        return f"200 − {value} ÷ {goal} × 100"
    return f"{goal} ÷ {value} × 100"


def _is_falling_ratio(definition: KpiDefinition) -> bool:
    """Whether the actual is the divisor, which zero can't be."""
    return definition.direction == "decrease" and definition.formula == "ratio"


def _is_rounded(number: Decimal | Fraction, decimals: int) -> bool:
    """Whether `display_value` leaves something of the number out."""
    top, bottom = number.as_integer_ratio()
    return bool(top * 10 ** (decimals + EXTRA_DECIMALS) % bottom)
