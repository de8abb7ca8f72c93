"""Users in the admin: planners look after people and can't raise anybody above a role."""

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.urls import reverse

from accounts.role_names import DEPARTMENT_EDITOR, MANAGER, PLANNER
from tests.admin_forms import errors_of, shown
from tests.factories import PASSWORD, make_department

NEW_PASSWORD = "mado-no-soto-2027"


@pytest.fixture
def root(db):
    return User.objects.create_superuser("root", password=PASSWORD)


def url(name, *args):
    return reverse(f"admin:auth_{name}", args=args)


def group(name):
    return Group.objects.get(name=name)


def test_planner_creates_a_department_editor_who_can_log_in(planner, client):
    planner.post(
        url("user_add"),
        {
            "username": "yamada",
            "password1": NEW_PASSWORD,
            "password2": NEW_PASSWORD,
            "last_name": "山田",
            "first_name": "太郎",
            "groups": [group(DEPARTMENT_EDITOR).pk],
        },
    )

    person = User.objects.get(username="yamada")
    assert person.check_password(NEW_PASSWORD)
    assert [one.name for one in person.groups.all()] == [DEPARTMENT_EDITOR]
    assert (person.is_staff, person.is_superuser) == (False, False)


def test_planner_creates_another_planner(planner):
    planner.post(
        url("user_add"),
        {
            "username": "sato",
            "password1": NEW_PASSWORD,
            "password2": NEW_PASSWORD,
            "is_staff": "on",
            "groups": [group(PLANNER).pk],
        },
    )

    person = User.objects.get(username="sato")
    assert person.is_staff
    assert person.has_perm("kpis.record_any_actuals")


def test_planner_gives_a_role_and_makes_an_account_inactive(planner, tantou):
    at = url("user_change", tantou.pk)
    data = shown(planner, at) | {"groups": [group(MANAGER).pk]}
    data.pop("is_active")

    planner.post(at, data)

    tantou.refresh_from_db()
    assert [one.name for one in tantou.groups.all()] == [MANAGER]
    assert not tantou.is_active


def test_planner_neither_sees_nor_sets_superuser_and_permissions(planner, tantou):
    permission = Permission.objects.get(codename="delete_user")
    at = url("user_change", tantou.pk)
    page = planner.get(at).content.decode()

    planner.post(
        at, shown(planner, at) | {"is_superuser": "on", "user_permissions": [permission.pk]}
    )

    assert "is_superuser" not in page
    assert "user_permissions" not in page
    tantou.refresh_from_db()
    assert not tantou.is_superuser
    assert not tantou.user_permissions.exists()


def test_planner_cannot_create_a_superuser(planner):
    planner.post(
        url("user_add"),
        {
            "username": "evil",
            "password1": NEW_PASSWORD,
            "password2": NEW_PASSWORD,
            "is_superuser": "on",
        },
    )

    assert not User.objects.get(username="evil").is_superuser


def test_planner_cannot_grant_a_group_beyond_the_roles(planner, tantou):
    beyond = Group.objects.create(name="システム管理")
    at = url("user_change", tantou.pk)

    page = planner.post(at, shown(planner, at) | {"groups": [beyond.pk]})

    assert "正しく選択してください。" in errors_of(page)
    assert [one.name for one in tantou.groups.all()] == [DEPARTMENT_EDITOR]


def test_planner_neither_sees_nor_changes_superusers(planner, root):
    listed = planner.get(url("user_changelist"))
    answers = [
        planner.get(url("user_change", root.pk), follow=True),
        planner.post(url("user_change", root.pk), {"username": "mine"}, follow=True),
    ]
    password = planner.post(
        reverse("admin:auth_user_password_change", args=[root.pk]),
        {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD},
    )

    assert [one.username for one in listed.context["cl"].result_list] == ["kikaku"]
    for answer in answers:
        assert answer.redirect_chain == [("/admin/", 302)]
    assert password.status_code in (403, 404)
    root.refresh_from_db()
    assert root.username == "root"
    assert root.check_password(PASSWORD)


def test_planner_reads_but_does_not_change_who_may_more_than_a_role(planner, tantou):
    tantou.user_permissions.add(Permission.objects.get(codename="delete_user"))

    page = planner.get(url("user_change", tantou.pk))
    answer = planner.post(url("user_change", tantou.pk), {"username": "mine"})
    password = planner.post(
        reverse("admin:auth_user_password_change", args=[tantou.pk]),
        {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD},
    )

    assert "tantou" in page.content.decode()
    assert (answer.status_code, password.status_code) == (403, 403)
    tantou.refresh_from_db()
    assert tantou.check_password(PASSWORD)


def test_planner_sets_a_forgotten_password(planner, tantou):
    planner.post(
        reverse("admin:auth_user_password_change", args=[tantou.pk]),
        {"usable_password": "true", "password1": NEW_PASSWORD, "password2": NEW_PASSWORD},
    )

    tantou.refresh_from_db()
    assert tantou.check_password(NEW_PASSWORD)


def test_planner_does_not_delete_people(planner, tantou):
    assert planner.post(url("user_delete", tantou.pk), {"post": "yes"}).status_code == 403
    assert User.objects.filter(pk=tantou.pk).exists()


def test_superuser_sets_permissions(client, root, tantou):
    client.force_login(root)

    page = client.get(url("user_change", tantou.pk)).content.decode()

    assert "is_superuser" in page
    assert "user_permissions" in page


def test_list_shows_name_role_and_department(planner, tantou):
    tantou.last_name, tantou.first_name = "山田", "太郎"
    tantou.save()
    make_department("D01", tantou)

    page = planner.get(url("user_changelist")).content.decode()

    assert '<td class="field-person">山田太郎</td>' in page
    assert '<td class="field-roles">所管課担当</td>' in page
    assert '<td class="field-sections">D01課</td>' in page


def test_list_asks_as_often_for_many_people_as_for_few(
    planner, django_assert_num_queries, django_assert_max_num_queries
):
    planner.get(url("user_changelist"))
    with django_assert_max_num_queries(15) as few:
        planner.get(url("user_changelist"))
    for number in range(20):
        person = User.objects.create_user(f"user{number}")
        person.groups.add(group(MANAGER))

    with django_assert_num_queries(len(few)):
        planner.get(url("user_changelist"))


def test_roles_are_only_read(planner, tantou):
    role = group(DEPARTMENT_EDITOR)

    page = planner.get(url("group_change", role.pk))
    answer = planner.post(url("group_change", role.pk), {"name": "別名"})

    assert "tantou" in page.content.decode()
    assert answer.status_code == 403
    assert planner.get(url("group_add")).status_code == 403
