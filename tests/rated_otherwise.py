"""Plans that rate otherwise than Omuta's: ten marks, by position, by people, not at all."""

from decimal import Decimal
from typing import Any

from projects.bands import Band, bands_to_data
from projects.models import Strategy
from projects.scales import Step, steps_to_data

# Labels alone, as long as a city might have them; what is late is ticked.
TEN_MARKS = tuple(
    Band("", label, None if lower is None else Decimal(lower), is_late)
    for label, lower, is_late in (
        ("目標を大きく上回る", "150", False),
        ("目標を上回る", "120", False),
        ("目標どおり", "100", False),
        ("ほぼ目標どおり", "95", False),
        ("おおむね順調", "90", False),
        ("やや順調", "80", False),
        ("やや遅れ", "70", True),
        ("遅れ", "50", True),
        ("大幅な遅れ", "25", True),
        ("未着手に近い", None, True),
    )
)
# Symbols alone.
ARROWS = (
    Band("↗", "", None, is_late=False),
    Band("→", "", None, is_late=False),
    Band("↘", "", None, is_late=True),
)
SINCE_LAST = (
    Step(1, "previous", "better", Decimal(3), "percent"),
    Step(2, "previous", "similar", Decimal(3), "percent"),
    Step(3),
)
OF_PEOPLE = (
    Band("S", "期待を超える", None),
    Band("A", "期待どおり", None),
    Band("B", "やや不足", None),
    Band("C", "不足", None),
)
OF_EXPERTS = (Band("", "有効", None), Band("", "有効でない", None))

RATED_OTHERWISE: dict[str, dict[str, Any]] = {
    "ten marks": {"bands": bands_to_data(TEN_MARKS), "rate_decimals": 2, "rate_rounding": "cut"},
    "by position": {
        "rating_method": "position",
        "bands": bands_to_data(ARROWS),
        "rating_steps": steps_to_data(SINCE_LAST),
        "project_method": "none",
    },
    "by people": {
        "rating_method": "people",
        "bands": bands_to_data(OF_PEOPLE),
        "project_method": "people",
        "external_bands": bands_to_data(OF_EXPERTS),
    },
    "not at all": {"rating_method": "none", "project_method": "none"},
}


def rate_otherwise(strategy: Strategy, how: str) -> Strategy:
    """Make a plan rate otherwise from its beginning on; `how` is a key of RATED_OTHERWISE."""
    for name, value in RATED_OTHERWISE[how].items():
        setattr(strategy, name, value)
    strategy.full_clean()
    strategy.save()
    return strategy
