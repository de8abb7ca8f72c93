"""Strategy, projects and departments in the admin: what would break the plan is refused."""

import pytest
from django.urls import reverse

from projects.models import Department, Strategy
from tests.admin_forms import errors_of, shown
from tests.factories import make_kpi, make_project, make_strategy


@pytest.fixture
def other(strategy):
    return make_project(strategy, "A1")


def url(name, *args):
    return reverse(f"admin:projects_{name}", args=args)


def test_period_and_rules_of_a_plan_are_read_here_and_changed_elsewhere(planner, strategy):
    at = url("strategy_change", strategy.pk)
    page = planner.get(at)

    posted = {"last_year": "2030", "bands": "A,順調,100\nB,遅れ", "rating_basis": "achievement"}
    planner.post(at, shown(planner, at) | posted | {"office": "企画課"})

    strategy.refresh_from_db()
    assert strategy.office == "企画課"
    assert (strategy.last_year, strategy.rating_basis, len(strategy.bands)) == (2028, "progress", 4)
    text = page.content.decode()
    assert "A,順調,100<br>B,概ね順調,80<br>C,やや遅れ,60<br>D,遅れ" in text
    assert '<a href="/plans/mihon/changes/">計画の変更</a>のページで変えます。' in text


def test_department_gets_its_members(planner, tantou):
    tantou.last_name, tantou.first_name = "山田", "太郎"
    tantou.save()
    page = planner.get(url("department_add")).content.decode()
    assert "山田太郎（tantou）" in page

    planner.post(
        url("department_add"), {"name": "産業振興課", "code": "sangyo", "members": [tantou.pk]}
    )

    assert list(Department.objects.get().members.all()) == [tantou]


def test_department_of_a_kpi_is_not_deleted(planner, project):
    department = Department.objects.create(code="d1", name="産業振興課")
    make_kpi(project, department=department)

    planner.post(url("department_delete", department.pk), {"post": "yes"})

    assert Department.objects.count() == 1


def test_project_and_pillar_stay_in_their_plan(planner, project):
    elsewhere = make_strategy(code="next", is_current=False)
    at = url("project_change", project.pk)
    pillar = url("pillar_change", project.pillar.pk)

    planner.post(at, shown(planner, at) | {"strategy": elsewhere.pk})
    planner.post(pillar, shown(planner, pillar) | {"strategy": elsewhere.pk})

    project.refresh_from_db()
    assert project.strategy == project.pillar.strategy != elsewhere


def test_project_keeps_a_pillar(planner, project):
    at = url("project_change", project.pk)

    page = planner.post(at, shown(planner, at) | {"pillar": ""})

    assert "このフィールドは必須です。" in errors_of(page)
    project.refresh_from_db()
    assert project.pillar.number == 1


@pytest.mark.parametrize(
    ("name", "field", "value"),
    [("pillar", "number", "1"), ("project", "code", "P1"), ("department", "code", "d1")],
)
def test_second_of_a_kind_is_refused(planner, project, name, field, value):
    Department.objects.create(code="d1", name="産業振興課")
    data = shown(planner, url(f"{name}_add")) | {
        "name": "別の名称",
        "pillar": project.pillar.pk,
        "kind": "コアプロジェクト",
        field: value,
    }

    page = planner.post(url(f"{name}_add"), data)

    assert "すでに" in errors_of(page) or "既に" in errors_of(page)


def test_new_plan_begins_in_preparation_whatever_is_posted(planner, strategy):
    data = shown(planner, url("strategy_add")) | {
        "code": "next",
        "name": "次の計画",
        "municipality": "見本市",
        "municipality_code": "402028",
        "first_year": "2029",
        "last_year": "2033",
        "bands": "A,順調,100\nB,遅れ",
        "is_current": "on",
        "state": "running",
    }

    page = planner.post(url("strategy_add"), data)

    assert errors_of(page) == ""
    assert list(Strategy.objects.values_list("code", "state", "is_current")) == [
        ("next", "preparing", False),
        ("mihon", "running", True),
    ]
    assert Strategy.objects.get(code="next").history.get().state == "preparing"


def test_state_and_main_mark_are_only_read_in_the_admin(planner, strategy):
    at = url("strategy_change", strategy.pk)
    data = shown(planner, at)

    assert data.keys().isdisjoint({"state", "is_current"})
    planner.post(at, data | {"name": "改めた名前", "state": "ended", "is_current": ""})
    strategy.refresh_from_db()
    assert (strategy.name, strategy.state, strategy.is_current) == ("改めた名前", "running", True)
