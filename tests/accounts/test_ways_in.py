"""How an account comes to sign on elsewhere, and what its owner is told about passwords."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from accounts.models import Account, AuditEntry, Way
from accounts.role_names import DEPARTMENT_EDITOR
from accounts.sign_on.configs import Ldap
from accounts.sign_on.people import choose_way
from tests.admin_forms import errors_of, shown
from tests.factories import PASSWORD
from tests.page_text import text_of

LDAP = Ldap(("ldaps://ldap.mihon.test",), "dc=mihon,dc=test")


@pytest.fixture
def with_ldap(settings):
    settings.LDAP = LDAP


def at(user):
    return reverse("admin:auth_user_change", args=[user.pk])


def test_planner_lets_an_account_sign_on_elsewhere(planner, tantou, with_ldap):
    theirs = Client()
    theirs.post("/login/", {"username": "tantou", "password": PASSWORD})
    planner.post(at(tantou), shown(planner, at(tantou)) | {"sign_on": "ldap"})

    tantou.refresh_from_db()
    assert (tantou.account.sign_on, tantou.has_usable_password()) == ("ldap", False)
    assert theirs.get("/password/").status_code == 302
    entry = AuditEntry.objects.get(what="利用者「tantou」のログインの方法")
    assert (entry.login, entry.before, entry.after) == (
        "kikaku", "パスワード（このシステム）", "LDAP（庁内のディレクトリ）",
    )  # fmt: skip
    assert [group.name for group in tantou.groups.all()] == [DEPARTMENT_EDITOR]


def test_and_back_to_a_password_which_has_to_be_set(planner, tantou, with_ldap):
    choose_way(tantou, Way.LDAP)
    form = shown(planner, at(tantou))
    assert form["sign_on"] == "ldap"
    assert "パスワードを設定" not in text_of(planner.get(at(tantou)))
    answer = planner.post(at(tantou), form | {"sign_on": "password"}, follow=True)

    assert "利用者「tantou」のパスワードを決めてください。" in text_of(answer)
    assert Account.objects.get(user=tantou).sign_on == "password"
    assert not User.objects.get(pk=tantou.pk).has_usable_password()
    assert "パスワードを設定" in text_of(planner.get(at(tantou)))


def test_saving_the_form_as_it_is_changes_nothing(planner, tantou, with_ldap):
    choose_way(tantou, Way.LDAP)
    newest = AuditEntry.objects.latest("pk").pk
    planner.post(at(tantou), shown(planner, at(tantou)))

    assert Account.objects.get(user=tantou).sign_on == "ldap"
    assert not AuditEntry.objects.filter(pk__gt=newest).exists()


def test_new_colleague_who_signs_on_elsewhere_gets_no_password(planner, with_ldap):
    page = reverse("admin:auth_user_add")
    assert "ログインの方法" in text_of(planner.get(page))
    planner.post(page, {"username": "tanaka", "sign_on": "ldap", "last_name": "田中"})

    user = User.objects.get(username="tanaka")
    assert (user.account.sign_on, user.has_usable_password()) == ("ldap", False)
    assert not user.account.must_change_password


def test_new_colleague_with_a_password_needs_one(planner, with_ldap):
    answer = planner.post(
        reverse("admin:auth_user_add"), {"username": "tanaka", "sign_on": "password"}
    )

    assert "password1" in errors_of(answer)
    assert not User.objects.filter(username="tanaka").exists()


def test_way_that_this_installation_has_not_is_refused(planner, tantou, with_ldap):
    answer = planner.post(at(tantou), shown(planner, at(tantou)) | {"sign_on": "oidc"})

    assert "sign_on" in errors_of(answer)
    assert not Account.objects.filter(user=tantou, sign_on="oidc").exists()


def test_there_is_no_question_where_there_is_no_choice(planner, tantou):
    assert "ログインの方法" not in text_of(planner.get(at(tantou)))
    assert "ログインの方法" not in text_of(planner.get(reverse("admin:auth_user_add")))


def test_superuser_keeps_a_password(client, db, with_ldap):
    root = User.objects.create_superuser("root", password=PASSWORD)
    Account.objects.update(must_change_password=False)
    client.force_login(root)
    assert "ログインの方法" not in text_of(client.get(at(root)))
    client.post(at(root), shown(client, at(root)) | {"sign_on": "ldap"})

    root.refresh_from_db()
    assert root.check_password(PASSWORD)
    assert root.account.sign_on == "password"


def test_password_page_says_where_the_password_is(client, tantou):
    choose_way(tantou, Way.LDAP)
    client.force_login(tantou, "accounts.backends.PasswordBackend")
    for answer in (
        client.get("/password/"),
        client.post("/password/", {"new_password1": "mado-no-soto-2027"}),
    ):
        page = text_of(answer)
        assert "このシステムにはパスワードがありません。" in page
        assert 'type="password"' not in answer.content.decode()
    tantou.refresh_from_db()
    assert not tantou.has_usable_password()


def test_login_page_says_that_the_directory_s_password_will_do(client, db, settings):
    words = "庁内のアカウントの人は、その利用者名とパスワードを入力してください。"
    assert words not in text_of(client.get("/login/"))
    settings.LDAP = LDAP

    assert words in text_of(client.get("/login/"))


def test_login_page_says_what_is_wrong(client, kikaku):
    wrong = {"username": "kikaku", "password": "wrong"}
    assert "利用者名かパスワードが違います。大文字と小文字を確かめて" in text_of(
        client.post("/login/", wrong)
    )
    assert "利用者名とパスワードを入力してください。" in text_of(client.post("/login/", {}))
