"""What a planner wants of a 機構改革, and what is wrong with it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from common.fiscal_year import wareki_date
from common.reading.texts import too_long
from kpis.reorganisation.pieces import Piece, pieces_of
from projects.models import ChangeKind, Department, Reorganisation, ReorganisationItem
from projects.models.department import ends_before

# The field at fault (`kind-12`), what it is called, and the sentence.
Fault = tuple[str, str, str]
_LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class WishedChange:
    """What is to become of one department (by id), as `ReorganisationItem` keeps it."""

    department_id: int
    kind: str
    new_name: str = ""
    successors: tuple[int, ...] = ()
    answers: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    movers: Mapping[str, Sequence[int]] = field(default_factory=dict)

    def item(self, reorganisation: Reorganisation) -> ReorganisationItem:
        """The row that keeps it, unsaved."""
        return ReorganisationItem(
            reorganisation=reorganisation,
            department_id=self.department_id,
            kind=self.kind,
            new_name=self.new_name,
            successors=list(self.successors),
            answers={kind: dict(answers) for kind, answers in self.answers.items()},
            movers={user: list(joined) for user, joined in self.movers.items()},
        )


@dataclass(frozen=True, slots=True)
class Wish:
    """A 機構改革 as a planner states it."""

    day: date
    reason: str
    changes: tuple[WishedChange, ...]

    def items(self, reorganisation: Reorganisation | None = None) -> list[ReorganisationItem]:
        """Its rows, unsaved."""
        of = reorganisation or Reorganisation(day=self.day, reason=self.reason)
        return [change.item(of) for change in self.changes]


def wish_of(reorganisation: Reorganisation) -> Wish:
    """What is prepared (one query)."""
    return Wish(
        reorganisation.day,
        reorganisation.reason,
        tuple(
            WishedChange(
                one.department_id,
                one.kind,
                one.new_name,
                tuple(one.successors),
                one.answers,
                one.movers,
            )
            for one in reorganisation.items.all()
        ),
    )


def problems_of(wish: Wish, *, beside: Reorganisation | None = None) -> list[Fault]:
    """What is wrong with a 機構改革, `beside` the one that it is to replace; seven queries."""
    departments = {one.pk: one for one in Department.objects.all()}
    changed = {one.department_id for one in wish.changes}
    ending = {one.department_id for one in wish.changes if one.kind == ChangeKind.END}
    others = ReorganisationItem.objects.filter(
        reorganisation__done_at=None, department__in=changed
    ).select_related("reorganisation")
    taken = {one.department_id: one.reorganisation for one in others}
    if beside is not None:
        taken = {pk: one for pk, one in taken.items() if one != beside}
    faults = [_of_reason(wish)] if _of_reason(wish)[2] else []
    if not wish.changes:
        faults.append(("kinds", "変わる課", "変わる課をひとつ以上選んでください。"))
    pieces = pieces_of(ending)
    for change in wish.changes:
        own = departments.get(change.department_id)
        if own is None:
            faults.append(("kinds", "変わる課", "選んだ課がなくなっています。選び直してください。"))
            continue
        if own.pk in taken:
            sentence = (
                f"{own.name}は、別に準備した{taken[own.pk]}でも変わります。"
                "そちらを直すか、やめてください。"
            )
            faults.append((f"kind-{own.pk}", own.name, sentence))
        found = (
            _of_name(change, own, departments)
            if change.kind == ChangeKind.RENAME
            else _of_end(change, own, wish.day, departments, ending, pieces[own.pk])
        )
        faults += [(name, own.name, sentence) for name, sentence in found]
        faults += _unanswered(change, pieces[own.pk])
    return faults


def _of_reason(wish: Wish) -> Fault:
    return ("reason", "根拠や理由", too_long("根拠や理由", wish.reason))


def _of_name(
    change: WishedChange, own: Department, departments: Mapping[int, Department]
) -> Iterator[tuple[str, str]]:
    name = f"name-{own.pk}"
    if not change.new_name:
        yield name, "新しい課名を入力してください。"
    elif change.new_name == own.name:
        yield name, "今と同じ名前です。新しい課名を入力してください。"
    elif len(change.new_name) > _LONGEST_NAME:
        yield name, f"課名は{_LONGEST_NAME}字までにしてください。"
    elif any(
        one.name == change.new_name and not one.is_abolished
        for one in departments.values()
        if one != own
    ):
        yield name, f"「{change.new_name}」という課は、すでにあります。別の名前にしてください。"


def _of_end(
    change: WishedChange,
    own: Department,
    day: date,
    departments: Mapping[int, Department],
    ending: set[int],
    pieces: Sequence[Piece],
) -> Iterator[tuple[str, str]]:
    to = f"to-{own.pk}"
    if own.valid_from is not None and own.valid_from > day - timedelta(days=1):
        sentence = (
            f"{own.name}の設置日は{wareki_date(own.valid_from)}です。"
            "施行日をそれより後にするか、管理画面で設置日を直してください。"
        )
        yield f"kind-{own.pk}", sentence
    for pk in change.successors:
        problem = _of_successor(departments.get(pk), own, day, ending)
        if problem:
            yield to, problem
    if pieces and not change.successors:
        yield (
            to,
            f"{own.name}には引き継ぐものが{len(pieces)}件あります。引き継ぐ課を選んでください。",
        )


def _unanswered(change: WishedChange, pieces: Sequence[Piece]) -> Iterator[Fault]:
    """What of a department that is split nobody is to take."""
    for piece in pieces if len(change.successors) > 1 else ():
        if change.answers.get(piece.kind, {}).get(str(piece.pk)) not in change.successors:
            yield answer_name(piece), str(piece), "引き継ぐ課を選んでください。"


def answer_name(piece: Piece) -> str:
    """The name of the field that says who takes a piece."""
    return f"answer-{piece.department_id}-{piece.kind}-{piece.pk}"


def _of_successor(
    successor: Department | None, own: Department, day: date, ending: set[int]
) -> str:
    if successor is None:
        return "選んだ課がなくなっています。選び直してください。"
    if successor == own or successor.pk in ending:
        return f"{successor.name}も、同じ日になくなります。続く課を選んでください。"
    if ends_before(successor.valid_until, day):
        return f"{successor.name}は、施行日にはもうありません。続く課を選んでください。"
    if successor.valid_from is not None and successor.valid_from > day:
        return (
            f"{successor.name}の設置日は{wareki_date(successor.valid_from)}で、施行日より後です。"
            "施行日か設置日を直してください。"
        )
    return ""
