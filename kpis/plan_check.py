"""What of a plan's KPIs the database can't guarantee, and what is not set yet.

Problems are wrong and have to be put right; notices are only not decided yet.
Both are Japanese sentences that name the places. The plan's own side is in
`projects.plan_check`.
"""

from collections.abc import Iterator, Sequence

from django.db.models import QuerySet

from kpis import rules
from kpis.models import FinalTarget, Kpi, YearlyActual, YearlyTarget
from projects.models import Initiative, Pillar, Project, Strategy
from projects.plan_check import check_plan, count_plan, field_problems, outside, place_of

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
    return [
        *field_problems([*kpis, *final_targets, *yearly_targets, *actuals]),
        *_unfit_baselines(kpis),
        *_unfit_final_targets(strategy, final_targets),
        *_unfit_yearly_targets(strategy, yearly_targets),
        *_unfit_actuals(strategy, actuals),
    ]


def counts_text(strategy: Strategy) -> str:
    """`柱4、プロジェクト8、取組51、掲載60（うち再掲9）、指標16`."""
    counts = count_plan(strategy)
    return (
        f"柱{counts.pillars}、プロジェクト{counts.projects}、取組{counts.initiatives}、"
        f"掲載{counts.listings}（うち再掲{counts.relisted}）、指標{_kpis(strategy).count()}"
    )


def notices(strategy: Strategy) -> list[str]:
    """What is not set or confirmed yet; nothing of it is wrong."""
    kpis = list(_kpis(strategy).prefetch_related("final_targets", "yearly_targets"))
    projects = list(
        Project.objects.filter(strategy=strategy).prefetch_related("directions", "listings", "kpis")
    )
    unowned = Initiative.objects.filter(strategy=strategy, department=None)
    first = strategy.first_year
    found = [
        _notice(
            f"{first}年度から使える最終目標値がない指標",
            [
                kpi.code
                for kpi in kpis
                if all(target.effective_from > first for target in kpi.final_targets.all())
            ],
            "達成率を計算できません。",
        ),
        _notice(
            "所管課がない指標",
            [kpi.code for kpi in kpis if kpi.department_id is None],
            "企画担当だけが実績を入力できます。",
        ),
        _notice(
            "所管課がない取組",
            [f"「{name}」" for name in unowned.values_list("name", flat=True)],
            most=5,
        ),
        _notice("基準値がない指標", [kpi.code for kpi in kpis if kpi.baseline is None]),
        _notice(
            f"備考に「{TO_CONFIRM}」がある指標",
            [kpi.code for kpi in kpis if TO_CONFIRM in kpi.note],
            "確かめたら備考を直してください。",
        ),
        _notice(
            f"目的や方向性が{SUMMARY_MARK}のままのプロジェクト",
            [project.code for project in projects if _is_summary(project)],
            "計画書の文言に置き換えてください。",
        ),
        _notice(
            "プロジェクトがない柱",
            [
                str(pillar)
                for pillar in Pillar.objects.filter(strategy=strategy, projects__isnull=True)
            ],
        ),
        _notice(
            "取組の掲載がないプロジェクト",
            [project.code for project in projects if not project.listings.all()],
        ),
        _notice(
            "指標がないプロジェクト",
            [project.code for project in projects if not project.kpis.all()],
        ),
    ]
    if len(strategy.years) > 1:
        found.append(
            _notice(
                "年度目安がない指標",
                [kpi.code for kpi in kpis if not kpi.yearly_targets.all()],
                "集計方法と算式から決まる目安を使います。",
            )
        )
    return [notice for notice in found if notice]


def _kpis(strategy: Strategy) -> QuerySet[Kpi]:
    return Kpi.objects.filter(project__strategy=strategy).select_related("project")


def _is_summary(project: Project) -> bool:
    texts = [project.purpose, *(direction.text for direction in project.directions.all())]
    return any(SUMMARY_MARK in text for text in texts)


def _notice(label: str, names: Sequence[str], remark: str = "", *, most: int = 20) -> str:
    """`所管課がない指標（2件）：P1-1、P1-2。…`; empty without names."""
    if not names:
        return ""
    shown = "、".join(names[:most])
    rest = f"、ほか{len(names) - most}件" if len(names) > most else ""
    return f"{label}（{len(names)}件）：{shown}{rest}。{remark}"


def _unfit_baselines(kpis: list[Kpi]) -> Iterator[str]:
    for kpi in kpis:
        if kpi.baseline is not None and not rules.fits_decimal_places(
            kpi.baseline, kpi.decimal_places
        ):
            yield f"{place_of(kpi)}：{rules.decimals_message('基準値', kpi.decimal_places)}"


def _unfit_final_targets(strategy: Strategy, targets: list[FinalTarget]) -> Iterator[str]:
    first_years: dict[int, int] = {}
    for target in targets:
        known = first_years.get(target.kpi_id, target.effective_from)
        first_years[target.kpi_id] = min(known, target.effective_from)
    for target in targets:
        yield from _unfit_goal(target, "最終目標値")
        if target.effective_from not in strategy.years:
            yield f"{place_of(target)}：{outside(strategy)}適用する最初の年度を直してください。"
        elif target.effective_from > first_years[target.kpi_id] and not target.reason.strip():
            yield f"{place_of(target)}：目標を改めた理由を書いてください（報告書に載ります）。"


def _unfit_yearly_targets(strategy: Strategy, targets: list[YearlyTarget]) -> Iterator[str]:
    for target in targets:
        yield from _unfit_goal(target, "年度目安値")
        if target.fiscal_year not in strategy.years:
            yield f"{place_of(target)}：{outside(strategy)}年度を直すか、年度目安を消してください。"
        elif target.fiscal_year == strategy.last_year:
            yield (
                f"{place_of(target)}：最終年度の目安は最終目標値です。年度目安を消してください。"
            )


def _unfit_goal(target: FinalTarget | YearlyTarget, label: str) -> Iterator[str]:
    kpi = target.kpi
    if not rules.fits_decimal_places(target.value, kpi.decimal_places):
        yield f"{place_of(target)}：{rules.decimals_message(label, kpi.decimal_places)}"
    problem = rules.goal_problem_of(kpi, target.value)
    if problem:
        yield f"{place_of(target)}：{problem}"


def _unfit_actuals(strategy: Strategy, actuals: list[YearlyActual]) -> Iterator[str]:
    for actual in actuals:
        if actual.fiscal_year not in strategy.years:
            yield f"{place_of(actual)}：{outside(strategy)}計画期間を直してください。"
        if actual.value is not None:
            problem = rules.actual_errors(actual.kpi, actual.value)
            if problem:
                yield f"{place_of(actual)}：{problem}"
