"""The three roles, as Groups that are brought up to date after every migrate.

Missing permissions are added and none is taken away, so what a city grants a
role beyond these stays. What each role may, in words: docs/interface.md.
"""

from typing import Any

from django.apps import apps as installed_apps
from django.apps.registry import Apps
from django.contrib.auth.management import create_permissions
from django.db import DEFAULT_DB_ALIAS
from django.db.models import Q

from accounts.audit import Kind, note
from accounts.role_names import DEPARTMENT_EDITOR, MANAGER, PLANNER


def _named(app_label: str, *codenames: str) -> Q:
    return Q(content_type__app_label=app_label, codename__in=codenames)


_LABELS = ("projects", "kpis", "reports")
_OURS = Q(content_type__app_label__in=_LABELS)
_VIEW = _OURS & Q(codename__startswith="view_")
# History is written by the app alone; actuals and closings go through kpis.recording, a 機構改革
# through kpis.reorganisation, and what is dated through kpis.plan_changes.
_RECORDED = (
    *("yearlyactual", "fiscalyearclosing", "initiativeprogress", "projectreview"),
    *("reorganisation", "reorganisationitem"),
    *(
        "finaltarget",
        "yearlytarget",
        "ratingrules",
        "kpiratingrules",
        "formerperiod",
        "formerend",
        "formerplace",
    ),
)
_EDIT = (
    _OURS
    & Q(codename__regex=r"^(add|change|delete)_")
    & ~Q(content_type__model__startswith="historical")
    & ~Q(content_type__model__in=_RECORDED)
)

PERMISSIONS = {
    PLANNER: (
        _VIEW
        | _EDIT
        | _named("projects", "add_fiscalyearclosing", "close_fiscal_year")
        | _named("kpis", "record_any_actuals", "record_own_actuals")
        | _named("reports", "issue_edition")
        | _named("accounts", "view_audit")
        | _named("auth", "view_user", "add_user", "change_user", "view_group")
    ),
    DEPARTMENT_EDITOR: _VIEW | _named("kpis", "record_own_actuals"),
    MANAGER: (_VIEW | _named("projects", "close_fiscal_year") | _named("reports", "issue_edition")),
}


def refresh_roles(using: str = DEFAULT_DB_ALIAS, apps: Apps = installed_apps, **_: Any) -> None:
    """Create the Groups and add the permissions they lack; receives post_migrate.

    `apps` are the models as of the migration just applied. The permissions are
    made here first: this app may come before django.contrib.auth, whose own
    receiver would make them only afterwards.
    """
    try:
        group_model = apps.get_model("auth", "Group")
        permission_model = apps.get_model("auth", "Permission")
    except LookupError:
        return
    for label in (*_LABELS, "accounts", "auth"):
        create_permissions(
            installed_apps.get_app_config(label), verbosity=0, using=using, apps=apps
        )
    for name, granted in PERMISSIONS.items():
        group, is_new = group_model.objects.using(using).get_or_create(name=name)
        wanted = permission_model.objects.using(using).filter(granted)
        added = list(wanted.exclude(group=group))
        group.permissions.add(*added)
        missing = sorted(permission.codename for permission in added)
        # These models are not the ones whose changes the audit hears of.
        if missing and not is_new and apps is not installed_apps:
            note(Kind.ROLE, f"役割「{name}」に足りなかった権限", after="、".join(missing))
