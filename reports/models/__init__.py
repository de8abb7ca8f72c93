"""What is kept of reports for ever: issued editions, and the seals over all that was recorded."""

from reports.models.edition import Edition, EditionFile
from reports.models.seal import Occasion, Seal, SealedRow

__all__ = [
    "Edition",
    "EditionFile",
    "Occasion",
    "Seal",
    "SealedRow",
]
