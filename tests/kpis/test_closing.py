"""Closing years in order: who may, what is said, what stays in the history."""

import pytest
from django.core.exceptions import PermissionDenied

from kpis.recording import (
    Kind,
    RecordingRefused,
    close_fiscal_year,
    close_years_through,
)
from kpis.recording.closing import Turn
from tests.factories import correct_from, make_strategy, make_user

TOO_LONG = "は4000字までです（今は4001字）。短くまとめてください。"


def refusal_of(call, *args, **kwargs):
    with pytest.raises(RecordingRefused) as caught:
        call(*args, **kwargs)
    (refusal,) = caught.value.refusals
    return (refusal.code, refusal.kind, refusal.field, refusal.message)


@pytest.mark.parametrize("name", ["kikaku", "kanri"])
def test_closing_is_recorded_with_who_and_why(strategy, name):
    user = make_user(name)
    closing = close_fiscal_year(strategy, 2024, user=user, reason="議会に報告済み")

    assert (closing.strategy, closing.fiscal_year, closing.closed_by) == (strategy, 2024, user)
    row = closing.history.get()
    assert (row.history_type, row.history_user) == ("+", user)
    assert row.history_change_reason == "議会に報告済み"


def test_note_may_be_left_out(strategy, kikaku):
    closing = close_fiscal_year(strategy, 2024, user=kikaku)

    assert closing.history.get().history_change_reason == ""


def test_closing_needs_the_permission(strategy, tantou):
    with pytest.raises(PermissionDenied, match=r"^年度を締め、締めた年度を改めるのは、"):
        close_fiscal_year(strategy, 2024, user=tantou)


def test_note_that_is_too_long_is_refused(strategy, kikaku):
    refused = refusal_of(close_fiscal_year, strategy, 2024, user=kikaku, reason="長" * 4001)

    assert refused == ("", Kind.INVALID, "note", f"覚え書き{TOO_LONG}")


@pytest.mark.parametrize("year", [2023, 2029])
def test_closing_a_year_outside_the_plan_is_refused(strategy, kikaku, year):
    sentence = f"{year}年度は計画期間（令和6年度から令和10年度まで）の外です。"

    assert refusal_of(close_fiscal_year, strategy, year, user=kikaku) == (
        "", Kind.INVALID, "", sentence,
    )  # fmt: skip


def test_closing_twice_is_refused(strategy, kikaku):
    close_fiscal_year(strategy, 2024, user=kikaku)

    assert refusal_of(close_fiscal_year, strategy, 2024, user=kikaku) == (
        "",
        Kind.CLOSED,
        "",
        "令和6年度は締め済みです。直すときは、企画担当か管理職に、締めた年度を改めてもらってください。",
    )


def test_years_are_closed_in_order(strategy, kikaku):
    close_fiscal_year(strategy, 2024, user=kikaku)
    sentence = (
        "先に令和7年度、令和8年度を締めてください。年度は、前の年度から順に締めます。"
        "令和9年度までをまとめて締めることもできます。"
    )

    refused = refusal_of(close_fiscal_year, strategy, 2027, user=kikaku)
    assert refused == ("", Kind.INVALID, "", sentence)
    assert [one.fiscal_year for one in strategy.closings.all()] == [2024]


def test_several_years_are_closed_in_one_step(strategy, kikaku):
    close_fiscal_year(strategy, 2024, user=kikaku)
    closed = close_years_through(strategy, 2026, user=kikaku, reason="まとめて")

    assert [one.fiscal_year for one in closed] == [2025, 2026]
    assert [one.fiscal_year for one in strategy.closings.all()] == [2024, 2025, 2026]
    assert {one.history.get().history_change_reason for one in closed} == {"まとめて"}


def test_each_plan_has_its_own_closings(strategy, kikaku):
    other = make_strategy(code="tsugi", name="次の総合戦略", is_current=False)
    close_fiscal_year(other, 2024, user=kikaku)

    assert close_fiscal_year(strategy, 2024, user=kikaku).strategy == strategy


def test_rooms_above_are_told_of_an_act_once_within_it(strategy, kikaku, monkeypatch):
    told = []

    def follow(closings, turn):
        standing = strategy.closings.values_list("fiscal_year", flat=True)
        told.append((turn, [one.fiscal_year for one in closings], list(standing)))

    monkeypatch.setattr("kpis.recording.closing.when_closed", [follow])
    close_years_through(strategy, 2025, user=kikaku)
    correct_from(strategy, 2025, user=kikaku)

    assert told == [
        (Turn.CLOSED, [2024, 2025], [2024, 2025]),
        (Turn.REOPENED, [2025], [2024]),
    ]


def test_closing_falls_with_what_follows_it(strategy, kikaku, monkeypatch):
    def fail(_closings, _turn):
        raise OSError("disk full")

    monkeypatch.setattr("kpis.recording.closing.when_closed", [fail])
    with pytest.raises(OSError, match="disk full"):
        close_fiscal_year(strategy, 2024, user=kikaku)

    assert not strategy.closings.exists()
