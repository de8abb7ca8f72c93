"""What a row of the file asks for, beside what stands there now.

A blank cell leaves things as they are; so does a cell that says what stands
already, so that a file may be exported, changed in places and imported. Nor is
it a change where saving the file as Shift_JIS has lost characters of a text.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from common.reading.dates import read_date
from common.reading.figures import NotAFigure, State
from common.reading.names import half_width
from common.reading.texts import LONGEST_TEXT, clean_text
from common.reading.years import read_fiscal_year
from common.spreadsheets.cells import Cell
from common.spreadsheets.shift_jis import is_loss_of
from entry.actual_value import read_actual_value
from entry.actuals_file import columns
from entry.actuals_file.differences import Difference, differences_of
from entry.actuals_file.ratings import BY_NOBODY, Rated, place_written, written_mark
from kpis.definition import KpiDefinition
from kpis.models import MEASURED_STATES, ActualState, YearlyActual
from kpis.recording import KEPT, ActualEntry, as_stated, problems_of
from kpis.recording.judgements import WHO_DECIDES, not_a_mark, not_by_people
from kpis.recording.refusals import stale_message
from kpis.series import JUDGED, ActualRecord
from projects.words import OWN_WORDS, PlanWords

DELETE = "削除"
_MARKS = {"": None, "1": True, "0": False, "速報": True, "確定": False}
_NOTHING = ActualEntry(
    ActualState.MISSING,
    proposed_place=None,
    proposal_reason="",
    decided_place=None,
    decision_reason="",
)
_EXPORT_AGAIN = (
    "最新のファイルを書き出して、直すところを入れ直してください。"
    "この行を変えないときは、行を消してください。"
)
_BLANK = f"未入力のままにするときは、{columns.VALUE}を空欄にしてください。"
# Which column is meant for a word that stands where a figure belongs.
_COLUMN_FOR: dict[State | None, str] = {
    "pending": (
        f"集計中のときは、{columns.VALUE}を空欄にして、"
        f"{columns.EXPECTED}の列に予定の日を書いてください。"
    ),
    "unmeasured": (
        f"測っていない年度は、{columns.VALUE}を空欄にして、"
        f"{columns.REASON}の列に理由を書いてください。値が0のときは 0 と書いてください。"
    ),
    "provisional": (
        f"{columns.VALUE}には数字だけを書き、"
        f"速報値のときは{columns.PROVISIONAL}の列に 1 と書いてください。"
    ),
}


def not_a_value(word: NotAFigure) -> str:
    """Why a word is no 実績値, and which column is meant for it."""
    return word.saying(_COLUMN_FOR.get(word.state, _BLANK))


@dataclass(frozen=True, slots=True)
class TakenFigure:
    """A year's figure that another plan enters, and the sentence that says where."""

    figure: ActualEntry
    entered_there: str


@dataclass(slots=True)
class RowRequest:
    """What a row asks for: `entry` None deletes; nothing happens where `is_change` is False.

    It can't be taken where there are `problems`, (heading, sentence). `lossy` are the headings
    of texts that came back with characters lost, and stay.
    """

    entry: ActualEntry | None
    version: int
    is_change: bool
    differences: list[Difference]
    problems: list[tuple[str, str]]
    lossy: list[str]


def read_row(
    definition: KpiDefinition,
    fiscal_year: int,
    saved: YearlyActual | None,
    cells: Mapping[str, Cell],
    words: PlanWords = OWN_WORDS,
    taken: TakenFigure | None = None,
    *,
    takes_words: bool = False,
    rated: Rated = BY_NOBODY,
) -> RowRequest:
    """What a row asks for, with everything that is wrong in it, said in the plan's words."""
    if taken is not None:
        return _read_taken_row(definition, fiscal_year, saved, cells, taken, rated)
    row = _Row(definition, fiscal_year, saved, cells, takes_words=takes_words, rated=rated)
    entry = None if row.deletes else row.entry()
    if entry is None:
        row.refuse_new_content()
    if not row.problems and entry is not None and entry != row.before:
        row.problems += [
            (columns.HEADING_OF.get(name, columns.VALUE), words.put(sentence))
            for name, sentence in problems_of(definition, fiscal_year, entry)
        ]
    is_change = saved is not None if entry is None else entry != row.before
    version = row.version(checked=is_change)
    differences = differences_of(definition, rated.scale, row.before, entry or _NOTHING)
    stated = entry and _without_kept(entry, row.before)
    return RowRequest(stated, version, is_change, differences, row.problems, row.lossy)


def _without_kept(entry: ActualEntry, before: ActualEntry) -> ActualEntry:
    """An entry that says nothing of ratings that it leaves as they stand."""
    same = [name for name in JUDGED if getattr(entry, name) == getattr(before, name)]
    kept: dict[str, Any] = dict.fromkeys(same, KEPT)
    return replace(entry, **kept)


def _read_taken_row(
    definition: KpiDefinition,
    fiscal_year: int,
    saved: YearlyActual | None,
    cells: Mapping[str, Cell],
    taken: TakenFigure,
    rated: Rated,
) -> RowRequest:
    """A row of a KPI whose figure another plan enters.

    It may change the explanations alone, and the ratings that people give in its own plan.
    """
    before = _as_entry(saved)
    own = {name: getattr(before, name) for name in ("analysis", "next_steps", *JUDGED)}
    figure = replace(taken.figure, **own)
    # Whether words are taken is ruled where they are entered; here they may repeat what stands.
    takes_words = bool(figure.value_words)
    row = _Row(definition, fiscal_year, saved, cells, figure, takes_words=takes_words, rated=rated)
    if row.deletes:
        row.problems.append((columns.VALUE, taken.entered_there))
        return RowRequest(None, 0, False, [], row.problems, [])
    stated = row.entry()
    others = [
        columns.HEADING_OF.get(name, columns.PROVISIONAL)
        for name in (
            "value",
            "value_words",
            "value_year",
            "unmeasured_reason",
            "expected_on",
            "state",
            "confirmation",
        )
        if getattr(stated, name) != getattr(figure, name)
    ]
    if others:
        heading = next((one for one in others if row.states(one)), others[0])
        row.problems.append((heading, taken.entered_there))
    entry = ActualEntry(ActualState.MISSING, analysis=stated.analysis, next_steps=stated.next_steps)
    judged = {name: getattr(stated, name) for name in JUDGED}
    entry = _without_kept(replace(entry, **judged), figure)
    is_change = stated != figure and not row.problems
    version = row.version(checked=is_change)
    differences = differences_of(definition, rated.scale, figure, stated)
    return RowRequest(entry, version, is_change, differences, row.problems, row.lossy)


class _Row:
    """A row while it is read; what is wrong gathers in `problems`."""

    def __init__(
        self,
        definition: KpiDefinition,
        fiscal_year: int,
        saved: YearlyActual | None,
        cells: Mapping[str, Cell],
        before: ActualEntry | None = None,
        *,
        takes_words: bool = False,
        rated: Rated = BY_NOBODY,
    ) -> None:
        self.definition = definition
        self.fiscal_year = fiscal_year
        self.rated = rated
        self.takes_words = takes_words
        self.saved = saved
        self.before = before or _as_entry(saved)
        self.problems = [(heading, cell.problem) for heading, cell in cells.items() if cell.problem]
        self.lossy: list[str] = []
        self._has_value_year = columns.VALUE_YEAR in cells
        self._texts = {
            heading: "" if cell.problem else cell.text for heading, cell in cells.items()
        }

    @property
    def deletes(self) -> bool:
        return half_width(self._texts.get(columns.VALUE, "")) == DELETE

    def states(self, heading: str) -> bool:
        """Whether a cell says anything."""
        return bool(self._texts.get(heading))

    def refuse_new_content(self) -> None:
        """Refuse what else a row states that deletes."""
        self._texts[columns.VALUE] = ""
        stated = self.entry()
        for name, heading in columns.HEADING_OF.items():
            if getattr(stated, name) != getattr(self.before, name):
                self._refuse(
                    heading, "削除する行に新しい内容が書かれています。空欄にしてください。"
                )

    def entry(self) -> ActualEntry:
        """What stands, with what the row states anew."""
        stated = self._figure()
        proposal = self._rating("proposed_place", "proposal_reason")
        decision = self._rating("decided_place", "decision_reason")
        for name in decision if not self.rated.decides else ():
            if decision[name] != getattr(self.before, name):
                self._refuse(columns.HEADING_OF[name], f"{WHO_DECIDES}空欄にしてください。")
        return replace(
            stated,
            **proposal,
            **decision,
            analysis=self._text(columns.ANALYSIS, self.before.analysis),
            next_steps=self._text(columns.NEXT_STEPS, self.before.next_steps),
            confirmation=self._text(columns.CONFIRMATION, self.before.confirmation),
        )

    def _rating(self, place: str, reason: str) -> dict[str, Any]:
        """A mark and its reason as the row states them, or as they stand."""
        before = getattr(self.before, place)
        heading, scale = columns.HEADING_OF[place], self.rated.scale
        text = self._texts.get(heading, "")
        why = self._text(columns.HEADING_OF[reason], getattr(self.before, reason))
        if not text or text == written_mark(scale, before):
            return {place: before, reason: why}
        if not scale.is_by_people:
            self._refuse(heading, not_by_people(heading, self.fiscal_year))
            return {place: before, reason: why}
        try:
            stated = place_written(text, scale)
        except ValueError:
            self._refuse(heading, f"「{text[:20]}」は使えません。{not_a_mark(heading, scale)}")
            return {place: before, reason: why}
        # With the mark goes its reason, unless the row gives another.
        is_gone = stated is None and why == getattr(self.before, reason)
        return {place: stated, reason: "" if is_gone else why}

    def version(self, *, checked: bool) -> int:
        """The version of the row, 0 without one; `checked` against the one that stands."""
        text = half_width(self._texts.get(columns.VERSION, ""))
        if text and not (text.isascii() and text.isdigit() and len(text) < 10):
            self._refuse(columns.VERSION, f"版「{text[:20]}」を読み取れません。{_EXPORT_AGAIN}")
            return 0
        version = int(text or 0)
        current = self.saved.version if self.saved is not None else 0
        if checked and version != current:
            if version == 0:
                sentence = "実績がすでにあるのに、版が空です。"
            else:
                sentence = stale_message(self.saved)
            self._refuse(columns.VERSION, sentence + _EXPORT_AGAIN)
        return version

    def _figure(self) -> ActualEntry:
        before, value, year, mark = self.before, self._value(), self._value_year(), self._mark()
        reason, day = self._text(columns.REASON, before.unmeasured_reason), self._day()
        new_reason = reason != before.unmeasured_reason
        new_day = day is not None and day != before.expected_on
        if value is not None:
            if new_reason or new_day:
                self._refuse_both(columns.REASON if new_reason else columns.EXPECTED)
            return self._measured_anew(value, year, mark=mark)
        if new_reason and new_day:
            self._refuse_both(columns.EXPECTED)
        if before.state in MEASURED_STATES and not (new_reason or new_day):
            state = before.state if mark is None else _measured(provisional=mark)
            return replace(before, state=state, value_year=year or before.value_year)
        if mark and before.state != ActualState.PROVISIONAL:
            self._refuse_mark()
        if year is not None and year != before.value_year:
            self._refuse_year()
        if new_day:
            return ActualEntry(ActualState.PENDING, expected_on=day)
        if new_reason:
            return ActualEntry(ActualState.UNMEASURED, unmeasured_reason=reason)
        return before

    def _measured_anew(
        self, value: Decimal | str, year: int | None, *, mark: bool | None
    ) -> ActualEntry:
        before = self.before
        # A file without that column says nothing of whose year a standing value is.
        if not self._has_value_year and value in (before.value, before.value_words):
            year = before.value_year
        provisional = before.state == ActualState.PROVISIONAL if mark is None else mark
        state = _measured(provisional=provisional)
        if isinstance(value, str):
            return ActualEntry(state, value_words=value, value_year=year)
        return ActualEntry(state, value, value_year=year)

    def _value(self) -> Decimal | str | None:
        text = self._texts.get(columns.VALUE, "")
        try:
            return read_actual_value(text, self.definition.unit, takes_words=self.takes_words)
        except NotAFigure as word:
            self._refuse(columns.VALUE, not_a_value(word))
        except ValueError as error:
            self._refuse(columns.VALUE, str(error))
        return None

    def _value_year(self) -> int | None:
        text = self._texts.get(columns.VALUE_YEAR, "")
        try:
            return read_fiscal_year(text) if text else None
        except ValueError as error:
            self._refuse(columns.VALUE_YEAR, str(error))
            return None

    def _day(self) -> date | None:
        try:
            return read_date(self._texts.get(columns.EXPECTED, ""))
        except ValueError as error:
            self._refuse(columns.EXPECTED, str(error))
            return None

    def _mark(self) -> bool | None:
        text = half_width(self._texts.get(columns.PROVISIONAL, ""))
        if text not in _MARKS:
            sentence = f"「{text[:20]}」は使えません。速報値は 1、確定値は 0 と書いてください。"
            self._refuse(columns.PROVISIONAL, sentence)
        return _MARKS.get(text)

    def _text(self, heading: str, before: str) -> str:
        """The text of a cell; what stands where the cell is blank or says the same."""
        text = clean_text(self._texts.get(heading, ""))
        standing = clean_text(before)
        if not text or text == standing:
            return before
        if is_loss_of(text, standing):
            self.lossy.append(heading)
            return before
        if len(text) > LONGEST_TEXT:
            self._refuse(
                heading, f"{LONGEST_TEXT}字までです（今は{len(text)}字）。短くまとめてください。"
            )
        if text == DELETE:
            self._refuse(
                heading,
                f"「削除」と書けるのは{columns.VALUE}の列だけです。"
                "文だけを消すときは、実績入力の画面で直してください。",
            )
        return text

    def _refuse_both(self, heading: str) -> None:
        self._refuse(
            heading,
            f"{columns.VALUE}・{columns.REASON}・{columns.EXPECTED}は、"
            "どれか1つだけを入れ、ほかは空欄にしてください。",
        )

    def _refuse_year(self) -> None:
        self._refuse(
            columns.VALUE_YEAR,
            "値の年度に、実績値がありません。実績値も入れるか、値の年度を空欄にしてください。",
        )

    def _refuse_mark(self) -> None:
        self._refuse(
            columns.PROVISIONAL,
            "速報の印に、実績値がありません。実績値も入れるか、印を消してください。",
        )

    def _refuse(self, heading: str, sentence: str) -> None:
        self.problems.append((heading, sentence))


def _measured(*, provisional: bool) -> ActualState:
    return ActualState.PROVISIONAL if provisional else ActualState.FINAL


def figure_of(saved: ActualRecord | None) -> ActualEntry:
    """A year's figure, or the reason for none, without explanations."""
    return _NOTHING if saved is None else replace(_as_entry(saved), analysis="", next_steps="")


def _as_entry(saved: YearlyActual | ActualRecord | None) -> ActualEntry:
    return _NOTHING if saved is None else as_stated(saved)
