"""A deadline in words: the day, and how far away it is."""

from datetime import date

from projects.fiscal_year import wareki_date


def deadline_text(due_on: date, today: date) -> str:
    """`締切 令和8年6月30日（あと12日）`, or by how many days it is past."""
    days = (due_on - today).days
    if days < 0:
        return f"締切（{wareki_date(due_on)}）を{-days}日過ぎています"
    left = f"あと{days}日" if days else "今日まで"
    return f"締切 {wareki_date(due_on)}（{left}）"
