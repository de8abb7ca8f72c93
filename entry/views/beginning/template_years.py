"""The years for which an empty workbook has columns, as they are chosen before it is fetched."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from common.fiscal_year import fiscal_year_of, wareki

_BEFORE, _AFTER = 6, 4
_LENGTHS = range(3, 13)
_USUAL_LENGTH = 5


def year_choices() -> dict[str, Any]:
    """What can be chosen, for a page: the first year, by default the next one, and how many."""
    offered = _first_year()
    years = range(offered - _BEFORE, offered + _AFTER)
    return {
        "template_first": offered,
        "template_firsts": [(year, wareki(year)) for year in years],
        "template_length": _USUAL_LENGTH,
        "template_lengths": _LENGTHS,
    }


def chosen_years(query: Mapping[str, str]) -> range:
    """The years that were chosen; the usual ones where nothing sensible was."""
    choices = year_choices()
    firsts = {str(year): year for year, _label in choices["template_firsts"]}
    first = firsts.get(query.get("first", ""), choices["template_first"])
    lengths = {str(length): length for length in _LENGTHS}
    return range(first, first + lengths.get(query.get("years", ""), _USUAL_LENGTH))


def _first_year() -> int:
    return fiscal_year_of(timezone.localdate()) + 1
