"""Every URL of the app: those that only read, and how to call those that write.

`tests/test_every_writing_url.py` walks the URL configuration and wants each pattern here.
A new page that only reads is one line in READ_ONLY; one that writes is one line in WRITES
(or, for a model's admin, in ADMIN). Write `closed=` or `own=` only with the reason why a
closed year, or another department, makes no difference.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Model
from django.test import Client

from kpis.models import Kpi, YearlyTarget
from kpis.plan_changes.initiatives import end_initiative
from kpis.plan_changes.lives import end_kpi
from kpis.recording import close_years_through, record_actual
from kpis.reorganisation import Wish, WishedChange, prepare_reorganisation
from projects.models import (
    Department,
    EntryDeadline,
    Initiative,
    InitiativeListing,
    Pillar,
    PlanState,
    Project,
    Reorganisation,
    Strategy,
)
from tests.admin_forms import fields_of, shown
from tests.factories import (
    PASSWORD,
    correct_from,
    final,
    make_department,
    make_kpi,
    make_plan,
    make_strategy,
    make_user,
)
from tests.plan_workbooks import SMALL, content_of, with_sheets
from tests.rated_otherwise import rate_otherwise
from tests.rule_forms import shown_rules

YEAR = 2025
PLAN = "plans/<slug:plan_code>/"
# What addresses without a plan lead on to.
WITHOUT_PLAN = (
    "^(?P<page>(?:projects|kpis|initiatives|history|reports|entry|departments)/.*)$",
    r"^(?P<page>history\.csv)$",
)
NO_YEAR = "it holds no figure of a year"
OPENS = "it is what opens a closed year"
WHEN_CLOSED = "it is done once the year is closed, and changes no figure"
SELF = "it is everybody's own"
WHOLE = "it is about the whole plan"
NEW_PLAN = "it is a new plan, whose years are open"
KEPT = "it holds from an open year on, and closed years keep what they say"
OPEN_YEARS = "it is about the open years alone"
_CHANGED = "書き換えた"
_NEW_KPI = {
    "unit": "件", "decimal_places": "0", "aggregation": "annual", "direction": "increase",
    "formula": "ratio", "target": "30",
}  # fmt: skip


@dataclass
class World:
    """Four plans: the main one `mihon`, `beside` it another, `next` in preparation, `former` ended.

    `strategy` is the one to write in, `mihon` or `beside`, both in use: P1-1 and P1-2 are D01's.
    In `mihon` P1-3 is D02's, whose editor is `tantou`; in `beside` D02 has nothing.
    """

    strategy: Strategy
    planner: Client
    kikaku: User
    tantou: User

    def in_plan(self, code: str) -> "World":
        """The same world, to write in another of its plans."""
        return replace(self, strategy=Strategy.objects.get(code=code))


@dataclass(frozen=True)
class Write:
    """How to write through one URL; with it the planner does change something.

    `row` finds the row that `{pk}` in `path` stands for, `{plan}` stands for the plan to write
    in: the world's, or `plan` where that one would refuse. `data` is what a browser would post,
    or makes it. `closed`, `own` and `ended` say why a closed year, another department, or a plan
    that has ended makes no difference; empty: they are refused.
    """

    path: str
    data: dict | Callable[[World, str], dict]
    row: Callable[[World], Model] | None = None
    closed: str = ""
    own: str = ""
    ended: str = ""
    plan: str = ""
    before: Callable[[World], object] | None = None

    def url(self, world: World, plan: str = "") -> str:
        code = plan or self.plan or world.strategy.code
        return self.path.format(plan=code, pk=self.row(world).pk if self.row else "")

    def posted(self, world: World, url: str) -> dict:
        """The data as the planner's browser would send them."""
        return dict(self.data) if isinstance(self.data, dict) else self.data(world, url)


def make_world() -> World:
    kikaku, tantou = make_user("kikaku"), make_user("tantou")
    tantou.is_staff = True  # refused for what they may not do, not for having no access at all
    tantou.email = "tantou@example.invalid"
    tantou.save()
    strategy = make_plan(kikaku)
    beside = make_plan(kikaku, code="beside", name="並ぶ計画", is_current=False)
    own = make_department("D02", tantou)
    make_kpi(strategy.projects.get(code="P1"), 3, department=own)
    member = make_user("hanako", role="所管課担当")
    member.email = "hanako@example.invalid"
    member.save()
    first = Department.objects.get(code="D01")
    first.members.add(member)
    make_kpi(beside.projects.get(code="P1"), 3, department=first)
    Initiative.objects.update(department=first)
    make_department("D03")
    for plan in (strategy, beside):
        _add_what_is_deleted(plan)
    make_strategy(code="next", name="次の計画", is_current=False, first_year=2029, last_year=2033,
                  state=PlanState.PREPARING)  # fmt: skip
    make_strategy(code="former", name="前の計画", is_current=False, first_year=2020,
                  last_year=2023, state=PlanState.ENDED)  # fmt: skip
    change = WishedChange(Department.objects.get(code="D03").pk, "end")
    prepare_reorganisation(Wish(date(2199, 4, 1), "", (change,)), user=kikaku)
    planner = Client()
    planner.force_login(kikaku)
    return World(strategy, planner, kikaku, tantou)


def _add_what_is_deleted(plan: Strategy) -> None:
    """Rows that nothing hangs on, so that the planner may delete them."""
    YearlyTarget.objects.create(
        kpi=plan.projects.get(code="P1").kpis.get(number=1), fiscal_year=YEAR, value=Decimal(10)
    )
    EntryDeadline.objects.create(strategy=plan, fiscal_year=YEAR, due_on=date(2026, 6, 30))
    Pillar.objects.create(strategy=plan, number=9, name="空の柱")
    Project.objects.create(
        strategy=plan, pillar=plan.pillars.get(number=1), code="P9", kind="コアプロジェクト",
        name="空のプロジェクト", position=9,
    )  # fmt: skip


def _project(world: World, code: str = "P1") -> Project:
    return world.strategy.projects.get(code=code)


def _kpi(world: World, number: int = 1) -> Kpi:
    return Kpi.objects.get(project=_project(world), number=number)


def _plan(world: World) -> int:
    return world.strategy.pk


def _last(rows: Any) -> Any:
    return rows.order_by("pk").last()


def _changed(**fields: object) -> Callable[[World, str], dict]:
    """The admin's form as the page shows it, with some fields typed anew (None: left out)."""

    def data(world: World, url: str) -> dict:
        typed = {name: value(world) if callable(value) else value for name, value in fields.items()}
        return {
            name: value
            for name, value in (shown(world.planner, url) | typed).items()
            if value is not None
        }

    return data


def _selected(row: Callable[[World], Model]) -> Callable[[World, str], dict]:
    def data(world: World, _url: str) -> dict:
        return {"action": "delete_selected", "_selected_action": [row(world).pk], "post": "yes"}

    return data


def _confirmed_actuals(world: World, url: str) -> dict:
    """What the page behind the preview of a file of actuals would post."""
    rows = f"KPI番号,年度,実績値,版\r\nP1-1,{YEAR},99,1\r\n"
    file = SimpleUploadedFile("a.csv", rows.encode())
    return {"confirmed": world.planner.post(url, {"file": file}).context["signed"]}


def _assigned(world: World, url: str) -> dict:
    """The page of departments with P1-1 handed to the other department."""
    projects = world.planner.get(url).context["projects"]
    row = next(row for _project, rows in projects for row in rows if row.item == _kpi(world))
    return {row.key: str(Department.objects.get(code="D02").pk), f"{row.key}-was": str(row.saved)}


def _next_looked_over(world: World, url: str) -> dict:
    """What the page behind the preview of the next plan would post."""
    facts = {"code": "following", "name": "次の次", "first_year": "2029", "last_year": "2033"}
    page = world.planner.post(url, facts | {"reason": "策定", "pillar-1": "on", "project-P1": "on"})
    return {"confirmed": page.context["signed"]}


def _workbook(code: str, *, kpi: str) -> SimpleUploadedFile:
    """The workbook of a plan of that code, whose P1-1 has a name."""
    items = [row for row in SMALL["計画"] if row[0] != "計画コード"]
    sheets = with_sheets(計画=[*items, ("計画コード", code)])
    sheets = with_sheets(sheets, 指標=[("KPI番号", "指標名", "単位"), ("P1-1", kpi, "件")])
    return SimpleUploadedFile("計画.xlsx", content_of(sheets))


def _plan_looked_over(world: World, url: str) -> dict:
    """What the page behind the preview of a new plan's workbook would post."""
    page = world.planner.post(url, {"file": _workbook("newer", kpi="新指標")})
    return {"confirmed": page.context["signed"]}


def _plan_looked_over_again(world: World, url: str) -> dict:
    """What the page behind the preview of the plan's own workbook would post: another name."""
    sheets = {
        "計画": [("項目", "内容"), ("計画コード", world.strategy.code)],
        "指標": [("KPI番号", "指標名"), ("P1-1", _CHANGED)],
    }
    file = SimpleUploadedFile("計画.xlsx", content_of(sheets))
    signed = world.planner.post(url, {"file": file}).context["signed"]
    return {"confirmed": signed, "reason": "見直し"}


def _looked_over(**typed: str) -> Callable[[World, str], dict]:
    """What the page behind the preview of a change of the plan would post."""
    return lambda world, url: {"confirmed": world.planner.post(url, typed).context["signed"]}


def _target_looked_over(world: World, url: str) -> dict:
    """What the page behind the preview of a revised target would post."""
    data = fields_of(world.planner.get(url).context["form"])
    page = world.planner.post(url, data | {"value": "99", "reason": "改定"})
    return {"confirmed": page.context["signed"]}


def _rules_looked_over(world: World, url: str) -> dict:
    """What the page behind the preview of other rules of rating would post."""
    data = shown_rules(world.planner, url) | {"rating_basis": "achievement", "own": "own"}
    page = world.planner.post(url, data | {"effective_from": "2028", "reason": "見直し"})
    return {"confirmed": page.context["signed"]}


def _lived(project: str = "", **typed: str) -> Callable[[World, str], dict]:
    """What the page behind the preview of a KPI's or an initiative's life would post."""

    def posted(world: World, url: str) -> dict:
        place = {"project": project} if project else {}
        if project and project != "goals":
            place = {"project": str(world.strategy.projects.get(code=project).pk)}
        data = place | typed | {"reason": "見直し"}
        # Nothing to confirm where nothing has ended that might go on.
        return {"confirmed": world.planner.post(url, data).context.get("signed", "")}

    return posted


def _kpi_ends(world: World) -> None:
    end_kpi(_kpi(world), 2027, user=world.kikaku, reason="見直し")


def _initiative_ends(world: World) -> None:
    listing = InitiativeListing.objects.get(
        project__strategy=world.strategy, project__code="P1", number=1
    )
    end_initiative(listing.initiative, 2027, user=world.kikaku, reason="見直し")


def _looked_at(world: World, url: str) -> dict:
    """What the page that issues an edition would post."""
    return {"fingerprint": world.planner.get(url).context["fingerprint"]}


def _differences_seen(world: World, url: str) -> dict:
    """What the page that closes corrected years again would post."""
    return {"fingerprint": world.planner.get(url).context["fingerprint"]}


def _correct(world: World) -> None:
    _close(world)
    correct_from(world.strategy, YEAR, user=world.kikaku)


def _prepared(_world: World) -> Reorganisation:
    """The 機構改革 that is prepared, by which D03 ends."""
    return Reorganisation.objects.get()


def _reorganised(_world: World, _url: str) -> dict:
    """What the page behind the preview of a 機構改革 would post: D02 gets another name."""
    department = Department.objects.get(code="D02").pk
    return {
        "day": "2199-04-01", "reason": "", "confirm": "1",
        "seen": Reorganisation.objects.get().prepared_at.isoformat(),
        f"kind-{department}": "rename", f"name-{department}": _CHANGED, f"shown-{department}": "to",
    }  # fmt: skip


def _close(world: World) -> None:
    close_years_through(world.strategy, YEAR, user=world.kikaku)


def close_all(plan: Strategy, user: User) -> None:
    """Close every year of a plan, as it has to be before the plan ends."""
    for year in plan.years:
        close_years_through(plan, year, user=user)


def _proposed(world: World) -> None:
    """People rate, and P1-1's department proposes a rating."""
    rate_otherwise(world.strategy, "by people")
    entry = final(99, proposed_place=2, proposal_reason="見込みどおり")
    record_actual(_kpi(world), YEAR, entry, user=world.kikaku, version=1)


_ROW = {"P1-1-value": "99", "P1-1-state": "final", "P1-1-version": "1"}
_TEXT = {"P1-1-status": "done", "P1-1-summary": _CHANGED, "P1-1-version": "0"}
_NEW_PASSWORD = {"new_password1": "kawaramono-2026", "new_password2": "kawaramono-2026"}

WRITES = {
    f"{PLAN}entry/<fy:fiscal_year>/": Write(f"/plans/{{plan}}/entry/{YEAR}/", _ROW),
    f"{PLAN}entry/<fy:fiscal_year>/<kpi:code>/": Write(f"/plans/{{plan}}/entry/{YEAR}/P1-1/", _ROW),
    f"{PLAN}entry/<fy:fiscal_year>/decide/": Write(
        f"/plans/{{plan}}/entry/{YEAR}/decide/", {"P1-1": "2"}, before=_proposed
    ),
    f"{PLAN}entry/<fy:fiscal_year>/import/": Write(
        f"/plans/{{plan}}/entry/{YEAR}/import/", _confirmed_actuals
    ),
    f"{PLAN}entry/<fy:fiscal_year>/initiatives/": Write(
        f"/plans/{{plan}}/entry/{YEAR}/initiatives/", _TEXT
    ),
    f"{PLAN}entry/<fy:fiscal_year>/initiatives/<kpi:code>/": Write(
        f"/plans/{{plan}}/entry/{YEAR}/initiatives/P1-1/", _TEXT
    ),
    f"{PLAN}entry/<fy:fiscal_year>/reviews/": Write(
        f"/plans/{{plan}}/entry/{YEAR}/reviews/", {"P1-summary": _CHANGED, "P1-version": "0"}
    ),
    f"{PLAN}entry/<fy:fiscal_year>/overview/": Write(
        f"/plans/{{plan}}/entry/{YEAR}/overview/", {"due_on": "2026-07-31"}
    ),
    f"{PLAN}entry/<fy:fiscal_year>/reminders/<slug:department_code>/": Write(
        f"/plans/{{plan}}/entry/{YEAR}/reminders/D01/",
        {"subject": "お願い", "body": "入力してください"},
    ),
    f"{PLAN}entry/<fy:fiscal_year>/close/": Write(
        f"/plans/{{plan}}/entry/{YEAR}/close/", {"with_earlier": "1"}
    ),
    f"{PLAN}entry/<fy:fiscal_year>/correct/": Write(
        f"/plans/{{plan}}/entry/{YEAR}/correct/", {"reason": "訂正"}, before=_close, closed=OPENS
    ),
    f"{PLAN}entry/correction/": Write(
        "/plans/{plan}/entry/correction/", _differences_seen, before=_correct, closed=OPENS
    ),
    f"{PLAN}reports/<fy:fiscal_year>/issue/": Write(
        f"/plans/{{plan}}/reports/{YEAR}/issue/", _looked_at, before=_close, closed=WHEN_CLOSED
    ),
    f"{PLAN}changes/targets/<kpi:code>/": Write(
        "/plans/{plan}/changes/targets/P1-1/",
        _target_looked_over,
        closed="it is about the open years alone",
    ),
    f"{PLAN}changes/kpis/new/": Write(
        "/plans/{plan}/changes/kpis/new/",
        _lived("P1", number="8", name="新指標", **_NEW_KPI),
        closed=OPEN_YEARS,
    ),
    f"{PLAN}changes/goals/new/": Write(
        "/plans/{plan}/changes/goals/new/",
        _lived("goals", number="1", name="新目標", **_NEW_KPI),
        closed=OPEN_YEARS,
    ),
    f"{PLAN}changes/kpis/<kpi:code>/end/": Write(
        "/plans/{plan}/changes/kpis/P1-1/end/", _lived(last_year="2027"), closed=OPEN_YEARS
    ),
    f"{PLAN}changes/kpis/<kpi:code>/resume/": Write(
        "/plans/{plan}/changes/kpis/P1-1/resume/", _lived(), before=_kpi_ends, closed=OPEN_YEARS
    ),
    f"{PLAN}changes/kpis/<kpi:code>/replace/": Write(
        "/plans/{plan}/changes/kpis/P1-1/replace/",
        _lived("P1", last_year="2027", number="1", name="新指標", **_NEW_KPI),
        closed=OPEN_YEARS,
    ),
    f"{PLAN}changes/kpis/<kpi:code>/move/": Write(
        "/plans/{plan}/changes/kpis/P1-1/move/",
        _lived("P1", number="9", from_year="2027"),
        closed=OPEN_YEARS,
    ),
    f"{PLAN}changes/initiatives/new/": Write(
        "/plans/{plan}/changes/initiatives/new/",
        _lived("P1", number="9", name="新取組"),
        closed=OPEN_YEARS,
    ),
    f"{PLAN}changes/initiatives/<kpi:code>/list/": Write(
        "/plans/{plan}/changes/initiatives/P1-1/list/",
        _lived("P9", number="5"),
        closed=OPEN_YEARS,
    ),
    f"{PLAN}changes/initiatives/<kpi:code>/end/": Write(
        "/plans/{plan}/changes/initiatives/P1-1/end/", _lived(last_year="2027"), closed=OPEN_YEARS
    ),
    f"{PLAN}changes/initiatives/<kpi:code>/resume/": Write(
        "/plans/{plan}/changes/initiatives/P1-1/resume/",
        _lived(),
        before=_initiative_ends,
        closed=OPEN_YEARS,
    ),
    f"{PLAN}departments/": Write("/plans/{plan}/departments/", _assigned, closed=NO_YEAR),
    f"{PLAN}choose/": Write(
        "/plans/{plan}/choose/", {}, closed=NO_YEAR, own=SELF, ended="it is read all the same"
    ),
    f"{PLAN}state/start/": Write(
        "/plans/{plan}/state/start/", {"confirmed": "on"}, plan="next", closed=WHOLE
    ),
    f"{PLAN}state/end/": Write(
        "/plans/{plan}/state/end/",
        {},
        plan="beside",
        closed=WHOLE,
        before=lambda world: close_all(world.in_plan("beside").strategy, world.kikaku),
    ),
    f"{PLAN}state/resume/": Write(
        "/plans/{plan}/state/resume/",
        {"reason": "訂正"},
        plan="former",
        closed=WHOLE,
        ended="it is what takes an ended plan back",
    ),
    f"{PLAN}state/main/": Write("/plans/{plan}/state/main/", {}, plan="beside", closed=WHOLE),
    "plans/new/workbook/": Write("/plans/new/workbook/", _plan_looked_over, closed=NEW_PLAN),
    "plans/new/empty/": Write(
        "/plans/new/empty/",
        {
            "name": "新しい計画",
            "municipality": "見本市",
            "municipality_code": "402028",
            "first_year": "R11",
            "last_year": "R15",
        },
        closed=NEW_PLAN,
    ),
    f"{PLAN}workbook/": Write(
        "/plans/{plan}/workbook/",
        _plan_looked_over_again,
        closed="a KPI's name is no year's, and closed years keep the one that it had",
    ),
    f"{PLAN}draft/drop/": Write(
        "/plans/{plan}/draft/drop/", {"confirmed": "on"}, plan="next", closed=WHOLE
    ),
    f"{PLAN}reports/conditions/": Write(
        "/plans/{plan}/reports/conditions/",
        {"data_licence": "出典の記載", "contact": _CHANGED},
        closed="an edition is issued of a closed year, and says what holds then",
    ),
    f"{PLAN}changes/period/": Write(
        "/plans/{plan}/changes/period/",
        _looked_over(first_year="R6", last_year="R12", reason="延長"),
        closed=KEPT,
    ),
    f"{PLAN}changes/rules/": Write(
        "/plans/{plan}/changes/rules/",
        _rules_looked_over,
        closed=KEPT,
    ),
    f"{PLAN}changes/rules/<kpi:code>/": Write(
        "/plans/{plan}/changes/rules/P1-1/", _rules_looked_over, closed=OPEN_YEARS
    ),
    f"{PLAN}next/": Write(
        "/plans/{plan}/next/", _next_looked_over, closed=NO_YEAR, ended="it writes another plan"
    ),
    "reorganisations/new/": Write("/reorganisations/new/", _reorganised, closed=NO_YEAR),
    "reorganisations/<int:pk>/change/": Write(
        "/reorganisations/{pk}/change/", _reorganised, row=_prepared, closed=NO_YEAR
    ),
    "reorganisations/<int:pk>/drop/": Write(
        "/reorganisations/{pk}/drop/", {}, row=_prepared, closed=NO_YEAR
    ),
    "password/": Write(
        "/password/", {"old_password": PASSWORD} | _NEW_PASSWORD, closed=NO_YEAR, own=SELF
    ),
    "admin/auth/user/add/": Write(
        "/admin/auth/user/add/",
        {"username": "taro", "password1": "kawaramono-2026", "password2": "kawaramono-2026"},
        closed=NO_YEAR,
    ),
    "admin/auth/user/<path:object_id>/change/": Write(
        "/admin/auth/user/{pk}/change/",
        _changed(last_name=_CHANGED, is_active="on", groups=None),
        row=lambda _world: User.objects.get(username="hanako"),
        closed=NO_YEAR,
    ),
    "admin/auth/user/<id>/password/": Write(
        "/admin/auth/user/{pk}/password/",
        {"password1": "kawaramono-2026", "password2": "kawaramono-2026", "usable_password": "true"},
        row=lambda _world: User.objects.get(username="hanako"),
        closed=NO_YEAR,
    ),
    "admin/projects/fiscalyearclosing/add/": Write(
        "/admin/projects/fiscalyearclosing/add/", _changed(strategy=_plan, fiscal_year=2024)
    ),
}


@dataclass(frozen=True)
class AdminWrites:
    """A model whose rows the admin adds, changes and deletes.

    `add` and `change` are fields to type; `row` is what is changed and deleted.
    """

    row: Callable[[World], Model]
    change: dict
    add: dict
    closed: str = ""
    closed_add: str = ""


ADMIN = {
    "projects/department": AdminWrites(
        lambda _world: Department.objects.get(code="D03"),
        {"name": _CHANGED, "members": None},
        {"name": "新しい課", "code": "D04", "members": None},
        closed=NO_YEAR,
    ),
    "projects/pillar": AdminWrites(
        lambda world: world.strategy.pillars.get(number=9),
        {"name": _CHANGED},
        {"strategy": _plan, "number": "8", "name": "新しい柱"},
        closed=NO_YEAR,
    ),
    "projects/strategy": AdminWrites(
        lambda _world: Strategy.objects.get(code="next"),
        {"name": _CHANGED},
        {"code": "newer", "name": "新", "municipality": "見本市", "municipality_code": "402028",
         "first_year": "2034", "last_year": "2038", "bands": "A,順調,100\nB,遅れ"},
        closed="it is another plan, whose years are open",
    ),
    "projects/project": AdminWrites(
        lambda world: _project(world, "P9"),
        {"name": _CHANGED},
        {"strategy": _plan, "pillar": lambda world: world.strategy.pillars.get(number=1).pk,
         "code": "P8", "name": "新", "kind": "コアプロジェクト", "position": "8"},
        closed=NO_YEAR,
    ),
    "projects/initiative": AdminWrites(
        lambda world: _last(world.strategy.initiatives),
        {"name": _CHANGED},
        {"strategy": _plan, "name": "新しい取組",
         "home_project": lambda world: _project(world).pk},
        closed=NO_YEAR,
    ),
    "projects/initiativelisting": AdminWrites(
        lambda world: _last(InitiativeListing.objects.filter(project__strategy=world.strategy)),
        {"printed_name": _CHANGED},
        {"project": lambda world: _project(world, "P9").pk, "number": "7",
         "initiative": lambda world: _last(world.strategy.initiatives).pk},
        closed=NO_YEAR,
    ),
    "projects/entrydeadline": AdminWrites(
        lambda world: world.strategy.deadlines.get(),
        {"due_on": "2026-07-31"},
        {"strategy": _plan, "fiscal_year": "2026", "due_on": "2027-07-31"},
        closed="",
        closed_add="it is an open year's",
    ),
    "kpis/kpi": AdminWrites(
        lambda world: _kpi(world, 3),
        {"baseline": "5", "baseline_year": "2023"},
        {"project": lambda world: _project(world).pk, "number": "4", "name": "新",
         "unit": "件"},
        closed_add="a new KPI has no figure yet",
    ),
}  # fmt: skip

for _model, _writes in ADMIN.items():
    _at = f"admin/{_model}/"
    WRITES |= {
        # The list shows one plan at a time; departments are no plan's.
        _at: Write(
            f"/{_at}"
            if _model in ("projects/department", "projects/strategy")
            else f"/{_at}?plan={{plan}}",
            _selected(_writes.row),
            closed=_writes.closed,
        ),
        f"{_at}add/": Write(
            f"/{_at}add/",
            _changed(**_writes.add),
            closed=_writes.closed or _writes.closed_add,
        ),
        f"{_at}<path:object_id>/change/": Write(
            f"/{_at}{{pk}}/change/",
            _changed(**_writes.change),
            row=_writes.row,
            closed=_writes.closed,
        ),
        f"{_at}<path:object_id>/delete/": Write(
            f"/{_at}{{pk}}/delete/", {"post": "yes"}, row=_writes.row, closed=_writes.closed
        ),
    }

READ_ONLY = {
    f"{PLAN}changes/",
    f"{PLAN}changes/targets/",
    f"{PLAN}changes/<int:number>/",
    f"{PLAN}changes/<int:number>/old-and-new.<slug:extension>",
    "",
    "plans/",
    "plans/new/",
    "plans/new/template.xlsx",
    "plans/new/example.xlsx",
    f"{PLAN}draft/",
    f"{PLAN}workbook.xlsx",
    f"{PLAN}",
    *WITHOUT_PLAN,
    "healthz",
    "readyz",
    "metrics",
    f"{PLAN}projects/",
    f"{PLAN}projects/<project:code>/",
    f"{PLAN}initiatives/",
    f"{PLAN}initiatives/<kpi:code>/",
    f"{PLAN}kpis/",
    f"{PLAN}kpis/<kpi:code>/",
    f"{PLAN}history/",
    f"{PLAN}history.csv",
    "audit/",
    "audit.csv",
    "work/",
    "reorganisations/",
    "reorganisations/<int:pk>/",
    f"{PLAN}entry/",
    f"{PLAN}entry/<fy:fiscal_year>/<kpi:code>/effect/",
    f"{PLAN}entry/<fy:fiscal_year>/reopen/",
    f"{PLAN}entry/<fy:fiscal_year>/actuals.csv",
    f"{PLAN}entry/<fy:fiscal_year>/actuals.xlsx",
    f"{PLAN}reports/",
    f"{PLAN}reports/<fy:fiscal_year>/",
    f"{PLAN}reports/<fy:fiscal_year>/contents/",
    f"{PLAN}reports/<fy:fiscal_year>/<report:name>",
    f"{PLAN}reports/<fy:fiscal_year>/editions/<int:number>/",
    f"{PLAN}reports/<fy:fiscal_year>/editions/<int:number>/<report:name>",
    f"{PLAN}reports/compare/",
    f"{PLAN}reports/compare.csv",
    "admin/password_change/done/",
    "admin/jsi18n/",
    "admin/r/<path:content_type_id>/<path:object_id>/",
    "admin/kpis/yearlyactual/",
    "admin/kpis/yearlyactual/add/",
    "admin/kpis/yearlyactual/<path:object_id>/change/",
    "admin/kpis/yearlyactual/<path:object_id>/delete/",
    "admin/kpis/finaltarget/",
    "admin/kpis/finaltarget/add/",
    "admin/kpis/finaltarget/<path:object_id>/change/",
    "admin/kpis/finaltarget/<path:object_id>/delete/",
    "admin/kpis/yearlytarget/",
    "admin/kpis/yearlytarget/add/",
    "admin/kpis/yearlytarget/<path:object_id>/change/",
    "admin/kpis/yearlytarget/<path:object_id>/delete/",
    "admin/reports/edition/",
    "admin/reports/edition/add/",
    "admin/reports/edition/<path:object_id>/change/",
    "admin/reports/edition/<path:object_id>/delete/",
    "admin/reports/seal/",
    "admin/reports/seal/add/",
    "admin/reports/seal/<path:object_id>/change/",
    "admin/reports/seal/<path:object_id>/delete/",
    "admin/projects/fiscalyearclosing/",
    "admin/projects/fiscalyearclosing/<path:object_id>/change/",
    "admin/projects/fiscalyearclosing/<path:object_id>/delete/",
    "admin/projects/initiativeprogress/",
    "admin/projects/initiativeprogress/add/",
    "admin/projects/initiativeprogress/<path:object_id>/change/",
    "admin/projects/initiativeprogress/<path:object_id>/delete/",
    "admin/projects/projectreview/",
    "admin/projects/projectreview/add/",
    "admin/projects/projectreview/<path:object_id>/change/",
    "admin/projects/projectreview/<path:object_id>/delete/",
    "admin/auth/user/",
    "admin/auth/user/<path:object_id>/delete/",
    "admin/auth/group/",
    "admin/auth/group/add/",
    "admin/auth/group/<path:object_id>/change/",
    "admin/auth/group/<path:object_id>/delete/",
}

# What is about no plan, or names no plan of its own.
OF_NO_PLAN = ("password/", "plans/new/", "reorganisations/", "admin/auth/",
              "admin/projects/department/", "admin/projects/strategy/")  # fmt: skip
OF_A_PLAN = {
    pattern: write for pattern, write in WRITES.items() if not pattern.startswith(OF_NO_PLAN)
}

# A POST is answered with a page here, but writes nothing of ours.
ANSWERED = {
    "login/": "it opens a session",
    "login/oidc/": "it leads to the OpenID provider; only GET",
    "login/oidc/callback/": "it opens a session for whom the provider knows; only GET",
    "login/proxy/": "it opens a session for whom the proxy names; only GET",
    "login/kept/": "it sends a form on to where it belongs, or throws it away",
    "logout/": "it ends a session",
    "admin/login/": "it leads to the login page",
    "admin/password_change/": "it leads to the password page",
    "admin/logout/": "it ends a session",
    "admin/": "Django's index of the admin",
    "admin/autocomplete/": "Django's search of a choice",
    f"{PLAN}entry/<fy:fiscal_year>/paste/": "it shows how a pasted table would be read",
    "plans/new/table/": "it shows how a table is read, which the page of workbooks takes in",
    f"{PLAN}figures/": "the same for a plan's figures",
}

# The same in every model's admin, and Django's own last resort.
READ_ONLY_ENDINGS = (
    r"/<path:object_id>/history/",
    r"/<path:object_id>/",
    r"/^([^/]+)/history/([^/]+)/$",
    r"admin/^(?P<app_label>",
    r"admin/(?P<url>.*)$",
    r"admin/axes/",
)
