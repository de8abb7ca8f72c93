"""Who may do what: every question that a view, a form or the recording of figures asks.

Each role's permissions are in `omuta_strategy.roles`; nothing else spells one. Templates get
the answer. Below this room the admin asks Django's permissions of its models alone.
"""

from typing import Any, TypeVar

from django.contrib.auth import models as auth
from django.db.models import Model, Q, QuerySet

from kpis.models import Kpi
from projects.models import Department, Initiative, Strategy

_ANY = "kpis.record_any_actuals"
_OWN = "kpis.record_own_actuals"
_CLOSE_YEAR = "projects.close_fiscal_year"

User = auth.User | auth.AnonymousUser
_Owned = TypeVar("_Owned", Kpi, Initiative)


def may_prepare(user: User) -> bool:
    """Whether the user prepares plans, and sees those in preparation."""
    return user.has_perm("projects.change_strategy")


def may_begin_next(user: User, strategy: Strategy) -> bool:
    """Whether the user begins the plan that follows this one: an ended one is followed too."""
    return not strategy.is_in_preparation and may_prepare(user)


def may_change_plan(user: User, strategy: Strategy) -> bool:
    """Whether the user changes what the plan is: its targets, lives, places, rules and period."""
    return not strategy.has_ended and may_prepare(user)


def may_see(user: User, strategy: Strategy) -> bool:
    """Whether the user sees the plan: one in preparation is the planners' alone."""
    return not strategy.is_in_preparation or may_prepare(user)


def may_record_any(user: User | None, strategy: Strategy) -> bool:
    """Whether the user records the plan's figures and texts for every department.

    None is a command's: who reaches the server records everything of a plan that goes on.
    """
    if user is None:
        return not strategy.has_ended
    return _is_open(user, strategy) and user.has_perm(_ANY)


def may_record_own(user: User, strategy: Strategy) -> bool:
    """Whether the user records them for the departments that they are a member of."""
    return _is_open(user, strategy) and user.has_perm(_OWN)


def may_record(user: User, strategy: Strategy, item: Kpi | Initiative) -> bool:
    """Whether the user may record the KPI's actuals, or what was done on the initiative.

    `strategy` is the item's own plan.
    """
    return may_record_any(user, strategy) or (
        may_record_own(user, strategy) and _is_member(user, item)
    )


def recordable_kpis(user: User, strategy: Strategy) -> QuerySet[Kpi]:
    """The strategy's KPIs whose actuals the user may record: all, their departments', or none.

    A KPI is its 所管課's and its 関係課's.
    """
    return _recordable(user, strategy, Kpi.objects.filter(project__strategy=strategy))


def recordable_initiatives(user: User, strategy: Strategy) -> QuerySet[Initiative]:
    """The strategy's initiatives whose progress the user may record, likewise."""
    return _recordable(user, strategy, Initiative.objects.filter(strategy=strategy))


def may_import_actuals(user: User, strategy: Strategy) -> bool:
    """Whether the user is offered the file of actuals; it holds the KPIs they may record."""
    return may_record_any(user, strategy) or may_record_own(user, strategy)


def may_decide(user: User | None, strategy: Strategy) -> bool:
    """Whether the user (None: a command) decides ratings where people rate."""
    return may_record_any(user, strategy)


def may_review(user: User | None, strategy: Strategy) -> bool:
    """Whether the user writes the projects' 総括."""
    return may_record_any(user, strategy)


def may_close(user: User, strategy: Strategy) -> bool:
    """Whether the user closes the plan's fiscal years and corrects closed ones."""
    return strategy.is_running and closes_years(user)


def closes_years(user: User) -> bool:
    """Whether the user is one who closes years at all, of whatever plan."""
    return user.has_perm(_CLOSE_YEAR)


def may_see_overview(user: User) -> bool:
    """Whether the user sees who has entered what."""
    return user.has_perm(_ANY) or closes_years(user)


def may_set_deadline(user: User, strategy: Strategy) -> bool:
    """Whether the user says by which day a year's actuals are due."""
    return may_record_any(user, strategy)


def may_remind(user: User, strategy: Strategy) -> bool:
    """Whether the user asks departments for what is missing."""
    return strategy.is_running and user.has_perm(_ANY)


def may_assign(user: User, strategy: Strategy) -> bool:
    """Whether the user says which department owns which KPI and initiative."""
    return _is_open(user, strategy) and user.has_perms(
        ("kpis.change_kpi", "projects.change_initiative")
    )


def may_reorganise(user: User) -> bool:
    """Whether the user prepares a 機構改革: which departments' work passes to which others."""
    return user.has_perms(
        ("projects.change_department", "kpis.change_kpi", "projects.change_initiative")
    )


def may_issue(user: User, strategy: Strategy) -> bool:
    """Whether the user issues editions of the plan's annual report."""
    return strategy.is_running and user.has_perm("reports.issue_edition")


def _is_open(user: User, strategy: Strategy) -> bool:
    """Whether the plan's state lets this user write at all; an ended plan is read alone."""
    if strategy.is_in_preparation:
        return may_prepare(user)
    return strategy.is_running


def _recordable(user: User, strategy: Strategy, items: QuerySet[_Owned]) -> QuerySet[_Owned]:
    if may_record_any(user, strategy):
        return items
    if not may_record_own(user, strategy):
        return items.none()
    own = Department.objects.filter(members=user.pk).order_by().values("pk")
    return items.filter(of_departments(items.model, own))


def of_departments(model: type[Model], departments: Any) -> Q:
    """The KPIs or initiatives of some departments (ids or a query for them).

    A KPI is also its 関係課's; no row comes twice.
    """
    owned = Q(department__in=departments)
    if model is not Kpi:
        return owned
    links = Kpi.related_departments.through.objects.filter(department__in=departments)
    return owned | Q(pk__in=links.order_by().values("kpi"))


def _is_member(user: User, item: Kpi | Initiative) -> bool:
    if not user.is_authenticated:
        return False
    of_item = Q(pk=item.department_id)
    if isinstance(item, Kpi):
        of_item |= Q(related_kpis=item)
    return Department.objects.filter(of_item, members=user).exists()
