"""What of the plan is not set or confirmed yet, each with the page where it is set."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from kpis.plan_check import TO_CONFIRM, Notice, NoticeKind, notices
from projects.models import Strategy

Page = tuple[str, str, dict[str, str]]

# A page's name, its URL's name and its query.
_ASSIGNMENT: Page = ("所管の割り当て", "assignment", {"unset": "1"})
_KPIS: Page = ("管理：重要業績評価指標", "admin:kpis_kpi_changelist", {})
_PROJECTS: Page = ("管理：プロジェクト", "admin:projects_project_changelist", {})
_PAGES: dict[NoticeKind, Page] = {
    NoticeKind.NO_FINAL_TARGET: _KPIS,
    NoticeKind.NO_OWNER_OF_KPI: _ASSIGNMENT,
    NoticeKind.NO_OWNER_OF_INITIATIVE: _ASSIGNMENT,
    NoticeKind.NO_BASELINE: _KPIS,
    NoticeKind.TO_CONFIRM: (*_KPIS[:2], {"q": TO_CONFIRM}),
    NoticeKind.SUMMARY: _PROJECTS,
    NoticeKind.EMPTY_PILLAR: _PROJECTS,
    NoticeKind.NO_LISTING: ("管理：取組", "admin:projects_initiative_changelist", {}),
    NoticeKind.NO_KPI: _KPIS,
    NoticeKind.NO_YEARLY_TARGET: _KPIS,
}


@dataclass(frozen=True, slots=True)
class Undecided:
    """One notice: what it is about, which places it names, and where they are set."""

    label: str
    places: str
    url: str
    page: str


def undecided(strategy: Strategy) -> list[Undecided]:
    """The plan's notices with their pages, in the order of `kpis.plan_check.notices`."""
    return [_with_page(notice) for notice in notices(strategy)]


def _with_page(notice: Notice) -> Undecided:
    page, url_name, query = _PAGES[notice.kind]
    url = reverse(url_name) + (f"?{urlencode(query)}" if query else "")
    return Undecided(notice.heading, notice.detail, url, page)
