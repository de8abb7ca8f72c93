"""Finding what a URL names."""

from django.db.models import QuerySet
from django.http import Http404

from kpis.models import Kpi
from projects.words import PlanWords


def kpi_or_404(kpis: QuerySet[Kpi], code: str, words: PlanWords) -> Kpi:
    """The KPI with a code among some KPIs; Http404 with a sentence if it is none of them."""
    kpi = with_code(kpis, code).select_related("project", "department").first()
    if kpi is None:
        raise Http404(f"{words.kpi}{code}は見つかりません。")
    return kpi


def with_code(kpis: QuerySet[Kpi], code: str) -> QuerySet[Kpi]:
    """The one among some KPIs that has a code, or none."""
    project_code, _, number = code.partition("-")
    return kpis.filter(project__code=project_code, number=int(number))
