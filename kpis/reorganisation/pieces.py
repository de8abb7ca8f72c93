"""What departments own in the plans that go on: running ones and those in preparation."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F, Q, QuerySet

from kpis.models import Kpi
from projects.initiative_codes import with_home_number
from projects.models import Department, Initiative, PlanState, Strategy

KPI, RELATED, INITIATIVE = "kpi", "related", "initiative"
_GOES_ON = (PlanState.PREPARING, PlanState.RUNNING)


@dataclass(frozen=True, slots=True)
class Piece:
    """A KPI (as 所管課 or as 関係課) or an initiative that a department has.

    `pk` is the KPI's or the initiative's id, `kind` one of KPI, RELATED and INITIATIVE. `plan` is
    empty where only one plan goes on.
    """

    department_id: int
    kind: str
    pk: int
    plan: str
    text: str

    def __str__(self) -> str:
        """`総合戦略の指標 P1-2「相談件数」（関係課として）`."""
        of_plan = f"{self.plan}の" if self.plan else ""
        return f"{of_plan}{self.text}{'（関係課として）' if self.kind == RELATED else ''}"


def kpis_that_go_on() -> QuerySet[Kpi]:
    """The KPIs of all plans that have not ended."""
    return Kpi.objects.filter(project__strategy__state__in=_GOES_ON)


def initiatives_that_go_on() -> QuerySet[Initiative]:
    """Their initiatives."""
    return Initiative.objects.filter(strategy__state__in=_GOES_ON)


def pieces_of(departments: Iterable[int]) -> defaultdict[int, list[Piece]]:
    """What departments (by id) have: KPIs, then those as 関係課, then initiatives, as printed.

    Four queries. A department that has nothing is left out.
    """
    wanted = set(departments)
    pieces: defaultdict[int, list[Piece]] = defaultdict(list)
    if not wanted:
        return pieces
    several = Strategy.objects.filter(state__in=_GOES_ON).count() > 1
    related = kpis_that_go_on().filter(related_departments__in=wanted)
    for kind, kpis, owner in (
        (KPI, kpis_that_go_on().filter(department__in=wanted), "department_id"),
        (
            RELATED,
            related.exclude(department=F("related_departments")),
            "related_departments__id",
        ),
    ):
        for piece in _of_kpis(kpis, kind, owner, names_plan=several):
            pieces[piece.department_id].append(piece)
    initiatives = initiatives_that_go_on().filter(department__in=wanted)
    for piece in _of_initiatives(initiatives, names_plan=several):
        pieces[piece.department_id].append(piece)
    return pieces


def left_behind(day: date) -> dict[Department, list[Piece]]:
    """What departments that exist no more on a day still own, each as 所管課 (five queries)."""
    owning = Q(kpis__in=kpis_that_go_on()) | Q(initiatives__in=initiatives_that_go_on())
    gone = Department.objects.filter(owning, valid_until__lt=day).distinct().order_by("code")
    departments = {one.pk: one for one in gone}
    pieces = pieces_of(departments)
    return {
        one: [piece for piece in pieces[pk] if piece.kind != RELATED]
        for pk, one in departments.items()
    }


def check_owns_nothing(department: Department) -> None:
    """Refuse a last day for a department that owns something: ValidationError with the remedy."""
    owned = [one for one in pieces_of([department.pk])[department.pk] if one.kind != RELATED]
    if owned:
        raise ValidationError(
            {
                "valid_until": (
                    f"この課は、終わっていない計画の指標や取組を{len(owned)}件所管しています。"
                    "「計画の一覧」の「機構改革」で続く課に引き継いでください。"
                    "引き継ぐと、廃止日が入ります。"
                )
            }
        )


def _of_kpis(kpis: QuerySet[Kpi], kind: str, owner: str, *, names_plan: bool) -> Iterable[Piece]:
    ordered = kpis.select_related("project__strategy").order_by(
        "project__strategy__first_year",
        "project__strategy__code",
        "project__position",
        "project__code",
        "number",
    )
    for kpi in ordered.annotate(holder=F(owner)):
        plan = kpi.project.strategy
        text = f"{plan.words.kpi} {kpi.code}「{kpi.name}」"
        yield Piece(kpi.holder, kind, kpi.pk, plan.name if names_plan else "", text)


def _of_initiatives(initiatives: QuerySet[Initiative], *, names_plan: bool) -> Iterable[Piece]:
    found: QuerySet[Any] = with_home_number(initiatives.select_related("home_project", "strategy"))
    for one in found.order_by(
        "strategy__first_year",
        "strategy__code",
        "home_project__position",
        "home_project__code",
        F("home_number").asc(nulls_last=True),
        "pk",
    ):
        number = f"-{one.home_number}" if one.home_number else ""
        text = f"{one.strategy.words.initiative} {one.home_project.code}{number}「{one.name}」"
        plan = one.strategy.name if names_plan else ""
        yield Piece(one.department_id, INITIATIVE, one.pk, plan, text)
