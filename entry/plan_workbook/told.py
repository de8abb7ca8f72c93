"""What is told of a reading beside a preview: sentences by kind, the weighty ones apart.

Pure.
"""

from collections import defaultdict
from collections.abc import Iterable
from enum import Enum
from typing import NamedTuple, Self

# So many sentences of a kind that matters stand unfolded.
MOST_OPEN = 12


class Kind(Enum):
    """What a sentence is about, as its list is headed, and whether it matters to the figures."""

    UNUSED = ("使わないシート、列、行", True)
    TARGETS = ("目標の読み方", True)
    BLANKS = ("空欄から決めたこと", True)
    OTHER = ("そのほか", True)
    ANSWERS = ("書き方の意味", False)
    MERGED = ("結合されたセルと見出し", False)
    SPELLING = ("単位や年度などの書き方", False)

    @property
    def label(self) -> str:
        """The heading of the list."""
        return self.value[0]

    @property
    def matters(self) -> bool:
        """Whether everybody should read it before the workbook is taken in."""
        return self.value[1]


class Reading(str):
    """A sentence on what was left out or read otherwise than written; one without kind is OTHER."""

    __slots__ = ("kind",)
    kind: Kind

    def __new__(cls, sentence: str, kind: Kind = Kind.OTHER) -> Self:
        """The sentence with its kind."""
        made = super().__new__(cls, sentence)
        made.kind = kind
        return made

    @property
    def matters(self) -> bool:
        """Whether it is to be read before the workbook is taken in."""
        return self.kind.matters


def kind_of(sentence: str) -> Kind:
    """The kind of a sentence that may have been told without one."""
    return sentence.kind if isinstance(sentence, Reading) else Kind.OTHER


class ReadingsOfKind(NamedTuple):
    """The sentences of a kind; folded where they don't matter, or are too many."""

    label: str
    sentences: list[str]
    is_open: bool


def by_kind(sentences: Iterable[str]) -> list[ReadingsOfKind]:
    """The sentences by their kinds, what matters first; each once, in their order."""
    found: defaultdict[Kind, list[str]] = defaultdict(list)
    for one in dict.fromkeys(sentences):
        found[kind_of(one)].append(one)
    return [
        ReadingsOfKind(
            kind.label,
            found[kind],
            kind is Kind.UNUSED or (kind.matters and len(found[kind]) <= MOST_OPEN),
        )
        for kind in Kind
        if kind in found
    ]
