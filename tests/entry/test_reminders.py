"""The text that asks a department for what is open, and sending it by mail."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from common.fiscal_year import wareki_date
from kpis.models import ActualState
from kpis.recording import ActualEntry, close_years_through
from projects.models import EntryDeadline, Initiative
from tests import mail as servers
from tests.factories import (
    make_department,
    make_initiative,
    make_kpi,
    make_project,
    make_strategy,
    make_user,
    record,
)

PAGE = "/plans/mihon/entry/2025/reminders/D01/"
TEXT = """\
D01課　御中

総合戦略の進捗管理に御協力いただき、ありがとうございます。
「見本市総合戦略」の令和7年度の実績について、貴課の御担当のうち、次のものの入力がまだ済んでいません。
{request}

■ 未入力の指標
・P1-1 指標1

■ 集計中の指標（集計が終わり次第、入力してください）
・P1-2 指標2（令和8年8月20日の予定）

■ 進捗が未入力の取組
・P1-1 P1の取組1

■ 入力画面
指標：http://testserver/plans/mihon/entry/2025/
取組：http://testserver/plans/mihon/entry/2025/initiatives/

測定できなかった指標は「未測定」とその理由を、集計が終わっていない指標は「集計中」と終わる予定の日を入力してください。
行き違いで入力がお済みの場合は、御容赦ください。

企画担当
"""


@pytest.fixture
def planner(client, kikaku, settings):
    settings.ALLOWED_HOSTS = ["testserver"]
    client.force_login(kikaku)
    return client


@pytest.fixture
def department(kikaku):
    """A department with a missing, a pending and a final KPI, and an initiative."""
    project = make_project(make_strategy())
    department = make_department("D01")
    make_kpi(project, 1, department=department)
    pending = make_kpi(project, 2, department=department)
    record(pending, {2025: ActualEntry(ActualState.PENDING, expected_on=date(2026, 8, 20))}, kikaku)
    record(make_kpi(project, 3, department=department), {2025: 4}, kikaku)
    make_initiative(project)
    Initiative.objects.update(department=department)
    return department


def set_deadline(department, due_on):
    strategy = department.kpis.first().project.strategy
    EntryDeadline.objects.create(strategy=strategy, fiscal_year=2025, due_on=due_on)


def text_on(planner):
    context = planner.get(PAGE).context["reminder"]
    return context.subject, context.body


def test_reminder_names_everything_open(planner, department):
    request = "お忙しいところ恐れ入りますが、入力をお願いいたします。"

    assert text_on(planner) == ("令和7年度の実績入力のお願い", TEXT.format(request=request))
    assert "・P1-2 指標2（令和8年8月20日の予定）" in planner.get(PAGE).content.decode()


@pytest.mark.parametrize("days", [0, 10])
def test_reminder_names_the_deadline(planner, department, days):
    due_on = timezone.localdate() + timedelta(days=days)
    set_deadline(department, due_on)

    request = f"お忙しいところ恐れ入りますが、{wareki_date(due_on)}までに入力をお願いいたします。"
    assert text_on(planner)[1] == TEXT.format(request=request)


def test_reminder_after_the_deadline_says_so(planner, department):
    due_on = timezone.localdate() - timedelta(days=1)
    set_deadline(department, due_on)

    request = f"締切（{wareki_date(due_on)}）を過ぎていますので、お早めに入力をお願いいたします。"
    assert text_on(planner)[1] == TEXT.format(request=request)


def test_department_that_is_done_is_not_reminded(planner, department):
    make_department("D02")
    html = planner.get("/plans/mihon/entry/2025/reminders/D02/").content.decode()

    assert "お願いするものはありません" in html
    assert "<textarea" not in html


def test_closed_year_has_no_reminder(planner, department, kikaku, settings):
    settings.EMAIL_BACKEND = servers.WORKING
    close_years_through(department.kpis.first().project.strategy, 2025, user=kikaku)
    response = planner.post(PAGE, {"subject": "件名", "body": "本文"})

    assert response.status_code == 422
    assert "令和7年度は締め済みのため、お願いは送りません。" in response.content.decode()
    assert mail.outbox == []


def test_unknown_department_or_year_is_not_found(planner, department):
    assert planner.get("/plans/mihon/entry/2025/reminders/D99/").status_code == 404
    assert planner.get("/plans/mihon/entry/2023/reminders/D01/").status_code == 404


@pytest.mark.parametrize("name", ["console", "dummy", "filebased", "locmem"])
def test_without_a_mail_server_the_text_is_there_to_paste(planner, department, settings, name):
    settings.EMAIL_BACKEND = f"django.core.mail.backends.{name}.EmailBackend"
    html = planner.get(PAGE).content.decode()
    response = planner.post(PAGE, {"subject": "件名", "body": "本文"})

    assert "メールの設定がないため、ここからは送れません" in html
    assert "メールで送る" not in html
    assert response.status_code == 422
    assert mail.outbox == []


@pytest.fixture
def members(department):
    """Two with an address, one without, one who has left."""
    for name, address, is_active in (
        ("sato", "sato@example.com", True),
        ("suzuki", "suzuki@example.com", True),
        ("tanaka", "", True),
        ("left", "left@example.com", False),
    ):
        user = make_user(name)
        user.email, user.is_active = address, is_active
        user.save()
        department.members.add(user)
    return department


def test_mail_goes_to_the_members_with_an_address(planner, kikaku, members, settings):
    settings.EMAIL_BACKEND = servers.WORKING
    kikaku.email = "kikaku@example.com"
    kikaku.save()
    html = planner.get(PAGE).content.decode()
    response = planner.post(PAGE, {"subject": "お願い", "body": "直した\r\n本文"}, follow=True)

    assert "課員2人（sato@example.com、suzuki@example.com）" in html
    assert "D01課の2人にメールを送りました。" in response.content.decode()
    (sent,) = mail.outbox
    assert sent.to == ["sato@example.com", "suzuki@example.com"]
    assert sent.reply_to == ["kikaku@example.com"]
    assert (sent.subject, sent.body) == ("お願い", "直した\n本文")


def test_subject_can_not_smuggle_in_a_header(planner, members, settings):
    settings.EMAIL_BACKEND = servers.WORKING
    planner.post(PAGE, {"subject": "お願い\r\nBcc: x@example.com", "body": "本文"})

    (sent,) = mail.outbox
    assert sent.subject == "お願い Bcc: x@example.com"
    assert sent.recipients() == ["sato@example.com", "suzuki@example.com"]
    assert "Bcc" not in sent.message()


def test_department_without_an_address_is_told(planner, department, settings):
    settings.EMAIL_BACKEND = servers.WORKING
    html = planner.get(PAGE).content.decode()
    response = planner.post(PAGE, {"subject": "件名", "body": "本文"})

    assert "メールアドレスのある課員がいないため、ここからは送れません" in html
    assert response.status_code == 422
    assert "メールアドレスのある課員がいないため送れません。" in response.content.decode()


def test_mail_needs_subject_and_body(planner, members, settings):
    settings.EMAIL_BACKEND = servers.WORKING
    response = planner.post(PAGE, {"subject": " ", "body": ""})
    html = response.content.decode()

    assert response.status_code == 422
    assert "＊件名を書いてください。" in html
    assert "＊本文を書いてください。" in html
    assert mail.outbox == []


def test_broken_mail_server_is_a_sentence_and_keeps_the_text(planner, members, settings):
    settings.EMAIL_BACKEND = servers.BROKEN
    response = planner.post(PAGE, {"subject": "件名", "body": "書き換えた本文"})
    html = response.content.decode()

    assert response.status_code == 422
    assert "メールを送れませんでした。" in html
    assert "書き換えた本文" in html


def test_member_with_an_unusable_address_is_a_sentence(planner, members, settings):
    settings.EMAIL_BACKEND = servers.WORKING
    members.members.filter(username="sato").update(email="x@example.com\nBcc: y@example.com")
    response = planner.post(PAGE, {"subject": "件名", "body": "本文"})

    assert response.status_code == 422
    assert "メールを送れませんでした。" in response.content.decode()
    assert mail.outbox == []
