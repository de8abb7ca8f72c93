"""What docs/security-checklist.ja.md answers and no other test shows: small, page by page."""

import ast
import re
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.backends.base import SessionBase
from django.test import Client
from django.urls import reverse

from accounts.models import Session
from kpis.models import Kpi
from tests.factories import PASSWORD, make_plan
from tests.test_every_page import PAGES

ROOT = Path(__file__).parent.parent
ROOMS = ("accounts", "common", "entry", "kpis", "omuta_strategy", "projects", "reports")
INJECTED = ("' OR '1'='1", "1; DROP TABLE kpis_kpi;--", "') UNION SELECT password FROM auth_user--")
SCRIPT = "<script>alert(1)</script>"


def log_in(client, **form):
    return client.post(reverse("login"), {"username": "kikaku", "password": PASSWORD} | form)


@pytest.mark.parametrize("text", INJECTED)
def test_sql_in_a_form_or_query_is_a_text_like_any_other(planner, kikaku, text):
    make_plan(kikaku)
    before = Kpi.objects.count()

    stranger = Client()
    assert log_in(stranger, username=text, password=text).status_code == 200
    assert "_auth_user_id" not in stranger.session
    for path in (
        "/plans/mihon/history/?person=",
        "/audit/?person=",
        "/admin/kpis/kpi/?q=",
        "/plans/mihon/kpis/?sort=",
    ):
        answer = planner.get(path + text)
        assert answer.status_code in {200, 400, 422}
        assert kikaku.password not in answer.content.decode()
    assert Kpi.objects.count() == before


def uses():
    """What the rooms' code imports and calls, each with its file."""
    for room in ROOMS:
        for file in sorted((ROOT / room).rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Import):
                    names = [alias.name for alias in node.names]
                elif isinstance(node, ast.ImportFrom):
                    names = [node.module or ""]
                elif isinstance(node, ast.Call):
                    names = [ast.unparse(node.func)]
                else:
                    continue
                yield from ((name, file.relative_to(ROOT).as_posix()) for name in names)


def test_no_page_starts_another_program():
    forbidden = {"subprocess", "os.system", "os.popen", "eval", "exec", "pickle"}
    found = {(name, file) for name, file in uses() if name in forbidden}

    assert found == {("subprocess", "omuta_strategy/serving/daily.py")}


@pytest.mark.parametrize(
    "path",
    [
        "/static/../.env",
        "/static/%2e%2e/.env",
        "/static/..%2f..%2fetc/passwd",
        "/plans/mihon/reports/2025/..%2f..%2f.env",
        "/reports/2025/editions/1/..%2fsettings.py",
        "//etc/passwd",
    ],
)
def test_address_names_no_file_of_the_server(planner, kikaku, path):
    make_plan(kikaku)

    assert planner.get(path).status_code == 404


def test_session_begins_anew_with_the_login_and_travels_in_the_cookie_alone(client, kikaku):
    client.get("/login/")
    stranger = client.session
    stranger["planted"] = "by somebody else"
    stranger.save()
    client.cookies["sessionid"] = planted = stranger.session_key

    answer = log_in(client)
    cookie = answer.cookies["sessionid"]
    assert cookie.value != planted
    assert not Session.objects.filter(session_key=planted).exists()
    assert (cookie["httponly"], cookie["samesite"], cookie["expires"]) == (True, "Lax", "")
    assert cookie.value not in answer.url
    assert re.fullmatch(r"[a-z0-9]{32}", cookie.value)
    assert isinstance(client.session, SessionBase)


def test_session_named_by_its_user_is_not_taken(client, kikaku):
    client.cookies["sessionid"] = "a" * 32

    assert log_in(client).cookies["sessionid"].value != "a" * 32


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_login_leads_to_no_other_host(client, kikaku, target):
    assert log_in(client, next=target).url == "/"


def test_line_break_in_an_address_makes_no_header(client, kikaku):
    answer = log_in(client, next="/plans/mihon/kpis/\r\nX-Planted: 1")

    assert "X-Planted" not in answer.headers
    assert "\n" not in answer.headers["Location"]


def test_script_in_a_text_is_shown_and_not_run(planner, kikaku):
    make_plan(kikaku)
    Kpi.objects.update(name=SCRIPT, definition=SCRIPT, note=SCRIPT, unit=SCRIPT[:10])
    User.objects.update(last_name=SCRIPT)

    for path in [path for path in PAGES if "." not in path]:
        page = planner.get(path)
        assert page.status_code == 200
        assert SCRIPT not in page.content.decode(), path
        assert page.headers["Content-Type"] == "text/html; charset=utf-8"
        assert page.headers["X-Content-Type-Options"] == "nosniff"
        assert page.headers["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    assert (
        "&lt;script&gt;alert(1)&lt;/script&gt;"
        in planner.get("/plans/mihon/kpis/").content.decode()
    )


@pytest.mark.parametrize(("referer", "status"), [("testserver", 302), ("evil.example", 403)])
def test_form_of_another_host_is_refused_although_it_has_the_token(kikaku, referer, status):
    browser = Client(enforce_csrf_checks=True)
    browser.get("/login/", secure=True)
    form = {"csrfmiddlewaretoken": browser.cookies["csrftoken"].value}
    form |= {"username": "kikaku", "password": PASSWORD}

    referer = {"Referer": f"https://{referer}/login/"}
    assert browser.post("/login/", form, secure=True, headers=referer).status_code == status


def test_trace_gives_no_cookie_back(planner):
    answer = planner.generic("TRACE", "/password/", headers={"X-Secret": "only-mine"})

    assert answer.status_code == 405
    assert b"only-mine" not in answer.content


def test_password_is_not_shown_and_the_failure_tells_nothing(client, kikaku):
    page = client.get("/login/").content.decode()
    assert re.search(
        r'<input[^>]*type="password"[^>]*name="password"|name="password"[^>]*type="password"', page
    )

    def failure(name):
        html = log_in(Client(), username=name, password="wrong").content.decode()
        return re.sub(r'csrfmiddlewaretoken" value="[^"]*"', "", html).replace(name, "")

    assert failure("kikaku") == failure("nobody")
