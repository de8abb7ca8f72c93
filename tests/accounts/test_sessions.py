"""Sessions: their end, and that nothing typed is lost, or sent by somebody else, then."""

import sqlite3
from contextlib import contextmanager
from datetime import timedelta
from time import monotonic

import psycopg
import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.login import PAGE_OF
from accounts.models import Account, KeptForm, Session
from kpis.models import YearlyActual
from projects.models import FiscalYearClosing
from tests.entry_forms import typed
from tests.factories import PASSWORD
from tests.page_text import text_of

PARTIAL = {"HX-Request": "true"}


def log_in(client, username):
    return client.post("/login/", {"username": username, "password": PASSWORD})


def let_idle(minutes):
    Session.objects.update(seen_at=timezone.now() - timedelta(minutes=minutes))


def test_session_ends_after_30_minutes_without_an_act(editor):
    let_idle(29)
    assert editor.get("/password/").status_code == 200
    let_idle(30)

    assert editor.get("/password/").url == "/login/?next=/password/"
    assert editor.get("/password/", headers=PARTIAL).status_code == 401


def test_idle_time_is_a_setting(editor, settings):
    settings.IDLE_MINUTES = 5
    let_idle(5)

    assert editor.get("/password/").status_code == 302


def test_act_puts_off_the_end_and_is_noted_once_a_minute(editor, django_assert_num_queries):
    let_idle(29)
    editor.get("/password/")
    noted = Session.objects.get().seen_at
    assert timezone.now() - noted < timedelta(minutes=1)

    with django_assert_num_queries(3):  # session, user, plan
        editor.get("/password/")
    assert Session.objects.get().seen_at == noted


def test_session_ends_12_hours_after_the_login_however_often_it_is_saved(client, tantou):
    log_in(client, "tantou")
    row = Session.objects.get()
    session = client.session
    session["anything"] = 1
    session.save()
    assert Session.objects.get().expire_date == row.expire_date
    assert row.expire_date - timezone.now() <= timedelta(hours=12)
    Session.objects.update(expire_date=timezone.now())

    assert client.get("/password/").status_code == 302


@contextmanager
def locked():
    """Somebody else writes: the whole database on SQLite, the session's row on PostgreSQL."""
    if connection.vendor == "sqlite":
        other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
    else:
        other = psycopg.connect(**connection.get_connection_params())
        other.execute("SELECT * FROM accounts_session FOR UPDATE")
    try:
        yield
    finally:
        other.close()


@pytest.mark.django_db(transaction=True)
def test_note_of_an_act_waits_for_nobody(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("tantou"))
    let_idle(10)
    before = Session.objects.get().seen_at
    with locked():
        began = monotonic()
        assert client.get("/password/").status_code == 200
        assert monotonic() - began < 2
        assert Session.objects.get().seen_at == before

    client.get("/password/")
    assert Session.objects.get().seen_at > before
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":  # whoever writes waits again
            assert cursor.execute("PRAGMA busy_timeout").fetchone()[0] > 0


@pytest.mark.django_db(transaction=True)
def test_page_is_shown_where_no_act_can_be_noted(client, django_user_model):
    if connection.vendor != "sqlite":
        pytest.skip("the same path as a locked row")
    client.force_login(django_user_model.objects.create_user("tantou"))
    let_idle(10)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only = 1")
    try:
        assert client.get("/password/").status_code == 200
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA query_only = 0")


# What was typed


@pytest.fixture
def late(client, kikaku, kpi):
    """The planner's browser with a form that is sent after the session has ended."""
    log_in(client, "kikaku")
    let_idle(31)
    answer = client.post(
        "/plans/mihon/entry/2025/", typed(P1_1={"value": "12", "analysis": "長い説明です。"})
    )
    assert answer.url == "/login/?next=/plans/mihon/entry/2025/"
    return client


def sent_on(client, page):
    """What a browser does with the answer 307: the same fields once more, to where it leads."""
    kept = page.context["kept"]
    fields = dict(kept.fields) | {"kept-form": kept.pk}
    answer = client.post("/login/kept/", fields | {"kept-form-send": "1"})
    assert answer.status_code == 307
    return client.post(answer.headers["Location"], fields)


def test_form_sent_too_late_is_kept_and_sent_once_its_author_is_back(late):
    assert not YearlyActual.objects.exists()
    assert log_in(late, "kikaku").url == "/login/kept/"
    page = late.get("/login/kept/")
    assert [f"{one.label}：{one.text}" for one in page.context["texts"]] == [
        "P1-1 実績値：12", "P1-1 要因分析：長い説明です。"
    ]  # fmt: skip
    assert "長い説明です。" in text_of(page)
    sent_on(late, page)

    actual = YearlyActual.objects.get()
    assert (actual.value, actual.analysis) == (12, "長い説明です。")
    assert not KeptForm.objects.exists()
    assert log_in(late, "kikaku").url == "/"


def test_it_is_thrown_away_when_its_author_says_so(late):
    log_in(late, "kikaku")
    kept = {"kept-form": KeptForm.objects.get().pk}
    answer = late.post("/login/kept/", kept | {"kept-form-discard": "1"}, follow=True)

    assert "預かっていた入力を破棄しました。" in text_of(answer)
    assert not KeptForm.objects.exists()
    assert late.get("/login/kept/").status_code == 404
    assert not YearlyActual.objects.exists()


def test_somebody_else_at_that_screen_neither_sees_nor_sends_it(late, kanri):
    assert log_in(late, "kanri").url == "/"
    assert late.get("/login/kept/").status_code == 404
    for which in (KeptForm.objects.get().pk, "", "²", "9" * 30):
        assert late.post("/login/kept/", {"kept-form": which}).status_code == 404

    assert not YearlyActual.objects.exists()
    assert KeptForm.objects.get().user.username == "kikaku"


def test_forms_of_several_tabs_are_kept_and_decided_one_by_one(late):
    late.post("/plans/mihon/entry/2024/close/", {"note": "確認済み"})
    log_in(late, "kikaku")
    first = late.get("/login/kept/")
    assert "ほかに1件あります。" in text_of(first)
    kept = {"kept-form": first.context["kept"].pk}
    second = late.post("/login/kept/", kept | {"kept-form-discard": "1"}, follow=True)

    assert "確認済み" in text_of(second)


def test_other_tab_whose_page_came_before_the_end_loses_nothing_either(client, kikaku, kpi):
    log_in(client, "kikaku")
    let_idle(31)
    assert client.get("/plans/mihon/history/").status_code == 302  # the browser has no session now
    assert client.get("/login/").status_code == 200
    client.post("/plans/mihon/entry/2025/", typed(P1_1={"value": "12"}))

    assert log_in(client, "kikaku").url == "/login/kept/"


def test_whoever_logs_in_by_whichever_way_is_not_taken_for_the_former_author(late, kanri, kpi):
    late.force_login(kanri)  # no login page, as with a provider or a proxy
    late.get("/password/")
    assert late.cookies["session-ended-of"].value == ""
    late.post("/logout/")
    late.post("/plans/mihon/entry/2025/", typed(P1_1={"value": "13"}))

    assert KeptForm.objects.count() == 1  # the one from before


def test_logout_after_the_end_is_one(client, tantou):
    log_in(client, "tantou")
    let_idle(31)

    assert client.post("/logout/").url == "/login/"


def test_form_waits_behind_a_password_that_has_to_be_changed_first(late, kikaku):
    Account.objects.update_or_create(user=kikaku, defaults={"must_change_password": True})
    log_in(late, "kikaku")
    assert late.get("/login/kept/").url == "/password/"
    new = {"new_password1": "kawaramono-2026", "new_password2": "kawaramono-2026"}

    assert late.post("/password/", {"old_password": PASSWORD} | new).url == "/login/kept/"


def test_who_has_logged_out_leaves_no_trace(client, kikaku, kpi):
    log_in(client, "kikaku")
    client.post("/logout/")
    client.post("/plans/mihon/entry/2025/", typed(P1_1={"value": "12"}))

    assert not KeptForm.objects.exists()


def test_decision_that_comes_too_late_itself_loses_nothing(late):
    log_in(late, "kikaku")
    page = late.get("/login/kept/")
    let_idle(31)
    late.post("/login/kept/", dict(page.context["kept"].fields) | {"kept-form-send": "1"})
    log_in(late, "kikaku")
    sent_on(late, late.get("/login/kept/"))

    assert YearlyActual.objects.get().value == 12


def test_form_of_a_page_opened_before_another_login_is_refused(kikaku, kanri, strategy):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(kikaku)
    strict.get("/plans/mihon/entry/2024/close/")
    before = strict.cookies["csrftoken"].value
    login = {"username": "kanri", "password": PASSWORD, "csrfmiddlewaretoken": before}
    assert strict.post("/login/", login).status_code == 302

    form = {"note": "", "csrfmiddlewaretoken": before}
    assert strict.post("/plans/mihon/entry/2024/close/", form).status_code == 403
    assert not FiscalYearClosing.objects.exists()


def test_it_is_kept_for_half_a_day(late):
    KeptForm.objects.update(kept_at=timezone.now() - timedelta(hours=13))

    assert log_in(late, "kikaku").url == "/"


def test_nothing_is_kept_for_a_stranger_nor_a_password(client, kikaku, kpi):
    client.post("/plans/mihon/entry/2025/", typed(P1_1={"value": "12"}))
    log_in(client, "kikaku")
    let_idle(31)
    client.post("/password/", {"old_password": PASSWORD})
    assert not KeptForm.objects.exists()

    stranger = Client()
    stranger.cookies["sessionid"] = "nobodys0session0key0that0is0long"
    stranger.post("/plans/mihon/entry/2025/", typed(P1_1={"value": "12"}))
    assert not KeptForm.objects.exists()


def test_closing_sent_too_late_is_decided_by_the_rules_of_the_moment(client, kanri, strategy):
    log_in(client, "kanri")
    let_idle(31)
    client.post("/plans/mihon/entry/2024/close/", {"note": "確認済み"})
    log_in(client, "kanri")
    page = client.get("/login/kept/")
    kanri.groups.clear()

    assert sent_on(client, page).status_code == 403
    assert not FiscalYearClosing.objects.exists()


def test_page_of_another_user_is_not_saved_by_its_script(client, kikaku, kanri, kpi):
    client.force_login(kikaku)
    page = client.get("/plans/mihon/entry/2025/").content.decode()
    assert f'data-user="{kikaku.pk}"' in page
    form = typed(P1_1={"value": "12"})
    theirs = PARTIAL | {PAGE_OF: str(kikaku.pk)}
    log_in(client, "kanri")
    refused = client.post("/plans/mihon/entry/2025/", form, headers=theirs)

    assert refused.status_code == 403
    assert refused.content.decode().startswith("ほかの利用者がログインしたため")
    log_in(client, "kikaku")
    assert client.post("/plans/mihon/entry/2025/", form, headers=theirs).status_code == 200
    assert YearlyActual.objects.get().value == 12
