"""Closing a year and reopening it: who may, what is said, what stays in the history."""

import pytest
from django.core.exceptions import PermissionDenied

from kpis.recording import (
    Kind,
    RecordingRefused,
    close_fiscal_year,
    later_closed_years,
    reopen_fiscal_year,
)
from projects.models import FiscalYearClosing
from tests.factories import make_strategy, make_user

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
    with pytest.raises(PermissionDenied, match=r"^年度を締める権限がありません。$"):
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


def test_reopening_is_recorded_with_who_and_the_reason_without_its_blanks(strategy, kikaku, kanri):
    close_fiscal_year(strategy, 2024, user=kikaku)
    reopen_fiscal_year(strategy, 2024, user=kanri, reason=" 確定値が届いた\n")

    assert not strategy.closings.exists()
    row = FiscalYearClosing.history.first()
    assert (row.history_type, row.history_user) == ("-", kanri)
    assert row.history_change_reason == "確定値が届いた"


def test_reopening_names_the_later_years_that_stay_closed(strategy, kikaku):
    for year in (2026, 2024, 2025):
        close_fiscal_year(strategy, year, user=kikaku)

    assert later_closed_years(strategy, 2024) == [2025, 2026]
    assert reopen_fiscal_year(strategy, 2024, user=kikaku, reason="誤り") == [2025, 2026]
    assert reopen_fiscal_year(strategy, 2026, user=kikaku, reason="誤り") == []


def test_reopening_needs_the_permission(strategy, kikaku, tantou):
    close_fiscal_year(strategy, 2024, user=kikaku)

    with pytest.raises(PermissionDenied, match=r"^年度の締めを解く権限がありません。$"):
        reopen_fiscal_year(strategy, 2024, user=tantou, reason="誤り")
    assert strategy.closings.exists()


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        ("", "締めを解く理由を書いてください。"),
        (" \n", "締めを解く理由を書いてください。"),
        (f"  {'長' * 4001}  ", f"締めを解く理由{TOO_LONG}"),
    ],
)
def test_reopening_without_a_fitting_reason_is_refused(strategy, kikaku, reason, sentence):
    close_fiscal_year(strategy, 2024, user=kikaku)
    refused = refusal_of(reopen_fiscal_year, strategy, 2024, user=kikaku, reason=reason)

    assert refused == ("", Kind.INVALID, "reason", sentence)
    assert strategy.closings.exists()


def test_blanks_around_a_reason_do_not_count(strategy, kikaku):
    close_fiscal_year(strategy, 2024, user=kikaku)
    reopen_fiscal_year(strategy, 2024, user=kikaku, reason=f" {'長' * 4000} ")

    assert not strategy.closings.exists()


def test_open_year_is_not_reopened(strategy, kikaku):
    close_fiscal_year(strategy, 2025, user=kikaku)
    refused = refusal_of(reopen_fiscal_year, strategy, 2024, user=kikaku, reason="誤り")

    assert refused == ("", Kind.INVALID, "", "令和6年度は締められていません。")
    assert strategy.closings.exists()


def test_each_plan_has_its_own_closings(strategy, kikaku):
    other = make_strategy(code="tsugi", name="次の総合戦略", is_current=False)
    close_fiscal_year(other, 2024, user=kikaku)

    assert later_closed_years(strategy, 2023) == []
    assert close_fiscal_year(strategy, 2024, user=kikaku).strategy == strategy


def test_rooms_above_are_told_of_closing_and_reopening_within_the_act(
    strategy, kikaku, monkeypatch
):
    told = []

    def follow(closing, is_closed):
        stands = strategy.closings.filter(fiscal_year=closing.fiscal_year).exists()
        told.append((closing.fiscal_year, is_closed, stands))

    monkeypatch.setattr("kpis.recording.closing.when_closed", [follow])
    close_fiscal_year(strategy, 2024, user=kikaku)
    reopen_fiscal_year(strategy, 2024, user=kikaku, reason="訂正")

    assert told == [(2024, True, True), (2024, False, False)]


def test_closing_falls_with_what_follows_it(strategy, kikaku, monkeypatch):
    def fail(_closing, _is_closed):
        raise OSError("disk full")

    monkeypatch.setattr("kpis.recording.closing.when_closed", [fail])
    with pytest.raises(OSError, match="disk full"):
        close_fiscal_year(strategy, 2024, user=kikaku)

    assert not strategy.closings.exists()
