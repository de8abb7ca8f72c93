"""The demo: users, departments and actuals that are all made up, put in once.

What is made up stands in fixtures/demo_omuta.yaml; the actuals go through
`kpis.recording` like everybody's.
"""

from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.db import transaction
from simple_history.utils import bulk_update_with_history

from kpis.models import ActualState, Kpi, YearlyActual
from kpis.recording import ActualChange, ActualEntry, record_actuals
from kpis.roles import refresh_roles
from projects.models import Department, Initiative, Strategy

CHANGE_REASON = "デモデータ（架空）"
_FILE = "demo_omuta.yaml"


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
            return "利用者・所管課・実績のどれかがすでにあるので、何もしませんでした。"
        demo = read_demo()
        strategy = Strategy.objects.filter(code=demo["strategy"]).first()
        if strategy is None:
            return (
                f"計画「{demo['strategy']}」がないので、何もしませんでした。"
                "先に python manage.py load_plan omuta_2024_2028 を実行してください。"
            )
        users = _make_users(demo)
        _make_departments(demo, strategy, users)
        _record_actuals(demo, strategy, users)
    return ""


def read_demo() -> dict[str, Any]:
    """The demo's data as the file has it."""
    return yaml.safe_load((Path(settings.FIXTURE_DIRS[0]) / _FILE).read_text(encoding="utf-8"))


def _is_in_use() -> bool:
    """Whether there is, or ever was, anything that a user or the demo put in."""
    return (
        User.objects.exists()
        or Department.history.exists()
        or Department.objects.exists()
        or YearlyActual.history.exists()
        or YearlyActual.objects.exists()
    )


def _make_users(demo: dict[str, Any]) -> dict[str, User]:
    refresh_roles()
    users = {}
    for one in demo["users"]:
        user = User.objects.create_user(
            one["username"],
            password=demo["password"],
            last_name=one["display_name"],
            is_staff=one["is_staff"],
        )
        user.groups.add(Group.objects.get(name=one["role"]))
        users[user.username] = user
    return users


def _make_departments(demo: dict[str, Any], strategy: Strategy, users: dict[str, User]) -> None:
    planner = users[demo["recorded_by"]]
    kpis = _kpis_by_code(strategy)
    initiatives = list(Initiative.objects.filter(strategy=strategy).select_related("home_project"))
    for one in demo["departments"]:
        department = Department(code=one["code"], name=one["name"])
        department._history_user = planner  # noqa: SLF001 - simple-history's documented attributes
        department._change_reason = CHANGE_REASON  # noqa: SLF001
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


def _record_actuals(demo: dict[str, Any], strategy: Strategy, users: dict[str, User]) -> None:
    kpis = _kpis_by_code(strategy)
    for fiscal_year, actuals in demo["actuals"].items():
        changes = [
            ActualChange(kpis[code].pk, _entry(stated), version=0)
            for code, stated in actuals.items()
        ]
        record_actuals(
            strategy,
            fiscal_year,
            changes,
            user=users[demo["recorded_by"]],
            reason=CHANGE_REASON,
        )


def _entry(stated: dict[str, Any]) -> ActualEntry:
    texts = {
        "analysis": stated.get("analysis", ""),
        "next_steps": stated.get("next_steps", ""),
    }
    if "expected_on" in stated:
        return ActualEntry(ActualState.PENDING, expected_on=stated["expected_on"], **texts)
    state = ActualState(stated.get("state", ActualState.FINAL))
    return ActualEntry(state, Decimal(stated["value"]), **texts)


def _kpis_by_code(strategy: Strategy) -> dict[str, Kpi]:
    kpis = Kpi.objects.filter(project__strategy=strategy).select_related("project")
    return {kpi.code: kpi for kpi in kpis}
