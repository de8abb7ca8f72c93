"""Finding what a URL names."""

from typing import TypeVar

from django.db.models import QuerySet
from django.http import Http404

from kpis.models import Kpi
from projects.words import PlanWords

_Found = TypeVar("_Found", bound=Kpi)


def kpi_or_404(kpis: QuerySet[_Found], code: str, words: PlanWords) -> _Found:
    """The KPI with a code among some KPIs; Http404 with a sentence if it is none of them."""
    kpi = with_code(kpis, code).select_related("project", "department").first()
    if kpi is None:
        raise Http404(f"{words.kpi}{code}は見つかりません。")
    return kpi


def with_code(kpis: QuerySet[_Found], code: str) -> QuerySet[_Found]:
    """The one among some KPIs that has a code, or none."""
    project_code, _, number = code.partition("-")
    return kpis.filter(project__code=project_code, number=int(number))
