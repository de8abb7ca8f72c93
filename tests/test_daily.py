"""`manage.py daily`: what falls due once a day."""

import io
from datetime import timedelta

import pytest
from axes.models import AccessAttempt, AccessLog
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import KeptForm, Session
from entry.models import ExportedPlan
from entry.plan_workbook.versions import keep_exported
from omuta_strategy import daily
from reports.models import Seal
from tests.clock import on


def done():
    said = io.StringIO()
    call_command("daily", stdout=said)
    return said.getvalue().splitlines()


def test_day_is_sealed_once_however_often_it_is_run(db):
    with on("2026-06-01 00:05"):
        first = done()
        again = done()
    with on("2026-06-02 00:05"):
        next_day = done()

    one, other = Seal.objects.order_by("number")
    # Behind the day's 機構改革, which it seals too.
    assert first[1] == f"記録を封印しました：{one}。"
    assert again[1] == "今日の封印は、もうあります。"
    assert next_day[1] == f"記録を封印しました：{other}。"
    assert [f"{seal.day}" for seal in (one, other)] == ["2026-06-01", "2026-06-02"]


def test_expired_sessions_go_and_others_stay(db):
    now = timezone.now()
    for key, hours in (("old", -1), ("new", 1)):
        Session.objects.create(
            session_key=key, session_data="", expire_date=now + timedelta(hours=hours)
        )
    done()

    assert [one.session_key for one in Session.objects.all()] == ["new"]


def test_forms_for_which_nobody_came_back_go_and_others_stay(kikaku):
    for path, hours in (("/old/", 13), ("/new/", 11)):
        at = timezone.now() - timedelta(hours=hours)
        KeptForm.objects.create(user=kikaku, path=path, fields=[], kept_at=at)
    done()

    assert [one.path for one in KeptForm.objects.all()] == ["/new/"]


def test_logins_noted_more_than_ninety_days_ago_go_and_others_stay(db):
    for name, days in (("old", 91), ("new", 89)):
        at = timezone.now() - timedelta(days=days)
        who = {"username": name, "ip_address": "192.0.2.1", "user_agent": ""}
        AccessLog.objects.create(**who)
        AccessAttempt.objects.create(**who, failures_since_start=1)
        for model in (AccessLog, AccessAttempt):
            model.objects.filter(username=name).update(attempt_time=at)

    assert "90日より前のログインの記録を2件消しました。" in done()
    assert [one.username for one in AccessLog.objects.all()] == ["new"]
    assert [one.username for one in AccessAttempt.objects.all()] == ["new"]


def test_what_was_exported_more_than_two_years_ago_goes_unless_it_was_again(strategy):
    for version, days in (("old", 731), ("new", 729)):
        at = timezone.now() - timedelta(days=days)
        ExportedPlan.objects.create(strategy=strategy, version=version, records={}, made_at=at)
    with on("2024-01-01 00:05"):
        again = keep_exported(strategy, {"計画": {}})
    keep_exported(strategy, {"計画": {}})

    assert "2年より前に書き出した計画の控えを1件消しました。" in done()
    assert {one.version for one in ExportedPlan.objects.all()} == {"new", again}


def test_step_that_fails_is_named_and_stops_no_other(db, monkeypatch, caplog):
    def keep_the_bell_ringing():
        raise OSError("the bell is gone")

    monkeypatch.setattr(daily, "STEPS", [keep_the_bell_ringing, *daily.STEPS])
    with pytest.raises(CommandError, match="日次の処理に失敗しました（keep_the_bell_ringing）。"):
        done()

    assert Seal.objects.count() == 1
    assert "the bell is gone" in caplog.text
