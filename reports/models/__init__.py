"""What is kept for ever: contents of closed years, editions, changes of plans, all seals."""

from reports.models.edition import Edition, EditionFile
from reports.models.kept_content import KeptContent
from reports.models.plan_change import PlanChange
from reports.models.seal import Occasion, Seal, SealedRow

__all__ = [
    "Edition",
    "EditionFile",
    "KeptContent",
    "Occasion",
    "PlanChange",
    "Seal",
    "SealedRow",
]
