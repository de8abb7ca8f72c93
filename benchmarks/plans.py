"""Fill an empty database: `python -m benchmarks.plans real` or `large`, with a planner.

`real` is the city's plan, 8 projects and 16 KPIs; `large` a made-up one of 60 projects
and 600 KPIs of every formula. Both have five years of made-up, explained actuals.
"""

import sys
from collections.abc import Callable
from decimal import Decimal

import django

django.setup()

from django.contrib.auth.models import Group, User  # noqa: E402 - needs the models

from accounts.passwords import password_was_set  # noqa: E402
from benchmarks.people import PASSWORD, PLANNER_NAME  # noqa: E402
from entry.plan_file.loading import load_plan  # noqa: E402
from kpis.models import ActualState, FinalTarget, Kpi, YearlyTarget  # noqa: E402
from kpis.recording import ActualEntry, Change, record_actuals  # noqa: E402
from omuta_strategy.roles import PLANNER  # noqa: E402
from projects.models import (  # noqa: E402
    Department,
    Initiative,
    InitiativeListing,
    Pillar,
    Project,
    ProjectDirection,
    Strategy,
)

PROJECTS = 60
KPIS_A_PROJECT = 10
INITIATIVES_A_PROJECT = 6
DEPARTMENTS = 12
OTHER_KINDS = {
    1: {"aggregation": "cumulative", "unit": "件"},
    2: {"aggregation": "cumulative", "unit": "人"},
    7: {"decimal_places": 1, "unit": "%"},
    8: {"direction": "decrease", "unit": "人"},
    9: {"formula": "from_baseline", "baseline": Decimal(40), "baseline_year": 2023},
    10: {"direction": "decrease", "formula": "deviation", "unit": "トン"},
}
ANALYSIS = (
    "上半期は申込みが計画を下回ったが、秋からの周知と手続きの簡素化により下半期に持ち直した。"
    "前年度と比べて若い世代の利用が増えている。"
)
NEXT_STEPS = "関係団体との連携を続け、利用の少ない地域での説明会を増やす。"


def main(size: str) -> None:
    """Make the planner, the plan, its departments and its actuals."""
    user = User.objects.create_user(PLANNER_NAME, password=PASSWORD, last_name="計測担当")
    password_was_set(user, by_themselves=True)  # nobody is asked for another one
    user.groups.add(Group.objects.get(name=PLANNER))
    makers: dict[str, Callable[[], Strategy]] = {"real": _real_plan, "large": _large_plan}
    strategy = makers[size]()
    strategy.data_licence, strategy.contact = "CC BY 4.0", "計測担当"
    strategy.save()
    departments = Department.objects.bulk_create(
        Department(code=f"D{number:02}", name=f"計測第{number}課")
        for number in range(1, DEPARTMENTS + 1)
    )
    for model in (Kpi, Initiative):
        rows = list(model.objects.order_by("pk"))
        for at, row in enumerate(rows):
            row.department = departments[at % DEPARTMENTS]
        model.objects.bulk_update(rows, ["department"])
    for year in strategy.years:
        _record_year(strategy, year, user)


def _real_plan() -> Strategy:
    return load_plan("omuta_2024_2028").strategy


def _large_plan() -> Strategy:
    strategy = Strategy.objects.create(
        code="keisoku",
        name="計測用の総合戦略",
        municipality="見本県",
        municipality_code="400009",
        first_year=2024,
        last_year=2028,
        is_current=True,
    )
    pillars = Pillar.objects.bulk_create(
        Pillar(strategy=strategy, number=number, name=f"第{number}の柱") for number in range(1, 5)
    )
    projects = Project.objects.bulk_create(
        Project(
            strategy=strategy,
            pillar=pillars[at % 4],
            code=f"P{at + 1}",
            kind="コアプロジェクト",
            name=f"地域の力を合わせて取り組むプロジェクト{at + 1}",
            purpose="人口が減る中でも安心して暮らし続けられるよう、関係者が力を合わせて取り組む。",
            position=at,
        )
        for at in range(PROJECTS)
    )
    ProjectDirection.objects.bulk_create(
        ProjectDirection(project=project, number=number, text="関係機関と連携して取組を広げる。")
        for project in projects
        for number in (1, 2, 3)
    )
    _make_initiatives(strategy, projects)
    _make_kpis(projects)
    return strategy


def _make_initiatives(strategy: Strategy, projects: list[Project]) -> None:
    """Six a project, and the last of each listed again in the next project."""
    initiatives = Initiative.objects.bulk_create(
        Initiative(
            strategy=strategy, name=f"{project.code}の取組・事業その{number}", home_project=project
        )
        for project in projects
        for number in range(1, INITIATIVES_A_PROJECT + 1)
    )
    listings = []
    for at, initiative in enumerate(initiatives):
        home, number = divmod(at, INITIATIVES_A_PROJECT)
        listings.append(
            InitiativeListing(project=projects[home], number=number + 1, initiative=initiative)
        )
        if number + 1 == INITIATIVES_A_PROJECT:
            again = projects[(home + 1) % PROJECTS]
            listings.append(
                InitiativeListing(project=again, number=number + 2, initiative=initiative)
            )
    InitiativeListing.objects.bulk_create(listings)


def _make_kpis(projects: list[Project]) -> None:
    kpis = Kpi.objects.bulk_create(
        Kpi(
            **{
                "project": project,
                "number": number,
                "name": f"支援を受けて新しい取組を始めた事業者などの数（その{number}）",
                "unit": "事業者",
                "definition": "市の補助金の交付決定と、相談窓口の記録から年度末に数える。",
                "data_source": "所管課調べ",
            }
            | OTHER_KINDS.get(number, {})
        )
        for project in projects
        for number in range(1, KPIS_A_PROJECT + 1)
    )
    FinalTarget.objects.bulk_create(
        FinalTarget(kpi=kpi, effective_from=2024, value=Decimal(60 + 7 * at % 90))
        for at, kpi in enumerate(kpis)
    )
    YearlyTarget.objects.bulk_create(
        YearlyTarget(kpi=kpi, fiscal_year=year, value=Decimal(20 + 10 * (year - 2024)))
        for kpi in kpis
        if kpi.number == 2
        for year in range(2024, 2028)
    )


def _record_year(strategy: Strategy, year: int, user: User) -> None:
    """A value for every KPI, between four and thirteen tenths of what is due."""
    changes = []
    targets = FinalTarget.objects.filter(kpi__project__strategy=strategy).select_related("kpi")
    for target in targets.order_by("kpi_id"):
        kpi = target.kpi
        share = Decimal(4 + (kpi.pk + 3 * year) % 10) / 10
        if kpi.aggregation == "cumulative":
            share /= len(strategy.years)
        changes.append(
            Change(
                kpi.pk,
                ActualEntry(
                    ActualState.FINAL,
                    round(target.value * share, kpi.decimal_places),
                    analysis=ANALYSIS,
                    next_steps=NEXT_STEPS,
                ),
                version=0,
            )
        )
    record_actuals(strategy, year, changes, user=user)


if __name__ == "__main__":
    main(sys.argv[1])
