"""What closed years don't let change of a project, each with its sentence.

`projects` calls it before a project is saved or deleted (`kpis.apps` registers it).
"""

from django.core.exceptions import ValidationError

from common.fiscal_year import wareki
from kpis.lookup import homes_in
from kpis.rules import closed_message
from projects.models import Project
from projects.rules import Fault, refuse

# What says of a project where it is listed.
_PLACE = {"code": "プロジェクトコード", "position": "並び順", "holds_goals": "数値目標"}


def check_project_deletable(project: Project) -> None:
    """Raise ValidationError if a closed year lists the project."""
    words = project.strategy.words
    if project.kpis.exists() and project.strategy.closings.exists():
        raise ValidationError(
            words.put("締め済みの年度があるため、指標のあるプロジェクトは削除できません。")
        )
    closed = _closed_years_in(project)
    if closed:
        raise ValidationError(
            words.put(
                f"{'、'.join(map(wareki, closed))}は締め済みのため、"
                "その年度に取組や総括を載せたプロジェクトは削除できません。"
            )
        )


def check_project_place(project: Project) -> None:
    """Raise ValidationError if closed years list the project by another code or in another order.

    A code leads to what a closed year says, for whoever holds the report of then.
    """
    before = Project.objects.filter(pk=project.pk).first() if project.pk else None
    if before is None:
        return
    changed = [name for name in _PLACE if getattr(before, name) != getattr(project, name)]
    closed = _closed_years_in(before) if changed else []
    if closed:
        put = project.strategy.words.put
        refuse(Fault(name, closed_message(closed, put(_PLACE[name]))) for name in changed)


def _closed_years_in(project: Project) -> list[int]:
    """The plan's closed fiscal years that list a project, in order; a query for each."""
    plan = project.strategy
    closed = plan.closings.order_by("fiscal_year").values_list("fiscal_year", flat=True)
    return [year for year in closed if homes_in(plan, year).filter(pk=project.pk).exists()]
