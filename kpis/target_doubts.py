"""Yearly targets that pass the final one, or fall behind the one before.

Pure. Of a sum both are refused (`kpis.target_rules`); of a KPI whose years stand alone they may
be meant, and are told wherever the yearly targets stand.
"""

from itertools import pairwise

from common.fiscal_year import wareki
from kpis.achievement import display_value, goal_problem
from kpis.targets import Course, is_worse


def doubts_of(course: Course, decimals: int) -> list[str]:
    """What is odd about the yearly targets, a sentence a kind; empty where nothing may be meant."""
    if course.aggregation == "cumulative":
        return []
    increases = course.direction == "increase"
    more, less = ("超えて", "小さく") if increases else ("下回って", "大きく")
    passing, falling = named_passing(course, passing_years(course), decimals), falling_years(course)
    named = named_falling(course, falling, decimals)
    return [
        *([f"年度目安が最終目標値を{more}います：{passing}。"] if passing else []),
        *([f"年度目安が前の年度より{less}なっています：{named}。"] if named else []),
    ]


def passing_years(course: Course) -> list[int]:
    """The years whose yearly target passes, in the KPI's direction, the final one in force.

    A final target that can't be is no bound.
    """
    passing = []
    for year, value in course.yearly.items():
        row = course.target(year)
        goal = None if row is None else row.value
        if goal is None or not is_worse(goal, value, course.direction):
            continue
        baseline = course.baseline(year)[0]
        if not goal_problem(
            goal, direction=course.direction, formula=course.formula, baseline=baseline
        ):
            passing.append(year)
    return sorted(passing)


def falling_years(course: Course) -> list[tuple[int, int]]:
    """The years whose yearly target goes back, each behind the year of the one before."""
    return [
        (before, year)
        for before, year in pairwise(sorted(course.yearly))
        if is_worse(course.yearly[year], course.yearly[before], course.direction)
    ]


def named_passing(course: Course, years: list[int], decimals: int) -> str:
    """`令和8年度の100（最終目標値80）、…`."""
    named = []
    for year in years:
        row = course.target(year)
        value = display_value(course.yearly[year], decimals)
        goal = display_value(row.value if row else None, decimals)
        named.append(f"{wareki(year)}の{value}（最終目標値{goal}）")
    return "、".join(named)


def named_falling(course: Course, years: list[tuple[int, int]], decimals: int) -> str:
    """`令和9年度の40（令和8年度は50）、…`."""
    return "、".join(
        f"{wareki(year)}の{display_value(course.yearly[year], decimals)}"
        f"（{wareki(before)}は{display_value(course.yearly[before], decimals)}）"
        for before, year in years
    )
