"""Reads the texts of an XLSX: runs with their marks, without the reading aids above them."""

from collections.abc import Iterable

from common.spreadsheets.archive import TOO_LARGE
from common.spreadsheets.escapes import as_shown
from common.spreadsheets.marked_text import Mark, Run
from common.spreadsheets.refusals import FileRefused
from common.spreadsheets.xml_parts import Attributes, is_on, walk

# What a cell of Excel holds.
LONGEST_TEXT = 32_767
# Of all sheets; one may have 200,000 cells.
_MOST_STRINGS = 500_000
_ALIGNED = {"superscript": Mark.RAISED, "subscript": Mark.LOWERED}
# What a font or a run says of itself, as far as it changes what a text says.
MARKING = ("strike", "vertAlign")


def mark_of(element: str, attributes: Attributes) -> Mark | None:
    """The mark that an element of `MARKING` makes."""
    if element == "strike":
        return Mark.STRUCK if is_on(attributes) else None
    return _ALIGNED.get(attributes.get("val", ""))


class RichText:
    """Gathers the runs of one text at a time; `starts` and `ends` are for `walk`."""

    def __init__(self) -> None:
        self.runs: list[Run] = []
        self._pieces: list[str] = []
        self._length = 0
        self._mark: Mark | None = None
        self._has_own_format = False
        self._is_reading_aid = False
        self._is_text = False
        self.starts = {
            "r": self._begin_run,
            "rPr": self._start_properties,
            "strike": lambda attributes: self._mark_run("strike", attributes),
            "vertAlign": lambda attributes: self._mark_run("vertAlign", attributes),
            "rPh": self._start_reading_aid,
            "t": self._start_text,
        }
        self.ends = {"rPh": self._end_reading_aid, "t": self._end_text, "r": self._begin_run}

    def clear(self) -> None:
        """Begin another text."""
        self.runs = []
        self._length = 0
        self._begin_run()

    def add_text(self, text: str) -> None:
        """Take text where the walk is inside of a run's."""
        if not self._is_text:
            return
        self._length += len(text)
        if self._length > LONGEST_TEXT:
            beginning = (self._pieces or [text])[0][:20]
            raise FileRefused(
                f"「{beginning}」で始まる文が長すぎます。"
                f"1つのセルを{LONGEST_TEXT:,}字までにして、保存し直してください。"
            )
        self._pieces.append(text)

    def _begin_run(self, _attributes: Attributes | None = None) -> None:
        """What follows, within a run or behind it, has no mark yet."""
        self._mark = None
        self._has_own_format = False

    def _start_properties(self, _attributes: Attributes) -> None:
        self._has_own_format = True

    def _mark_run(self, element: str, attributes: Attributes) -> None:
        self._mark = self._mark or mark_of(element, attributes)

    def _start_reading_aid(self, _attributes: Attributes) -> None:
        self._is_reading_aid = True

    def _end_reading_aid(self) -> None:
        self._is_reading_aid = False

    def _start_text(self, _attributes: Attributes) -> None:
        self._is_text = not self._is_reading_aid
        self._pieces = []

    def _end_text(self) -> None:
        if self._is_text:
            self._is_text = False
            self.runs.append(Run(as_shown("".join(self._pieces)), self._mark, self._has_own_format))


def shared_strings(pieces: Iterable[bytes]) -> list[str | tuple[Run, ...]]:
    """The table of strings that cells refer to: a text, or its runs where it has several."""
    strings: list[str | tuple[Run, ...]] = []
    text = RichText()

    def start(_attributes: Attributes) -> None:
        text.clear()

    def end() -> None:
        if len(strings) == _MOST_STRINGS:
            raise FileRefused(TOO_LARGE)
        is_plain = len(text.runs) == 1 and not text.runs[0].has_own_format
        strings.append(text.runs[0].text if is_plain else tuple(text.runs))

    walk(pieces, {"si": start, **text.starts}, {"si": end, **text.ends}, text.add_text)
    return strings
