"""Every page of the admin opens in Japanese, and what is recorded elsewhere is only read."""

from datetime import date

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone

from kpis.recording import close_years_through
from projects.models import Department, Project, Strategy
from tests.admin_forms import inline_code, shown
from tests.factories import make_initiative, make_plan, make_project
from tests.made_once import made_once

OURS = sorted(
    model._meta.label_lower
    for model in admin.site._registry
    if model._meta.app_label in ("projects", "kpis", "auth")
)
RECORDED = {"kpis.yearlyactual", "projects.initiativeprogress", "projects.projectreview"}
REVISED = {"kpis.finaltarget", "kpis.yearlytarget"}
ONLY_READ = {"auth.group", *RECORDED, *REVISED}
# What is added by an act on the plan, and the page that does it.
ADDED_BY_ACTS = {
    "kpis.kpi": "/plans/mihon/changes/kpis/new/",
    "projects.initiative": "/plans/mihon/changes/initiatives/new/",
    "projects.initiativelisting": "/plans/mihon/initiatives/",
}


@pytest.fixture
def other(strategy):
    return make_project(strategy, "A1")


def url(name, *args):
    return reverse(f"admin:projects_{name}", args=args)


@pytest.fixture
@made_once
def everything(kikaku):
    """A plan with a row of every model."""
    plan = make_plan(kikaku)
    by = {"updated_at": timezone.now(), "updated_by": kikaku}
    plan.projects.get().kpis.first().yearly_targets.create(fiscal_year=2025, value=20)
    plan.initiatives.first().progress.create(fiscal_year=2024, status="ongoing", **by)
    plan.projects.get().reviews.create(fiscal_year=2024, summary="総括の文", **by)
    plan.deadlines.create(fiscal_year=2026, due_on=date(2027, 5, 31))
    close_years_through(plan, 2024, user=kikaku)
    return plan


@pytest.mark.usefixtures("everything")
@pytest.mark.parametrize("label", OURS)
def test_list_and_search_open_in_japanese(planner, label):
    model = apps.get_model(label)
    name = f"admin:{label.replace('.', '_')}_changelist"

    page = planner.get(reverse(name))
    found = planner.get(reverse(name), {"q": "P1"})

    assert f"{model._meta.verbose_name}" in page.content.decode()
    assert "<b>総合戦略</b> 進捗管理" in page.content.decode()
    assert found.status_code == 200
    assert inline_code(page) == []


@pytest.mark.usefixtures("everything")
@pytest.mark.parametrize("label", OURS)
def test_add_page_opens_unless_the_model_is_only_read(planner, label):
    page = planner.get(reverse(f"admin:{label.replace('.', '_')}_add"))

    if label in ONLY_READ:
        assert page.status_code == 403
    elif label in ADDED_BY_ACTS:
        assert page.url == ADDED_BY_ACTS[label]
        assert planner.get(page.url).status_code == 200
    else:
        assert "を追加" in page.content.decode()
        assert inline_code(page) == []


@pytest.mark.usefixtures("everything")
@pytest.mark.parametrize("label", OURS)
def test_page_of_a_row_its_history_and_its_past_open(planner, label):
    model = apps.get_model(label)
    row = model._default_manager.first()
    pages = [
        planner.get(reverse(f"admin:{label.replace('.', '_')}_{view}", args=[row.pk]))
        for view in ("change", "history")
    ]
    if hasattr(model, "history"):
        past = model.history.filter(id=row.pk).first()
        name = f"admin:{label.replace('.', '_')}_simple_history"
        pages.append(planner.get(reverse(name, args=[row.pk, past.pk])))

    for page in pages:
        assert str(row) in page.content.decode()
        assert inline_code(page) == []


@pytest.mark.usefixtures("everything")
@pytest.mark.parametrize("label", sorted(RECORDED | REVISED))
def test_what_is_recorded_elsewhere_is_only_read_even_by_a_superuser(client, label):
    client.force_login(User.objects.create_superuser("root"))
    rows = apps.get_model(label).objects
    row = rows.first()
    column = "effective_from" if label == "kpis.finaltarget" else "fiscal_year"
    before = list(rows.values())
    name = f"admin:{label.replace('.', '_')}"

    answers = [
        client.post(f"{reverse(f'{name}_add')}", {column: "2026"}),
        client.post(reverse(f"{name}_change", args=[row.pk]), {column: "2026"}),
        client.post(reverse(f"{name}_delete", args=[row.pk]), {"post": "yes"}),
    ]

    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert list(rows.values()) == before


@pytest.mark.parametrize(
    "name", ["strategy", "pillar", "project", "initiative", "initiativelisting", "department"]
)
def test_list_asks_as_often_for_many_rows_as_for_few(
    planner, kikaku, name, django_assert_num_queries, django_assert_max_num_queries
):
    make_plan(kikaku, projects=2)
    planner.get(url(f"{name}_changelist"))
    with django_assert_max_num_queries(30) as few:
        planner.get(url(f"{name}_changelist"))
    strategy = Strategy.objects.get()
    for number in range(3, 9):
        project = make_project(strategy, f"P{number}")
        for at in range(1, 6):
            make_initiative(project, at)
        Department.objects.create(code=f"D1{number}", name=f"課{number}")

    with django_assert_num_queries(len(few)):
        planner.get(url(f"{name}_changelist"))


def test_front_page_names_the_admin_in_japanese_and_leads_back_to_the_site(planner):
    page = planner.get("/admin/").content.decode()

    assert "管理する項目" in page
    assert '<a href="/">サイトを表示</a>' in page


def test_change_is_in_the_history_with_who_and_what(planner, project):
    at = url("project_change", project.pk)
    planner.post(at, shown(planner, at) | {"name": "改めた名称"})

    page = planner.get(url("project_history", project.pk)).content.decode()

    assert "（kikaku）" in page
    assert "改めた名称" in page


def test_past_version_is_read_but_never_written_back(planner, project):
    past = project.history.first()
    project.name = "今の名称"
    project.save()
    at = url("project_simple_history", project.pk, past.pk)

    page = planner.get(at)
    answer = planner.post(at, {"name": "P1プロジェクト"})

    assert "過去の内容です。ここでは変えられません。" in page.content.decode()
    assert "P1プロジェクト" in page.content.decode()
    assert inline_code(page) == []
    assert answer.status_code == 403
    assert Project.objects.get().name == "今の名称"
