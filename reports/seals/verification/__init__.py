"""Whether the records are what was recorded: tables against history, history against seals.

Everything is read in the order of its keys, two tables side by side, so that memory does not grow
with them; and as it stood at one moment, without holding up whoever saves.
"""

from reports.seals.verification.findings import Findings
from reports.seals.verification.histories import verify_histories
from reports.seals.verification.names import seal_in_words
from reports.seals.verification.one_moment import one_moment
from reports.seals.verification.printed import find_seal
from reports.seals.verification.sealed import verify_seals

__all__ = [
    "Findings",
    "find_seal",
    "one_moment",
    "seal_in_words",
    "verify_histories",
    "verify_seals",
]
