"""A year that is closed in the very moment in which somebody changes what it is measured by."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Event

import pytest
from django.db import connection, transaction
from django.urls import reverse

from kpis.models import FinalTarget, YearlyTarget
from kpis.plan_acts import end_plan
from kpis.recording import RecordingRefused, close_years_through
from tests.admin_forms import shown
from tests.change_screens import faults_of, look_over
from tests.factories import correct_from

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


def test_revision_waits_and_is_refused(planner, kpi, while_closing):
    at = "/plans/mihon/changes/targets/P1-1/"
    looked_over = look_over(planner, at, value="60", yearly_2024="10", reason="改定")
    page = while_closing(planner.post, at, {"confirmed": looked_over.context["signed"]})

    assert page.status_code == 409
    assert (
        "令和6年度は締め済みのため、最終目標値は変えられません。" in faults_of(page)["__all__"][0]
    )
    assert (FinalTarget.objects.get().value, YearlyTarget.objects.count()) == (50, 0)


def test_reopening_waits_for_the_end_of_the_plan_and_is_refused(strategy, kikaku):
    for year in strategy.years:
        close_years_through(strategy, year, user=kikaku)

    def reopen():
        correct_from(strategy, 2024, user=kikaku, reason="訂正")

    with pytest.raises(RecordingRefused, match="「見本市総合戦略」は終了した計画です。"):
        while_under_way(lambda: end_plan(strategy, user=kikaku), reopen)
    assert strategy.closings.count() == 5
