"""Which department owns which KPI and initiative: all of them on one page, saved together."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Count, Q
from simple_history.utils import bulk_update_with_history

from common.people import name_of
from kpis.lookup import not_over
from kpis.models import Kpi
from kpis.open_work.by_department import initiatives_in_order, kpis_in_order
from kpis.permissions import User, may_assign
from kpis.plan_states import denied
from kpis.recording import lock_plan
from kpis.related_departments import let_owners_go
from projects.initiative_codes import code_at_home
from projects.models import Department, Initiative, Project, Strategy

CHANGE_REASON = "所管の変更"
_WAS = "-was"


@dataclass(slots=True)
class OwnedRow:
    """One KPI or initiative: its owner in the database, and the one chosen on the page."""

    key: str
    code: str
    name: str
    kind: str
    project: Project
    item: Kpi | Initiative
    saved: int | None
    chosen: int | None
    error: str = ""
    is_conflict: bool = False
    choices: list[tuple[int, str]] = field(default_factory=list)


class AssignmentRefused(Exception):
    """Nothing was written; the rows hold what was chosen, with a sentence at each fault."""

    def __init__(self, rows: list[OwnedRow]) -> None:
        self.rows = rows
        self.is_conflict = any(row.is_conflict for row in rows)
        super().__init__("\n".join(f"{row.code}：{row.error}" for row in rows if row.error))


@dataclass(frozen=True, slots=True)
class DepartmentCounts:
    """A department with its members' names and how much of the plan it owns."""

    department: Department
    members: tuple[str, ...]
    kpis: int
    initiatives: int


def owned_rows(strategy: Strategy) -> list[OwnedRow]:
    """Every KPI, then every initiative of each project, at its home; three queries.

    Those that ended in the closed years are nobody's work any more.
    """
    departments = list(Department.objects.order_by("code"))
    rows = [
        *(
            _row("kpi", strategy.words.kpi, kpi, kpi.code, kpi.project)
            for kpi in not_over(kpis_in_order(strategy), strategy).select_related("project")
        ),
        *(
            _row("initiative", strategy.words.initiative, one, code_at_home(one), one.home_project)
            for one in not_over(initiatives_in_order(strategy), strategy).select_related(
                "home_project"
            )
        ),
    ]
    rows.sort(key=lambda row: (row.project.position, row.project.code))
    for row in rows:
        row.choices = [
            (one.pk, f"{one.name}（廃止）" if one.is_abolished else one.name)
            for one in departments
            if one.pk == row.saved or not one.is_abolished
        ]
    return rows


def save_assignment(strategy: Strategy, posted: Mapping[str, str], *, user: User) -> int:
    """Write the rows whose owner was changed on the page, all or none; return their number.

    A row is posted with the owner it was chosen over: one that has another
    owner by now is a conflict. Raises PermissionDenied and AssignmentRefused.
    """
    with transaction.atomic():
        strategy = lock_plan(strategy)
        if not may_assign(user, strategy):
            raise denied(strategy, "所管課を割り当てるのは企画担当です。")
        rows = owned_rows(strategy)
        for row in rows:
            _choose(row, posted)
        if any(row.error for row in rows):
            raise AssignmentRefused(rows)
        changed = [row for row in rows if row.chosen != row.saved]
        for row in changed:
            row.item.department_id = row.chosen
        let_owners_go({row.item.pk: row.chosen for row in changed if isinstance(row.item, Kpi)})
        history = {"default_user": user, "default_change_reason": CHANGE_REASON}
        for model in (Kpi, Initiative):
            items = [row.item for row in changed if isinstance(row.item, model)]
            if items:
                bulk_update_with_history(items, model, ["department"], **history)
        return len(changed)


def department_counts(strategy: Strategy) -> list[DepartmentCounts]:
    """All departments by code; two queries."""
    own_kpis = Q(kpis__project__strategy=strategy)
    departments = (
        Department.objects.annotate(
            kpi_count=Count("kpis", filter=own_kpis, distinct=True),
            initiative_count=Count(
                "initiatives", filter=Q(initiatives__strategy=strategy), distinct=True
            ),
        )
        .prefetch_related("members")
        .order_by("code")
    )
    return [
        DepartmentCounts(
            one,
            tuple(name_of(member) for member in one.members.all() if member.is_active),
            one.kpi_count,
            one.initiative_count,
        )
        for one in departments
    ]


def _choose(row: OwnedRow, posted: Mapping[str, str]) -> None:
    """Take a row's choice from the page, with a sentence where it can't be written."""
    text, was = posted.get(row.key), posted.get(f"{row.key}{_WAS}")
    if text is None or was is None or text == was or text == _text(row.saved):
        return
    names = dict(row.choices)
    chosen = next((pk for pk in names if str(pk) == text), None)
    if text and chosen is None:
        row.error = "選んだ課は、廃止されたか、なくなっています。選び直してください。"
        return
    row.chosen = chosen
    if was != _text(row.saved):
        row.is_conflict = True
        now = "未設定" if row.saved is None else names[row.saved]
        wanted = "未設定" if chosen is None else names[chosen]
        row.error = (
            f"ほかの人が「{now}」に変えました。"
            f"あなたの選択は「{wanted}」です。"
            "よければもう一度保存し、残すなら選び直してください。"
        )


def _row(prefix: str, kind: str, item: Kpi | Initiative, code: str, project: Project) -> OwnedRow:
    owner = item.department_id
    return OwnedRow(f"{prefix}-{item.pk}", code, item.name, kind, project, item, owner, owner)


def _text(department: int | None) -> str:
    return "" if department is None else str(department)
