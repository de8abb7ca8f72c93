"""数値目標 of a pillar or of the plan: what holds them is made with the act that needs it."""

from kpis.permissions import User
from kpis.plan_changes.acting import save_row
from projects.goals import holder_of
from projects.models import Project, Strategy


def standing_home(home: Project, plan: Strategy, user: User, reason: str) -> Project:
    """Where a KPI is to stand, saved: a project, or what holds 数値目標, made where it is new.

    One that is not saved says only of which pillar (None: the whole plan) the goal is.
    """
    if home.pk is not None or not home.holds_goals:
        return home
    holder: Project = holder_of(plan, home.pillar)
    if holder.pk is None:
        save_row(holder, user, reason)
    return holder
