"""Years in which a KPI or an initiative is not in the plan: nothing is recorded of them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from common.fiscal_year import wareki
from kpis.models import Kpi
from kpis.recording.engine import Change
from kpis.recording.refusals import Kind, Refusal
from projects.models import Lived


def refused_outside_life(
    owners: Mapping[int, Kpi], fiscal_year: int, changes: Sequence[tuple[Any, Change]]
) -> Iterator[Refusal]:
    """Figures of years outside a KPI's life; what stands there all the same may be taken back."""
    for _row, change in changes:
        owner = owners[change.owner_id]
        if change.entry is not None and not owner.lives_in(fiscal_year):
            message = outside_life(owner, fiscal_year)
            yield Refusal(owner.code, Kind.INVALID, "value", message, owner_id=owner.pk)


def outside_life(row: Lived, fiscal_year: int) -> str:
    """The sentence that refuses a year in which something is not in the plan."""
    if row.first_year is not None and fiscal_year < row.first_year:
        return (
            f"{wareki(row.first_year)}に始まります。"
            f"{wareki(fiscal_year)}には、まだありませんでした。"
        )
    if row.last_year is not None and fiscal_year > row.last_year:
        return f"{wareki(row.last_year)}に終わりました。{wareki(fiscal_year)}にはありません。"
    return ""
