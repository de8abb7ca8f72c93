"""Moving a KPI: another project or number from a fiscal year on."""

from common.fiscal_year import wareki
from kpis.models import FormerPlace, Kpi
from kpis.permissions import User
from kpis.plan_changes.acting import (
    acting,
    check_year,
    first_open_year,
    note_act,
    refused,
    remove_row,
    save_row,
    stated_reason,
)
from kpis.plan_changes.goals import standing_home
from projects.models import Project


def move_kpi(
    kpi: Kpi,
    project: Project,
    number: int,
    *,
    user: User,
    reason: str,
    from_year: int | None = None,
) -> Kpi:
    """Give a KPI another place from a year on (None: the first that is open); return it.

    The years before keep the place that they have. A later move that was planned already gives
    way to this one. Raises RecordingRefused at `from_year`, `project`, `number` or `reason`.
    """
    with acting(kpi.project.strategy, user) as plan:
        kpi = Kpi.objects.select_related("project").get(pk=kpi.pk)
        kpi.project.strategy = plan
        begins = kpi.first_year or plan.first_year
        year = max(begins, first_open_year(plan)) if from_year is None else from_year
        check_year(plan, year, "from_year")
        if not kpi.lives_in(year):
            raise refused(
                f"{kpi.code}「{kpi.name}」は、{wareki(year)}にはありません。", "from_year"
            )
        reason = stated_reason(reason, "移す理由")
        was = kpi.code
        project = standing_home(project, plan, user, reason)
        gone = _keep_former_place(kpi, project, number, year, begins, user, reason)
        kpi.project, kpi.number = project, number
        save_row(kpi, user, reason)
        if gone is not None:
            remove_row(gone, user, reason)
        what = f"{plan.words.kpi}{was}「{kpi.name}」を{wareki(year)}から{kpi.code}に移した"
        note_act(plan, what, reason, user)
    return kpi


def _keep_former_place(
    kpi: Kpi, project: Project, number: int, year: int, begins: int, user: User, reason: str
) -> FormerPlace | None:
    """Keep the place that the KPI has until a year, and drop those that it was to have after.

    The row to remove once the KPI has its new place, which is that of the year before; or None.
    """
    rows = FormerPlace.objects.filter(kpi=kpi, held_until__gte=year - 1).order_by("held_until")
    known = list(rows)
    before = known[0] if known else kpi
    place, new = (before.project_id, before.number), (project.pk, number)
    if (kpi.project_id, kpi.number) == new and place == new:
        raise refused(f"{kpi.code}は、すでにその番号です。", "number")
    standing = known[0] if known and known[0].held_until == year - 1 else None
    for row in known:
        if row is not standing:
            remove_row(row, user, reason)
    if year == begins or place == new:
        return standing
    if standing is None:
        former = FormerPlace(
            kpi=kpi, held_until=year - 1, project_id=place[0], number=place[1], reason=reason
        )
        save_row(former, user, reason)
    return None
