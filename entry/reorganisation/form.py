"""The form of a 機構改革, filled in step by step on one page, each step asking what is then known.

First which departments change; then who takes over from each, or its new name; then, where there
are several, whose each thing is, and which members move. A step that was not shown yet is no fault.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.contrib.auth.models import User
from django.utils import timezone

from common.people import name_with_login
from common.reading.dates import read_date
from common.reading.texts import clean_text
from kpis.reorganisation.checks import Fault, Wish, WishedChange, answer_name, problems_of
from kpis.reorganisation.pieces import Piece, pieces_of
from projects.models import ChangeKind, Department, Reorganisation

# What was typed: by the field's name all its values.
Typed = Mapping[str, Sequence[str]]
_MOVES = ((ChangeKind.END.value, "なくなる"), (ChangeKind.RENAME.value, "名前が変わる"))


@dataclass(slots=True)
class Answer:
    """A thing of a department that is split, and who takes it (None: not said)."""

    piece: Piece
    chosen: int | None
    error: str = ""

    @property
    def name(self) -> str:
        """Its field's."""
        return answer_name(self.piece)


@dataclass(slots=True)
class Mover:
    """A member, and to which of the successors they move."""

    name: str
    person: str
    joined: list[int]


@dataclass(slots=True)
class Row:
    """One department: what becomes of it, as typed or as prepared.

    `shown` is what of it the page that was sent had already asked: nothing, `to` (who takes
    over, or the new name), or the successors' ids (`3,5`) whose things and members it showed.
    """

    department: Department
    kind: str
    new_name: str
    successors: list[int]
    shown: str
    pieces: list[Piece]
    answers: list[Answer] = field(default_factory=list)
    movers: list[Mover] = field(default_factory=list)
    choices: list[Department] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def ends(self) -> bool:
        """Whether it is to exist no more."""
        return self.kind == ChangeKind.END

    @property
    def is_renamed(self) -> bool:
        """Whether only its name changes."""
        return self.kind == ChangeKind.RENAME

    @property
    def next_shown(self) -> str:
        """What the page that is shown now asks of it."""
        return ",".join(map(str, self.successors)) if self.ends and self.successors else "to"

    @property
    def chosen(self) -> list[Department]:
        """The successors."""
        return [one for one in self.choices if one.pk in self.successors]

    @property
    def is_split(self) -> bool:
        """Whether there are several, so that each thing is asked for."""
        return len(self.successors) > 1

    @property
    def waits(self) -> bool:
        """Whether something of it is asked for the first time by the page that is shown now."""
        if not self.kind:
            return False
        if not self.shown:
            return True
        asks_more = self.ends and self.successors and (self.movers or self.is_split)
        return bool(asks_more) and self.shown != self.next_shown


class ReorganisationForm:
    """The whole page. `wish` is what was read; None while something is wrong or not asked yet."""

    def __init__(
        self,
        typed: Typed | None = None,
        beside: Reorganisation | None = None,
        *,
        is_sent: bool = True,
    ) -> None:
        self.typed = typed or {}
        self.beside = beside
        self.kinds = _MOVES
        self.day_text = self._one("day")
        self.reason = clean_text(self._one("reason"))
        self.seen = self._one("seen")
        self.rows = self._rows()
        self.changed = [row for row in self.rows if row.kind]
        self.day, day_fault = self._read_day()
        is_asked = typed is not None and is_sent
        self.refuse([*day_fault, *self._found_faults()] if is_asked else [])

    @property
    def waits(self) -> bool:
        """Whether there is more to be asked before it can be looked over."""
        return any(row.waits for row in self.changed)

    @property
    def wish(self) -> Wish | None:
        """What is wanted, whole."""
        if self.faults or self.waits or self.day is None:
            return None
        return self._wish(self.day)

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """Every field as it was sent, for the page that shows what would be done."""
        own = ("csrfmiddlewaretoken", "confirm", "edit")
        return [
            (name, value)
            for name, values in self.typed.items()
            if name not in own
            for value in values
        ]

    def _one(self, name: str) -> str:
        values = self.typed.get(name) or [""]
        return str(values[-1]).strip()

    def _ids(self, name: str) -> list[int]:
        return [
            int(text)
            for text in dict.fromkeys(self.typed.get(name, ()))
            if text.isascii() and text.isdigit() and len(text) < _LONGEST_ID
        ]

    def _rows(self) -> list[Row]:
        departments = list(Department.objects.prefetch_related("members").order_by("code"))
        pieces = pieces_of([one.pk for one in departments])
        rows = [
            self._row(one, pieces.get(one.pk, []), departments)
            for one in departments
            # Of one that exists no more, what it still has can pass all the same.
            if not one.is_abolished or pieces.get(one.pk)
        ]
        return sorted(rows, key=lambda row: (not row.department.is_abolished, row.department.code))

    def _row(self, one: Department, pieces: list[Piece], departments: Sequence[Department]) -> Row:
        kind = self._one(f"kind-{one.pk}")
        row = Row(
            one,
            kind if kind in ChangeKind.values else "",
            clean_text(self._one(f"name-{one.pk}")),
            self._ids(f"to-{one.pk}"),
            self._one(f"shown-{one.pk}"),
            pieces,
            choices=[each for each in departments if each != one and not each.is_abolished],
        )
        known = {each.pk for each in row.choices}
        row.successors = sorted(pk for pk in row.successors if pk in known)
        if row.ends and row.successors:
            row.answers = [self._answer(row, piece) for piece in pieces] if row.is_split else []
            row.movers = [self._mover(row, user) for user in _members(one)]
        return row

    def _answer(self, row: Row, piece: Piece) -> Answer:
        chosen = self._ids(answer_name(piece))
        return Answer(piece, next((pk for pk in chosen if pk in row.successors), None))

    def _mover(self, row: Row, user: User) -> Mover:
        name = f"mover-{row.department.pk}-{user.pk}"
        joined = [pk for pk in self._ids(name) if pk in row.successors]
        if row.shown != row.next_shown and not row.is_split:
            joined = list(row.successors)
        return Mover(name, name_with_login(user), joined)

    def _read_day(self) -> tuple[date | None, list[Fault]]:
        try:
            day = read_date(self.day_text)
        except ValueError as error:
            return None, [("day", "施行日", str(error))]
        if day is None:
            return None, [("day", "施行日", "施行日を入力してください（例：令和9年4月1日）。")]
        return day, []

    def _wish(self, day: date) -> Wish:
        return Wish(day, self.reason, tuple(_wished(row) for row in self.changed))

    def _found_faults(self) -> list[Fault]:
        """What is wrong, but for what is only asked for now."""
        day = self.day or timezone.localdate()
        found = problems_of(self._wish(day), beside=self.beside)
        waiting = {str(row.department.pk) for row in self.changed if row.waits}
        asked_now = ("to", "name", "answer")
        return [
            (name, label, sentence)
            for name, label, sentence in found
            if name.split("-")[0] not in asked_now or name.split("-")[1] not in waiting
        ]

    def refuse(self, faults: list[Fault]) -> None:
        """Show faults, each at its field."""
        self.faults = faults
        self.errors = {name: sentence for name, _label, sentence in self.faults}
        for row in self.rows:
            own = str(row.department.pk)
            row.errors = {
                name.split("-")[0]: sentence
                for name, sentence in self.errors.items()
                if name.split("-")[1:2] == [own]
            }
            for answer in row.answers:
                answer.error = self.errors.get(answer.name, "")


_LONGEST_ID = 15


def typed_of(reorganisation: Reorganisation, wish: Wish) -> Typed:
    """What was typed for one that is prepared, as the page that changes it shows it."""
    typed: dict[str, list[str]] = {
        "day": [wish.day.isoformat()],
        "reason": [wish.reason],
        "seen": [reorganisation.prepared_at.isoformat()],
    }
    for change in wish.changes:
        pk = change.department_id
        typed[f"kind-{pk}"] = [change.kind]
        typed[f"name-{pk}"] = [change.new_name]
        typed[f"to-{pk}"] = [str(one) for one in change.successors]
        typed[f"shown-{pk}"] = [",".join(map(str, sorted(change.successors))) or "to"]
        for kind, answers in change.answers.items():
            for item, successor in answers.items():
                typed[f"answer-{pk}-{kind}-{item}"] = [str(successor)]
        for user, joined in change.movers.items():
            typed[f"mover-{pk}-{user}"] = [str(one) for one in joined]
    return typed


def _wished(row: Row) -> WishedChange:
    if row.is_renamed:
        return WishedChange(row.department.pk, row.kind, row.new_name)
    answers: dict[str, dict[str, int]] = {}
    for one in row.answers:
        if one.chosen is not None:
            answers.setdefault(one.piece.kind, {})[str(one.piece.pk)] = one.chosen
    return WishedChange(
        row.department.pk,
        row.kind,
        successors=tuple(row.successors),
        answers=answers,
        movers={one.name.rsplit("-", 1)[1]: one.joined for one in row.movers if one.joined},
    )


def _members(department: Department) -> list[User]:
    return sorted(
        (one for one in department.members.all() if one.is_active),
        key=lambda one: one.get_username(),
    )
