"""With several plans the admin shows one at a time, and a row's form offers its own plan's."""

import re

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kpis.models import Kpi
from projects.admin.plan_lists import PlanFilter, PlanRows
from projects.models import InitiativeListing, PlanChoice, PlanState
from tests.admin_forms import errors_of, shown
from tests.factories import (
    make_initiative,
    make_kpi,
    make_plan,
    make_plans_beside,
    make_project,
    make_strategy,
)

OF_A_PLAN = {
    model: own.plan_path for model, own in admin.site._registry.items() if isinstance(own, PlanRows)
}


def url(model, page="changelist", *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def rows(page):
    return list(page.context["cl"].result_list)


def make_other(code="next", **fields):
    """A plan beside 見本市総合戦略, with a project P1, its KPI P1-1 and an initiative."""
    other = make_strategy(**{"code": code, "name": f"計画{code}", "is_current": False} | fields)
    project = make_project(other)
    make_kpi(project)
    make_initiative(project)
    return other


def test_every_list_of_what_belongs_to_a_plan_is_one_plans():
    assert {model._meta.model_name for model in OF_A_PLAN} == {
        "pillar", "project", "initiative", "initiativelisting", "initiativeprogress",
        "projectreview", "entrydeadline", "fiscalyearclosing", "kpi", "finaltarget",
        "yearlytarget", "yearlyactual", "edition",
    }  # fmt: skip


def test_every_list_shows_one_plan_the_readers_own_first(planner, kikaku):
    make_plan(kikaku)
    planner.get(url(Kpi))

    def lists(query):
        found = {}
        for model in OF_A_PLAN:
            with CaptureQueriesContext(connection) as asked:
                page = planner.get(url(model), query)
            found[model] = (rows(page), len(asked), page.context["cl"].filter_specs)
        return found

    before = lists({})
    make_plans_beside(3)
    other = make_other()
    first, second, every = (lists(query) for query in ({}, {"plan": "next"}, {"plan": "all"}))
    PlanChoice.objects.create(user=kikaku, strategy=other)
    chosen = planner.get(url(Kpi))

    for model, path in OF_A_PLAN.items():
        assert not [one for one in before[model][2] if isinstance(one, PlanFilter)]
        assert isinstance(first[model][2][0], PlanFilter)
        assert first[model][0] == before[model][0], model
        assert first[model][1] == before[model][1], model
        assert set(second[model][0]) == set(model.objects.filter(**{path: other}))
        assert set(every[model][0]) == set(model.objects.all())
    assert rows(chosen) == second[Kpi][0]
    links = chosen.context["cl"].filter_specs[0].choices(chosen.context["cl"])
    assert [(one["display"], one["selected"]) for one in links] == [
        ("見本市総合戦略", False), ("計画next", True), ("計画1", False), ("計画2", False),
        ("計画3", False), ("すべての計画", False),
    ]  # fmt: skip


def test_list_of_all_plans_names_the_plan_of_each_row(planner, kpi):
    make_other()
    page = planner.get(url(Kpi), {"plan": "all"}).content.decode()

    assert re.findall('<td class="field-plan[^>]*>([^<]+)</td>', page) == [
        "計画next",
        "見本市総合戦略",
    ]


@pytest.mark.parametrize("model", OF_A_PLAN)
def test_plan_is_a_column_and_the_second_one_in_the_list_of_all(planner, model):
    make_strategy()
    make_other()

    def columns(query):
        shown_list = planner.get(url(model), query).context["cl"].list_display
        return [one for one in shown_list if one != "action_checkbox"]

    own, every = columns({}), columns({"plan": "all"})
    plan = {"plan", "strategy"}.intersection(own).pop()

    assert every == [own[0], plan, *(one for one in own[1:] if one != plan)]


def test_form_of_a_row_names_its_plan_where_there_are_several(planner, kpi):
    alone = planner.get(url(Kpi, "change", kpi.pk)).context["subtitle"]
    make_other()
    beside = planner.get(url(Kpi, "change", kpi.pk)).context["subtitle"]

    assert (alone, beside) == (str(kpi), f"{kpi}（見本市総合戦略）")


def test_projects_to_choose_from_beside_a_list_are_the_shown_plans(planner, kpi):
    make_project(make_other(), "P7")
    first, second, every = (
        planner.get(url(Kpi), query).context["cl"]
        for query in ({}, {"plan": "next"}, {"plan": "all"})
    )

    def projects(shown_list):
        spec = next((one for one in shown_list.filter_specs if one.title == "プロジェクト"), None)
        return [label for _pk, label in spec.lookup_choices] if spec else []

    assert projects(first) == []  # one alone is no choice
    assert projects(second) == ["P1 P1プロジェクト", "P7 P7プロジェクト"]
    assert projects(every) == []


def test_list_of_a_plan_that_is_not_there_or_not_seen_is_refused(planner, manager_in_admin, kpi):
    make_other(state=PlanState.PREPARING)

    assert planner.get(url(Kpi), {"plan": "nothing"}).status_code == 400
    assert len(rows(planner.get(url(Kpi), {"plan": "next"}))) == 1
    assert manager_in_admin.get(url(Kpi), {"plan": "next"}).status_code == 400


@pytest.fixture
def manager_in_admin(kanri):
    kanri.is_staff = True
    kanri.save()
    client = Client()
    client.force_login(kanri)
    return client


def test_plan_in_preparation_is_not_in_the_admin_of_who_does_not_prepare_it(
    manager_in_admin, planner, kpi
):
    other = make_other(state=PlanState.PREPARING)
    prepared = Kpi.objects.get(project__strategy=other)
    at = url(Kpi, "change", prepared.pk)

    assert rows(manager_in_admin.get(url(Kpi), {"plan": "all"})) == [kpi]
    assert planner.get(at).status_code == 200
    assert manager_in_admin.get(at, follow=True).context.get("original") is None


def test_choices_of_a_row_are_its_plans(planner, kpi, initiative):
    other = make_other()
    foreign = other.projects.get()
    own = ["---------", "P1 P1プロジェクト"]

    def choices(at, name):
        field = planner.get(at).context["adminform"].form.fields[name]
        return [label for _value, label in field.choices]

    assert choices(url(Kpi, "change", kpi.pk), "project") == own
    assert choices(url(type(initiative), "change", initiative.pk), "home_project") == own
    at = url(Kpi, "change", kpi.pk)
    page = planner.post(at, shown(planner, at) | {"project": foreign.pk})
    assert "別の計画のプロジェクトです。同じ計画のものから選んでください。" in errors_of(page)


def test_new_row_may_be_of_every_plan_that_has_not_ended(planner, kikaku, kpi):
    ended = make_other("ended", state=PlanState.ENDED, first_year=2019, last_year=2023)
    other = make_other()
    add, pillar = url(Kpi, "add"), url(type(kpi.project.pillar), "add")

    def choices(at, name):
        field = planner.get(at).context["adminform"].form.fields[name]
        return [label for _value, label in field.choices][1:]

    def initial(**query):
        return planner.get(pillar, query).context["adminform"].form.initial.get("strategy")

    assert choices(add, "project") == [
        "P1 P1プロジェクト（見本市総合戦略）",
        "P1 P1プロジェクト（計画next）",
    ]
    assert choices(pillar, "strategy") == ["見本市総合戦略", "計画next"]
    assert initial() == str(kpi.project.strategy_id)
    assert initial(_changelist_filters="plan=next") == str(other.pk)
    choice = PlanChoice.objects.create(user=kikaku, strategy=other)
    assert initial() == str(other.pk)
    choice.strategy = ended
    choice.save()
    assert initial() is None


def test_what_is_offered_while_typing_names_its_plan_or_is_the_rows_plans(planner, initiative):
    other = make_other()
    project = initiative.home_project
    page = planner.get(url(type(project), "change", project.pk))
    formset = next(
        one.formset
        for one in page.context["inline_admin_formsets"]
        if one.opts.model == InitiativeListing
    )
    select = formset.empty_form.fields["initiative"].widget.widget
    field = {"app_label": "projects", "model_name": "initiativelisting", "field_name": "initiative"}

    def offered(query):
        found = planner.get(reverse("admin:autocomplete"), field | query).json()["results"]
        return [one["text"] for one in found]

    assert select.get_url() == "/admin/autocomplete/?plan=mihon"
    assert offered({"plan": "mihon"}) == ["創業支援事業"]
    assert sorted(offered({})) == ["P1の取組1（計画next）", "創業支援事業（見本市総合戦略）"]
    other.state = PlanState.ENDED
    other.save()
    assert offered({}) == ["創業支援事業（見本市総合戦略）"]
