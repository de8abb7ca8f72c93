"""Passwords: which are refused, which have to be changed first, and how often one may be wrong."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Account, AuditEntry
from accounts.passwords import DEMO_PASSWORD, is_near, mark_as_demo
from accounts.throttling import FOR_A_NAME, FROM_AN_ADDRESS
from entry.demo import read_demo
from tests.factories import PASSWORD
from tests.page_text import text_of

NEW = "mado-no-soto-2027"
FIRST = "はじめに、パスワードを自分だけが知るものに変えてください。"


def log_in(username, password, address="192.0.2.7", client=None):
    client = client or Client()
    return client.post("/login/", {"username": username, "password": password}, REMOTE_ADDR=address)


def change(client, new, old=PASSWORD, **extra):
    return client.post(
        "/password/",
        {"old_password": old, "new_password1": new, "new_password2": new},
        **extra,
    )


@pytest.fixture
def sato(db):
    """Somebody whose account has just been made, with a password that others know."""
    return User.objects.create_user("sato", password=PASSWORD, is_staff=True)


def test_given_password_leads_every_page_to_the_password_page(client, sato):
    assert log_in("sato", PASSWORD, client=client).url == "/"
    for path in ("/", "/plans/mihon/history/", "/audit/", "/admin/", "/plans/mihon/entry/2025/"):
        assert client.get(path).url == "/password/"

    assert FIRST in text_of(client.get("/password/"))
    assert change(client, NEW).url == "/"
    assert client.get("/plans/mihon/history/").status_code == 200
    assert FIRST not in text_of(client.get("/password/"))
    assert log_in("sato", NEW).url == "/"
    assert not Account.objects.get(user=sato).must_change_password


def test_script_is_told_with_403_and_the_sentence(client, sato):
    log_in("sato", PASSWORD, client=client)
    answer = client.post("/plans/mihon/entry/2025/", {}, headers={"HX-Request": "true"})

    assert (answer.status_code, answer.content.decode()) == (403, FIRST)


def test_whoever_has_to_change_it_may_log_out(client, sato):
    log_in("sato", PASSWORD, client=client)

    assert client.post("/logout/").url == "/login/"


def test_reset_in_the_admin_asks_again_and_ends_sessions(planner, client, tantou):
    theirs = Client()
    log_in("tantou", PASSWORD, client=theirs)
    assert theirs.get("/password/").status_code == 200
    planner.post(
        reverse("admin:auth_user_password_change", args=[tantou.pk]),
        {"usable_password": "true", "password1": NEW, "password2": NEW},
    )

    assert theirs.get("/password/").url == "/login/?next=/password/"
    log_in("tantou", NEW, client=theirs)
    assert theirs.get("/").url == "/password/"


def test_reset_and_new_superuser_by_commands_ask_for_an_own_one(tantou, monkeypatch):
    monkeypatch.setattr("getpass.getpass", lambda prompt: NEW)
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", NEW)
    call_command("changepassword", "tantou", verbosity=0)
    call_command("createsuperuser", "--no-input", username="root", email="", verbosity=0)

    asked = Account.objects.filter(must_change_password=True).values_list("user__username")
    assert sorted(asked) == [("root",), ("tantou",)]


def test_account_without_a_password_here_has_none_to_change(db):
    user = User.objects.create_user("yosokara")

    assert not Account.objects.filter(user=user, must_change_password=True).exists()


def test_hash_brought_up_to_date_at_a_login_is_no_new_password(client, kikaku, settings):
    User.objects.filter(pk=kikaku.pk).update(password=make_password(PASSWORD, hasher="md5"))
    settings.PASSWORD_HASHERS = [
        "accounts.hashers.Argon2LightHasher",
        "django.contrib.auth.hashers.MD5PasswordHasher",
    ]
    newest = AuditEntry.objects.latest("pk").pk
    log_in("kikaku", PASSWORD, client=client)

    kikaku.refresh_from_db()
    assert kikaku.password.startswith("argon2$")
    assert not Account.objects.get(user=kikaku).must_change_password
    assert [row.kind for row in AuditEntry.objects.filter(pk__gt=newest)] == ["login"]


@pytest.mark.parametrize(
    ("new", "sentence"),
    [
        (PASSWORD, "今と同じパスワードです。別のものにしてください。"),
        ("only-for-tests-2025", "今のパスワードに似すぎています。"),
        ("ONLY-FOR-TESTS-2024", "今のパスワードに似すぎています。"),
        ("onlyfortests!!88", "今のパスワードに似すぎています。"),
        ("my-only-for-tests-2024", "今のパスワードに似すぎています。"),
        ("only-for-tezts-2124", "今のパスワードに似すぎています。"),
        (DEMO_PASSWORD, "デモで公開しているパスワードです。"),
    ],
)
def test_same_near_and_published_passwords_are_refused(editor, tantou, new, sentence):
    page = text_of(change(editor, new))

    assert sentence in page
    tantou.refresh_from_db()
    assert tantou.check_password(PASSWORD)


def test_admin_refuses_to_set_the_password_that_stands(planner, tantou):
    page = planner.post(
        reverse("admin:auth_user_password_change", args=[tantou.pk]),
        {"usable_password": "true", "password1": PASSWORD, "password2": PASSWORD},
    )

    assert "今と同じパスワードです。" in text_of(page)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("only-for-tests-2024", "kawaramono-2026"),
        ("0123-4567-8901", "8642-9753-0000"),
        ("abc", "abc-de-fgh-ijk"),
        ("a" * 50_000, "b" * 50_000),
    ],
)
def test_other_passwords_are_not_near(old, new):
    assert not is_near(old, new)


def test_password_of_the_demo_is_the_one_that_is_known_here():
    assert read_demo()["password"] == DEMO_PASSWORD


def test_demo_account_gets_in_only_where_demo_is_on(client, kikaku, settings):
    mark_as_demo(kikaku)
    settings.DEMO = True
    assert log_in("kikaku", PASSWORD, client=client).url == "/"
    assert client.get("/password/").status_code == 200
    settings.DEMO = False

    # The session that it has is none any more either.
    assert client.get("/password/").url == "/login/?next=/password/"
    assert log_in("kikaku", PASSWORD).status_code == 200


def test_published_password_opens_nothing_where_demo_is_off(kikaku, settings):
    kikaku.set_password(DEMO_PASSWORD)
    kikaku.save()

    assert log_in("kikaku", DEMO_PASSWORD).status_code == 200
    settings.DEMO = True
    assert log_in("kikaku", DEMO_PASSWORD).url == "/"


# Guessing


def have_failed(username, address, times):
    """So many wrong passwords have been counted a moment ago."""
    AccessAttempt.objects.create(username=username, ip_address=address, failures_since_start=times)


def test_old_password_is_guessed_at_five_times_and_no_more(editor, tantou):
    statuses = [change(editor, NEW, old="wrong").status_code for _attempt in range(5)]
    assert statuses == [200, 200, 200, 200, 429]

    assert change(editor, NEW).status_code == 429
    assert not AccessAttempt.objects.filter(post_data__contains=NEW).exists()
    tantou.refresh_from_db()
    assert tantou.check_password(PASSWORD)


def test_new_password_that_is_refused_is_no_wrong_one(editor):
    for _attempt in range(7):
        answer = change(editor, "short")

    assert answer.status_code == 200


def test_address_that_tries_many_names_is_locked_out_for_all(kikaku):
    for number in range(FROM_AN_ADDRESS // 4):
        have_failed(f"name{number}", "192.0.2.7", 4)
    assert log_in("kikaku", "wrong", "192.0.2.7").status_code == 200
    assert log_in("somebody", "wrong", "192.0.2.7").status_code == 429

    assert log_in("kikaku", PASSWORD, "192.0.2.7").status_code == 429
    assert log_in("kikaku", PASSWORD, "192.0.2.8").url == "/"


def test_login_of_ones_own_gives_an_address_no_new_guesses(tantou, kikaku):
    for number in range((FROM_AN_ADDRESS - 1) // 4):
        have_failed(f"name{number}", "192.0.2.7", 4)
    assert log_in("tantou", PASSWORD, "192.0.2.7").url == "/"
    assert log_in("somebody", "wrong", "192.0.2.7").status_code == 200
    assert log_in("somebody", "wrong", "192.0.2.7").status_code == 429

    assert log_in("kikaku", PASSWORD, "192.0.2.7").status_code == 429


def test_name_that_is_guessed_at_from_everywhere_stays_open_where_it_is_used(kikaku, tantou):
    assert log_in("kikaku", PASSWORD, "192.0.2.1").url == "/"
    for number in range(FOR_A_NAME // 4):
        have_failed("kikaku", f"198.51.100.{number}", 4)

    # No stranger's address gets another guess; the colleague's own desk does.
    assert log_in("kikaku", PASSWORD, "198.51.100.99").status_code == 429
    assert log_in("kikaku", PASSWORD, "192.0.2.1").url == "/"
    # Another name is not concerned.
    assert log_in("tantou", PASSWORD, "198.51.100.99").url == "/"


def test_what_is_older_than_a_quarter_of_an_hour_is_forgotten(kikaku):
    have_failed("kikaku", "192.0.2.7", FROM_AN_ADDRESS)
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))

    assert log_in("kikaku", PASSWORD, "192.0.2.7").url == "/"
