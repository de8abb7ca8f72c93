"""What a 機構改革 brings when it is done: the same for its preview and for the day itself.

Nothing is written here. To a single successor all passes; among several, what was answered, to
those that are there. What nobody answered for stays where it is, and is named.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.models import User

from common.people import name_with_login
from kpis.models import Kpi
from kpis.reorganisation.pieces import INITIATIVE, KPI, RELATED, Piece, pieces_of
from projects.models import ChangeKind, Department, PlanState, ReorganisationItem
from projects.models.department import ends_before


@dataclass(frozen=True, slots=True)
class Group:
    """Some things under one heading: `産業振興課から産業政策課へ`."""

    heading: str
    things: tuple[str, ...]

    def as_data(self) -> dict[str, Any]:
        """As it is kept."""
        return {"heading": self.heading, "things": list(self.things)}


@dataclass(slots=True)
class Outcome:
    """What changes, by the ids of KPIs, initiatives and departments, and the same in words.

    `related` are the 関係課 that a KPI is to have. `members` are users with the departments that
    they leave and those that they join. `ends` are last days.
    """

    kpis: dict[int, int] = field(default_factory=dict)
    related: dict[int, set[int]] = field(default_factory=dict)
    initiatives: dict[int, int] = field(default_factory=dict)
    members: list[tuple[Department, User, list[Department]]] = field(default_factory=list)
    names: dict[int, str] = field(default_factory=dict)
    ends: dict[int, date] = field(default_factory=dict)
    passed: list[Group] = field(default_factory=list)
    left: list[Group] = field(default_factory=list)


def look_over(day: date, items: Sequence[ReorganisationItem]) -> Outcome:
    """What would pass on a day; items need not be saved. Eight queries."""
    ending = {one.department_id: one for one in items if one.kind == ChangeKind.END}
    wanted = {pk for one in ending.values() for pk in one.successors}
    standing = {
        one.pk: one
        for one in Department.objects.filter(pk__in=wanted)
        if not ends_before(one.valid_until, day)
    }
    departments = Department.objects.in_bulk([one.department_id for one in items])
    pieces = pieces_of(ending)
    outcome = Outcome()
    for item in items:
        department = departments[item.department_id]
        if item.kind == ChangeKind.RENAME:
            outcome.names[department.pk] = item.new_name
            heading = f"{department.name}の名前が「{item.new_name}」に変わる"
            outcome.passed.append(Group(heading, ()))
        else:
            _end(outcome, item, department, pieces[department.pk], standing, day)
    _settle_related(outcome, ending, standing)
    return outcome


def successor_of(
    item: ReorganisationItem, piece: Piece, standing: Mapping[int, Department]
) -> Department | None:
    """Who takes a piece; None where nobody answered, or whoever should is not there."""
    if len(item.successors) == 1:
        return standing.get(item.successors[0])
    answer = item.answers.get(piece.kind, {}).get(str(piece.pk))
    return standing.get(answer) if answer in item.successors else None


def _end(
    outcome: Outcome,
    item: ReorganisationItem,
    department: Department,
    pieces: Iterable[Piece],
    standing: Mapping[int, Department],
    day: date,
) -> None:
    """Add what the end of one department brings."""
    to: defaultdict[Department, list[str]] = defaultdict(list)
    unanswered = []
    for piece in pieces:
        successor = successor_of(item, piece, standing)
        if successor is None:
            unanswered.append(str(piece))
            continue
        to[successor].append(str(piece))
        if piece.kind in (KPI, INITIATIVE):
            passing = outcome.kpis if piece.kind == KPI else outcome.initiatives
            passing[piece.pk] = successor.pk
    for user, joined in _moving(item, department, standing):
        outcome.members.append((department, user, joined))
        for one in joined:
            to[one].append(f"課員 {name_with_login(user)}")
    last = day - timedelta(days=1)
    may_end = department.valid_from is None or department.valid_from <= last
    if may_end and not ends_before(department.valid_until, last):
        outcome.ends[department.pk] = last
    for one in sorted(to, key=lambda one: one.code):
        outcome.passed.append(Group(f"{department.name}から{one.name}へ", tuple(to[one])))
    if not to:
        outcome.passed.append(Group(f"{department.name}がなくなる", ()))
    if unanswered:
        heading = f"{department.name}に残る（引き継ぐ課が決まっていないか、その課がない）"
        outcome.left.append(Group(heading, tuple(unanswered)))


def _moving(
    item: ReorganisationItem, department: Department, standing: Mapping[int, Department]
) -> Iterator[tuple[User, list[Department]]]:
    """The members who move, each with where to."""
    for user in department.members.order_by("username"):
        chosen = item.movers.get(str(user.pk), ())
        joined = [standing[pk] for pk in chosen if pk in standing and pk in item.successors]
        if joined:
            yield user, joined


def _settle_related(
    outcome: Outcome,
    ending: Mapping[int, ReorganisationItem],
    standing: Mapping[int, Department],
) -> None:
    """The 関係課 of each KPI that had one which ends, or that gets a new 所管課."""
    links = Kpi.related_departments.through.objects
    touched = links.filter(department__in=ending).values("kpi")
    rows = links.filter(kpi__in=touched) | links.filter(kpi__in=list(outcome.kpis))
    before: defaultdict[int, set[int]] = defaultdict(set)
    owners = {}
    for kpi, owner, state, department in rows.distinct().values_list(
        "kpi_id", "kpi__department_id", "kpi__project__strategy__state", "department_id"
    ):
        if state != PlanState.ENDED:
            before[kpi].add(department)
            owners[kpi] = owner
    for kpi, related in before.items():
        after = set()
        for pk in related:
            item = ending.get(pk)
            piece = Piece(pk, RELATED, kpi, "", "")
            successor = successor_of(item, piece, standing) if item else None
            after.add(successor.pk if successor else pk)
        after.discard(outcome.kpis.get(kpi, owners[kpi]))
        if after != related:
            outcome.related[kpi] = after
