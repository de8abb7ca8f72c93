"""The three roles as every migrate leaves them."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission, User
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from omuta_strategy.roles import refresh_roles
from projects.models import PlanChoice

pytestmark = pytest.mark.django_db

EDITABLE = [
    "projects.strategy", "projects.pillar", "projects.department", "projects.project",
    "projects.projectdirection", "projects.initiative", "projects.initiativelisting",
    "projects.entrydeadline",
    "kpis.kpi",
]  # fmt: skip
EVERY_VIEW = {
    f"{label}.view_{model._meta.model_name}"
    for label in ("projects", "kpis", "reports")
    for model in apps.get_app_config(label).get_models()
    if model is not PlanChoice  # everybody's own, which no page shows
}

MANAGES = {"projects.close_fiscal_year", "reports.issue_edition"}


def permissions_of(name):
    user = User.objects.create_user(f"one of {name}")
    user.groups.add(Group.objects.get(name=name))
    return user.get_all_permissions()


def test_planner_edits_the_plan_and_the_kpis_but_no_actual_or_closing_by_hand():
    edits = {
        model.replace(".", f".{action}_")
        for model in EDITABLE
        for action in ("add", "change", "delete")
    }

    assert permissions_of("企画担当") == EVERY_VIEW | edits | {
        "kpis.record_any_actuals",
        "kpis.record_own_actuals",
        "projects.add_fiscalyearclosing",
        "projects.close_fiscal_year",
        "reports.issue_edition",
        "accounts.view_audit",
        "auth.view_user",
        "auth.add_user",
        "auth.change_user",
        "auth.view_group",
    }


def test_department_editor_records_own_actuals_and_reads_everything():
    assert permissions_of("所管課担当") == EVERY_VIEW | {"kpis.record_own_actuals"}


def test_manager_closes_years_issues_editions_and_reads_everything():
    assert permissions_of("管理職") == EVERY_VIEW | MANAGES


def test_reading_everything_includes_the_history():
    assert {"kpis.view_historicalyearlyactual", "projects.view_historicalproject"} < EVERY_VIEW


def test_migrate_brings_back_what_is_missing_and_keeps_what_a_city_added():
    group = Group.objects.get(name="管理職")
    close = Permission.objects.get(codename="close_fiscal_year")
    added = Permission.objects.get(codename="delete_session")
    group.permissions.remove(close)
    group.permissions.add(added)
    Group.objects.get(name="所管課担当").delete()

    call_command("migrate", verbosity=0)

    assert set(group.permissions.filter(codename__in=("close_fiscal_year", "delete_session"))) == {
        close,
        added,
    }
    assert permissions_of("所管課担当") == EVERY_VIEW | {"kpis.record_own_actuals"}


def test_permissions_that_are_not_there_yet_are_made_first():
    Permission.objects.all().delete()
    Group.objects.all().delete()

    refresh_roles()

    assert permissions_of("管理職") == EVERY_VIEW | MANAGES


def test_refreshing_complete_roles_changes_nothing():
    granted = Group.permissions.through.objects.order_by("pk")
    before = list(granted.values())

    refresh_roles()

    assert list(granted.values()) == before


def test_second_migrate_writes_nothing():
    with CaptureQueriesContext(connection) as asked:
        refresh_roles()

    assert [one["sql"] for one in asked if not one["sql"].startswith("SELECT")] == []
