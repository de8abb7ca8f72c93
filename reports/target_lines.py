"""A KPI's final targets as lines: from when each holds, what it asks for, and why it was set."""

from collections.abc import Iterable

from common.fiscal_year import wareki
from kpis.definition import KpiDefinition
from kpis.models import FinalTarget
from kpis.target_text import condition_of, target_in_words
from kpis.targets import Target, target_of


def target_lines(definition: KpiDefinition, rows: Iterable[FinalTarget]) -> list[tuple[str, str]]:
    """Each row as a line, with its reason, which may be empty.

    `令和8年度から 80件以上（目標年度 令和9年度、基準値 12件（令和6年度））`.
    """
    return [(target_line(definition, target_of(row)), row.reason) for row in rows]


def target_line(definition: KpiDefinition, target: Target) -> str:
    """What a row asks for, and from when."""
    terms = terms_of(definition, target)
    said = f"{wareki(target.effective_from)}から {goal_of(definition, target)}"
    return said + (f"（{terms}）" if terms else "")


def goal_of(definition: KpiDefinition, target: Target | None) -> str:
    """What is to be reached: `80件以上`."""
    return target_in_words(
        target,
        definition.direction,
        unit=definition.unit,
        decimals=definition.decimal_places,
    )


def terms_of(definition: KpiDefinition, target: Target) -> str:
    """How words are met, and the year and baseline that a row states; empty for none of them."""
    terms = [condition_of(target, definition.direction)] if target.words else []
    if target.target_year is not None:
        terms.append(f"目標年度 {wareki(target.target_year)}")
    if target.baseline is not None:
        of_year = f"（{wareki(target.baseline_year)}）" if target.baseline_year else ""
        terms.append(f"基準値 {definition.written(target.baseline)}{of_year}")
    return "、".join(terms)
