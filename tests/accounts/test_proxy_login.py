"""Logging in by a proxy's word: from the proxy alone, for registered accounts alone."""

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.models import User
from django.test import Client

from accounts.models import AuditEntry, KeptForm, Way
from accounts.sign_on.configs import ProxyUser
from accounts.sign_on.people import choose_way
from tests.factories import PASSWORD, make_user
from tests.page_text import text_of

SECRET = "k0_" + "abcdefghij" * 5


@pytest.fixture(autouse=True)
def proxy(settings, db):
    settings.REMOTE_USER = ProxyUser("X-Remote-User", SECRET)
    settings.AUTHENTICATION_BACKENDS = [
        *settings.AUTHENTICATION_BACKENDS[:2], "accounts.sign_on.backends.ProxyBackend"
    ]  # fmt: skip


@pytest.fixture
def tanaka():
    user = User.objects.create_user("tanaka", last_name="田中")
    choose_way(user, Way.PROXY)
    return user


def via_proxy(name, secret=SECRET):
    return {"X-Remote-User": name, "X-Proxy-Secret": secret}


def log_in(client, headers, asked=""):
    return client.get(f"/login/proxy/{asked}", headers=headers)


def test_colleague_logs_in_and_goes_where_they_wanted(client, tanaka):
    page = client.get("/login/?next=/plans/mihon/kpis/").content.decode()
    assert 'href="/login/proxy/?next=%2Fplans%2Fmihon%2Fkpis%2F"' in page
    assert (
        log_in(client, via_proxy("tanaka"), "?next=/plans/mihon/kpis/").url == "/plans/mihon/kpis/"
    )

    assert client.get("/password/").status_code == 200
    entry = AuditEntry.objects.get(kind="login")
    assert (entry.login, entry.what) == ("tanaka", "ログイン：リバースプロキシーの認証")
    assert log_in(Client(), via_proxy("tanaka"), "?next=https://evil.example/").url == "/"


@pytest.mark.parametrize("sent", ["", "wrong", SECRET[:-1], SECRET + "x", SECRET.upper(), "あ"])
def test_header_without_the_proxy_s_secret_is_a_failed_login(client, tanaka, sent):
    answer = log_in(client, via_proxy("tanaka", sent.encode().decode("latin-1")))

    assert answer.status_code == 403
    assert "プロキシーを通らない要求では、ログインできません。" in text_of(answer)
    assert client.get("/password/").status_code == 302
    failure = AuditEntry.objects.get(kind="failure")
    assert (failure.login, failure.what) == (
        "tanaka",
        "プロキシーの合い言葉のない要求が、この利用者を名乗った",
    )
    assert AccessAttempt.objects.get().username == "tanaka"


def test_header_alone_logs_in_nowhere_else(client, tanaka):
    for path in ("/", "/login/", "/password/"):
        answer = client.get(path, headers={"X-Remote-User": "tanaka", "Remote-User": "tanaka"})
        assert "_auth_user_id" not in client.session
        assert answer.status_code == (200 if path == "/login/" else 302)
    # Nor does the variable that servers use for it.
    client.get("/login/proxy/", REMOTE_USER="tanaka")
    assert "_auth_user_id" not in client.session


def test_forging_is_locked_out_like_guessing(client, tanaka):
    for _attempt in range(5):
        log_in(client, via_proxy("tanaka", "wrong"))

    assert log_in(client, via_proxy("tanaka")).status_code == 429
    other = Client(REMOTE_ADDR="192.0.2.9")
    assert log_in(other, via_proxy("tanaka")).url == "/"


def test_proxy_that_names_nobody_is_said_so(client):
    for headers in ({}, via_proxy(""), via_proxy(" ")):
        answer = client.get("/login/proxy/?next=/plans/mihon/kpis/", headers=headers)
        assert answer.url == "/login/?next=/plans/mihon/kpis/"
    assert "プロキシーが利用者を伝えていないため" in text_of(client.get("/login/"))


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("nobody", "利用者「nobody」は、このシステムに登録されていません。"),
        ("tanaka, kanri", "利用者「tanaka, kanri」は、このシステムに登録されていません。"),
        ("TANAKA", "利用者「TANAKA」は、このシステムに登録されていません。"),
        ("kanri", "利用者「kanri」のログインの方法は、リバースプロキシーの認証ではありません。"),
    ],
)
def test_nobody_else_is_let_in(client, tanaka, name, sentence):
    make_user("kanri")
    answer = log_in(client, via_proxy(name))

    assert sentence in text_of(client.get(answer.url))
    assert client.get("/password/").status_code == 302
    assert User.objects.count() == 2


def test_inactive_account_and_superuser_stay_out(client, tanaka):
    User.objects.filter(pk=tanaka.pk).update(is_active=False)
    assert "無効になっています。" in text_of(client.get(log_in(client, via_proxy("tanaka")).url))
    User.objects.filter(pk=tanaka.pk).update(is_active=True, is_superuser=True)

    log_in(client, via_proxy("tanaka"))
    assert client.get("/password/").status_code == 302


def test_session_ends_once_the_proxy_names_somebody_else(client, tanaka):
    log_in(client, via_proxy("tanaka"))
    assert client.get("/password/", headers=via_proxy("tanaka")).status_code == 200
    assert client.get("/password/").status_code == 200
    assert client.get("/password/", headers=via_proxy("suzuki")).status_code == 302

    assert client.get("/password/", headers=via_proxy("tanaka")).status_code == 302


def test_session_that_began_with_a_password_is_not_concerned(client, kanri):
    client.post("/login/", {"username": "kanri", "password": PASSWORD})

    assert client.get("/password/", headers=via_proxy("suzuki")).status_code == 200


def test_form_that_came_too_late_waits_here_too(client, tanaka):
    KeptForm.objects.create(user=tanaka, path="/plans/mihon/entry/2025/", fields=[["a", "b"]])

    assert log_in(client, via_proxy("tanaka")).url == "/login/kept/"


def test_logout_ends_the_app_s_session(client, tanaka):
    log_in(client, via_proxy("tanaka"))
    assert client.post("/logout/").url == "/login/"

    assert client.get("/password/").status_code == 302


def test_who_goes_on_forging_does_not_fill_the_audit(client, tanaka):
    before = AuditEntry.objects.count()
    answers = [log_in(client, via_proxy("tanaka", "wrong")).status_code for _try in range(9)]

    assert answers == [403] * 4 + [429] * 5
    kinds = list(AuditEntry.objects.order_by("id").values_list("kind", flat=True)[before:])
    assert kinds == ["failure"] * 5 + ["lock_out"]
