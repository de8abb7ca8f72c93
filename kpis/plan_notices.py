"""What of a plan is not set or confirmed yet, each with the page where it is set.

Nothing of it is wrong; what is, `kpis.plan_check` says.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from kpis.lookup import not_over
from kpis.models import Kpi
from kpis.target_doubts import doubts_of
from kpis.target_rules import Aims
from kpis.targets import MetBy, target_of
from projects.models import Project, Strategy
from projects.plans import PLAN_PARAMETER

TO_CONFIRM = "要確認"
SUMMARY_MARK = "【要約】"

_LEFT_BEHIND = "続く課に引き継ぐまで、企画担当と、その課に残っている課員だけが入力できます。"

_MET_BY_BASELINE = (MetBy.BETTER.value, MetBy.KEPT.value)
# A page's name, its URL's name and its query.
Page = tuple[str, str, dict[str, str]]
_ASSIGNMENT: Page = ("所管の割り当て", "assignment", {"unset": "1"})
_TARGETS: Page = ("目標を見直す", "targets", {})
_REORGANISATION: Page = ("機構改革", "reorganisations", {})
_KPIS: Page = ("管理：重要業績評価指標", "admin:kpis_kpi_changelist", {})
_KPIS_TO_CONFIRM: Page = (*_KPIS[:2], {"q": TO_CONFIRM})
_PROJECTS: Page = ("管理：プロジェクト", "admin:projects_project_changelist", {})
_INITIATIVES: Page = ("管理：取組", "admin:projects_initiative_changelist", {})


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that is not set or confirmed yet, in which places, and what that means."""

    label: str
    places: list[str]
    where: Page
    remark: str = ""
    most_named: int = 20
    plan_code: str = ""

    def __str__(self) -> str:
        """`所管課がない指標（2件）：P1-1、P1-2。…`."""
        return f"{self.heading}：{self.detail}"

    @property
    def heading(self) -> str:
        """`所管課がない指標（2件）`."""
        return f"{self.label}（{len(self.places)}件）"

    @property
    def detail(self) -> str:
        """`P1-1、P1-2、ほか3件。…`: the first places by name, and the remark."""
        named = "、".join(self.places[: self.most_named])
        more = len(self.places) - self.most_named
        return f"{named}{f'、ほか{more}件' if more > 0 else ''}。{self.remark}"

    @property
    def page(self) -> str:
        """The name of the page where it is set."""
        return self.where[0]

    @property
    def url(self) -> str:
        """The address of that page."""
        _name, url_name, query = self.where
        if self.where is _REORGANISATION:  # it is no plan's
            return reverse(url_name)
        if url_name.startswith("admin:"):
            return f"{reverse(url_name)}?{urlencode({PLAN_PARAMETER: self.plan_code, **query})}"
        return reverse(url_name, args=[self.plan_code]) + (f"?{urlencode(query)}" if query else "")


def notices(strategy: Strategy) -> list[Notice]:
    """What is not set or confirmed yet, the gravest first."""
    abolished, no_target, no_owner, uncompared, no_baseline, to_confirm, no_yearly_target, odd = (
        _of_kpis(strategy)
    )
    left_behind, unowned, *of_projects = _of_plan(strategy)
    found = [
        *(
            abolished,
            left_behind,
            no_target,
            uncompared,
            odd,
            no_owner,
            unowned,
            no_baseline,
            to_confirm,
        ),
        *(*of_projects, no_yearly_target),
    ]
    words = strategy.words
    return [
        replace(
            notice,
            plan_code=strategy.code,
            label=words.put(notice.label),
            remark=words.put(notice.remark),
        )
        for notice in found
        if notice.places
    ]


def _of_kpis(strategy: Strategy) -> list[Notice]:
    kpis = (
        not_over(Kpi.objects.filter(project__strategy=strategy), strategy)
        .select_related("project__strategy", "department")
        .prefetch_related("final_targets", "yearly_targets")
    )
    first, is_longer = strategy.first_year, len(strategy.years) > 1

    def codes(is_meant: Callable[[Kpi], bool]) -> list[str]:
        return [kpi.code for kpi in kpis if is_meant(kpi)]

    return [
        Notice(
            "廃止された課が所管する指標",
            [
                f"{kpi.code}（{kpi.department}）"
                for kpi in kpis
                if kpi.department and kpi.department.is_abolished
            ],
            _REORGANISATION,
            _LEFT_BEHIND,
        ),
        Notice(
            f"{first}年度から使える最終目標値がない指標",
            codes(lambda kpi: not _has_first_target(kpi, kpi.first_year or first)),
            _TARGETS,
            "達成率を計算できません。",
        ),
        Notice(
            "所管課がない指標",
            codes(lambda kpi: kpi.department_id is None),
            _ASSIGNMENT,
            "企画担当だけが実績を入力できます。",
        ),
        Notice(
            "基準値と比べる目標なのに、基準値がない指標",
            codes(lambda kpi: not _has_baseline(kpi) and _compares(kpi)),
            _TARGETS,
            "達成を判定できません。",
        ),
        Notice(
            "基準値がない指標",
            codes(lambda kpi: not (_has_baseline(kpi) or _compares(kpi) or _adds_up(kpi))),
            _TARGETS,
        ),
        Notice(
            f"備考に「{TO_CONFIRM}」がある指標",
            codes(lambda kpi: TO_CONFIRM in kpi.note),
            _KPIS_TO_CONFIRM,
            "確かめたら備考を直してください。",
        ),
        Notice(
            "年度目安がない指標",
            codes(lambda kpi: is_longer and not kpi.yearly_targets.all()),
            _TARGETS,
            "集計方法と算式から決まる目安を使います。",
        ),
        Notice(
            "年度目安を確かめる指標",
            codes(lambda kpi: bool(_doubts(kpi))),
            _TARGETS,
            "最終目標値を超えるか、前の年度より後退しています。",
        ),
    ]


def _has_first_target(kpi: Kpi, first: int) -> bool:
    """Whether something is to be reached from the first year of the KPI's life on."""
    begins = kpi.first_year or first
    rows = [one for one in kpi.final_targets.all() if one.effective_from <= begins]
    return bool(rows) and target_of(max(rows, key=lambda row: row.effective_from)).is_set


def _has_baseline(kpi: Kpi) -> bool:
    rows = kpi.final_targets.all()
    return kpi.baseline is not None or any(one.baseline is not None for one in rows)


def _compares(kpi: Kpi) -> bool:
    """Whether a target is one in words that is met by comparing with the baseline."""
    return any(one.met_by in _MET_BY_BASELINE for one in kpi.final_targets.all())


def _adds_up(kpi: Kpi) -> bool:
    """Whether the KPI is a sum over the plan's years, which begins at nought."""
    return kpi.aggregation == "cumulative"


def _doubts(kpi: Kpi) -> list[str]:
    """What is odd about the yearly targets, for which it is no matter when the plan ends."""
    last = kpi.project.strategy.last_year
    finals, yearly = tuple(kpi.final_targets.all()), tuple(kpi.yearly_targets.all())
    aims = Aims(kpi, finals, yearly, lambda _year: last)
    return doubts_of(aims.course, kpi.decimal_places)


def _of_plan(strategy: Strategy) -> list[Notice]:
    projects = strategy.projects.filter(holds_goals=False).prefetch_related(
        "directions", "listings", "kpis"
    )

    def codes(is_meant: Callable[[Project], bool]) -> list[str]:
        return [project.sign for project in projects if is_meant(project)]

    gone = Q(department__valid_until__lt=timezone.localdate())
    loose = not_over(strategy.initiatives.all(), strategy)
    loose = loose.filter(Q(department=None) | gone).select_related("department")
    empty = strategy.pillars.filter(projects__isnull=True)
    return [
        Notice(
            "廃止された課が所管する取組",
            [f"「{one}」（{one.department}）" for one in loose if one.department],
            _REORGANISATION,
            _LEFT_BEHIND,
            most_named=5,
        ),
        Notice(
            "所管課がない取組",
            [f"「{one}」" for one in loose if not one.department],
            _ASSIGNMENT,
            most_named=5,
        ),
        Notice(
            f"目的や方向性が{SUMMARY_MARK}のままのプロジェクト",
            codes(_is_summary),
            _PROJECTS,
            "計画書の文言に置き換えてください。",
        ),
        Notice("プロジェクトがない柱", [str(pillar) for pillar in empty], _PROJECTS),
        Notice(
            "取組の掲載がないプロジェクト",
            codes(lambda project: not project.listings.all()),
            _INITIATIVES,
        ),
        Notice("指標がないプロジェクト", codes(lambda project: not project.kpis.all()), _KPIS),
    ]


def _is_summary(project: Project) -> bool:
    texts = [project.purpose, *(direction.text for direction in project.directions.all())]
    return any(SUMMARY_MARK in text for text in texts)
