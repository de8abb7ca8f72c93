"""The demo: users, departments, actuals and the years' work, all made up and put in once.

What is made up stands in fixtures/demo_omuta.yaml and demo_omuta_initiatives.yaml;
actuals, progress and reviews go through `kpis.recording` like everybody's.
"""

from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.db import transaction
from simple_history.utils import bulk_update_with_history

from accounts.audit import Kind, note
from accounts.passwords import mark_as_demo
from common.history import sign_change
from entry.demo_changes import show_changes
from kpis.models import ActualState, Kpi, YearlyActual
from kpis.publication import TERMS, set_terms
from kpis.recording import (
    ActualEntry,
    Change,
    ProgressEntry,
    ReviewEntry,
    record_actuals,
    record_initiatives_progress,
    record_project_reviews,
)
from projects.initiative_codes import code_at_home, with_home_number
from projects.models import (
    Department,
    Initiative,
    InitiativeProgress,
    InitiativeStatus,
    ProjectReview,
    Strategy,
)

CHANGE_REASON = "デモデータ（架空）"
_FILE = "demo_omuta.yaml"
_INITIATIVES_FILE = "demo_omuta_initiatives.yaml"


def seed_demo() -> str:
    """Put the demo in, once; return the sentence that says why nothing was done, or nothing.

    A database that anybody has worked in is left alone, so that running it
    again brings back nothing that was changed or deleted, and no account with
    a published password appears among real ones.
    """
    if not settings.DEMO:
        return "DEMO=1 ではないので、何もしませんでした。"
    with transaction.atomic():
        if _is_in_use():
            return "利用者・所管課・実績・進捗・総括のどれかがすでにあるので、何もしませんでした。"
        demo = read_demo()
        strategy = Strategy.objects.filter(code=demo["strategy"]).first()
        if strategy is None:
            return (
                f"計画「{demo['strategy']}」がないので、何もしませんでした。"
                "先に python manage.py load_plan omuta_2024_2028 を実行してください。"
            )
        note(Kind.IMPORT, "デモの利用者と、架空の所管課・実績・進捗・総括")
        users = _make_users(demo)
        planner = users[demo["recorded_by"]]
        _name_office(demo, strategy, planner)
        terms = {name: demo[name] for name in TERMS}
        strategy = set_terms(strategy, user=planner, **terms)
        _make_departments(demo, strategy, users)
        _record_actuals(demo, strategy, planner)
        _record_progress(demo, strategy, planner)
        _record_reviews(demo, strategy, planner)
        show_changes(planner, CHANGE_REASON)
    return ""


def read_demo() -> dict[str, Any]:
    """The demo's data as the files have it, the initiatives' under `initiatives`."""
    return _read(_FILE) | {"initiatives": _read(_INITIATIVES_FILE)}


def _read(name: str) -> dict[str, Any]:
    text = (Path(settings.FIXTURE_DIRS[0]) / name).read_text(encoding="utf-8")
    data: dict[str, Any] = yaml.safe_load(text)
    return data


def _is_in_use() -> bool:
    """Whether there is, or ever was, anything that a user or the demo put in."""
    return User.objects.exists() or any(
        model.history.exists() or model.objects.exists()
        for model in (Department, YearlyActual, InitiativeProgress, ProjectReview)
    )


def _make_users(demo: dict[str, Any]) -> dict[str, User]:
    users = {}
    for one in demo["users"]:
        user = User.objects.create_user(
            one["username"],
            password=demo["password"],
            last_name=one["display_name"],
            is_staff=one["is_staff"],
        )
        mark_as_demo(user)
        user.groups.add(Group.objects.get(name=one["role"]))
        users[user.username] = user
    return users


def _name_office(demo: dict[str, Any], strategy: Strategy, planner: User) -> None:
    strategy.office = demo["office"]
    sign_change(strategy, planner, CHANGE_REASON)
    strategy.save()


def _make_departments(demo: dict[str, Any], strategy: Strategy, users: dict[str, User]) -> None:
    planner = users[demo["recorded_by"]]
    kpis = _kpis_by_code(strategy)
    initiatives = list(Initiative.objects.filter(strategy=strategy).select_related("home_project"))
    for one in demo["departments"]:
        department = Department(code=one["code"], name=one["name"])
        sign_change(department, planner, CHANGE_REASON)
        department.save()
        department.members.set(users[username] for username in one["members"])
        for code in one["kpis"]:
            kpis[code].department = department
        for initiative in initiatives:
            if initiative.home_project.code in one["projects"]:
                initiative.department = department
    history = {"default_user": planner, "default_change_reason": CHANGE_REASON}
    bulk_update_with_history(list(kpis.values()), Kpi, ["department"], **history)
    bulk_update_with_history(initiatives, Initiative, ["department"], **history)


def _record_actuals(demo: dict[str, Any], strategy: Strategy, planner: User) -> None:
    kpis = _kpis_by_code(strategy)
    for fiscal_year, actuals in demo["actuals"].items():
        changes = [
            Change(kpis[code].pk, _entry(stated), version=0) for code, stated in actuals.items()
        ]
        record_actuals(strategy, fiscal_year, changes, user=planner, reason=CHANGE_REASON)


def _entry(stated: dict[str, Any]) -> ActualEntry:
    texts = {
        "analysis": stated.get("analysis", ""),
        "next_steps": stated.get("next_steps", ""),
    }
    if "expected_on" in stated:
        return ActualEntry(ActualState.PENDING, expected_on=stated["expected_on"], **texts)
    state = ActualState(stated.get("state", ActualState.FINAL))
    return ActualEntry(state, Decimal(stated["value"]), **texts)


def _record_progress(demo: dict[str, Any], strategy: Strategy, planner: User) -> None:
    initiatives = with_home_number(Initiative.objects.filter(strategy=strategy))
    ids = {code_at_home(one): one.pk for one in initiatives.select_related("home_project")}
    for fiscal_year, done in demo["initiatives"].items():
        changes = [Change(ids[code], _progress(stated), version=0) for code, stated in done.items()]
        record_initiatives_progress(
            strategy, fiscal_year, changes, user=planner, reason=CHANGE_REASON
        )


def _progress(stated: dict[str, Any]) -> ProgressEntry:
    status = InitiativeStatus(stated.get("status", InitiativeStatus.ONGOING))
    return ProgressEntry(**(stated | {"status": status}))


def _record_reviews(demo: dict[str, Any], strategy: Strategy, planner: User) -> None:
    ids = dict(strategy.projects.values_list("code", "pk"))
    for fiscal_year, reviews in demo["reviews"].items():
        changes = [
            Change(ids[code], ReviewEntry(**stated), version=0) for code, stated in reviews.items()
        ]
        record_project_reviews(strategy, fiscal_year, changes, user=planner, reason=CHANGE_REASON)


def _kpis_by_code(strategy: Strategy) -> dict[str, Kpi]:
    kpis = Kpi.objects.filter(project__strategy=strategy).select_related("project")
    return {kpi.code: kpi for kpi in kpis}
