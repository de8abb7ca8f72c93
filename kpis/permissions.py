"""Who may record which actuals; what each role carries is in `omuta_strategy.roles`."""

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import QuerySet

from kpis.models import Kpi
from projects.models import Initiative, Strategy

ANY = "kpis.record_any_actuals"
OWN = "kpis.record_own_actuals"
CLOSE_YEAR = "projects.close_fiscal_year"

User = AbstractBaseUser | AnonymousUser


def may_record_any(user: User) -> bool:
    """Whether the user may record what any department owns."""
    return user.has_perm(ANY)


def may_review(user: User) -> bool:
    """Whether the user may write projects' reviews."""
    return user.has_perm(ANY)


def may_close(user: User) -> bool:
    """Whether the user may close and reopen fiscal years."""
    return user.has_perm(CLOSE_YEAR)


def may_set_deadline(user: User) -> bool:
    """Whether the user may say by when a year's actuals are to be entered."""
    return user.has_perm(ANY)


def recordable_kpis(user: User, strategy: Strategy) -> QuerySet[Kpi]:
    """The strategy's KPIs whose actuals the user may record: all, their departments', or none."""
    kpis = Kpi.objects.filter(project__strategy=strategy)
    if user.has_perm(ANY):
        return kpis
    if user.has_perm(OWN):
        return kpis.filter(department__members=user)
    return kpis.none()


def recordable_initiatives(user: User, strategy: Strategy) -> QuerySet[Initiative]:
    """The strategy's initiatives whose progress the user may record, likewise."""
    initiatives = Initiative.objects.filter(strategy=strategy)
    if user.has_perm(ANY):
        return initiatives
    if user.has_perm(OWN):
        return initiatives.filter(department__members=user)
    return initiatives.none()
