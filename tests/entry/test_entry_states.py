"""What a year already stands as gives way to what is known now: a day to a figure, and so on."""

from datetime import date

import pytest
from django.urls import reverse

from kpis.models import ActualState, YearlyActual
from kpis.recording import ActualEntry
from tests.entry_forms import typed
from tests.factories import record
from tests.page_text import text_of


def post(planner, row):
    return planner.post(reverse("entry", args=["mihon", 2025]), typed(P1_1=row))


@pytest.fixture
def pending(kpi, kikaku):
    entry = ActualEntry(ActualState.PENDING, expected_on=date(2026, 8, 20))
    record(kpi, {2025: entry}, kikaku)
    return kpi


@pytest.fixture
def unmeasured(kpi, kikaku):
    entry = ActualEntry(ActualState.UNMEASURED, unmeasured_reason="調査は隔年")
    record(kpi, {2025: entry}, kikaku)
    return kpi


@pytest.mark.parametrize("state", ["final", "provisional"])
def test_figure_of_a_pending_year_takes_the_place_of_its_day(planner, pending, state):
    row = {"value": "26", "state": state, "expected_on": "2026-08-20", "version": "1"}
    response = post(planner, row)

    saved = YearlyActual.objects.get()
    assert response.status_code == 302
    assert (saved.state, saved.value, saved.expected_on) == (state, 26, None)


def test_figure_of_an_unmeasured_year_takes_the_place_of_its_reason(planner, unmeasured):
    row = {"value": "26", "unmeasured_reason": "調査は隔年", "version": "1"}
    response = post(planner, row)

    saved = YearlyActual.objects.get()
    assert response.status_code == 302
    assert (saved.state, saved.value, saved.unmeasured_reason) == ("final", 26, "")


def test_unmeasured_year_gives_up_its_reason_for_a_day(planner, unmeasured):
    row = {
        "state": "pending",
        "unmeasured_reason": "調査は隔年",
        "expected_on": "2026-08-20",
        "version": "1",
    }
    post(planner, row)

    saved = YearlyActual.objects.get()
    assert (saved.state, saved.unmeasured_reason) == ("pending", "")


def test_day_that_is_newly_written_beside_a_figure_is_not_dropped_in_silence(planner, pending):
    row = {"value": "26", "expected_on": "2026-09-30", "version": "1"}
    response = post(planner, row)

    assert response.status_code == 422
    assert "予定の日は「集計中」を選んだときだけ入力できます" in text_of(response)
    assert YearlyActual.objects.get().state == "pending"


def test_figure_beside_a_pending_state_is_told_which_state_to_choose(planner, pending):
    row = {"value": "26", "state": "pending", "expected_on": "2026-08-20", "version": "1"}
    response = post(planner, row)

    assert response.status_code == 422
    assert "実績値が出たときは、状態を「確定」か「速報」にしてください。" in text_of(response)
    assert 'value="26"' in text_of(response)


def test_pending_year_without_its_state_and_figure_points_to_the_explicit_way(planner, pending):
    response = post(planner, {"expected_on": "2026-08-20", "version": "1"})

    assert response.status_code == 422
    assert "状態で「未入力に戻す」を選んでください" in text_of(response)
    assert "「集計中」を選んだときだけ" not in text_of(response)


def test_day_that_cannot_be_meant_is_doubted_and_saved_all_the_same(planner, kpi):
    row = {"state": "pending", "expected_on": "2999-08-20"}
    answer = planner.post(
        reverse("entry", args=["mihon", 2025]), typed(P1_1=row), headers={"HX-Request": "true"}
    )

    assert answer.status_code == 200
    assert "集計中の予定日（2999年8月20日）は、令和7年度が終わって3年よりあとです。" in text_of(
        answer
    )
    assert "doubt--open" in text_of(answer)
    assert "2999年8月20日" in text_of(planner.get(reverse("entry", args=["mihon", 2025])))
