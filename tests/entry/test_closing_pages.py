"""Closing a year from its page, and reopening it for a reason."""

from datetime import date
from decimal import Decimal

import pytest

from kpis.models import ActualState
from kpis.recording import (
    ActualEntry,
    ProgressEntry,
    RecordingRefused,
    ReviewEntry,
    close_years_through,
    record_actual,
    record_initiative_progress,
    record_project_review,
)
from projects.models import FiscalYearClosing, InitiativeStatus
from tests.factories import (
    final,
    make_department,
    make_initiative,
    make_kpi,
    make_plan,
    make_project,
    make_strategy,
    record,
)
from tests.page_text import text_of

CLOSE = "/plans/mihon/entry/2024/close/"
CORRECT = "/plans/mihon/entry/2024/correct/"


@pytest.fixture
def plan(kikaku):
    """A KPI in each state, an initiative and a project without their texts."""
    strategy = make_strategy()
    project = make_project(strategy)
    department = make_department("D01")
    entries = [
        final(5),
        ActualEntry(ActualState.PROVISIONAL, Decimal(7)),
        ActualEntry(ActualState.PENDING, expected_on=date(2025, 8, 20)),
        ActualEntry(ActualState.UNMEASURED, unmeasured_reason="調査が隔年のため"),
    ]
    for number, entry in enumerate(entries, 1):
        record(make_kpi(project, number, department=department), {2024: entry}, kikaku)
    make_kpi(project, 5)
    make_initiative(project)
    return strategy


def headings(html):
    return [part.partition("<")[0].strip() for part in html.split("<h2>")[1:]]


@pytest.mark.asked_once
def test_page_lists_what_is_open_first(manager, plan):
    response = manager.get(CLOSE)
    html = response.content.decode()
    figures = response.context["check"].figures

    assert headings(html) == [
        "未入力",
        "集計中",
        "速報",
        "未測定",
        "進捗が未入力の取組",
        "総括のないプロジェクト",
        "令和6年度を締める",
    ]
    assert [kpi.code for kpi in figures.missing] == ["P1-5"]
    assert [kpi.code for kpi in figures.pending] == ["P1-3"]
    assert "令和7年8月20日の予定　D01課" in html
    assert [kpi.code for kpi in figures.provisional] == ["P1-2"]
    assert "7件　D01課" in html
    assert [kpi.code for kpi in figures.unmeasured] == ["P1-4"]
    assert "調査が隔年のため　D01課" in html
    assert "P1の取組1" in html
    assert '<a href="/plans/mihon/projects/P1/?fy=2024">P1プロジェクト</a>' in html


@pytest.mark.asked_once
def test_planners_page_leads_to_where_it_is_entered(planner, plan):
    html = planner.get(CLOSE).content.decode()

    for path in ("P1-5/", "initiatives/P1-1/", "reviews/"):
        assert f'href="/plans/mihon/entry/2024/{path}"' in html
        assert planner.get(f"/plans/mihon/entry/2024/{path}").status_code == 200


@pytest.mark.asked_once
def test_page_of_a_complete_year_says_so(manager, kikaku):
    project = make_project(make_strategy())
    record(make_kpi(project), {2024: 5}, kikaku)
    initiative = make_initiative(project)
    entry = ProgressEntry(InitiativeStatus.DONE)
    record_initiative_progress(initiative, 2024, entry, user=kikaku, version=0)
    record_project_review(project, 2024, ReviewEntry("よい年"), user=kikaku, version=0)
    html = manager.get(CLOSE).content.decode()

    assert "すべて入っています。" in html
    assert headings(html) == ["令和6年度を締める"]


def test_page_closes_earlier_open_years_in_the_same_step(manager, kikaku):
    strategy = make_plan(kikaku)
    warning = "前の年度（令和6年度、令和7年度）が締められていません。"
    at = "/plans/mihon/entry/2026/close/"

    assert warning in manager.get(at).content.decode()
    assert "前の年度" not in manager.get(CLOSE).content.decode()
    refused = manager.post(at, {"note": ""})
    assert refused.status_code == 409
    assert "先に令和6年度、令和7年度を締めてください。" in refused.content.decode()
    page = text_of(manager.post(at, {"with_earlier": "1"}, follow=True))
    assert "令和6年度、令和7年度、令和8年度を締めました。" in page
    assert [one.fiscal_year for one in strategy.closings.all()] == [2024, 2025, 2026]


@pytest.mark.asked_once
@pytest.mark.parametrize(
    ("today", "is_warned"), [(date(2025, 3, 31), True), (date(2025, 4, 1), False)]
)
def test_page_warns_of_a_year_that_is_not_over(manager, kikaku, monkeypatch, today, is_warned):
    make_plan(kikaku)
    monkeypatch.setattr("django.utils.timezone.localdate", lambda value=None: today)

    html = manager.get(CLOSE).content.decode()
    assert ("令和6年度は、まだ終わっていません。" in html) == is_warned


@pytest.mark.parametrize("name", ["kanri", "kikaku"])
def test_closing_is_recorded_with_who_and_note(client, kikaku, kanri, name):
    strategy = make_plan(kikaku)
    person = {"kanri": kanri, "kikaku": kikaku}[name]
    client.force_login(person)
    html = client.post(CLOSE, {"note": " 議会に報告済み\r\n"}, follow=True).content.decode()

    assert "令和6年度を締めました。" in html
    assert f"{name}<br>" in html
    assert "覚え書き：議会に報告済み" in html
    row = FiscalYearClosing.history.get()
    assert (row.history_user, row.history_change_reason) == (person, "議会に報告済み")
    assert strategy.closings.get().closed_by == person
    with pytest.raises(RecordingRefused, match="締め済み"):
        record_actual(strategy.projects.get().kpis.first(), 2024, final(9), user=kikaku, version=1)


def test_closed_year_says_who_closed_it_and_leads_to_reopening(manager, kikaku):
    close_years_through(make_plan(kikaku), 2024, user=kikaku, reason="議会に報告済み")
    html = manager.get(CLOSE).content.decode()

    assert "令和6年度は<b>締め済み</b>です。" in html
    assert "kikaku" in html
    assert "議会に報告済み" in html
    assert f'href="{CORRECT}"' in html
    assert "<textarea" not in html


def test_year_closed_by_another_meanwhile_is_a_sentence(manager, kikaku):
    close_years_through(make_plan(kikaku), 2024, user=kikaku)
    response = manager.post(CLOSE, {"note": ""})

    assert response.status_code == 409
    assert "令和6年度は締め済みです。直すときは、" in response.content.decode()
    assert FiscalYearClosing.history.count() == 1


@pytest.mark.asked_once
def test_old_address_leads_to_where_years_are_corrected(manager, kikaku):
    make_plan(kikaku)

    assert manager.get("/plans/mihon/entry/2024/reopen/").url == CORRECT


@pytest.mark.asked_once
def test_correcting_names_the_years_that_are_reopened(manager, kikaku):
    strategy = make_plan(kikaku)
    close_years_through(strategy, 2026, user=kikaku)
    html = manager.get(CORRECT).content.decode()

    assert "<b>令和6年度、令和7年度、令和8年度</b>を、また入力できるようにします。" in html
    html = manager.get("/plans/mihon/entry/2026/correct/").content.decode()
    assert "<b>令和8年度</b>を、また入力できるようにします。" in html


def test_correction_is_recorded_with_who_and_why(manager, kikaku, kanri):
    strategy = make_plan(kikaku)
    close_years_through(strategy, 2025, user=kikaku)
    response = manager.post(
        CORRECT, {"kind": "settled", "reason": " P1-1の確定値が届いた\n"}, follow=True
    )
    page = text_of(response)

    assert response.request["PATH_INFO"] == "/plans/mihon/entry/correction/"
    assert "令和6年度、令和7年度を改め始めました。" in page
    assert "速報値の確定：P1-1の確定値が届いた" in page
    newest = FiscalYearClosing.history.filter(fiscal_year=2024).first()
    assert (newest.history_type, newest.history_user) == ("-", kanri)
    assert newest.history_change_reason == "速報値の確定：P1-1の確定値が届いた"
    assert not strategy.closings.exists()


def test_correcting_without_a_reason_is_refused_beside_the_field(manager, kikaku):
    strategy = make_plan(kikaku)
    close_years_through(strategy, 2024, user=kikaku)
    response = manager.post(CORRECT, {"kind": "error", "reason": " \n"})
    html = response.content.decode()

    assert response.status_code == 422
    assert "＊何を、なぜ改めるのかを書いてください。" in html
    assert 'aria-invalid="true" aria-describedby="reason-error"' in html
    assert strategy.closings.exists()


def test_open_year_can_not_be_corrected(manager, kikaku):
    make_plan(kikaku)
    response = manager.post(CORRECT, {"reason": "念のため"})

    assert "締められていません" in manager.get(CORRECT).content.decode()
    assert response.status_code == 409
    assert "令和6年度は締められていません。" in response.content.decode()


def test_both_stay_in_the_history_of_the_year(manager, kikaku):
    close_years_through(make_plan(kikaku), 2024, user=kikaku, reason="一回目")
    manager.post(CORRECT, {"reason": "直すため"})
    page = manager.get("/plans/mihon/entry/correction/")
    manager.post("/plans/mihon/entry/correction/", {"fingerprint": page.context["fingerprint"]})
    events = manager.get(CLOSE).context["events"]

    assert [(one.is_closing, one.by, one.reason) for one in events] == [
        (True, "kanri", "訂正：直すため"),
        (False, "kanri", "訂正：直すため"),
        (True, "kikaku", "一回目"),
    ]


@pytest.mark.asked_once
@pytest.mark.parametrize(
    "path", ["/plans/mihon/entry/2023/close/", "/plans/mihon/entry/2029/correct/"]
)
def test_year_outside_the_plan_is_not_found(manager, kikaku, path):
    make_plan(kikaku)

    assert manager.get(path).status_code == 404


def test_reason_that_is_too_long_is_refused_and_kept(manager, kikaku):
    strategy = make_plan(kikaku)
    close_years_through(strategy, 2024, user=kikaku)
    response = manager.post(CORRECT, {"reason": "長" * 4001})
    html = response.content.decode()

    assert response.status_code == 422
    assert "＊改めることは4000字までです（今は4001字）。短くまとめてください。" in html
    assert f">{'長' * 4001}</textarea>" in html
    assert strategy.closings.exists()


def test_note_that_is_too_long_is_refused_and_kept(manager, kikaku):
    strategy = make_plan(kikaku)
    response = manager.post(CLOSE, {"note": "長" * 4001})
    html = response.content.decode()

    assert response.status_code == 422
    assert "＊覚え書きは4000字までです（今は4001字）。短くまとめてください。" in html
    assert 'aria-invalid="true" aria-describedby="note-error"' in html
    assert f">{'長' * 4001}</textarea>" in html
    assert not strategy.closings.exists()


def test_longest_reason_is_kept_whole(manager, kikaku):
    strategy = make_plan(kikaku)
    close_years_through(strategy, 2024, user=kikaku)
    manager.post(CORRECT, {"reason": "長" * 4000})

    assert FiscalYearClosing.history.first().history_change_reason == f"訂正：{'長' * 4000}"


@pytest.mark.parametrize(
    ("path", "is_closed", "said"),
    [(CLOSE, True, "締め済み"), (CORRECT, False, "締められていません")],
)
def test_refusal_for_the_state_of_the_year_is_said_once(manager, kikaku, path, is_closed, said):
    strategy = make_plan(kikaku)
    if is_closed:
        close_years_through(strategy, 2024, user=kikaku)
    main = manager.post(path, {"reason": "念のため"}).content.decode().partition("<main")[2]

    assert main.count(said) == 1


@pytest.mark.asked_once
@pytest.mark.parametrize(("path", "here"), [(CLOSE, "年度締め"), (CORRECT, "締めた年度を改める")])
def test_pages_stand_below_the_entry_in_the_breadcrumb(manager, kikaku, path, here):
    make_plan(kikaku)
    _before, _nav, rest = manager.get(path).content.decode().partition('class="breadcrumb"')
    trail = [one.partition("</li>")[0] for one in rest.partition("</nav>")[0].split("<li")[1:]]

    assert trail == [
        '><a href="/plans/mihon/">ダッシュボード</a>',
        '><a href="/plans/mihon/entry/2024/">実績入力</a>',
        '><a href="/plans/mihon/entry/2024/overview/">入力状況</a>',
        f' aria-current="page">{here}',
    ]
