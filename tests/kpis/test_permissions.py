"""Who may do what, asked in one place; and that nothing else spells a permission."""

import re
from inspect import signature
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser, Permission, User

from kpis import permissions
from kpis.models import Kpi
from kpis.permissions import (
    may_record,
    recordable_initiatives,
    recordable_kpis,
)
from projects.models import Initiative, Strategy
from tests.factories import make_department, make_initiative, make_kpi, make_project, make_strategy

HERE = Path(__file__).parents[2]
ROLES = ["kikaku", "tantou", "kanri"]
WHO_MAY = {
    "may_prepare": ["kikaku"],
    "may_begin_next": ["kikaku"],
    "may_see": ["kikaku", "tantou", "kanri"],
    "may_record_any": ["kikaku"],
    "may_record_own": ["kikaku", "tantou"],
    "may_import_actuals": ["kikaku", "tantou"],
    "may_decide": ["kikaku"],
    "may_review": ["kikaku"],
    "may_close": ["kikaku", "kanri"],
    "may_see_overview": ["kikaku", "kanri"],
    "may_set_deadline": ["kikaku"],
    "may_remind": ["kikaku"],
    "may_assign": ["kikaku"],
    "may_reorganise": ["kikaku"],
    "may_change_plan": ["kikaku"],
    "may_issue": ["kikaku", "kanri"],
}
WHAT_IT_TAKES = [
    ("may_prepare", ["change_strategy"]),
    ("may_begin_next", ["change_strategy"]),
    ("may_record_any", ["record_any_actuals"]),
    ("may_record_own", ["record_own_actuals"]),
    ("may_import_actuals", ["record_any_actuals"]),
    ("may_import_actuals", ["record_own_actuals"]),
    ("may_decide", ["record_any_actuals"]),
    ("may_review", ["record_any_actuals"]),
    ("may_close", ["close_fiscal_year"]),
    ("may_see_overview", ["record_any_actuals"]),
    ("may_see_overview", ["close_fiscal_year"]),
    ("may_set_deadline", ["record_any_actuals"]),
    ("may_remind", ["record_any_actuals"]),
    ("may_assign", ["change_kpi", "change_initiative"]),
    ("may_reorganise", ["change_department", "change_kpi", "change_initiative"]),
    ("may_change_plan", ["change_strategy"]),
    ("may_issue", ["issue_edition"]),
]


def somebody(*codenames: str) -> User:
    """A user without a role who has these permissions alone."""
    user = User.objects.create_user("somebody")
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return user


@pytest.fixture
def plan(project):
    """Two departments' KPI and initiative, 1 and 2, and number 3, which nobody owns."""
    for number in (1, 2):
        department = make_department(f"D0{number}")
        make_kpi(project, number, department=department)
        initiative = make_initiative(project, number)
        initiative.department = department
        initiative.save()
    make_kpi(project, 3)
    make_initiative(project, 3)
    elsewhere = make_project(make_strategy(code="next", is_current=False))
    make_kpi(elsewhere, 9)
    make_initiative(elsewhere, 9)
    return project.strategy


def in_department(user: User) -> User:
    """The user, as a member of the first department."""
    Kpi.objects.get(number=1).department.members.add(user)
    return user


def recordable(user: User, strategy: Strategy) -> tuple[list[int], list[int]]:
    """The numbers of the KPIs and of the initiatives that the user may record."""
    return (
        sorted(recordable_kpis(user, strategy).values_list("number", flat=True)),
        sorted(recordable_initiatives(user, strategy).values_list("listings__number", flat=True)),
    )


def recorded_one_by_one(user: User, strategy: Strategy) -> tuple[list[int], list[int]]:
    """The same, each asked alone."""
    kpis = Kpi.objects.filter(project__strategy=strategy).order_by("number")
    initiatives = Initiative.objects.filter(strategy=strategy).order_by("listings__number")
    return (
        [kpi.number for kpi in kpis if may_record(user, strategy, kpi)],
        [one.listings.get().number for one in initiatives if may_record(user, strategy, one)],
    )


def may(question: str, user: User | AnonymousUser, strategy: Strategy) -> bool:
    """What the function of that name answers."""
    ask = getattr(permissions, question)
    return ask(user, strategy) if "strategy" in signature(ask).parameters else ask(user)


@pytest.mark.parametrize("question", WHO_MAY)
def test_roles_may_what_they_are_promised(question, strategy, kikaku, tantou, kanri):
    told = [user.username for user in (kikaku, tantou, kanri) if may(question, user, strategy)]

    assert told == WHO_MAY[question]
    assert may(question, AnonymousUser(), strategy) is (question == "may_see")


# What each role may still do with a plan in preparation, and with one that has ended.
IN_PREPARATION = {
    "may_see": ["kikaku"],
    "may_record_any": ["kikaku"],
    "may_record_own": ["kikaku"],
    "may_import_actuals": ["kikaku"],
    "may_decide": ["kikaku"],
    "may_review": ["kikaku"],
    "may_set_deadline": ["kikaku"],
    "may_assign": ["kikaku"],
    "may_change_plan": ["kikaku"],
}

ENDED = {"may_begin_next": ["kikaku"], "may_see": ["kikaku", "tantou", "kanri"]}


@pytest.mark.parametrize(("state", "promised"), [("preparing", IN_PREPARATION), ("ended", ENDED)])
def test_state_of_a_plan_decides_who_may_what_there(state, promised, kikaku, tantou, kanri):
    strategy = make_strategy(state=state, is_current=False)
    questions = [
        name for name in WHO_MAY if "strategy" in signature(getattr(permissions, name)).parameters
    ]
    told = {
        name: [user.username for user in (kikaku, tantou, kanri) if may(name, user, strategy)]
        for name in questions
    }

    assert {name: users for name, users in told.items() if users} == promised
    assert len(questions) == 13


def test_every_question_is_asked_of_every_role():
    asked = {name for name in vars(permissions) if name.startswith("may_")}

    assert asked == {*WHO_MAY, "may_record"}


@pytest.mark.django_db
@pytest.mark.parametrize(("question", "codenames"), WHAT_IT_TAKES)
def test_permission_alone_is_enough(question, codenames):
    assert may(question, somebody(*codenames), make_strategy()) is True


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("question", "codename"),
    [
        ("may_assign", "change_kpi"),
        ("may_assign", "change_initiative"),
        ("may_reorganise", "change_department"),
        ("may_reorganise", "change_kpi"),
        ("may_reorganise", "change_initiative"),
    ],
)
def test_half_of_what_it_takes_is_not_enough(question, codename):
    assert may(question, somebody(codename), make_strategy()) is False


@pytest.mark.parametrize("how", [recordable, recorded_one_by_one])
def test_planner_records_everything_of_the_plan(plan, kikaku, how):
    assert how(kikaku, plan) == ([1, 2, 3], [1, 2, 3])


@pytest.mark.parametrize("how", [recordable, recorded_one_by_one])
def test_editor_records_what_the_own_department_owns(plan, tantou, how):
    assert how(in_department(tantou), plan) == ([1], [1])


@pytest.mark.parametrize("how", [recordable, recorded_one_by_one])
def test_editor_of_no_department_records_nothing(plan, tantou, how):
    assert how(tantou, plan) == ([], [])


@pytest.mark.parametrize("how", [recordable, recorded_one_by_one])
def test_member_without_the_role_records_nothing(plan, kanri, how):
    assert how(in_department(kanri), plan) == ([], [])


@pytest.mark.parametrize("how", [recordable, recorded_one_by_one])
def test_permission_for_every_department_needs_no_membership(plan, how):
    assert how(somebody("record_any_actuals"), plan) == ([1, 2, 3], [1, 2, 3])


@pytest.mark.parametrize("how", [recordable, recorded_one_by_one])
def test_who_is_not_logged_in_records_nothing(plan, how):
    assert how(AnonymousUser(), plan) == ([], [])


_ASKED = re.compile(r"\bhas_perms?\b|\bperms\.|permissions import .*\b_[A-Z]")
_SPELT = re.compile(
    r"[\"'](?:accounts|kpis|projects|reports|auth)\.(?:add|change|delete|view|record|close|issue)_\w+[\"']"
    r"|\brecord_(?:any|own)_actuals\b"
)
_ROOMS = ["accounts", "common", "entry", "kpis", "omuta_strategy", "projects", "reports"]
# Where permissions are asked, granted and made.
_MAY_SPELL = {
    "accounts/permissions.py",
    "kpis/permissions.py",
    "kpis/models/actuals.py",
    "omuta_strategy/roles.py",
}


def files_that_spell_a_permission() -> set[str]:
    """The paths of all sources and templates in which a permission's name or `has_perm` stands."""
    sources = [path for room in _ROOMS for path in (HERE / room).rglob("*.py")]
    templates = list((HERE / "templates").rglob("*.html"))
    return {
        path.relative_to(HERE).as_posix()
        for path in (*sources, *templates)
        if "migrations" not in path.parts
        and (_ASKED.search(text := path.read_text()) or _SPELT.search(text))
    }


def test_nothing_else_spells_a_permission():
    assert files_that_spell_a_permission() == _MAY_SPELL
