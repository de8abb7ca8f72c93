"""Small plans and people for tests: each makes the least that its test is about."""

import re
from collections.abc import Mapping
from decimal import Decimal

from django.contrib.auth.models import Group, User

from accounts.models import Account
from accounts.role_names import DEPARTMENT_EDITOR, MANAGER, PLANNER
from kpis.models import ActualState, FinalTarget, Kpi
from kpis.recording import (
    ActualEntry,
    ProgressEntry,
    begin_correction,
    record_actual,
    record_initiative_progress,
)
from projects.goals import holder_of
from projects.models import (
    Correction,
    CorrectionKind,
    Department,
    Initiative,
    InitiativeListing,
    InitiativeProgress,
    InitiativeStatus,
    Pillar,
    Project,
    Strategy,
)

PASSWORD = "only-for-tests-2024"
_ROLES = {"kikaku": PLANNER, "tantou": DEPARTMENT_EDITOR, "kanri": MANAGER}


def make_user(username: str, role: str = "") -> User:
    """One of the cast (`kikaku`, `tantou`, `kanri`), or somebody else with a role's name."""
    user = User.objects.create_user(username, password=PASSWORD)
    Account.objects.filter(user=user).update(must_change_password=False)  # as if chosen by them
    name = role or _ROLES.get(username, "")
    if name:
        user.groups.add(Group.objects.get(name=name))
    if name == PLANNER:
        user.is_staff = True
        user.save()
    return user


def correct_from(
    strategy: Strategy, first_year: int, *, user: User, reason: str = "訂正"
) -> Correction:
    """Begin to correct a closed year of a plan and all later closed ones."""
    kind = CorrectionKind.ERROR
    return begin_correction(strategy, first_year, kind=kind, reason=reason, user=user)


def make_strategy(**fields: object) -> Strategy:
    """A plan of 2024–2028 of a made-up city, the main plan unless told otherwise."""
    return Strategy.objects.create(
        **{
            "code": "mihon",
            "name": "見本市総合戦略",
            "municipality": "見本市",
            "municipality_code": "402028",
            "data_licence": "CC BY 4.0",
            "contact": "見本市企画課",
            "first_year": 2024,
            "last_year": 2028,
            "is_current": True,
        }
        | fields
    )


def make_project(strategy: Strategy, code: str = "P1", **fields: object) -> Project:
    """A core project under the plan's one pillar."""
    pillar, _made = Pillar.objects.get_or_create(
        strategy=strategy, number=1, defaults={"name": "しごとの創生"}
    )
    return Project.objects.create(
        **{
            "strategy": strategy,
            "pillar": pillar,
            "code": code,
            "kind": "コアプロジェクト",
            "name": f"{code}プロジェクト",
            "position": int(re.sub(r"\D", "", code) or 1),
        }
        | fields
    )


def make_kpi(
    project: Project, number: int = 1, target: Decimal | str | int | None = 50, **fields: object
) -> Kpi:
    """An annual KPI in 件 by ratio, with a final target unless `target` is None."""
    kpi = Kpi.objects.create(
        **{"project": project, "number": number, "name": f"指標{number}", "unit": "件"} | fields
    )
    if target is not None:
        FinalTarget.objects.create(
            kpi=kpi,
            effective_from=project.strategy.first_year,
            value=Decimal(target),
            reason="計画策定時の目標値",
        )
    return kpi


def make_goal(
    strategy: Strategy,
    pillar: Pillar | None = None,
    number: int = 1,
    target: Decimal | str | int | None = 100,
    **fields: object,
) -> Kpi:
    """An annual 数値目標 of a pillar, or of the whole plan, in 件 by ratio."""
    home = holder_of(strategy, pillar)
    if home.pk is None:
        home.save()
    return make_kpi(home, number, target, **{"name": f"目標{number}"} | fields)


def make_source(kpi: Kpi | None = None, **fields: object) -> Kpi:
    """P1-2 of another plan, of 2021 to 2027; `kpi` takes its figures from there."""
    plan = make_strategy(
        code="sogo", name="見本市総合計画", first_year=2021, last_year=2027, is_current=False
    )
    source = make_kpi(make_project(plan), 2, **{"name": "相談件数"} | fields)
    if kpi is not None:
        kpi.source = source
        kpi.save()
    return source


def make_initiative(project: Project, number: int = 1, name: str = "") -> Initiative:
    """An initiative listed at its home."""
    initiative = Initiative.objects.create(
        strategy=project.strategy,
        name=name or f"{project.code}の取組{number}",
        home_project=project,
    )
    InitiativeListing.objects.create(project=project, number=number, initiative=initiative)
    return initiative


def make_department(code: str = "D01", *members: User) -> Department:
    """A department with its members."""
    department = Department.objects.create(code=code, name=f"{code}課")
    department.members.add(*members)
    return department


def assign(owned: Kpi | Initiative, *members: User, code: str = "D01") -> None:
    """Make a KPI or an initiative that of a new department with these members."""
    owned.department = make_department(code, *members)
    owned.save()


def final(value: Decimal | str | int, **fields: object) -> ActualEntry:
    """The statement of a final value."""
    return ActualEntry(ActualState.FINAL, Decimal(value), **fields)


def record(kpi: Kpi, values: Mapping[int, object], user: User) -> None:
    """Record final values, or whole entries, by fiscal year."""
    for year, value in values.items():
        entry = value if isinstance(value, ActualEntry) else final(value)
        record_actual(kpi, year, entry, user=user, version=0)


def record_progress(
    initiative: Initiative,
    user: User,
    year: int = 2025,
    version: int = 0,
    status: str = "ongoing",
    **fields: object,
) -> InitiativeProgress:
    """Record what was done on an initiative in a year."""
    entry = ProgressEntry(InitiativeStatus(status), **fields)
    return record_initiative_progress(initiative, year, entry, user=user, version=version)


def make_plans_beside(count: int) -> None:
    """More running plans, of the years of 見本市総合戦略, each with a KPI and an initiative."""
    for at in range(1, count + 1):
        project = make_project(make_strategy(code=f"plan{at}", name=f"計画{at}", is_current=False))
        make_kpi(project)
        make_initiative(project)


def make_plan(user: User, projects: int = 1, kpis: int = 2, **fields: object) -> Strategy:
    """A plan in use: each project with KPIs, two recorded years and two initiatives.

    All plans' KPIs are those of one department, D01.
    """
    strategy = make_strategy(**fields)
    department = Department.objects.filter(code="D01").first() or make_department("D01")
    for at in range(1, projects + 1):
        project = make_project(strategy, f"P{at}", purpose="【要約】目的")
        for number in range(1, kpis + 1):
            kpi = make_kpi(project, number, department=department)
            record(kpi, {2024: 20 + number, 2025: 30 + number}, user)
        make_initiative(project, 1)
        shared = make_initiative(project, 2)
        if at > 1:
            InitiativeListing.objects.create(
                project=strategy.projects.get(code="P1"), number=at + 10, initiative=shared
            )
    return strategy
