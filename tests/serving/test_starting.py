"""What a start is refused for, and that it says how to mend it."""

import re

import pytest
from django.core.management import CommandError, call_command

from omuta_strategy.serving.listening import CannotListen, listen
from tests.test_settings import NO_DATABASE, PRODUCTION, python


def refusal(*arguments: str, **environment: str) -> str:
    """What `manage.py serve` says that doesn't start."""
    started = python("manage.py", "serve", "--port=0", *arguments, **{**PRODUCTION, **environment})
    assert started.returncode == 1
    assert started.stdout == ""
    return started.stderr


def test_an_unmigrated_database_is_refused_naming_migrate(tmp_path):
    said = refusal(DATABASE_URL=f"sqlite:///{tmp_path / 'db.sqlite3'}")

    assert f"データベース（{tmp_path / 'db.sqlite3'}）がこの版のものになっていません" in said
    assert "manage.py migrate を実行してください。" in said


def test_an_unreachable_database_is_refused_without_its_password():
    said = refusal(DATABASE_URL=NO_DATABASE)

    assert "データベース（127.0.0.1/nowhere）に接続できません。" in said
    assert "DATABASE_URL が正しいか" in said
    assert "nothing" not in said


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
