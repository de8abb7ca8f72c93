"""After an error: what is known, by what number the log tells of it, and what was typed."""

import html
import re

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.models import update_last_login
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection
from django.test import Client

from accounts.audit import Kind, note
from accounts.models import KeptForm, Session
from accounts.sessions import SessionStore
from entry.views import actuals_file, sheet
from kpis.models import YearlyActual
from omuta_strategy.database.outage import DATABASE
from omuta_strategy.watching import Outcome, Watch
from projects.models import Strategy
from tests.admin_forms import shown
from tests.entry_forms import typed, typed_progress, typed_reviews
from tests.factories import PASSWORD, make_plan
from tests.made_once import made_once

pytestmark = pytest.mark.django_db(transaction=True)

TEXT = '<b>要因</b> & "引用"\r\n二行目'


@pytest.fixture
@made_once
def plan(kikaku):
    return make_plan(kikaku)


@pytest.fixture
def person(planner, plan):
    """The planner's browser; it shows the page that an exception leads to."""
    planner.raise_request_exception = False
    return planner


@pytest.fixture
def breaks(monkeypatch):
    """Make a statement of SQL that contains a text fail once, after or before it is run."""
    with_faults = []

    def wrap(execute, sql, params, many, context):
        for text, fault in with_faults:
            if text in sql:
                with_faults.remove((text, fault))
                fault()
        return execute(sql, params, many, context)

    def at(text, fault):
        with_faults.append((text, fault))

    with connection.execute_wrapper(wrap):
        yield at


def fault():
    raise RuntimeError("a fault of ours")


def returned(page):
    """The fields that the page's own form would post."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page)
    return {name: html.unescape(text) for name, text in found}


def test_what_was_typed_comes_back_and_can_be_sent_again(person, breaks):
    fields = typed(P1_1={"value": "41", "analysis": TEXT, "version": "0"})
    breaks("kpis_historicalyearlyactual", fault)
    answer = person.post("/plans/mihon/entry/2026/", fields)

    page = answer.content.decode()
    assert answer.status_code == 500
    assert answer.headers["X-Saved"] == "no"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "<h1>処理できませんでした</h1>" in page
    assert "この送信では、何も保存していません。" in page
    assert "<b>要因</b>" not in page
    assert "<dt>P1-1 要因分析</dt>" in page
    assert not YearlyActual.objects.filter(fiscal_year=2026).exists()

    again = returned(page)
    assert {name: again[name] for name in fields} == fields
    assert person.post("/plans/mihon/entry/2026/", again).status_code == 302
    saved = YearlyActual.objects.get(fiscal_year=2026)
    assert (saved.value, saved.analysis) == (41, TEXT.replace("\r\n", "\n"))


@pytest.mark.parametrize(
    ("path", "fields", "table", "label"),
    [
        (
            "/plans/mihon/entry/2026/initiatives/",
            typed_progress(P1_1={"status": "ongoing", "summary": "催しを開いた"}),
            "initiativeprogress",
            "催しを開いた",
        ),
        (
            "/plans/mihon/entry/2026/reviews/",
            typed_reviews(P1={"summary": "順調"}),
            "projectreview",
            "順調",
        ),
        (
            "/plans/mihon/entry/2025/close/",
            {"action": "close", "reason": "所管課と確認"},
            "closing",
            "所管課",
        ),
    ],
)
def test_every_kind_of_text_comes_back(person, breaks, path, fields, table, label):
    breaks(table, fault)
    page = person.post(path, fields).content.decode()

    assert "<h1>処理できませんでした</h1>" in page
    assert label in page
    assert returned(page).items() >= fields.items()


def test_form_of_the_admin_comes_back(person, breaks, plan):
    url = f"/admin/projects/strategy/{plan.pk}/change/"
    data = shown(person, url) | {"name": "第3期総合戦略", "_save": "保存"}
    breaks('UPDATE "projects_strategy"', fault)
    page = person.post(url, data).content.decode()

    assert "第3期総合戦略" in page
    assert returned(page)["_save"] == "保存"
    assert person.post(url, returned(page)).status_code == 302
    assert Strategy.objects.get().name == "第3期総合戦略"


def test_file_has_to_be_chosen_again(person, monkeypatch):
    monkeypatch.setattr(actuals_file, "render", lambda *_, **__: fault())
    page = person.post(
        "/plans/mihon/entry/2026/import/", {"file": SimpleUploadedFile("a.csv", b"x,y\r\n1,2\r\n")}
    ).content.decode()

    assert "ファイルは残りません。もう一度選んでください。" in page
    assert 'enctype="multipart/form-data"' in page
    assert '<input type="file" id="again-file" name="file" required>' in page


def test_what_is_saved_is_said_to_be_saved_although_the_answer_failed(person, monkeypatch):
    monkeypatch.setattr(sheet, "_say_what_was_saved", lambda *_: fault())
    answer = person.post("/plans/mihon/entry/2026/", typed(P1_1={"value": "41"}))

    page = answer.content.decode()
    assert (answer.status_code, answer.headers["X-Saved"]) == (500, "yes")
    assert "保存は終わっています。" in page
    assert "もう一度送る" not in page
    assert YearlyActual.objects.get(fiscal_year=2026).value == 41


def test_saved_is_said_too_where_the_session_was_ended_meanwhile(person, monkeypatch):
    def log_out_elsewhere(request, *_):
        request.session["anything"] = 1
        Session.objects.all().delete()

    monkeypatch.setattr(sheet, "_say_what_was_saved", log_out_elsewhere)
    answer = person.post("/plans/mihon/entry/2026/", typed(P1_1={"value": "41"}))

    assert answer.status_code == 400
    assert "保存は終わっています。" in answer.content.decode()
    assert YearlyActual.objects.get(fiscal_year=2026).value == 41


def test_what_is_noted_beside_it_is_not_what_somebody_typed(rf, kikaku):
    watch, error = Watch(rf.post("/plans/mihon/entry/2026/")), RuntimeError()
    with connection.execute_wrapper(watch):
        note(Kind.EXPORT, "名簿")
        session = SessionStore()
        session.save()
        session.delete()
        KeptForm.objects.create(user=kikaku, path="/", fields=[]).delete()
        AccessAttempt.objects.create(username="kikaku", failures_since_start=1)
        update_last_login(None, kikaku)
        assert watch.outcome(error) is Outcome.NOT_SAVED
        kikaku.save()
    assert watch.outcome(error) is Outcome.SAVED


def test_refusal_of_the_database_at_the_end_of_a_transaction_saves_nothing(person, breaks):
    def refused():
        raise IntegrityError("deferred")

    breaks("kpis_historicalyearlyactual", refused)
    answer = person.post("/plans/mihon/entry/2026/", typed(P1_1={"value": "41"}))

    assert (answer.status_code, answer.headers["X-Saved"]) == (500, "no")


def test_connection_lost_before_the_commit_is_to_be_looked_up(person, breaks):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no connection to lose")
    killed = []

    def end_of_the_connection():
        pid = connection.connection.info.backend_pid
        other = connection.copy("other")
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 1000)", [pid])
        other.close()
        killed.append(pid)

    # The last that a save asks before it is through: what comes next is COMMIT.
    original = connection.commit

    def commit():
        end_of_the_connection()
        original()

    connection.commit = commit
    try:
        answer = person.post(
            "/plans/mihon/entry/2026/", typed(P1_1={"value": "41", "analysis": "要因"})
        )
    finally:
        del connection.commit
        connection.close()
        DATABASE.answered()

    page = answer.content.decode()
    assert killed
    assert (answer.status_code, answer.headers["X-Saved"]) == (503, "unknown")
    assert "保存できたかどうかを確かめられませんでした。" in page
    assert "もとの画面を別のタブで開いて確かめる" in page
    assert "送り直すのは、保存されていないことを確かめてからにしてください。" in page
    assert returned(page)["P1-1-analysis"] == "要因"


def test_connection_lost_in_a_statement_saves_nothing(person, breaks):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no connection to lose")

    def end_of_the_connection():
        other = connection.copy("other")
        with other.cursor() as cursor:
            pid = connection.connection.info.backend_pid
            cursor.execute("SELECT pg_terminate_backend(%s, 1000)", [pid])
        other.close()

    breaks("kpis_historicalyearlyactual", end_of_the_connection)
    answer = person.post("/plans/mihon/entry/2026/", typed(P1_1={"value": "41"}))
    connection.close()
    DATABASE.answered()

    assert (answer.status_code, answer.headers["X-Saved"]) == (503, "no")
    assert "データベースにつながりません" in answer.content.decode()
    assert not YearlyActual.objects.filter(fiscal_year=2026).exists()
    assert person.get("/plans/mihon/entry/2026/").status_code == 200


def test_page_that_only_reads_says_nothing_of_saving(person, breaks):
    breaks("kpis_yearlyactual", fault)
    page = person.get("/plans/mihon/kpis/?fy=2025").content.decode()

    assert "<h1>処理できませんでした</h1>" in page
    assert "保存" not in page
    assert '<a class="button" href="/plans/mihon/kpis/?fy=2025">もう一度開く</a>' in page


def test_forged_form_is_not_given_back_with_a_token(kikaku, plan, breaks):
    forger = Client(enforce_csrf_checks=True, raise_request_exception=False)
    forger.force_login(kikaku)
    breaks("kpis_historicalyearlyactual", fault)
    answer = forger.post("/plans/mihon/entry/2026/", typed(P1_1={"value": "41", "analysis": TEXT}))

    main = answer.content.decode().partition("<main")[2]
    assert answer.status_code == 403
    assert "csrfmiddlewaretoken" not in main
    # Whoever has logged in again meanwhile can copy it.
    assert "<dt>P1-1 要因分析</dt>" in main
    assert html.escape(TEXT, quote=False).partition("\r")[0].replace('"', "&quot;") in main


def test_password_is_not_given_back(person, breaks):
    breaks('UPDATE "auth_user"', fault)
    new = {"new_password1": "kawaramono-2026", "new_password2": "kawaramono-2026"}
    page = person.post("/password/", {"old_password": PASSWORD} | new).content.decode()

    assert "この送信では、何も保存していません。" in page
    assert PASSWORD not in page
    assert "kawaramono" not in page


def test_number_on_the_page_is_that_of_the_log(person, breaks, caplog):
    breaks("kpis_historicalyearlyactual", fault)
    answer = person.post("/plans/mihon/entry/2026/", typed(P1_1={"value": "41"}))

    number = answer.headers["X-Request-Id"]
    assert re.fullmatch(r"[0-9a-f]{4}-[0-9a-f]{6}", number)
    assert f'<b class="whole">{number}</b>' in answer.content.decode()
    told = [record for record in caplog.records if record.exc_info]
    assert [record.name for record in told] == ["django.request"]


def test_too_large_a_form_is_refused_in_japanese(person, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 5
    answer = person.post("/plans/mihon/entry/2026/", typed(P1_1={"value": "41"}))

    page = answer.content.decode()
    assert answer.status_code == 400
    assert "<h1>受け付けられませんでした</h1>" in page
    assert "送られた内容が大きすぎます。" in page


@pytest.mark.parametrize(
    ("pragma", "title"),
    [
        ("max_page_count=1", "保存する場所に空きがありません"),
        ("query_only=1", "データベースに書き込めません"),
    ],
    ids=["full", "read-only"],
)
def test_disk_that_takes_nothing_more_is_named(person, pragma, title):
    if connection.vendor != "sqlite":
        pytest.skip("the disk is PostgreSQL's own")
    large = typed(P1_1={"value": "41", "analysis": "長い説明。" * 800})
    with connection.cursor() as cursor:
        # The pages that earlier tests have left free are taken, or there would be space.
        free = cursor.execute("PRAGMA freelist_count").fetchone()[0]
        cursor.execute(f"CREATE TABLE ballast AS SELECT zeroblob({free * 4096})")
        cursor.execute(f"PRAGMA {pragma}")
    answer = person.post("/plans/mihon/entry/2026/", large)
    reading = person.get("/plans/mihon/entry/2026/")
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE ballast")

    assert (answer.status_code, answer.headers["X-Saved"]) == (503, "no")
    assert f"<h1>{title}</h1>" in answer.content.decode()
    assert returned(answer.content.decode())["P1-1-value"] == "41"
    assert reading.status_code == 200
    assert not YearlyActual.objects.filter(fiscal_year=2026).exists()
