"""A shared figure is entered once, at its source, and fits every plan that counts it."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Event

import pytest
from django.db import connection, transaction

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
from kpis.series import load_series, opening_year
from tests.factories import correct_from, final, make_kpi, record

pytestmark = pytest.mark.django_db

TEXT = ActualEntry(ActualState.MISSING, analysis="この計画から見た要因")
THERE = (
    "令和7年度の数値は、見本市総合計画のP1-2「相談件数」で入力します"
    "（/plans/sogo/entry/2025/P1-2/）。ここに書けるのは、要因分析と今後の方向性だけです。"
)
CLOSED = (
    "令和7年度は、この指標の数値を使う見本市総合戦略（P1-1）で締め済みのため、{}は変えられません。"
    "直すときは、企画担当か管理職に、見本市総合戦略の締めた年度を改めてもらってください。"
)


def refused(act, *args, **kwargs):
    """[(KPI, kind, sentence)] for which something is refused."""
    with pytest.raises(RecordingRefused) as why:
        act(*args, **kwargs)
    return [(one.code, one.kind, one.message) for one in why.value.refusals]


def series_of(kpi):
    (series,) = load_series(
        kpi.project.strategy, type(kpi).objects.filter(pk=kpi.pk), with_texts=True
    )
    return series


# Counting


def test_figures_count_in_both_plans(kpi, source, kikaku):
    record(source, {2022: 99, 2024: 10, 2025: final(20, analysis="元の要因")}, kikaku)
    record(kpi, {2028: 40}, kikaku)
    series = series_of(kpi)

    assert {year: one.value for year, one in series.actuals.items()} == {
        2024: Decimal(10),
        2025: Decimal(20),
        2028: Decimal(40),
    }
    assert series.assess(2025).achievement == Decimal(40)
    assert [year for year in series.rules.years if series.takes(year)] == [2024, 2025, 2026, 2027]
    assert opening_year(kpi.project.strategy, None, frozenset()) == 2028


def test_yearly_figures_are_added_up_in_a_plan_that_counts_so(kpi, source, kikaku):
    type(kpi).objects.filter(pk=kpi.pk).update(aggregation="cumulative")
    record(source, {2023: 7, 2024: 10, 2025: 20}, kikaku)

    assert series_of(kpi).assess(2025).value == 30


def test_state_comes_along_and_explanations_stand_in(kpi, source, kikaku):
    lent = ActualEntry(ActualState.PROVISIONAL, Decimal(20), analysis="元の要因")
    record(source, {2025: lent}, kikaku)
    before = series_of(kpi).actuals[2025]
    record_actual(kpi, 2025, TEXT, user=kikaku, version=0)
    after = series_of(kpi).actuals[2025]

    assert (before.state, before.analysis, before.has_lent_texts) == (
        "provisional",
        "元の要因",
        True,
    )
    assert (after.state, after.value, after.version) == ("provisional", Decimal(20), 1)
    assert (after.analysis, after.has_lent_texts) == ("この計画から見た要因", False)


def test_explanations_alone_are_no_figure(kpi, source, kikaku):
    record_actual(kpi, 2025, TEXT, user=kikaku, version=0)

    assert series_of(kpi).measurements == {}


@pytest.mark.parametrize("takers", [1, 4])
def test_plan_is_loaded_in_one_query_more(kpi, source, takers, django_assert_num_queries):
    for number in range(2, takers + 1):
        make_kpi(kpi.project, number, source=source)
    with django_assert_num_queries(7):
        load_series(kpi.project.strategy)
    with django_assert_num_queries(6):
        load_series(source.project.strategy)


# Entering


def test_figure_is_refused_at_the_taker_naming_where_it_is_entered(kpi, source, kikaku):
    assert refused(record_actual, kpi, 2025, final(5), user=kikaku, version=0) == [
        ("P1-1", Kind.INVALID, THERE)
    ]
    pending = ActualEntry(ActualState.UNMEASURED, unmeasured_reason="調査なし")
    assert refused(record_actual, kpi, 2025, pending, user=kikaku, version=0) == [
        ("P1-1", Kind.INVALID, THERE)
    ]
    assert not YearlyActual.objects.exists()


def test_year_outside_the_sources_life_is_entered_at_the_taker(kpi, source, kikaku):
    assert record_actual(kpi, 2028, final(5), user=kikaku, version=0).value == 5


def test_takers_explanations_are_written_and_taken_back(kpi, source, kikaku):
    record_actual(kpi, 2025, TEXT, user=kikaku, version=0)
    delete_actual(kpi, 2025, user=kikaku, version=1)

    assert not kpi.actuals.exists()


def test_value_has_to_fit_every_taker(kpi, source, kikaku):
    type(kpi).objects.filter(pk=source.pk).update(formula="from_baseline", baseline=0)

    ((code, kind, message),) = refused(
        record_actual, source, 2025, final(-1), user=kikaku, version=0
    )
    assert (code, kind) == ("P1-2", Kind.INVALID)
    assert message.startswith("この値を使う見本市総合戦略のP1-1に合いません：")
    assert record_actual(source, 2022, final(-1), user=kikaku, version=0).value == -1


def test_value_is_locked_while_a_plan_that_counts_it_has_the_year_closed(kpi, source, kikaku):
    record(source, {2025: 5}, kikaku)
    strategy = kpi.project.strategy
    close_years_through(strategy, 2025, user=kikaku)
    locked = [("P1-2", Kind.CLOSED, CLOSED.format("値"))]

    assert refused(record_actual, source, 2025, final(6), user=kikaku, version=1) == locked
    assert refused(delete_actual, source, 2025, user=kikaku, version=1) == locked
    correct_from(strategy, 2025, user=kikaku, reason="速報値の確定")
    assert record_actual(source, 2025, final(6), user=kikaku, version=1).value == 6


def test_explanation_is_locked_where_a_closed_plan_shows_it(kpi, source, kikaku):
    record(source, {2025: 5, 2026: 5}, kikaku)
    record_actual(kpi, 2026, TEXT, user=kikaku, version=0)
    for year in (2025, 2026):
        close_years_through(kpi.project.strategy, year, user=kikaku)
    explained = final(5, analysis="あとから")

    assert refused(record_actual, source, 2025, explained, user=kikaku, version=1) == [
        ("P1-2", Kind.CLOSED, CLOSED.format("説明"))
    ]
    # The taker has its own for 2026.
    assert record_actual(source, 2026, explained, user=kikaku, version=1).analysis == "あとから"


def test_other_kpis_of_a_batch_are_not_asked_about(kpi, source, kikaku, django_assert_num_queries):
    other = make_kpi(source.project, 3)
    close_years_through(kpi.project.strategy, 2025, user=kikaku)
    changes = [Change(source.pk, final(5), 0), Change(other.pk, final(5), 0)]

    assert refused(record_actuals, source.project.strategy, 2025, changes, user=kikaku) == [
        ("P1-2", Kind.CLOSED, CLOSED.format("値"))
    ]
    record_actual(other, 2025, final(5), user=kikaku, version=0)
    assert other.actuals.get().value == 5


# At the same moment


@pytest.mark.django_db(transaction=True)
def test_closing_and_recording_at_the_source_wait_for_each_other(kpi, source, kikaku):
    closed, go_on = Event(), Event()

    def close():
        try:
            with transaction.atomic():
                close_years_through(kpi.project.strategy, 2025, user=kikaku)
                closed.set()
                go_on.wait(0.5)
        finally:
            closed.set()
            connection.close()

    with ThreadPoolExecutor(1) as colleague:
        closing = colleague.submit(close)
        assert closed.wait(10)
        answer = refused(record_actual, source, 2025, final(5), user=kikaku, version=0)
        go_on.set()
        closing.result()

    assert answer == [("P1-2", Kind.CLOSED, CLOSED.format("値"))]
    assert not source.actuals.exists()


@pytest.mark.django_db(transaction=True)
def test_year_is_closed_after_a_figure_that_is_being_written_at_its_source(kpi, source, kikaku):
    written, go_on = Event(), Event()

    def write():
        try:
            with transaction.atomic():
                record_actual(source, 2025, final(5), user=kikaku, version=0)
                written.set()
                go_on.wait(0.5)
        finally:
            written.set()
            connection.close()

    with ThreadPoolExecutor(1) as colleague:
        writing = colleague.submit(write)
        assert written.wait(10)
        with transaction.atomic():
            close_years_through(kpi.project.strategy, 2025, user=kikaku)
            counted = series_of(kpi).actuals[2025].value
        go_on.set()
        writing.result()

    assert counted == 5


@pytest.mark.django_db(transaction=True)
def test_plans_that_share_both_ways_are_closed_at_once_without_a_deadlock(kpi, source, kikaku):
    """Each takes a figure from the other, so that each locks rows of the other."""
    back = make_kpi(kpi.project, 5)
    make_kpi(source.project, 1, source=back)
    plans = [kpi.project.strategy, source.project.strategy]

    def close_all(order):
        try:
            return [
                one.fiscal_year
                for plan, year in order
                for one in close_years_through(plan, year, user=kikaku)
            ]
        finally:
            connection.close()

    years = (2024, 2025, 2026, 2027)
    with ThreadPoolExecutor(2) as colleagues:
        one, other = (
            colleagues.submit(close_all, [(plan, year) for year in years]) for plan in plans
        )
        assert (one.result(), other.result()) == (list(years), list(range(2021, 2028)))
