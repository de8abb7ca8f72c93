"""What of a plan's KPIs the database can't guarantee, and what is not set yet.

Problems are wrong by `kpis.rules`, asked of everything that stands, and have to be put right;
notices are only not decided yet. Both are Japanese sentences that name the places. The plan's
own side is in `projects.plan_check`.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from django.db.models import QuerySet

from kpis import rules
from kpis.models import FinalTarget, Kpi, YearlyActual, YearlyTarget
from projects.models import Initiative, Pillar, Project, Strategy
from projects.plan_check import check_plan, count_plan, field_problems, told
from projects.rules import Fault

TO_CONFIRM = "要確認"
SUMMARY_MARK = "【要約】"


def check_everything(strategy: Strategy) -> list[str]:
    """All problems of a strategy, the plan's and the KPIs'; empty when there are none."""
    return [*check_plan(strategy), *check_kpis(strategy)]


def check_kpis(strategy: Strategy) -> list[str]:
    """Everything that is wrong with a strategy's KPIs, targets and actuals."""
    kpis = list(_kpis(strategy))
    in_plan = {"kpi__project__strategy": strategy}
    related = "kpi__project__strategy"
    final_targets = list(FinalTarget.objects.filter(**in_plan).select_related(related))
    yearly_targets = list(YearlyTarget.objects.filter(**in_plan).select_related(related))
    actuals = list(YearlyActual.objects.filter(**in_plan).select_related(related))
    finals: defaultdict[int, list[tuple[int, Decimal]]] = defaultdict(list)
    for target in final_targets:
        finals[target.kpi_id].append((target.effective_from, target.value))
    found = [
        *((kpi, rules.baseline_faults(kpi)) for kpi in kpis),
        *(
            (one, rules.final_target_faults(one, [year for year, _ in finals[one.kpi_id]]))
            for one in final_targets
        ),
        *(
            (one, [*rules.yearly_target_faults(one), *_passing(one, finals[one.kpi_id])])
            for one in yearly_targets
        ),
        *((actual, rules.actual_faults(actual)) for actual in actuals),
    ]
    return [*field_problems([*kpis, *final_targets, *yearly_targets, *actuals]), *told(found)]


def _passing(target: YearlyTarget, final_targets: list[tuple[int, Decimal]]) -> Iterator[Fault]:
    return rules.passing_faults(target.kpi, final_targets, [(target.fiscal_year, target.value)])


def counts_text(strategy: Strategy) -> str:
    """`柱4、プロジェクト8、取組51、掲載60（うち再掲9）、指標16`."""
    counts = count_plan(strategy)
    return (
        f"柱{counts.pillars}、プロジェクト{counts.projects}、取組{counts.initiatives}、"
        f"掲載{counts.listings}（うち再掲{counts.relisted}）、指標{_kpis(strategy).count()}"
    )


class NoticeKind(Enum):
    """What a notice is about."""

    NO_FINAL_TARGET = "最終目標値"
    NO_OWNER_OF_KPI = "指標の所管課"
    NO_OWNER_OF_INITIATIVE = "取組の所管課"
    NO_BASELINE = "基準値"
    TO_CONFIRM = "要確認"
    SUMMARY = "要約"
    EMPTY_PILLAR = "柱"
    NO_LISTING = "取組の掲載"
    NO_KPI = "指標"
    NO_YEARLY_TARGET = "年度目安"


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that is not set or confirmed yet, in which places, and what that means."""

    kind: NoticeKind
    label: str
    places: tuple[str, ...]
    remark: str = ""
    most_named: int = 20

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


def notices(strategy: Strategy) -> list[Notice]:
    """What is not set or confirmed yet; nothing of it is wrong."""
    found = [*_notices_of_kpis(strategy), *_notices_of_plan(strategy)]
    order = list(NoticeKind)
    return sorted((one for one in found if one.places), key=lambda one: order.index(one.kind))


def _notices_of_kpis(strategy: Strategy) -> Iterator[Notice]:
    kpis = list(_kpis(strategy).prefetch_related("final_targets", "yearly_targets"))
    first = strategy.first_year

    def codes(is_meant: Callable[[Kpi], bool]) -> tuple[str, ...]:
        return tuple(kpi.code for kpi in kpis if is_meant(kpi))

    yield Notice(
        NoticeKind.NO_FINAL_TARGET,
        f"{first}年度から使える最終目標値がない指標",
        codes(lambda kpi: all(one.effective_from > first for one in kpi.final_targets.all())),
        "達成率を計算できません。",
    )
    yield Notice(
        NoticeKind.NO_OWNER_OF_KPI,
        "所管課がない指標",
        codes(lambda kpi: kpi.department_id is None),
        "企画担当だけが実績を入力できます。",
    )
    yield Notice(
        NoticeKind.NO_BASELINE, "基準値がない指標", codes(lambda kpi: kpi.baseline is None)
    )
    yield Notice(
        NoticeKind.TO_CONFIRM,
        f"備考に「{TO_CONFIRM}」がある指標",
        codes(lambda kpi: TO_CONFIRM in kpi.note),
        "確かめたら備考を直してください。",
    )
    if len(strategy.years) > 1:
        yield Notice(
            NoticeKind.NO_YEARLY_TARGET,
            "年度目安がない指標",
            codes(lambda kpi: not kpi.yearly_targets.all()),
            "集計方法と算式から決まる目安を使います。",
        )


def _notices_of_plan(strategy: Strategy) -> Iterator[Notice]:
    projects = list(
        Project.objects.filter(strategy=strategy).prefetch_related("directions", "listings", "kpis")
    )

    def codes(is_meant: Callable[[Project], bool]) -> tuple[str, ...]:
        return tuple(project.code for project in projects if is_meant(project))

    unowned = Initiative.objects.filter(strategy=strategy, department=None)
    empty = Pillar.objects.filter(strategy=strategy, projects__isnull=True)
    yield Notice(
        NoticeKind.NO_OWNER_OF_INITIATIVE,
        "所管課がない取組",
        tuple(f"「{name}」" for name in unowned.values_list("name", flat=True)),
        most_named=5,
    )
    yield Notice(
        NoticeKind.SUMMARY,
        f"目的や方向性が{SUMMARY_MARK}のままのプロジェクト",
        codes(_is_summary),
        "計画書の文言に置き換えてください。",
    )
    yield Notice(
        NoticeKind.EMPTY_PILLAR, "プロジェクトがない柱", tuple(str(pillar) for pillar in empty)
    )
    yield Notice(
        NoticeKind.NO_LISTING,
        "取組の掲載がないプロジェクト",
        codes(lambda project: not project.listings.all()),
    )
    yield Notice(
        NoticeKind.NO_KPI,
        "指標がないプロジェクト",
        codes(lambda project: not project.kpis.all()),
    )


def _kpis(strategy: Strategy) -> QuerySet[Kpi]:
    return Kpi.objects.filter(project__strategy=strategy).select_related("project")


def _is_summary(project: Project) -> bool:
    texts = [project.purpose, *(direction.text for direction in project.directions.all())]
    return any(SUMMARY_MARK in text for text in texts)
