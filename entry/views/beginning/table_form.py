"""The form in which somebody says how a city's own table is read."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from common.fiscal_year import wareki
from common.reading.texts import clean_text
from common.reading.years import read_fiscal_year
from common.spreadsheets.merging import fill_merged
from common.spreadsheets.refusals import FileRefused
from common.spreadsheets.sheet import Sheet
from entry.own_table.converting import Converted, uses_of
from entry.own_table.guessing import content_of
from entry.own_table.headings import Heading, headings_of
from entry.own_table.odd_figures import EXPECTED
from entry.own_table.plan_sheets import FORMULA, NO_RATING, RATE, RATES
from entry.own_table.questions import Question
from entry.own_table.settings import ColumnUse, OwnTable
from entry.own_table.uses import BASELINE, BY_KEY, UNUSED, USES, Use
from entry.plan_workbook import forms
from projects.words import PlanWords

MOST_COLUMNS = 100
_EXAMPLES = 3
_LONGEST = 4000
_FIGURE_USES = (
    "name", "code", "actual", "row_kind", "by_kind", "row_year", "analysis", "next_steps",
    "achievement", "progress", "rating",
)  # fmt: skip
# What is asked of a plan, with what to say beside it.
_ITEMS = (
    "計画コード", "計画名", "団体名", "団体コード", "担当課", "最初の年度", "最終年度",
    "柱の呼び名", "プロジェクトの呼び名",
)  # fmt: skip


class ShownColumn(NamedTuple):
    """A column with what stands in it, and what was chosen or typed for it."""

    heading: Heading
    examples: list[str]
    use: str
    year: str
    error: str

    @property
    def has_year(self) -> bool:
        """Whether it may be of a year; of one that is not used yet nobody knows."""
        return not self.use or self.use == BASELINE or BY_KEY[self.use].of_years


class ShownItem(NamedTuple):
    """Something that is said of the plan; `choices` where it is chosen. `number` is for its id."""

    number: int
    label: str
    value: str
    help: str
    choices: tuple[str, ...] = ()

    @property
    def is_needed(self) -> bool:
        """Whether the plan can't do without."""
        return _is_needed(self.label)


class ShownQuestion(NamedTuple):
    """A question, and the reading that was chosen, else the likeliest. `number` is for its id."""

    number: int
    question: Question
    chosen: str


class TableForm:
    """What was guessed or typed, as it is shown; `settings` are what it says.

    `has_plan` is False for figures alone, which ask nothing of the plan. Raises FileRefused for a
    sheet of more than MOST_COLUMNS.
    """

    def __init__(
        self, sheet: Sheet, settings: OwnTable, words: PlanWords, *, has_plan: bool
    ) -> None:
        self.sheet = sheet
        self.settings = settings
        self.words = words
        self.has_plan = has_plan
        self._filled = fill_merged(sheet)
        first, last = settings.first_heading, settings.last_heading
        self.headings = headings_of(self._filled, first, last)
        if len(self.headings) > MOST_COLUMNS:
            raise FileRefused(
                f"列が{MOST_COLUMNS}を超えています。要らない列を削除して、保存し直してください。"
            )
        self._typed_years: dict[str, str] = {}
        self._errors: dict[str, str] = {}
        self._is_typed = False

    def read(self, post: Mapping[str, str]) -> None:
        """Take what was typed into the settings."""
        settings = self.settings
        self._is_typed = True
        settings.columns = {one.key: self._column(one, post) for one in self.headings}
        for name, text in post.items():
            kind, _colon, key = name.partition(":")
            said = clean_text(text)[:_LONGEST]
            if kind == "answer":
                settings.answers[key] = said
            elif kind == "plan" and (self.has_plan or key == EXPECTED):
                settings.plan[key] = said
            elif kind == "code":
                settings.codes[key] = said

    def _column(self, heading: Heading, post: Mapping[str, str]) -> ColumnUse:
        use = post.get(f"use:{heading.letters}", "")
        written = post.get(f"year:{heading.letters}", "").strip()
        use = use if use in BY_KEY else UNUSED
        year = None
        self._typed_years[heading.key] = written
        if written and use and (use == BASELINE or BY_KEY[use].of_years):
            try:
                year = read_fiscal_year(written)
            except ValueError as error:
                self._errors[heading.key] = str(error)
        return ColumnUse(use, year)

    @property
    def uses(self) -> tuple[Use, ...]:
        """What a column can be."""
        if self.has_plan:
            return USES
        return tuple(
            one._replace(label=self.words.put(one.label)) for one in USES if one.key in _FIGURE_USES
        )

    @property
    def columns(self) -> list[ShownColumn]:
        """The columns of the table."""
        chosen = uses_of(self.headings, self.settings)
        shown = []
        for one in self.headings:
            column = chosen[one.key]
            year = wareki(column.year) if column.year else self._typed_years.get(one.key, "")
            content = content_of(self._filled, one.column, self.settings.last_heading, _EXAMPLES)
            error = self._errors.get(one.key, "")
            shown.append(ShownColumn(one, content, column.use, year, error))
        return shown

    def items(self, converted: Converted) -> list[ShownItem]:
        """What is said of the plan, and what of it the table told."""
        plan = converted.sheets.get(forms.PLAN)
        rows = plan.rows.values() if plan else ()
        told = {row[forms.ITEM].text: row[forms.CONTENT].text for row in rows}
        said = told | self.settings.plan
        known = {one.heading: one.meaning for one in forms.ITEMS}
        names = _ITEMS if self.has_plan else ()
        shown = [
            ShownItem(at, name, said.get(name, ""), known[name]) for at, name in enumerate(names)
        ]
        if self.has_plan:
            rate = said.get(RATE) or RATES[0]
            help_ = f"年度ごとの評価に使います。「{NO_RATING}」も選べます"
            shown.append(ShownItem(len(shown), RATE, rate, help_, RATES))
            formula = said.get(FORMULA) or next(iter(forms.FORMULAS))
            help_ = "すべての指標に共通のもの。1つずつは、あとで変えられます"
            shown.append(ShownItem(len(shown), FORMULA, formula, help_, tuple(forms.FORMULAS)))
        if any("pending" in [value for value, _l in one.readings] for one in converted.questions):
            help_ = "「集計中」と答えたときだけ。2027-03-31、令和9年3月31日 など"
            shown.append(ShownItem(len(shown), EXPECTED, said.get(EXPECTED, ""), help_))
        return shown

    def questions(self, converted: Converted) -> list[ShownQuestion]:
        """What is asked: questions with one reading alone are none."""
        asked = [one for one in converted.questions if len(one.readings) > 1]
        return [
            ShownQuestion(at, one, one.answer or one.readings[0].value)
            for at, one in enumerate(asked)
        ]

    @property
    def is_misread(self) -> bool:
        """Whether something was typed that can't be read, rather than left out."""
        return bool(self._errors)

    @property
    def faults(self) -> Iterator[tuple[str, str, str]]:
        """The id and the label of each field at fault, with the sentence why."""
        for one in self.headings:
            if sentence := self._errors.get(one.key):
                yield f"year-{one.letters}", f"{one.letters}列（{one.text}）", sentence
        for number, name in enumerate(_ITEMS if self._is_typed and self.has_plan else ()):
            if _is_needed(name) and not self.settings.plan.get(name):
                yield f"plan-{number}", name, "入力してください。"


def _is_needed(item: str) -> bool:
    return any(one.heading == item and one.is_needed for one in forms.ITEMS)
