"""Logging in by a directory: a real slapd on this machine, over TLS."""

import contextlib
import dataclasses
import logging
from pathlib import Path
from time import monotonic

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.models import Group, User
from django.test import Client

from accounts.models import Account, AuditEntry, Way
from accounts.role_names import DEPARTMENT_EDITOR, MANAGER, PLANNER
from accounts.sign_on import ldap, outages
from accounts.sign_on.people import choose_way
from accounts.sign_on.refusals import Unavailable
from tests.accounts import directory as slapd
from tests.accounts.directory import BASE, EDITORS, PLANNERS, frozen_server, running_directory
from tests.factories import PASSWORD, make_user
from tests.page_text import text_of

DOWN = "庁内のディレクトリが応答しないため、ログインできません。"
WRONG = "利用者名かパスワードが違います。"
THEIRS = slapd.PASSWORD


@pytest.fixture(scope="session")
def running(tmp_path_factory):
    with running_directory(tmp_path_factory.mktemp("slapd")) as one:
        yield one


@pytest.fixture
def use(settings):
    """Let the app use a directory."""
    outages.forget()

    def configure(config):
        settings.LDAP = config
        settings.AUTHENTICATION_BACKENDS = [
            *settings.AUTHENTICATION_BACKENDS[:2], "accounts.sign_on.backends.LdapBackend"
        ]  # fmt: skip

    yield configure
    outages.forget()


@pytest.fixture
def tanaka(db):
    """A colleague whom the planner has registered for the directory."""
    user = User.objects.create_user("tanaka")
    choose_way(user, Way.LDAP)
    return user


def log_in(username, password=THEIRS, client=None):
    return (client or Client()).post("/login/", {"username": username, "password": password})


def roles_of(username):
    return sorted(Group.objects.filter(user__username=username).values_list("name", flat=True))


def test_colleague_logs_in_with_the_directory_s_password(client, running, use, tanaka):
    use(running.config())
    assert log_in("tanaka", client=client).url == "/"
    assert client.get("/password/").status_code == 200

    tanaka.refresh_from_db()
    assert (tanaka.last_name, tanaka.first_name) == ("田中", "花子")
    assert tanaka.email == "tanaka@mihon.test"
    assert not tanaka.has_usable_password()
    entry = AuditEntry.objects.filter(kind="login").get()
    assert (entry.login, entry.what) == ("tanaka", "ログイン：LDAP（庁内のディレクトリ）")
    told = AuditEntry.objects.filter(what__contains="氏名など").get()
    assert (told.login, told.name) == ("", "LDAP（庁内のディレクトリ）")


def test_starttls_is_as_good_and_no_password_travels_without(running, use, tanaka):
    use(running.config(servers=(f"ldap://localhost:{running.port}",), starttls=True))
    assert log_in("tanaka").url == "/"


@pytest.mark.parametrize(
    ("username", "password"),
    [
        ("tanaka", "wrong"),
        ("tanaka", ""),
        ("tanaka", " "),
        ("tanaka", "\0"),
        ("", THEIRS),
        ("TANAKA", THEIRS),
        ("tanaka ", THEIRS + " "),
        ("*", THEIRS),
        ("tan*", THEIRS),
        ("tanaka)(objectClass=*", THEIRS),
        ("*)(uid=*))(|(uid=*", THEIRS),
        ("tanaka\0", THEIRS),
        ("\\74anaka", THEIRS),
        ("田中)", THEIRS),
        (f"uid=tanaka,ou=soumu,ou=people,{BASE}", THEIRS),
        ("nobody", THEIRS),
        ("futari", THEIRS),  # which of the two?
        ("reader", slapd.READERS_PASSWORD),  # outside the search base
    ],
)
def test_nobody_else_is_let_in(running, use, db, username, password):
    # Whoever is known there may come in, so it is the directory that refuses.
    use(running.config(creates_users=True))

    assert log_in(username, password).status_code == 200
    assert not User.objects.exists()


def test_directory_that_takes_an_empty_password_is_not_asked(running):
    assert ldap.find_person(running.config(), "tanaka", "") is None


def test_unregistered_colleague_gets_in_only_where_accounts_are_made(running, use, db):
    use(running.config())
    assert WRONG in text_of(log_in("suzuki"))
    assert not User.objects.exists()
    use(running.config(creates_users=True))

    assert log_in("suzuki").url == "/"
    user = User.objects.get()
    assert (user.username, user.last_name, user.account.sign_on) == ("suzuki", "鈴木", "ldap")
    assert (user.has_usable_password(), user.is_staff, user.is_superuser) == (False, False, False)


def test_name_that_differs_in_case_from_a_local_one_gets_no_account(running, use, db):
    make_user("Suzuki", DEPARTMENT_EDITOR)
    use(running.config(creates_users=True))

    assert "大文字と小文字だけが違う利用者名がすでにあります。" in text_of(log_in("suzuki"))
    assert User.objects.count() == 1


def test_local_account_of_the_same_name_is_not_taken_over(running, use, db):
    make_user("tanaka", MANAGER)
    use(running.config(creates_users=True, roles=((PLANNER, PLANNERS),)))
    assert WRONG in text_of(log_in("tanaka"))
    assert log_in("tanaka", PASSWORD).url == "/"

    assert roles_of("tanaka") == [MANAGER]
    assert Account.objects.get().sign_on == "password"


def test_superuser_never_comes_in_by_the_directory(running, use, tanaka):
    User.objects.filter(pk=tanaka.pk).update(is_superuser=True)
    use(running.config())
    assert log_in("tanaka").status_code == 200
    use(running.config(servers=("ldaps://localhost:1",)))

    assert log_in("tanaka").status_code == 200  # it isn't even asked


def test_account_that_is_inactive_here_stays_out_and_its_session_ends(client, running, use, tanaka):
    use(running.config())
    log_in("tanaka", client=client)
    tanaka.refresh_from_db()
    tanaka.is_active = False
    tanaka.save()

    assert client.get("/password/").url == "/login/?next=/password/"
    assert log_in("tanaka").status_code == 200


def test_no_password_here_opens_an_account_of_the_directory(running, use, tanaka):
    tanaka.set_password(PASSWORD)
    tanaka.save()
    use(running.config())

    assert log_in("tanaka", PASSWORD).status_code == 200
    assert log_in("tanaka").url == "/"


def test_groups_give_the_roles_anew_at_each_login(running, use, tanaka):
    tanaka.groups.set([Group.objects.get(name=MANAGER), Group.objects.create(name="その他")])
    use(running.config(roles=((PLANNER, PLANNERS), (DEPARTMENT_EDITOR, EDITORS))))
    log_in("tanaka")
    assert roles_of("tanaka") == ["その他", PLANNER, DEPARTMENT_EDITOR]
    noted = AuditEntry.objects.filter(kind="role").latest("pk")
    assert noted.name == "LDAP（庁内のディレクトリ）"
    count = AuditEntry.objects.filter(kind="role").count()
    log_in("tanaka")
    assert AuditEntry.objects.filter(kind="role").count() == count
    use(running.config(roles=((DEPARTMENT_EDITOR, EDITORS),)))

    log_in("tanaka")
    assert roles_of("tanaka") == ["その他", DEPARTMENT_EDITOR]


def test_whoever_is_in_no_group_with_a_role_stays_out(running, use, db, caplog):
    nowhere = f"cn=nowhere,{BASE}"
    use(running.config(creates_users=True, roles=((PLANNER, PLANNERS), (MANAGER, nowhere))))

    assert "役割を与えるグループのどれにも入っていません。" in text_of(log_in("suzuki"))
    assert not User.objects.exists()
    assert f"LDAP_ROLES names the group {nowhere}" in caplog.text
    assert not AccessAttempt.objects.exists()  # the password was right
    failure = AuditEntry.objects.get(kind="failure")
    assert failure.what.startswith("利用者「suzuki」は、このシステムの役割を与える")


def test_roles_are_the_app_s_where_no_group_gives_any(running, use, tanaka):
    tanaka.groups.set([Group.objects.get(name=MANAGER)])
    use(running.config())
    log_in("tanaka")

    assert roles_of("tanaka") == [MANAGER]


# When it can't be asked


@pytest.mark.parametrize(
    "other",
    [
        {"ca_file": "other-ca.pem"},
        {"ca_file": ""},  # the system's authorities don't know it
        {"servers": ("ldaps://127.0.0.1:{tls}",)},  # another name than the certificate's
        {"servers": ("ldap://127.0.0.1:{plain}",), "starttls": True},
        {"bind_password": "wrong"},
        {"search_base": "dc=nowhere"},
        {"servers": ("ldaps://localhost:1",)},
    ],
    ids=["other-ca", "no-ca", "other-name", "other-name-starttls", "bind", "base", "down"],
)
def test_directory_that_cannot_be_trusted_or_asked_lets_nobody_in(running, use, tanaka, other):
    if other.get("ca_file"):
        other = {"ca_file": str(running.folder / other["ca_file"])}
    servers = [
        one.format(tls=running.tls_port, plain=running.port) for one in other.get("servers", ())
    ]
    use(running.config(**other | ({"servers": tuple(servers)} if servers else {})))
    page = log_in("tanaka")

    assert page.status_code == 503
    assert DOWN in text_of(page)
    # It was nobody's mistake.
    assert not AccessAttempt.objects.exists()
    assert not AuditEntry.objects.filter(kind="failure").exists()


def test_next_server_is_asked_where_the_first_is_down(running, use, tanaka):
    alive = running.config().servers[0]
    use(running.config(servers=("ldaps://localhost:1", alive)))

    assert log_in("tanaka").url == "/"


@pytest.mark.parametrize("scheme", ["ldap", "ldaps"])
def test_frozen_directory_is_waited_for_a_moment_once(use, tanaka, kikaku, monkeypatch, scheme):
    monkeypatch.setattr(ldap, "WAIT_SECONDS", 1)
    with frozen_server() as port:
        config = slapd.Directory(port, port, Path("nowhere"))
        use(
            dataclasses.replace(
                config.config(ca_file=""), servers=(f"{scheme}://localhost:{port}",)
            )
        )
        began = monotonic()
        assert log_in("tanaka").status_code == 503
        assert monotonic() - began < 4
        began = monotonic()
        assert log_in("tanaka").status_code == 503
        # Local accounts don't wait at all, right or wrong.
        assert log_in("kikaku", PASSWORD).url == "/"
        assert log_in("kikaku", "wrong").status_code == 200
        assert monotonic() - began < 0.8


def test_names_of_this_app_and_of_nobody_are_not_sent_to_the_directory(use, kikaku, caplog):
    use(slapd.Directory(1, 1, Path("nowhere")).config(servers=("ldaps://localhost:1",), ca_file=""))
    with caplog.at_level(logging.ERROR):
        log_in("kikaku", "wrong")
        log_in("nobody", "wrong")

    assert caplog.text == ""


def test_password_in_the_log_of_an_outage_there_is_none(use, caplog):
    config = slapd.Directory(1, 1, Path("nowhere")).config(
        servers=("ldaps://localhost:1",), ca_file=""
    )
    use(config)
    with contextlib.suppress(Unavailable):
        ldap.find_person(config, "tanaka", "kawara-no-himitsu")

    assert "ldaps://localhost:1 could not be asked" in caplog.text
    assert "kawara-no-himitsu" not in caplog.text
    assert slapd.READERS_PASSWORD not in caplog.text + repr(config)


def test_five_wrong_passwords_lock_out_here_too(running, use, tanaka):
    use(running.config())
    statuses = [log_in("tanaka", "wrong").status_code for _attempt in range(5)]
    assert statuses == [200, 200, 200, 200, 429]

    assert log_in("tanaka").status_code == 429
