"""What a cell of a plan workbook may say, and how that is written again.

A reader takes a cell's text and gives it as export writes it, which is how two cells are
compared; what it can't take raises ValueError with a sentence in Japanese.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from common.fiscal_year import wareki
from common.reading.dates import read_date
from common.reading.figures import read_number
from common.reading.names import comparable, half_width, read_code
from common.reading.texts import LONGEST_TEXT, clean_text
from common.reading.units import NO_UNIT, read_unit
from common.reading.years import read_fiscal_year
from entry.plan_workbook.figure_remedies import number_remedy

# A cell's text, and the unit of its figures where it has any.
Reader = Callable[[str, str], str]
DELETE = "削除"
# 遅れ, and that nothing means it.
LATE, NOT_LATE = "○", "×"
_PLAN_CODE = re.compile(r"[a-zA-Z0-9_-]{1,50}")
_PLACE = re.compile(r"(?P<code>.+?)(\((?P<since>[^()]+?)(年度)?[~〜～-]\))?")
_NUMBER = re.compile(r"[1-9][0-9]{0,3}")
_MARKS = {
    "": "",
    "○": LATE,
    "〇": LATE,
    "◯": LATE,
    "o": LATE,
    "1": LATE,
    "×": NOT_LATE,
    "x": NOT_LATE,
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet: `meaning` says what it takes, `choices` are all words that it takes.

    `is_key`: it names the row, with the sheet's other such columns. `is_needed`: a row that is
    new has to say it. `width` is in characters.
    """

    heading: str
    read: Reader
    meaning: str
    choices: tuple[str, ...] = ()
    is_key: bool = False
    is_needed: bool = False
    width: int = 14

    @property
    def asked(self) -> str:
<<<<<<< HEAD
        """The sentence where it is not filled in: `年度を書いてください（2025 など）。`."""
=======
        """The sentence where it is missing: `年度を書いてください（2025 など）。`."""
>>>>>>> main
        what = "" if self.meaning == "名前" else f"（{self.meaning}）"
        return f"{self.heading}を書いてください{what}。"

    @property
    def words(self) -> str:
        """All words that it takes, `累計（のべは累計）`; empty where it takes no certain ones."""
        if not isinstance(self.read, Choice):
            return "・".join(self.choices)
        others = [f"{word}は{kept}" for word, kept in self.read.words.items() if word != kept]
        plain = "・".join(dict.fromkeys(self.read.words.values()))
        return plain + (f"（{'、'.join(others)}）" if others else "")


@dataclass(frozen=True, slots=True)
class SheetForm:
    """A sheet: its columns, and in `about` what it holds, a sentence.

    `row_named_by` is the column in which 削除 deletes the whole row. With `has_years`, each
    heading that is a fiscal year is a column of figures too. `most_rows` are several times those
    of any plan. `items` are what the sheet of the plan itself has in rows, each like a column.
    """

    name: str
    about: str
    columns: tuple[Column, ...]
    row_named_by: str = ""
    is_required: bool = False
    items: tuple[Column, ...] = ()
    has_years: bool = False
    most_rows: int = 2_000

    @property
    def keys(self) -> tuple[Column, ...]:
        """The columns that name a row."""
        return tuple(one for one in self.columns if one.is_key)

    @property
    def explained(self) -> tuple[Column, ...]:
        """What people fill in: its columns, or the items of the sheet of the plan itself."""
        return self.items or self.columns

    def column(self, heading: str) -> Column:
        """The column of a heading; one of figures for a year's."""
        found = next((one for one in self.columns if one.heading == heading), None)
        return found or Column(heading, figure, "年度目安値")


def written_figure(value: Decimal | None) -> str:
    """A figure as the workbook has it: `1234.5`, without noughts at its end; empty for None."""
    return "" if value is None else f"{value.normalize() + 0:f}"


def text_of(most: int = LONGEST_TEXT) -> Reader:
    """A reader of texts of at most so many characters."""

    def read(text: str, _unit: str) -> str:
        cleaned = clean_text(text)
        if len(cleaned) > most:
            raise ValueError(
                f"{most:,}字までです（今は{len(cleaned):,}字）。短くまとめてください。"
            )
        return cleaned

    return read


def figure(text: str, unit: str) -> str:
    """A figure: full width, thousands separators, △ and the KPI's unit are understood."""
    return written_figure(read_number(text, unit))


def year(text: str, _unit: str) -> str:
    """A fiscal year in any usual spelling, as the western year."""
    return str(read_fiscal_year(text))


def day(text: str, _unit: str) -> str:
    """A day in any usual spelling, in ISO."""
    read = read_date(text)
    return read.isoformat() if read else ""


def whole_number(fewest: int, most: int) -> Reader:
    """A reader of numbers between two bounds, both included."""

    def read(text: str, _unit: str) -> str:
        value = read_number(text)
        if value is None or value != value.to_integral_value() or not fewest <= value <= most:
            raise ValueError(f"「{text[:20]}」は使えません。{fewest}から{most}までの整数です。")
        return str(int(value))

    return read


@dataclass(frozen=True, slots=True)
class Choice:
    """A reader of words, each written as the one it stands for."""

    words: Mapping[str, str]

    def __call__(self, text: str, _unit: str) -> str:
        """The word that a cell's text stands for."""
        said = comparable(text)
        for word, kept in self.words.items():
            if comparable(word) == said:
                return kept
        named = "・".join(dict.fromkeys(self.words.values()))
        raise ValueError(f"「{text[:20]}」は使えません。{named}のどれかを書いてください。")


def same(*words: str) -> dict[str, str]:
    """Words that stand for themselves, for `choice`."""
    return {word: word for word in words}


def limit(text: str, _unit: str) -> str:
    """A limit of means in percent, or なし."""
    if comparable(text) in (comparable(NO_UNIT), "無し"):
        return NO_UNIT
    return percentage(text, _unit)


def percentage(text: str, _unit: str) -> str:
    """A rate in percent, with or without the sign."""
    return figure(text, "%")


def lower_bound(text: str, _unit: str) -> str:
    """The rate from which a band begins: 80, 80% or 80%以上."""
    return percentage(half_width(text).removesuffix("以上"), "%")


def unit(text: str, _unit: str) -> str:
    """A unit of at most 20 characters; なし where figures have none."""
    if half_width(text) in _SIGNS_OF_NOTHING:
        return NO_UNIT
    read = read_unit(clean_text(text))
    if len(read) > _LONGEST_UNIT:
        raise ValueError(f"単位は{_LONGEST_UNIT}字までです。短くしてください。")
    return read or NO_UNIT


def mark(text: str, _unit: str) -> str:
    """○, or × where it is said that nothing is so."""
    said = half_width(text).casefold()
    if said not in _MARKS:
        raise ValueError(f"「{text[:20]}」は使えません。{LATE}を書くか、空欄にしてください。")
    return _MARKS[said]


def code(text: str, _unit: str) -> str:
    """A project's code, in half width and capitals; whether there is one is not asked here."""
    return read_code(text)


def plan_code(text: str, _unit: str) -> str:
    """A plan's code, in half width."""
    read = half_width(text)
    if not _PLAN_CODE.fullmatch(read):
        raise ValueError(
            "計画コードは、50字までの半角の英数字とハイフンで書いてください（例：machi-2027-2031）。"
        )
    return read


def place(text: str, _unit: str) -> str:
    """A KPI番号, or what else names a place in a plan, with the first year where it is needed.

    `P1-2`; `P1-2（令和6年度〜）` of one that had the place before another has it now.
    """
    found = _PLACE.fullmatch(read_code(text))
    if found is None:
        raise ValueError(f"「{text[:20]}」を読み取れません。P1-2 のように書いてください。")
    since = found["since"]
    return placed(found["code"].strip(), int(read_fiscal_year(since)) if since else None)


def number_of_place(text: str, unit: str) -> str:
    """A number within a project, from 1, with the first year where it is needed."""
    read = place(text, unit)
    if not _NUMBER.fullmatch(read.partition("（")[0]):
        remedy = number_remedy(text) or "1から9999までの整数です。"
        raise ValueError(f"「{text[:20]}」は使えません。{remedy}")
    return read


def placed(name: str, since: int | None) -> str:
    """`P1-2（令和6年度〜）`; without a year the place alone."""
    return name if since is None else f"{name}（{wareki(since)}〜）"


_LONGEST_UNIT = 20
_SIGNS_OF_NOTHING = {"-", "‐", "–", "—", "―", "－", "−", "ー", "─"}
