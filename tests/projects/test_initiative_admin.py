"""Initiatives in the admin: listed at home and elsewhere, and never without their home."""

import pytest
from django.urls import reverse

from projects.models import Initiative, InitiativeListing, Project
from tests.admin_forms import add_row, delete_row, errors_of, messages_of, shown
from tests.factories import make_initiative, make_project, make_strategy


@pytest.fixture
def other(strategy):
    return make_project(strategy, "A1")


def url(name, *args):
    return reverse(f"admin:projects_{name}", args=args)


def places(initiative):
    """[("P1", 3), ("A1", 1)]: where the initiative is listed."""
    return sorted(initiative.listings.values_list("project__code", "number"))


def new_initiative(planner, **fields):
    at = url("initiative_add")
    data = shown(planner, at)
    return data | {"name": "新しい取組"} | fields


def test_new_initiative_is_put_at_the_end_of_its_home_list(planner, project):
    make_initiative(project, 7)

    page = planner.post(
        url("initiative_add"), new_initiative(planner, home_project=project.pk), follow=True
    )

    assert places(Initiative.objects.get(name="新しい取組")) == [("P1", 8)]
    assert "「P1 P1プロジェクト」の取組一覧の(8)に載せました。" in page.content.decode()


def test_new_initiative_takes_the_number_given(planner, project):
    planner.post(
        url("initiative_add"), new_initiative(planner, home_project=project.pk, home_number="3")
    )

    assert places(Initiative.objects.get()) == [("P1", 3)]


def test_new_initiative_cannot_take_a_number_in_use(planner, project):
    make_initiative(project, 3)

    page = planner.post(
        url("initiative_add"), new_initiative(planner, home_project=project.pk, home_number="3")
    )

    assert "「P1 P1プロジェクト」の(3)には別の取組が載っています。" in errors_of(page)
    assert Initiative.objects.count() == 1


def test_new_initiative_is_listed_at_home_and_elsewhere_in_one_go(planner, project, other):
    data = new_initiative(planner, home_project=project.pk)
    add_row(data, "listings", project=other.pk, number=5, printed_name="別名")

    planner.post(url("initiative_add"), data)

    initiative = Initiative.objects.get()
    assert places(initiative) == [("A1", 5), ("P1", 1)]
    assert initiative.listings.get(project=other).is_relisted


def test_new_initiative_of_a_name_in_use_is_refused(planner, project):
    make_initiative(project, 1, name="新しい取組")

    page = planner.post(url("initiative_add"), new_initiative(planner, home_project=project.pk))

    assert "取組を増やさずに再掲として掲載を加えてください。" in errors_of(page)


def test_initiative_is_relisted_and_its_home_listed_in_one_save(planner, project, other):
    initiative = Initiative.objects.create(
        strategy=project.strategy, name="未掲載の取組", home_project=project
    )
    at = url("initiative_change", initiative.pk)
    data = shown(planner, at)
    add_row(data, "listings", project=other.pk, number=1, printed_name="")
    add_row(data, "listings", project=project.pk, number=1, printed_name="")

    planner.post(at, data)

    assert places(initiative) == [("A1", 1), ("P1", 1)]


def test_initiative_moves_to_a_new_home_in_one_save(planner, project, other):
    initiative = make_initiative(project)
    at = url("initiative_change", initiative.pk)
    data = shown(planner, at) | {"home_project": other.pk}
    delete_row(data, "listings", "project", project.pk)
    add_row(data, "listings", project=other.pk, number=9, printed_name="")

    planner.post(at, data)

    initiative.refresh_from_db()
    assert initiative.home_project == other
    assert places(initiative) == [("A1", 9)]


def test_relisting_without_the_home_is_refused(planner, project, other):
    initiative = Initiative.objects.create(
        strategy=project.strategy, name="未掲載の取組", home_project=project
    )
    at = url("initiative_change", initiative.pk)
    data = shown(planner, at)
    add_row(data, "listings", project=other.pk, number=1, printed_name="")

    page = planner.post(at, data)

    assert "主な掲載先の「P1 P1プロジェクト」の行がありません。" in errors_of(page)
    assert places(initiative) == []


def test_home_listing_cannot_leave_the_initiative(planner, project, other):
    initiative = make_initiative(project)
    InitiativeListing.objects.create(project=other, number=1, initiative=initiative)
    at = url("initiative_change", initiative.pk)
    data = shown(planner, at)
    delete_row(data, "listings", "project", project.pk)

    page = planner.post(at, data)

    assert "主な掲載先の掲載は外せません" in errors_of(page)
    assert places(initiative) == [("A1", 1), ("P1", 1)]


def test_home_cannot_be_a_project_that_does_not_list_the_initiative(planner, project, other):
    initiative = make_initiative(project)
    at = url("initiative_change", initiative.pk)

    page = planner.post(at, shown(planner, at) | {"home_project": other.pk})

    assert "主な掲載先の「A1 A1プロジェクト」の行がありません。" in errors_of(page)
    assert Initiative.objects.get().home_project == project


def test_listing_in_another_plan_is_refused(planner, project):
    elsewhere = make_project(make_strategy(code="next", is_current=False), "P1")
    initiative = make_initiative(project)
    at = url("initiative_change", initiative.pk)
    data = shown(planner, at)
    add_row(data, "listings", project=elsewhere.pk, number=1, printed_name="")

    page = planner.post(at, data)

    assert "別の計画のプロジェクトです。" in errors_of(page)
    html = page.content.decode()
    assert f'<option value="{project.pk}" selected>P1 P1プロジェクト</option>' in html
    assert f'<option value="{elsewhere.pk}"' not in html


def test_project_list_keeps_an_initiative_that_is_relisted(planner, project, other):
    initiative = make_initiative(project, name="広める取組")
    InitiativeListing.objects.create(project=other, number=1, initiative=initiative)
    at = url("project_change", project.pk)
    data = shown(planner, at)
    delete_row(data, "listings", "initiative", initiative.pk)

    page = planner.post(at, data)

    assert "「広める取組」はA1に再掲されているため、主な掲載先から外せません。" in errors_of(page)
    assert places(initiative) == [("A1", 1), ("P1", 1)]


def test_project_list_keeps_an_initiative_whose_row_is_given_to_another(planner, project, other):
    initiative = make_initiative(project, name="広める取組")
    InitiativeListing.objects.create(project=other, number=1, initiative=initiative)
    guest = make_initiative(other, 2)
    at = url("project_change", project.pk)

    page = planner.post(at, shown(planner, at) | {"listings-0-initiative": guest.pk})

    assert "主な掲載先から外せません。" in errors_of(page)
    assert places(initiative) == [("A1", 1), ("P1", 1)]


def test_project_list_takes_a_relisting(planner, project, other):
    guest = make_initiative(other, 2)
    at = url("project_change", project.pk)
    data = shown(planner, at)
    add_row(data, "listings", initiative=guest.pk, number=4, printed_name="")

    planner.post(at, data)

    assert places(guest) == [("A1", 2), ("P1", 4)]
    assert "再掲（主：A1）" in planner.get(at).content.decode()


def test_same_initiative_twice_in_a_project_is_refused(planner, project):
    initiative = make_initiative(project)

    page = planner.post(
        url("initiativelisting_add"),
        {"project": project.pk, "number": 2, "initiative": initiative.pk, "printed_name": ""},
    )

    assert "この取組は、このプロジェクトにすでに掲載されています。" in errors_of(page)
    assert places(initiative) == [("P1", 1)]


def test_orphaned_relisting_is_refused(planner, project, other):
    initiative = Initiative.objects.create(
        strategy=project.strategy, name="未掲載の取組", home_project=project
    )

    page = planner.post(
        url("initiativelisting_add"),
        {"project": other.pk, "number": 1, "initiative": initiative.pk, "printed_name": ""},
    )

    assert "先に主な掲載先へ掲載してから再掲してください。" in errors_of(page)


def test_deleting_the_home_of_a_relisted_initiative_is_refused_in_words(planner, project, other):
    initiative = make_initiative(project, name="広める取組")
    InitiativeListing.objects.create(project=other, number=1, initiative=initiative)
    home = initiative.listings.get(project=project)

    page = planner.post(url("initiativelisting_delete", home.pk), {"post": "yes"}, follow=True)

    assert messages_of(page) == [
        (
            "削除していません。「広める取組」はA1に再掲されているため、主な掲載先から外せません。"
            "先に再掲を外してください。"
        )
    ]
    assert places(initiative) == [("A1", 1), ("P1", 1)]


def bulk_delete(planner, name, *rows):
    chosen = {"action": "delete_selected", "_selected_action": [row.pk for row in rows]}
    return planner.post(url(f"{name}_changelist"), chosen | {"post": "yes"}, follow=True)


def test_bulk_deletion_refuses_the_home_and_deletes_nothing(planner, project, other):
    initiative = make_initiative(project)
    InitiativeListing.objects.create(project=other, number=1, initiative=initiative)
    free = make_initiative(project, 2)
    home = initiative.listings.get(project=project)

    page = bulk_delete(planner, "initiativelisting", free.listings.get(), home)

    assert messages_of(page)[0].startswith("1件も削除していません。")
    assert InitiativeListing.objects.count() == 3


def test_bulk_deletion_takes_a_home_together_with_its_relisting(planner, project, other):
    initiative = make_initiative(project)
    InitiativeListing.objects.create(project=other, number=1, initiative=initiative)

    bulk_delete(planner, "initiativelisting", *initiative.listings.all())

    assert places(initiative) == []


def test_deleting_a_project_that_is_a_home_shows_what_stands_in_the_way(planner, project):
    make_initiative(project, name="残る取組")

    page = planner.post(url("project_delete", project.pk), {"post": "yes"})

    assert "残る取組" in page.content.decode()
    assert Project.objects.count() == 1


def test_relisted_filter_tells_relistings_from_homes(planner, project, other):
    initiative = make_initiative(project, name="広める取組")
    InitiativeListing.objects.create(
        project=other, number=1, initiative=initiative, printed_name="別名の取組"
    )

    relisted = planner.get(url("initiativelisting_changelist"), {"relisted": "1"})
    at_home = planner.get(url("initiativelisting_changelist"), {"relisted": "0"})

    assert [row.name for row in relisted.context["cl"].result_list] == ["別名の取組"]
    assert [row.name for row in at_home.context["cl"].result_list] == ["広める取組"]


def test_initiative_list_shows_home_and_relistings(planner, project, other):
    initiative = make_initiative(project, 3)
    InitiativeListing.objects.create(project=other, number=1, initiative=initiative)

    page = planner.get(url("initiative_changelist")).content.decode()

    assert '<td class="field-home_number">(3)</td>' in page
    assert '<td class="field-relisted_in">A1</td>' in page


def test_renaming_to_a_name_in_use_is_refused(planner, project):
    make_initiative(project, 1, name="先の取組")
    later = make_initiative(project, 2)
    at = url("initiative_change", later.pk)

    page = planner.post(at, shown(planner, at) | {"name": "先の取組"})

    assert "同じ名前の取組がすでにあります。" in errors_of(page)


def test_listing_cannot_take_a_number_in_use_nor_move(planner, project, other):
    make_initiative(project, 1)
    later = make_initiative(project, 2).listings.get()
    at = url("initiativelisting_change", later.pk)

    page = planner.post(at, shown(planner, at) | {"number": "1", "project": other.pk})

    assert "この番号の取組は、このプロジェクトにすでにあります。" in errors_of(page)
    later.refresh_from_db()
    assert (later.project, later.number) == (project, 2)


@pytest.mark.parametrize("number", ["1", "2"])
def test_number_twice_in_a_projects_tables_is_refused(planner, project, number):
    project.directions.create(number=1, text="方向性")
    make_initiative(project, 1)
    guest = make_initiative(make_project(project.strategy, "P2"), 1)
    at = url("project_change", project.pk)
    data = shown(planner, at)
    add_row(data, "listings", initiative=guest.pk, number=number, printed_name="")
    add_row(data, "listings", initiative=guest.pk, number=number, printed_name="")
    add_row(data, "directions", number=number, text="a")
    add_row(data, "directions", number=number, text="b")

    page = planner.post(at, data)

    assert "番号が同じ行が2つ以上あります。" in errors_of(page)
    assert (project.directions.count(), project.listings.count()) == (1, 1)
