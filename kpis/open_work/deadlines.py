"""The fiscal year whose actuals are due, the day by which, and how far away that is."""

from collections.abc import Collection
from datetime import date

from common.fiscal_year import fiscal_year_of, wareki_date
from projects.models import EntryDeadline, Strategy


def due_year(strategy: Strategy, closed: Collection[int], today: date) -> int:
    """The year whose actuals are due: the last that has ended, or the next still open."""
    ended = fiscal_year_of(today) - 1
    due = min(max(ended, strategy.first_year), strategy.last_year)
    return min((year for year in strategy.years if year >= due and year not in closed), default=due)


def deadline_of(strategy: Strategy, fiscal_year: int) -> date | None:
    """A year's deadline, None while none is set."""
    return (
        EntryDeadline.objects.filter(strategy=strategy, fiscal_year=fiscal_year)
        .values_list("due_on", flat=True)
        .first()
    )


def deadline_text(due_on: date | None, today: date, *, waiting: int) -> str:
    """`締切 令和8年6月30日、あと12日`, or by how many days it is past; without brackets of its own.

    `waiting` counts what is still to be entered; where nothing is, nobody is late. Empty then,
    and without a deadline.
    """
    if due_on is None:
        return ""
    days = (due_on - today).days
    if days < 0:
        return f"締切の{wareki_date(due_on)}を{-days}日過ぎています" if waiting else ""
    left = f"あと{days}日" if days else "今日まで"
    return f"締切 {wareki_date(due_on)}、{left}"
