"""Units of figures: a share is one however its percent sign is written."""

from common.reading.characters import compatible

PERCENT = ("%", "パーセント")
# How people write that figures have no unit, an index's say.
NO_UNIT = "なし"


def is_percent(unit: str) -> bool:
    """Whether figures in the unit are shares, whose differences are ポイント."""
    return compatible(unit).strip() in PERCENT


def read_unit(text: str) -> str:
    """A unit as it is kept: `%` however it was written, blank for なし, any other as it stands."""
    unit = "%" if is_percent(text) else text.strip()
    return "" if unit == NO_UNIT else unit
