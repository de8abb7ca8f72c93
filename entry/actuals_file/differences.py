"""What a row of the file changes, field by field, as the preview shows it."""

from dataclasses import dataclass

from common.fiscal_year import wareki
from entry.actuals_file import columns
from entry.actuals_file.ratings import written_mark
from kpis.achievement import display_value
from kpis.definition import KpiDefinition
from kpis.recording import ActualEntry
from kpis.series import JUDGED
from projects.scales import Scale


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of a year before and after, as people read it; blank where there is nothing."""

    label: str
    old: str
    new: str


def differences_of(
    definition: KpiDefinition, scale: Scale, before: ActualEntry, after: ActualEntry
) -> list[Difference]:
    """What an entry changes in the one that stands; `scale` is that of the year."""
    old, new = _shown(definition, scale, before), _shown(definition, scale, after)
    return [Difference(label, old[label], new[label]) for label in old if old[label] != new[label]]


def _shown(definition: KpiDefinition, scale: Scale, entry: ActualEntry) -> dict[str, str]:
    figure = entry.value
    places = definition.decimal_places
    return {
        columns.VALUE: entry.value_words
        if figure is None
        else f"{display_value(figure, places)}{definition.unit}",
        columns.VALUE_YEAR: "" if entry.value_year is None else wareki(entry.value_year),
        "状態": entry.state.label,
        columns.REASON: entry.unmeasured_reason,
        columns.EXPECTED: entry.expected_on.isoformat() if entry.expected_on else "",
        columns.ANALYSIS: entry.analysis,
        columns.NEXT_STEPS: entry.next_steps,
        columns.CONFIRMATION: entry.confirmation,
        **{columns.HEADING_OF[name]: _shown_rating(scale, getattr(entry, name)) for name in JUDGED},
    }


def _shown_rating(scale: Scale, stated: int | str | None) -> str:
    """A mark, or the reason for one, as people read it."""
    return stated if isinstance(stated, str) else written_mark(scale, stated)
