"""What a start is refused for, and that it says how to mend it."""

import re

import pytest
from django.core.management import CommandError, call_command
from django.db.utils import ConnectionHandler

from omuta_strategy.serving.listening import CannotListen, listen
from omuta_strategy.serving.start_checks import UnfitDatabase, check_database


def refusal(**database: object) -> str:
    """What a start on this database is refused with."""
    other = ConnectionHandler({"default": database})["default"]
    with pytest.raises(UnfitDatabase) as refused:
        check_database(other)
    return str(refused.value)


def test_an_unmigrated_database_is_refused_naming_migrate(db, tmp_path):
    said = refusal(ENGINE="django.db.backends.sqlite3", NAME=tmp_path / "db.sqlite3")

    assert f"データベース（{tmp_path / 'db.sqlite3'}）がこの版のものになっていません" in said
    assert "manage.py migrate を実行してください。" in said


def test_an_unreachable_database_is_refused_without_its_password(db):
    said = refusal(
        ENGINE="django.db.backends.postgresql",
        NAME="nowhere",
        HOST="127.0.0.1",
        PORT="1",  # nothing listens there
        USER="nobody",
        PASSWORD="never-said",
    )

    assert "データベース（127.0.0.1/nowhere）に接続できません。" in said
    assert "DATABASE_URL が正しいか" in said
    assert "never-said" not in said


def test_a_port_is_had_once():
    with listen("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        with pytest.raises(CannotListen, match=f"ポート {port} は、ほかのプログラムが使って"):
            listen("127.0.0.1", port)
        with pytest.raises(CannotListen, match="使って"):
            listen("0.0.0.0", port)  # noqa: S104 - refused
    listen("127.0.0.1", port).close()


@pytest.mark.parametrize(
    ("host", "says"),
    [
        ("192.0.2.1", "192.0.2.1 のポート 0 は、このコンピューターのアドレスではありません"),
        ("no..such", "--host no..such を解決できません"),
    ],
)
def test_an_address_that_cannot_be_is_named(host, says):
    with pytest.raises(CannotListen, match=says):
        listen(host, 0)


@pytest.mark.parametrize(
    ("option", "says"),
    [
        ("--port=70000", "0から65535までの整数にしてください（今は '70000'）。"),
        ("--port=http", "0から65535までの整数にしてください（今は 'http'）。"),
        ("--workers=0", "1から64までの整数にしてください（今は '0'）。"),
        ("--threads=-1", "1から64までの整数にしてください（今は '-1'）。"),
    ],
)
def test_a_number_that_cannot_be_is_named(option, says):
    with pytest.raises(CommandError, match=re.escape(says)):
        call_command("serve", option)
