"""What of the plan is not set or confirmed yet, each with the page where it is set."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from kpis.plan_check import TO_CONFIRM, notices
from projects.models import Strategy


@dataclass(frozen=True, slots=True)
class Undecided:
    """One notice: what it is about, which places it names, and where they are set."""

    label: str
    places: str
    url: str
    page: str


def undecided(strategy: Strategy) -> list[Undecided]:
    """The plan's notices with their pages, in the order of `kpis.plan_check.notices`."""
    found = []
    for notice in notices(strategy):
        label, _, places = notice.partition("：")
        found.append(Undecided(label, places, *_page_of(label)))
    return found


def _page_of(label: str) -> tuple[str, str]:
    """The address and the name of the page where what a notice is about is set."""
    kpis = reverse("admin:kpis_kpi_changelist")
    if label.startswith("所管課がない"):
        return f"{reverse('assignment')}?unset=1", "所管の割り当て"
    if TO_CONFIRM in label:
        return f"{kpis}?{urlencode({'q': TO_CONFIRM})}", "管理：重要業績評価指標"
    if "プロジェクトがない柱" in label or "のままのプロジェクト" in label:
        return reverse("admin:projects_project_changelist"), "管理：プロジェクト"
    if label.startswith("取組の掲載がない"):
        return reverse("admin:projects_initiative_changelist"), "管理：主な取組"
    return kpis, "管理：重要業績評価指標"
