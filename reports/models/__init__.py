"""What is kept for ever: contents of closed years, issued editions, and the seals over all."""

from reports.models.edition import Edition, EditionFile
from reports.models.kept_content import KeptContent
from reports.models.seal import Occasion, Seal, SealedRow

__all__ = [
    "Edition",
    "EditionFile",
    "KeptContent",
    "Occasion",
    "Seal",
    "SealedRow",
]
