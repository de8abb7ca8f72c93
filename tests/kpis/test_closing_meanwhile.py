"""A year that is closed in the very moment in which somebody changes what it is measured by."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Event

import pytest
from django.db import connection, transaction
from django.urls import reverse

from kpis.models import FinalTarget, Kpi, YearlyTarget
from kpis.plan_acts import end_plan
from kpis.recording import RecordingRefused, close_years_through
from tests.admin_forms import messages_of, shown
from tests.factories import correct_from
from tests.kpi_files import confirm, csv_file, preview, problems

pytestmark = pytest.mark.django_db(transaction=True)

LONG_ENOUGH = 0.5  # seconds in which a request without the lock would be through


def while_under_way(act, call, *args):
    """Call something while an act of a colleague's is under way, not committed yet."""
    is_done, go_on = Event(), Event()

    def carry_out():
        try:
            with transaction.atomic():
                act()
                is_done.set()
                go_on.wait(LONG_ENOUGH)
        finally:
            is_done.set()
            connection.close()

    with ThreadPoolExecutor(1) as colleague:
        acting = colleague.submit(carry_out)
        assert is_done.wait(10)
        try:
            return call(*args)
        finally:
            go_on.set()
            acting.result()


@pytest.fixture
def while_closing(kpi, kikaku):
    """Call something while a colleague's closing of 2024 is under way, not committed yet."""
    return partial(
        while_under_way, lambda: close_years_through(kpi.project.strategy, 2024, user=kikaku)
    )


def url(name, *args):
    return reverse(f"admin:kpis_{name}", args=args)


def test_form_waits_and_is_refused(planner, kpi, while_closing):
    at = url("kpi_change", kpi.pk)
    while_closing(planner.post, at, shown(planner, at) | {"baseline": "10"})

    kpi.refresh_from_db()
    assert kpi.baseline is None


def test_deletion_waits_and_is_refused(planner, kpi, while_closing):
    at = url("finaltarget_delete", kpi.final_targets.get().pk)
    page = while_closing(planner.post, at, {"post": "yes"})

    assert "令和6年度は締め済みのため、最終目標値は変えられません。" in messages_of(page)[0]
    assert FinalTarget.objects.count() == 1


def test_deletion_of_several_waits_and_is_refused(planner, kpi, while_closing):
    target = YearlyTarget.objects.create(kpi=kpi, fiscal_year=2024, value=10)
    chosen = {"action": "delete_selected", "_selected_action": [target.pk], "post": "yes"}
    page = while_closing(planner.post, url("yearlytarget_changelist"), chosen)

    assert "1件も削除していません。令和6年度は締め済み" in messages_of(page)[0]
    assert YearlyTarget.objects.count() == 1


def test_import_waits_and_is_refused(planner, kpi, while_closing):
    page = preview(planner, csv_file(["KPI番号", "基準値", "基準値の年度"], ["P1-1", "10", "R5"]))
    page = while_closing(confirm, planner, page)

    assert [sentence for _row, _column, sentence in problems(page)] == [
        "令和6年度は締め済みのため、基準値は変えられません。締めた年度を改めるときに直してください。"
    ]
    assert Kpi.objects.get().baseline is None


def test_reopening_waits_for_the_end_of_the_plan_and_is_refused(strategy, kikaku):
    for year in strategy.years:
        close_years_through(strategy, year, user=kikaku)

    def reopen():
        correct_from(strategy, 2024, user=kikaku, reason="訂正")

    with pytest.raises(RecordingRefused, match="「見本市総合戦略」は終了した計画です。"):
        while_under_way(lambda: end_plan(strategy, user=kikaku), reopen)
    assert strategy.closings.count() == 5
