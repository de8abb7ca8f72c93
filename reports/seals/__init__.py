"""Seals: a chain of hashes over everything that was recorded and issued.

Whoever changes the past in the database itself has to change every seal since, and these stand in
print (issued editions), in the log and in backups.
"""

from reports.models import Occasion, Seal
from reports.seals.making import (
    make_daily_seal,
    make_seal,
    newest_seal,
    seal_closing,
    seal_of,
)

__all__ = [
    "Occasion",
    "Seal",
    "make_daily_seal",
    "make_seal",
    "newest_seal",
    "seal_closing",
    "seal_of",
]
