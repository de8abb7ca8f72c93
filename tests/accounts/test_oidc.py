"""Logging in by an OpenID provider: a real one on this machine, that insists on PKCE."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test import Client

from accounts.models import AuditEntry, KeptForm, Session, Way
from accounts.role_names import MANAGER
from accounts.sign_on import oidc, outages
from accounts.sign_on.people import choose_way
from accounts.throttling import FROM_AN_ADDRESS
from tests.accounts.provider import CLIENT, SECRET, expired, running_provider
from tests.factories import PASSWORD, make_user
from tests.page_text import text_of

pytestmark = [
    # The provider's own, of what authlib will rename.
    pytest.mark.filterwarnings("ignore:get_jwt_config:DeprecationWarning"),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="it asks the network, not the tables"),
]

DOWN = "庁内の認証基盤が応答しないため、ログインできません。"
AGAIN = "ログインできませんでした。"


@pytest.fixture(scope="session")
def running():
    with running_provider() as one:
        yield one


@pytest.fixture
def use(settings, running):
    """Let the app use a provider."""

    def configure(config):
        outages.forget()
        oidc._described.clear()
        settings.OIDC = config
        settings.AUTHENTICATION_BACKENDS = [
            *settings.AUTHENTICATION_BACKENDS[:2], "accounts.sign_on.backends.OidcBackend"
        ]  # fmt: skip

    running.provider.forget()
    yield configure
    running.provider.forget()
    outages.forget()


@pytest.fixture
def tanaka(db, running, use):
    """A colleague whom the planner has registered for the provider."""
    use(running.config())
    running.knows("0001", preferred_username="tanaka", family_name="田中", given_name="花子")
    user = User.objects.create_user("tanaka")
    choose_way(user, Way.OIDC)
    return user


def path_of(address):
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}"


def begin(client, asked=""):
    return client.get(f"/login/oidc/{asked}").url


def sign_on(running, client, subject="0001", asked=""):
    """All of it, up to the app's answer to the provider's redirection."""
    return client.get(path_of(running.signs_on(begin(client, asked), subject)))


def is_in(client):
    return client.get("/password/").status_code == 200


def test_colleague_signs_on_and_goes_where_they_wanted(client, running, tanaka):
    page = client.get("/login/?next=/plans/mihon/kpis/")
    assert 'href="/login/oidc/?next=%2Fplans%2Fmihon%2Fkpis%2F"' in page.content.decode()
    answer = sign_on(running, client, asked="?next=/plans/mihon/kpis/")

    assert (answer.status_code, answer.url) == (302, "/plans/mihon/kpis/")
    assert is_in(client)
    tanaka.refresh_from_db()
    assert (tanaka.last_name, tanaka.first_name) == ("田中", "花子")
    entry = AuditEntry.objects.get(kind="login")
    assert (entry.login, entry.what) == ("tanaka", "ログイン：OpenID Connect（庁内の認証基盤）")


def test_what_is_asked_has_state_nonce_and_challenge_and_the_secret_stays_here(
    client, running, tanaka
):
    first, second = (parse_qs(urlsplit(begin(client)).query) for _time in range(2))

    assert first["redirect_uri"] == ["http://testserver/login/oidc/callback/"]
    assert first["code_challenge_method"] == ["S256"]
    for name in ("state", "nonce", "code_challenge"):
        assert len(first[name][0]) >= 32
        assert first[name] != second[name]
    assert SECRET not in str(first)
    sign_on(running, client)
    token = [form for path, form in running.provider.asked if path == "/oauth2/token"]
    assert len(token[0]["code_verifier"][0]) >= 43


def test_where_one_wanted_to_go_is_never_another_host(client, running, tanaka):
    assert sign_on(running, client, asked="?next=https://evil.example/").url == "/"


def test_code_works_once(client, running, tanaka):
    back = running.signs_on(begin(client), "0001")
    assert client.get(path_of(back)).url == "/"
    client.post("/logout/")

    assert AGAIN in text_of(client.get(path_of(back), follow=True))
    assert not is_in(client)


def test_code_of_another_browser_is_refused(client, running, tanaka):
    """Somebody would have a colleague work under their own name."""
    attackers = Client()
    theirs = running.signs_on(begin(attackers), "0001")
    assert AGAIN in text_of(client.get(path_of(theirs), follow=True))
    # The attacker's code with the colleague's own state.
    own = parse_qs(urlsplit(begin(client)).query)["state"][0]
    code = parse_qs(urlsplit(theirs).query)["code"][0]
    answer = client.get(f"/login/oidc/callback/?code={code}&state={own}", follow=True)

    assert AGAIN in text_of(answer)
    assert not is_in(client)


@pytest.mark.parametrize(
    ("alter", "sign"),
    [
        (lambda claims: claims | {"nonce": "another"}, None),
        (lambda claims: {name: claims[name] for name in claims if name != "nonce"}, None),
        (lambda claims: claims | {"aud": "another-app"}, None),
        (lambda claims: claims | {"aud": [CLIENT, "another"], "azp": "another"}, None),
        (lambda claims: claims | {"iss": "http://localhost:1"}, None),
        (expired, None),
        (lambda claims: {name: claims[name] for name in claims if name != "exp"}, None),
        (lambda claims: claims | {"sub": "0002"}, None),
        (dict, {"key": SECRET * 2, "algorithm": "HS256"}),
        (dict, {"key": None, "algorithm": "none"}),
    ],
    ids=["nonce", "no-nonce", "aud", "azp", "iss", "expired", "no-end", "sub", "hmac", "unsigned"],
)
def test_token_that_is_not_for_this_login_lets_nobody_in(client, running, tanaka, alter, sign):
    running.provider.alter, running.provider.sign = alter, sign
    assert AGAIN in text_of(
        client.get(path_of(running.signs_on(begin(client), "0001")), follow=True)
    )

    assert not is_in(client)
    failure = AuditEntry.objects.get(kind="failure")
    assert (failure.login, failure.what) == ("", "認証基盤の答えを受け付けられない")


def test_token_that_is_signed_anew_with_nothing_altered_is_taken(client, running, tanaka):
    """What was altered is what the tokens above are refused for."""
    running.provider.alter = dict

    assert sign_on(running, client).url == "/"


def test_error_and_nonsense_from_outside_end_nobody_s_session(client, running, tanaka):
    sign_on(running, client)
    for query in ("error=access_denied&state=x", "", "code=x&state=x", "state=x", "code=x"):
        assert client.get(f"/login/oidc/callback/?{query}").url.startswith("/login/")

    assert is_in(client)


def test_unregistered_colleague_gets_in_only_where_accounts_are_made(client, running, use, db):
    use(running.config())
    running.knows("0002", preferred_username="suzuki", family_name="鈴木", email="s@mihon.test")
    page = text_of(client.get(sign_on(running, client, "0002").url))
    assert "利用者「suzuki」は、このシステムに登録されていません。" in page
    assert not User.objects.exists()
    failure = AuditEntry.objects.get(kind="failure")
    assert "「suzuki」は、このシステムに登録されていません。" in failure.what
    use(running.config(creates_users=True))

    assert sign_on(running, client, "0002").url == "/"
    user = User.objects.get()
    assert (user.username, user.last_name, user.email) == ("suzuki", "鈴木", "s@mihon.test")
    assert (user.has_usable_password(), user.is_staff, user.account.sign_on) == (
        False, False, "oidc",
    )  # fmt: skip


def test_office_of_unregistered_colleagues_does_not_lock_the_way_in(client, running, tanaka):
    running.knows("0002", preferred_username="suzuki")
    for _time in range(6):
        assert sign_on(running, client, "0002").url == "/login/"
    assert AuditEntry.objects.filter(kind="failure").count() == 6

    assert sign_on(running, client).url == "/"


def test_address_that_guesses_at_passwords_is_locked_out_here_too(client, running, tanaka):
    AccessAttempt.objects.create(
        username="a", ip_address="127.0.0.1", failures_since_start=FROM_AN_ADDRESS
    )
    sign_on(running, client)

    assert not is_in(client)


def test_mail_says_nothing_about_who_somebody_is(client, running, use, db):
    kanri = make_user("kanri")
    User.objects.filter(pk=kanri.pk).update(email="kanri@mihon.test")
    use(running.config(creates_users=True))
    running.knows("0003", preferred_username="other", email="kanri@mihon.test")
    sign_on(running, client, "0003")

    assert client.session["_auth_user_id"] != str(kanri.pk)


@pytest.mark.parametrize("is_superuser", [False, True])
def test_local_account_of_the_same_name_is_not_taken_over(client, running, use, db, is_superuser):
    user = make_user("kanri")
    User.objects.filter(pk=user.pk).update(is_superuser=is_superuser)
    use(running.config(creates_users=True))
    running.knows("0003", preferred_username="kanri")

    answer = client.get(sign_on(running, client, "0003").url)
    assert "ログインの方法は、OpenID Connect（庁内の認証基盤）ではありません。" in text_of(answer)
    assert not is_in(client)
    assert client.post("/login/", {"username": "kanri", "password": PASSWORD}).url == "/"


def test_somebody_else_who_gets_the_name_later_does_not_get_the_account(client, running, tanaka):
    sign_on(running, client)
    client.post("/logout/")
    running.knows("0009", preferred_username="tanaka")
    page = text_of(client.get(sign_on(running, client, "0009").url))
    assert "別の人として認証されました。" in page
    assert not is_in(client)
    # The planner decides that it is right.
    choose_way(tanaka, Way.PASSWORD)
    choose_way(tanaka, Way.OIDC)

    assert sign_on(running, client, "0009").url == "/"


def test_claim_that_is_the_name_is_a_setting(client, running, use, tanaka):
    use(running.config(username_claim="employee_number"))
    page = text_of(client.get(sign_on(running, client).url))
    assert "認証基盤が利用者名（employee_number）を伝えていません。" in page
    running.knows("0001", preferred_username="somebody", employee_number="tanaka")

    assert sign_on(running, client).url == "/"


def test_inactive_account_stays_out_and_its_session_ends(client, running, tanaka):
    sign_on(running, client)
    User.objects.filter(pk=tanaka.pk).update(is_active=False)
    assert not is_in(client)

    page = text_of(client.get(sign_on(running, client).url))
    assert "このシステムで無効になっています。" in page


def test_roles_stay_those_of_the_app(client, running, tanaka):
    tanaka.groups.set([Group.objects.get(name=MANAGER)])
    sign_on(running, client)

    assert [group.name for group in tanaka.groups.all()] == [MANAGER]


def test_form_that_came_too_late_waits_here_too(client, running, tanaka):
    KeptForm.objects.create(user=tanaka, path="/plans/mihon/entry/2025/", fields=[["a", "b"]])

    assert sign_on(running, client).url == "/login/kept/"


def test_session_ends_after_idle_time_and_after_12_hours_like_any(client, running, tanaka):
    sign_on(running, client)
    session = Session.objects.get(session_key=client.session.session_key)
    assert (session.expire_date - session.seen_at).total_seconds() < 12 * 60 * 60 + 1
    assert (session.expire_date - session.seen_at).total_seconds() > 12 * 60 * 60 - 60
    Session.objects.update(seen_at="2020-01-01T00:00:00Z")

    assert not is_in(client)


# The end, and when the provider can't be asked


def test_logout_goes_on_to_the_provider(client, running, tanaka):
    sign_on(running, client)
    answer = client.post("/logout/")
    address = urlsplit(answer.url)
    query = parse_qs(address.query)

    assert f"{address.scheme}://{address.netloc}{address.path}" == (
        f"{running.issuer}/oauth2/end_session"
    )
    assert query["post_logout_redirect_uri"] == ["http://testserver/login/"]
    assert query["client_id"] == [CLIENT]
    assert not is_in(client)
    # A session that began with a password has nothing to end there.
    make_user("kanri")
    client.post("/login/", {"username": "kanri", "password": PASSWORD})
    assert client.post("/logout/").url == "/login/"


@pytest.mark.parametrize("address", [None, "https://elsewhere.example/logout"])
def test_logout_ends_here_where_the_provider_has_no_page_for_it(client, running, tanaka, address):
    sign_on(running, client)
    described = dict(oidc.description()) | {"end_session_endpoint": address}
    oidc._described[running.issuer] = (oidc.monotonic(), described)

    assert client.post("/logout/").url == "/login/"
    assert not is_in(client)


@pytest.mark.parametrize(
    "said",
    [
        ("500 NO", b""),
        ("200 OK", b"<html>"),
        ("200 OK", b"[]"),
        ("200 OK", json.dumps({"issuer": "https://evil.example"}).encode()),
    ],
)
def test_provider_that_says_nothing_good_of_itself_is_not_taken(client, running, use, db, said):
    use(running.config())
    running.provider.say = {"/.well-known/openid-configuration": said}
    answer = client.get("/login/oidc/?next=/plans/mihon/kpis/")

    assert answer.url == "/login/?next=/plans/mihon/kpis/"
    assert DOWN in text_of(client.get(answer.url))


def test_provider_that_sends_passwords_in_the_clear_is_not_taken(client, running, use, db):
    use(running.config())
    said = {
        "issuer": running.issuer,
        "authorization_endpoint": f"{running.issuer}/a",
        "jwks_uri": f"{running.issuer}/j",
        "token_endpoint": "http://elsewhere.example/t",
    }
    say = ("200 OK", json.dumps(said).encode())
    running.provider.say = {"/.well-known/openid-configuration": say}

    assert client.get("/login/oidc/").url == "/login/"


@pytest.mark.parametrize("path", ["/oauth2/token", "/jwks", "/userinfo"])
def test_provider_that_fails_midway_lets_nobody_in_and_a_second_try_does(
    client, running, tanaka, path
):
    running.provider.say = {path: ("503 DOWN", b"")}
    assert AGAIN in text_of(client.get(sign_on(running, client).url))
    running.provider.say = None

    assert sign_on(running, client).url == "/"


def test_provider_that_is_down_leaves_passwords_working(client, use, db, running):
    make_user("kanri")
    use(running.config(issuer="http://localhost:1"))
    assert DOWN in text_of(client.get(client.get("/login/oidc/").url))

    assert client.post("/login/", {"username": "kanri", "password": PASSWORD}).url == "/"


def test_provider_that_goes_down_after_the_redirection_is_named(client, use, running, tanaka):
    back = running.signs_on(begin(client), "0001")
    described = dict(oidc.description())
    described["token_endpoint"] = "http://localhost:1/token"
    oidc._described[running.issuer] = (oidc.monotonic(), described)

    assert DOWN in text_of(client.get(path_of(back), follow=True))


def test_pages_are_none_where_it_is_off(client, db):
    for path in ("/login/oidc/", "/login/oidc/callback/?code=x&state=x", "/login/proxy/"):
        assert client.get(path).status_code == 404
    assert "認証基盤" not in text_of(client.get("/login/"))
