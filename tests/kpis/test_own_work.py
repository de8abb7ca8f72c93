"""An editor sees first what is theirs and open."""

from datetime import date

import pytest

from projects.models import EntryDeadline
from tests.factories import final, make_department, make_kpi, make_project, make_strategy, record
from tests.rated_otherwise import rate_otherwise


@pytest.fixture
def strategy(db, tantou, kikaku, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: date(2026, 6, 18))
    strategy = make_strategy()
    project = make_project(strategy)
    own = make_department("D01", tantou)
    for number in (1, 2, 3):
        make_kpi(project, number, department=own)
    make_kpi(project, 4, department=make_department("D02"))
    record(project.kpis.get(number=1), {2025: 5}, kikaku)
    return strategy


def dashboard(client, user):
    client.force_login(user)
    return client.get("/plans/mihon/").content.decode()


def test_editor_sees_how_much_is_open_and_until_when(client, strategy, tantou):
    EntryDeadline.objects.create(strategy=strategy, fiscal_year=2025, due_on=date(2026, 6, 30))
    html = dashboard(client, tantou)

    assert (
        "あなたの課の令和7年度の<b>未入力は2件</b>です（締切 令和8年6月30日、あと12日）。" in html
    )
    assert 'href="/plans/mihon/entry/2025/">令和7年度の実績を入力する</a>' in html


@pytest.mark.parametrize("due_on", [None, date(2026, 5, 31)])
def test_editor_who_is_done_hears_of_no_deadline_that_is_past(
    client, strategy, tantou, kikaku, due_on
):
    if due_on:
        EntryDeadline.objects.create(strategy=strategy, fiscal_year=2025, due_on=due_on)
    for number in (2, 3):
        record(strategy.projects.get().kpis.get(number=number), {2025: 5}, kikaku)

    assert "令和7年度の実績は、3件すべて入っています。" in dashboard(client, tantou)


def test_editor_who_is_late_is_told_so_without_brackets_in_brackets(client, strategy, tantou):
    EntryDeadline.objects.create(strategy=strategy, fiscal_year=2025, due_on=date(2026, 5, 31))

    assert "です（締切の令和8年5月31日を18日過ぎています）。" in dashboard(client, tantou)


def test_editor_sees_how_many_ratings_are_still_to_be_proposed(client, strategy, tantou, kikaku):
    rate_otherwise(strategy, "by people")
    judged = final(5, proposed_place=1, proposal_reason="伸びた")
    record(strategy.projects.get().kpis.get(number=2), {2025: judged}, kikaku)

    assert "評価の案がまだの指標が1件あります。" in dashboard(client, tantou)


def test_who_has_nothing_of_their_own_sees_no_such_line(client, strategy, kikaku, kanri):
    assert "あなたの課の" not in dashboard(client, kikaku)
    assert "あなたの課の" not in dashboard(client, kanri)
