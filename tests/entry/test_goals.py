"""数値目標 as planners and departments meet them: added, loaded, carried on and entered."""

import pytest

from entry.plan_file.loading import load_plan
from kpis.models import Kpi
from kpis.open_work.by_department import load_overview
from kpis.plan_check import counts_text
from projects.models import Project, Strategy
from reports.models import PlanChange
from tests.admin_forms import fields_of, messages_of
from tests.change_screens import carry_out, faults_of, look_over
from tests.entry.test_load_plan import SMALL_PLAN
from tests.factories import make_department, make_goal, make_initiative, make_kpi, record
from tests.page_text import bare, main_of, said

pytestmark = pytest.mark.django_db

ADD = "/plans/mihon/changes/goals/new/"
NEW = {
    "name": "交流人口", "unit": "千人", "decimal_places": "0", "aggregation": "annual",
    "direction": "increase", "formula": "ratio", "target": "1,200", "reason": "議会の意見",
}  # fmt: skip
GOALS_IN_A_FILE = """\
- model: projects.project
  fields: {strategy: [small], code: G0, name: 計画全体の数値目標, holds_goals: true}
- model: projects.project
  fields: {strategy: [small], pillar: [small, 1], code: G1, name: 基本目標1の数値目標, holds_goals: true}
- model: kpis.kpi
  fields: {project: [small, G0], number: 1, name: 人口, unit: 人}
- model: kpis.kpi
  fields: {project: [small, G1], number: 1, name: 雇用者数, unit: 人}
"""  # noqa: E501 - a row of a plan's file stands on one line


def test_planner_adds_a_goal_to_the_plan_and_to_a_pillar(planner, project):
    page = said(planner.get("/plans/mihon/changes/"))
    assert "数値目標を加える 柱や計画全体の数値目標を載せます。" in page

    done = carry_out(planner, ADD, **NEW)
    assert done.url == "/plans/mihon/projects/"
    assert "G0-1「交流人口」を加えました。" in messages_of(done)[0]
    carry_out(planner, ADD + "?pillar=1", **NEW | {"project": "goals-1", "name": "起業者数"})

    added = [(one.code, one.project.name) for one in Kpi.objects.order_by("project__code")]
    assert added == [("G0-1", "計画全体の数値目標"), ("G1-1", "しごとの創生の数値目標")]
    change = PlanChange.objects.order_by("number").first()
    assert (change.kind, change.subject) == ("数値目標の追加", "G0-1「交流人口」")
    assert '"数値目標","","掲載"' in change.differences.replace(", ", ",")


def test_screens_offer_goals_to_goals_and_projects_to_kpis(planner, strategy, project):
    kpi, goal = make_kpi(project), make_goal(strategy)

    def offered(url):
        field = planner.get(url).context["form"].fields["project"]
        return [str(name) for _key, name in field.choices][1:]

    goals = ["G0 計画全体の数値目標", "しごとの創生の数値目標"]
    projects = ["P1 P1プロジェクト"]
    assert offered(ADD) == goals
    assert offered("/plans/mihon/changes/kpis/new/") == projects
    assert offered(f"/plans/mihon/changes/kpis/{goal.code}/move/") == goals
    assert offered(f"/plans/mihon/changes/kpis/{goal.code}/replace/") == goals
    assert offered(f"/plans/mihon/changes/kpis/{kpi.code}/move/") == projects
    assert offered("/plans/mihon/changes/initiatives/new/") == projects
    refused = look_over(planner, "/plans/mihon/changes/kpis/new/", **NEW | {"project": "goals"})
    assert faults_of(refused)["project"] == ["この計画のプロジェクトから選んでください。"]


def test_goal_is_moved_to_a_pillar(planner, strategy, project):
    make_goal(strategy)

    done = carry_out(
        planner,
        "/plans/mihon/changes/kpis/G0-1/move/",
        project="goals-1",
        number="2",
        reason="柱へ",
    )

    assert done.url.startswith("/plans/mihon/kpis/G1-2/")
    assert Kpi.objects.get().code == "G1-2"


def test_plans_file_has_goals(tmp_path):
    path = tmp_path / "plan.yaml"
    path.write_text(SMALL_PLAN + GOALS_IN_A_FILE, encoding="utf-8")

    strategy = load_plan(str(path)).strategy

    assert counts_text(strategy).endswith(
        "プロジェクト2、取組1、掲載2（うち再掲1）、指標1、数値目標2"
    )
    whole = Project.objects.get(code="G0")
    assert (whole.pillar, whole.history.get().history_change_reason) == (None, "計画書の読み込み")


def test_next_plan_takes_goals_with_their_pillar(planner, strategy, project, kikaku):
    for goal in (make_goal(strategy), make_goal(strategy, project.pillar)):
        record(goal, {2025: 40}, kikaku)
    make_kpi(project)
    url = "/plans/mihon/next/"
    data = fields_of(planner.get(url).context["form"].facts)
    data |= {"name": "次期計画", "code": "tsugi", "project-P1": "on", "P1-1-take": "on"}
    data |= {"G0-1-take": "on", "G0-1-baseline": "40", "G1-1-take": "on", "G1-1-baseline": ""}

    page = planner.post(url, data | {"pillar-1": "on"})
    assert "プロジェクト1、取組0、掲載0（うち再掲0）、指標1、数値目標2" in bare(page)
    planner.post(url, {"confirmed": page.context["signed"]})

    made = Strategy.objects.get(code="tsugi")
    kpis = Kpi.objects.filter(project__strategy=made).order_by("project__code")
    assert [(one.code, one.baseline, one.project.holds_goals) for one in kpis] == [
        ("G0-1", 40, True), ("G1-1", None, True), ("P1-1", None, False),
    ]  # fmt: skip


def test_next_plan_leaves_goals_of_a_pillar_that_stays_behind(planner, strategy, project):
    make_goal(strategy, project.pillar)
    url = "/plans/mihon/next/"
    data = fields_of(planner.get(url).context["form"].facts)
    data |= {"name": "次期計画", "code": "tsugi", "G1-1-take": "on"}

    page = said(planner.post(url, data))

    assert "引き継ぐ指標はありません。" in page
    assert "G1-1 目標1" in page


def test_goals_are_entered_and_asked_for_like_kpis(planner, strategy, project, kikaku):
    department = make_department("D01")
    record(make_kpi(project, department=department), {2025: 20}, kikaku)
    make_goal(strategy, department=department)
    make_initiative(project)

    total = load_overview(strategy, 2025).total
    assert [one.code for one in total.missing] == ["G0-1"]
    page = bare(planner.get("/plans/mihon/entry/2025/overview/"))
    assert "2指標のうち、未入力は1指標です（数値目標1件を含みます）。" in page
    entry = said(planner.get("/plans/mihon/entry/2025/"))
    assert entry.index("G0-1") < entry.index("P1-1")
    planner.post(
        "/plans/mihon/entry/2025/",
        {"G0-1-value": "42", "G0-1-state": "final", "G0-1-version": "0"},
    )
    assert Kpi.objects.get(project__holds_goals=True).actuals.get().value == 42
    assert "総括のないプロジェクト1件" in bare(planner.get("/plans/mihon/entry/2025/close/"))
    exported = planner.get("/plans/mihon/entry/2025/actuals.csv").content.decode("utf-8-sig")
    assert [line.split(",")[0] for line in exported.splitlines()] == ["KPI番号", "G0-1", "P1-1"]


def test_goal_stands_in_the_admin_and_its_holder_leads_to_it(planner, strategy, project):
    make_goal(strategy)
    exported = planner.get("/admin/kpis/kpi/").content.decode()
    assert "G0-1" in exported
    shown = main_of(planner.get("/plans/mihon/projects/G0/", follow=True))
    assert 'id="goals-G0"' in shown
