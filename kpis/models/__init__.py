"""The numbers: what is measured, what is aimed at, what was reached.

Yearly actuals are written by `kpis.recording` alone. Rules that need only one
table are database constraints; rules across tables are in `clean()` and in
`kpis.rules`.
"""

from kpis.models.actuals import (
    LONGEST_VALUE_IN_WORDS,
    MEASURED_STATES,
    ActualState,
    YearlyActual,
)
from kpis.models.kpi import (
    MAX_DECIMAL_PLACES,
    Aggregation,
    Direction,
    FormerEnd,
    FormerPlace,
    Formula,
    Kpi,
)
from kpis.models.rating import KpiRatingRules
from kpis.models.targets import LONGEST_TARGET_WORDS, MET_BY_CHOICES, FinalTarget, YearlyTarget

__all__ = [
    "LONGEST_TARGET_WORDS",
    "LONGEST_VALUE_IN_WORDS",
    "MAX_DECIMAL_PLACES",
    "MEASURED_STATES",
    "MET_BY_CHOICES",
    "ActualState",
    "Aggregation",
    "Direction",
    "FinalTarget",
    "FormerEnd",
    "FormerPlace",
    "Formula",
    "Kpi",
    "KpiRatingRules",
    "YearlyActual",
    "YearlyTarget",
]
