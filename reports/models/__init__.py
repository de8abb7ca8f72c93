"""What is kept of reports for ever: editions, changes of plans, and the seals over all records."""

from reports.models.edition import Edition, EditionFile
from reports.models.plan_change import PlanChange
from reports.models.seal import Occasion, Seal, SealedRow

__all__ = [
    "Edition",
    "EditionFile",
    "Occasion",
    "PlanChange",
    "Seal",
    "SealedRow",
]
