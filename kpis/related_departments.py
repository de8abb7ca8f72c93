"""関係課: the departments that record a KPI beside its 所管課 and are reminded second."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q

from kpis.models import Kpi
from projects.models import Department


def related_names(kpis: Any) -> dict[int, tuple[str, ...]]:
    """The names of each KPI's 関係課 by its id, in the order of their codes (one query).

    `kpis` are ids or a query for them; a KPI without any is left out.
    """
    names: defaultdict[int, tuple[str, ...]] = defaultdict(tuple)
    links = Kpi.related_departments.through.objects.filter(kpi__in=kpis)
    for kpi, owner, department, name in links.order_by("department__code").values_list(
        "kpi_id", "kpi__department_id", "department_id", "department__name"
    ):
        if department != owner:
            names[kpi] += (name,)
    return dict(names)


def let_owners_go(owners: Mapping[int, int | None]) -> None:
    """Take from KPIs (by id) the 関係課 that are to be their 所管課 (one query); no history."""
    wanted = (Q(kpi=kpi, department=owner) for kpi, owner in owners.items() if owner is not None)
    links = Kpi.related_departments.through.objects.filter(reduce(or_, wanted, Q(pk__in=())))
    links.delete()


def past_related_names(past: Any, moment: datetime) -> tuple[str, ...]:
    """Those of a row of a KPI's history, under the names they had at a moment."""
    ids = [link.department_id for link in past.related_departments.all()]
    ids = [pk for pk in ids if pk != past.department_id]
    if not ids:
        return ()
    today = {one.pk: one for one in Department.objects.filter(pk__in=ids)}
    history = Department.history.filter(id__in=ids, history_date__lt=moment)
    then = today | {row.id: row for row in history.order_by("history_id")}
    found = sorted((then[pk] for pk in ids if pk in then), key=lambda one: str(one.code))
    return tuple(str(one.name) for one in found)
