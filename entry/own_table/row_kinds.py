"""What a row says where an indicator has several below each other: 目標, 実績."""

import re

from common.reading.names import comparable
from entry.own_table import uses

KINDS_OF_ROWS = {
    uses.DUE: "年度目安（途中の年度の目標）",
    uses.ACTUAL: "実績値",
    uses.ACHIEVEMENT: "達成率（公表されたもの）",
    uses.PROGRESS: "進捗率（公表されたもの）",
    uses.RATING: "評価（公表されたもの）",
    "drop": "使わない",
}


def kind_of_row(word: str) -> str:
    """What a word for a row most likely says: a use, or `drop`."""
    said = comparable(word)
    for use in (uses.ACHIEVEMENT, uses.PROGRESS, uses.DUE, uses.ACTUAL, uses.RATING):
        if re.search(uses.BY_KEY[use].words, said):
            return use
    return uses.DUE if re.search("目標|計画", said) else "drop"
