"""One page for who owns what: shown, filtered, saved together, refused together."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from kpis.models import Kpi
from projects.models import Department, Initiative, InitiativeListing
from tests.factories import (
    make_department,
    make_initiative,
    make_kpi,
    make_plan,
    make_project,
    make_strategy,
)

PAGE = "/plans/mihon/departments/"


@pytest.fixture
def first():
    return make_department("D01")


@pytest.fixture
def second():
    return make_department("D02")


@pytest.fixture
def kpi(first):
    return make_kpi(make_project(make_strategy()), department=first)


@pytest.fixture
def initiative(kpi):
    return make_initiative(kpi.project)


def key(item):
    return f"{'kpi' if isinstance(item, Kpi) else 'initiative'}-{item.pk}"


def choice(item, department, was):
    """A row as the page posts it."""
    return {
        key(item): str(department.pk) if department else "",
        f"{key(item)}-was": str(was.pk) if was else "",
    }


def owner(item):
    item.refresh_from_db()
    return item.department


def test_rows_stand_once_in_printed_order(planner, kikaku):
    make_plan(kikaku, projects=2)
    projects = planner.get(PAGE).context["projects"]

    assert [(project.code, [row.code for row in rows]) for project, rows in projects] == [
        ("P1", ["P1-1", "P1-2", "P1-1", "P1-2"]),
        ("P2", ["P2-1", "P2-2", "P2-1", "P2-2"]),
    ]
    assert InitiativeListing.objects.count() == 5


def test_changed_rows_are_saved_with_history(planner, kikaku, kpi, initiative, first, second):
    rest = make_kpi(kpi.project, 2, department=first)
    posted = choice(kpi, second, first) | choice(initiative, first, None)
    response = planner.post(PAGE, posted | choice(rest, first, first), follow=True)

    assert "所管課を2件変えました。" in response.content.decode()
    assert (owner(kpi), owner(initiative), owner(rest)) == (second, first, first)
    for item in (kpi, initiative):
        row = item.history.first()
        assert (row.history_user, row.history_change_reason) == (kikaku, "所管の変更")
        assert row.department == item.department
    assert rest.history.first().history_change_reason is None


def test_owner_is_taken_away(planner, kpi, first):
    planner.post(PAGE, choice(kpi, None, first))

    assert owner(kpi) is None


def test_nothing_changed_writes_nothing(planner, kpi, first):
    before = Kpi.history.count()
    response = planner.post(PAGE, choice(kpi, first, first), follow=True)

    assert "何も書き込んでいません" in response.content.decode()
    assert Kpi.history.count() == before


def test_saving_takes_a_constant_number_of_queries(
    planner, kpi, first, second, django_assert_num_queries
):
    more = [make_kpi(kpi.project, number, department=first) for number in range(2, 9)]
    with django_assert_num_queries(18):
        planner.post(PAGE, choice(kpi, second, first))
    posted = {}
    for item in more:
        posted |= choice(item, second, first)

    with django_assert_num_queries(18):
        planner.post(PAGE, posted)
    assert second.kpis.count() == 8


def test_row_changed_by_another_is_refused_with_both_and_nothing_is_written(
    planner, kpi, initiative, first, second
):
    third = make_department("D03")
    Kpi.objects.filter(pk=kpi.pk).update(department=third)
    posted = choice(kpi, second, first) | choice(initiative, first, None)
    response = planner.post(PAGE, posted)
    html = response.content.decode()

    assert response.status_code == 409
    assert "ほかの人が「D03課」に変えました。あなたの選択は「D02課」です。" in html
    assert (owner(kpi), owner(initiative)) == (third, None)
    assert f'<option value="{second.pk}" selected>D02課</option>' in html
    assert f'name="{key(kpi)}-was" value="{third.pk}"' in html
    planner.post(PAGE, choice(kpi, second, third) | choice(initiative, first, None))
    assert (owner(kpi), owner(initiative)) == (second, first)


def test_same_change_made_by_another_is_no_conflict(planner, kpi, first, second):
    Kpi.objects.filter(pk=kpi.pk).update(department=second)
    response = planner.post(PAGE, choice(kpi, second, first), follow=True)

    assert "何も書き込んでいません" in response.content.decode()
    assert owner(kpi) == second


@pytest.mark.parametrize("posted", ["999999", "abc", "²", "-1"])
def test_unknown_department_is_refused(planner, kpi, initiative, first, posted):
    response = planner.post(
        PAGE, choice(initiative, first, None) | choice(kpi, None, first) | {key(kpi): posted}
    )

    assert response.status_code == 422
    assert "選んだ課は、廃止されたか、なくなっています。" in response.content.decode()
    assert (owner(kpi), owner(initiative)) == (first, None)


def test_abolished_department_stays_only_where_it_owns(planner, kpi, initiative, first, second):
    yesterday = timezone.localdate() - timedelta(days=1)
    Department.objects.filter(pk=first.pk).update(valid_until=yesterday)
    Department.objects.filter(pk=second.pk).update(valid_until=timezone.localdate())
    ((_project, rows),) = planner.get(PAGE).context["projects"]

    assert [[label for _value, label in row.choices] for row in rows] == [
        ["D01課（廃止）", "D02課"],
        ["D02課"],
    ]
    response = planner.post(PAGE, choice(initiative, first, None))
    assert response.status_code == 422
    assert owner(initiative) is None


def test_filter_shows_what_nobody_owns_and_survives_saving(planner, kpi, initiative, first):
    response = planner.get(f"{PAGE}?unset=1")
    ((_project, rows),) = response.context["projects"]
    saved = planner.post(f"{PAGE}?unset=1", choice(initiative, first, None))

    assert [row.name for row in rows] == ["P1の取組1"]
    assert saved.url == f"{PAGE}?unset=1"
    assert "所管課が未設定の指標と取組はありません。" in planner.get(saved.url).content.decode()


def test_departments_are_listed_with_members_and_counts(planner, tantou, kpi, initiative, first):
    first.members.add(tantou)
    make_department("D02")
    Department.objects.create(code="D03", name="旧課", valid_until=date(2020, 3, 31))
    departments = planner.get(PAGE).context["departments"]

    assert [
        (one.department.name, one.members, one.department.is_abolished) for one in departments
    ] == [
        ("D01課", ("tantou",), False),
        ("D02課", (), False),
        ("旧課", (), True),
    ]
    assert [(one.kpis, one.initiatives) for one in departments] == [(1, 0), (0, 0), (0, 0)]


def test_item_of_another_plan_is_out_of_reach(planner, kpi, first, second):
    other = make_kpi(make_project(make_strategy(code="old", is_current=False)), department=first)
    planner.post(PAGE, choice(other, second, first))

    assert owner(other) == first


def test_item_deleted_meanwhile_is_left_out(planner, kpi, initiative, first, second):
    posted = choice(initiative, first, None) | choice(kpi, second, first)
    initiative.listings.all().delete()
    Initiative.objects.all().delete()

    assert planner.post(PAGE, posted).status_code == 302
    assert owner(kpi) == second


def test_assignment_opens_and_closes_the_entry_page_of_a_member(
    client, kikaku, tantou, kpi, first, second
):
    first.members.add(tantou)
    client.force_login(tantou)
    assert client.get("/plans/mihon/entry/2025/P1-1/").status_code == 200
    client.force_login(kikaku)
    client.post(PAGE, choice(kpi, second, first))

    client.force_login(tantou)
    assert client.get("/plans/mihon/entry/2025/P1-1/").status_code == 403
