"""The one path that writes actuals: what it refuses, what it keeps."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from kpis.models import ActualState, YearlyActual
from kpis.recording import (
    ActualEntry,
    Change,
    Kind,
    RecordingRefused,
    close_years_through,
    delete_actual,
    record_actual,
    record_actuals,
)
from tests.factories import assign, final, make_department, make_kpi, make_strategy


def refusal_of(kpi, entry, user, *, fiscal_year=2025, version=0):
    with pytest.raises(RecordingRefused) as caught:
        record_actual(kpi, fiscal_year, entry, user=user, version=version)
    (refusal,) = caught.value.refusals
    return refusal


def test_first_value_becomes_version_one_with_history(kpi, kikaku):
    actual = record_actual(kpi, 2025, final(9), user=kikaku, version=0, reason="初回")

    assert (actual.value, actual.version, actual.updated_by) == (9, 1, kikaku)
    (history,) = actual.history.all()
    assert (history.value, history.history_user, history.history_change_reason) == (
        9, kikaku, "初回",
    )  # fmt: skip


def test_every_change_is_in_the_history(kpi, kikaku, kanri):
    record_actual(kpi, 2025, final(9), user=kikaku, version=0)
    record_actual(kpi, 2025, final(11, analysis="再集計"), user=kikaku, version=1)

    history = YearlyActual.history.order_by("history_id")
    assert [(row.value, row.version, row.history_type) for row in history] == [
        (9, 1, "+"),
        (11, 2, "~"),
    ]


def test_unchanged_entry_writes_nothing(kpi, kikaku):
    record_actual(kpi, 2025, final(9), user=kikaku, version=0)
    record_actual(kpi, 2025, final(9), user=kikaku, version=1)

    assert YearlyActual.objects.get().version == 1
    assert YearlyActual.history.count() == 1


def test_zero_is_a_measured_zero(kpi, kikaku):
    assert record_actual(kpi, 2025, final(0), user=kikaku, version=0).value == 0


def test_stale_version_is_refused_with_the_newer_value(kpi, kikaku):
    record_actual(kpi, 2025, final(9), user=kikaku, version=0)
    refusal = refusal_of(kpi, final(12), kikaku)

    assert (refusal.kind, refusal.current.value) == (Kind.STALE, 9)
    assert refusal.owner_id == kpi.pk
    assert refusal.message.startswith("kikakuさんが")
    assert YearlyActual.objects.get().value == 9


def test_stale_save_of_the_same_content_is_no_conflict(kpi, kikaku):
    record_actual(kpi, 2025, final(9), user=kikaku, version=0)

    assert record_actual(kpi, 2025, final(9), user=kikaku, version=0).version == 1


def test_version_of_a_deleted_actual_never_fits_again(kpi, kikaku):
    record_actual(kpi, 2025, final(9), user=kikaku, version=0)
    delete_actual(kpi, 2025, user=kikaku, version=1)
    record_actual(kpi, 2025, final(7), user=kikaku, version=0)

    assert YearlyActual.objects.get().version == 2
    assert refusal_of(kpi, final(12), kikaku, version=1).kind is Kind.STALE


def test_deleting_makes_the_year_missing_and_stays_in_the_history(kpi, kikaku):
    record_actual(kpi, 2025, final(9), user=kikaku, version=0)
    delete_actual(kpi, 2025, user=kikaku, version=1, reason="誤入力")

    assert not YearlyActual.objects.exists()
    last = YearlyActual.history.latest()
    assert (last.history_type, last.history_user, last.history_change_reason) == (
        "-", kikaku, "誤入力",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("9.5", "整数で入力してください"),
        (-3, "実績値は0以上です"),
        ("NaN", "数字で入力してください"),
        ("1e20", "桁が多すぎます"),
    ],
)
def test_value_that_is_not_right_is_refused(kpi, kikaku, value, message):
    refusal = refusal_of(kpi, final(value), kikaku)

    assert (refusal.kind, refusal.field, refusal.owner_id) == (Kind.INVALID, "value", kpi.pk)
    assert message in refusal.message
    assert not YearlyActual.objects.exists()


NO_VALUE = "実績値を入力してください。まだ分からないときは「集計中」を選んでください。"
NO_STATE = "実績値が出たときは、状態を「確定」か「速報」にしてください。"
NO_REASON = "測定しなかった理由を書いてください。"


@pytest.mark.parametrize(
    ("state", "fields", "field", "message"),
    [
        ("final", {}, "value", NO_VALUE),
        ("provisional", {}, "value", NO_VALUE),
        ("missing", {}, "value", NO_VALUE),
        (
            "missing",
            {"value": Decimal(3), "analysis": "数字はこれから"},
            "value",
            f"「未入力」のときは、実績値を保存できません。{NO_STATE}",
        ),
        (
            "pending",
            {"value": Decimal(3), "expected_on": date(2026, 8, 20)},
            "value",
            f"「集計中」のときは、実績値を保存できません。{NO_STATE}",
        ),
        ("unmeasured", {}, "unmeasured_reason", NO_REASON),
        ("unmeasured", {"unmeasured_reason": "  "}, "unmeasured_reason", NO_REASON),
        (
            "pending",
            {},
            "expected_on",
            "集計が終わる予定の日を入力してください（例：2027-08-20）。",
        ),
        (
            "final",
            {"value": Decimal(3), "unmeasured_reason": "休館"},
            "unmeasured_reason",
            "理由は「未測定」を選んだときだけ書けます。",
        ),
        (
            "final",
            {"value": Decimal(3), "expected_on": date(2026, 8, 20)},
            "expected_on",
            "予定の日は「集計中」を選んだときだけ入力できます。",
        ),
    ],
)
def test_entry_that_does_not_fit_its_state_is_refused(kpi, kikaku, state, fields, field, message):
    refusal = refusal_of(kpi, ActualEntry(ActualState(state), **fields), kikaku)

    assert (refusal.kind, refusal.field, refusal.message) == (Kind.INVALID, field, message)
    assert not YearlyActual.objects.exists()


@pytest.mark.parametrize("text", ["analysis", "next_steps"])
def test_an_explanation_may_come_before_the_value(kpi, kikaku, text):
    entry = ActualEntry(ActualState.MISSING, **{text: "数字はこれから"})

    assert record_actual(kpi, 2025, entry, user=kikaku, version=0).state == "missing"


def test_writing_without_a_reason_leaves_it_empty(kpi, kikaku):
    record_actual(kpi, 2025, final(9), user=kikaku, version=0)
    delete_actual(kpi, 2025, user=kikaku, version=1)

    rows = YearlyActual.history.order_by("history_id")
    assert [row.history_change_reason for row in rows] == ["", ""]


def test_negative_value_is_right_where_rates_start_from_a_baseline(project, kikaku):
    kpi = make_kpi(
        project,
        target=0,
        unit="人",
        formula="from_baseline",
        baseline=Decimal(-500),
    )

    assert record_actual(kpi, 2025, final(-320), user=kikaku, version=0).value == -320


@pytest.mark.parametrize("year", [2023, 2029])
def test_year_outside_the_plan_is_refused(kpi, kikaku, year):
    refusal = refusal_of(kpi, final(9), kikaku, fiscal_year=year)

    assert refusal.message == (f"{year}年度は計画期間（令和6年度から令和10年度まで）の外です。")


def test_closed_year_is_refused(kpi, kikaku, kanri):
    close_years_through(kpi.project.strategy, 2025, user=kanri)

    assert refusal_of(kpi, final(9), kikaku).kind is Kind.CLOSED
    assert record_actual(kpi, 2026, final(9), user=kikaku, version=0).value == 9


def test_editor_records_only_for_their_own_departments(kpi, tantou):
    other = make_kpi(kpi.project, 2, department=make_department("D02"))
    assign(kpi, tantou)

    assert record_actual(kpi, 2025, final(9), user=tantou, version=0).updated_by == tantou
    with pytest.raises(PermissionDenied, match="P1-2は、あなたの課の指標ではない"):
        record_actual(other, 2025, final(9), user=tantou, version=0)


def test_member_of_a_department_without_the_role_records_nothing(kpi, kanri):
    assign(kpi, kanri)

    with pytest.raises(PermissionDenied):
        record_actual(kpi, 2025, final(9), user=kanri, version=0)


def test_kpi_of_another_plan_is_refused(kpi, kikaku):
    elsewhere = make_strategy(code="other", is_current=False)

    with pytest.raises(PermissionDenied):
        record_actuals(elsewhere, 2025, [Change(kpi.pk, final(9), 0)], user=kikaku)


def test_batch_is_written_whole_or_not_at_all(kpi, kikaku):
    second = make_kpi(kpi.project, 2)
    third = make_kpi(kpi.project, 3)
    changes = [
        Change(kpi.pk, final(9), 0),
        Change(second.pk, final("1.5"), 0),
        Change(third.pk, final(-1), 0),
    ]
    with pytest.raises(RecordingRefused) as caught:
        record_actuals(kpi.project.strategy, 2025, changes, user=kikaku)

    assert [refusal.code for refusal in caught.value.refusals] == ["P1-2", "P1-3"]
    assert not YearlyActual.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_batch_takes_a_constant_number_of_queries(kpi, kikaku, count, django_assert_num_queries):
    kpis = [kpi, *(make_kpi(kpi.project, number) for number in range(2, count + 1))]
    kikaku.has_perm("kpis.record_any_actuals")
    changes = [Change(one.pk, final(9), 0) for one in kpis]

    with django_assert_num_queries(8):
        recorded = record_actuals(kpi.project.strategy, 2025, changes, user=kikaku)

    assert recorded.count == count


@pytest.mark.parametrize(
    "fields",
    [
        {"state": "final", "value": None},
        {"state": "final", "value": 3, "unmeasured_reason": "理由"},
        {"state": "unmeasured", "value": None, "unmeasured_reason": ""},
        {"state": "unmeasured", "value": 3, "unmeasured_reason": "理由"},
        {"state": "pending", "value": None},
        {"state": "pending", "value": 3, "expected_on": date(2026, 8, 20)},
        {"state": "unknown", "value": 3},
    ],
)
def test_database_refuses_what_is_neither_value_nor_reason_nor_date(kpi, kikaku, fields):
    actual = record_actual(kpi, 2025, final(9), user=kikaku, version=0)

    with pytest.raises(IntegrityError), transaction.atomic():
        YearlyActual.objects.filter(pk=actual.pk).update(**fields)
