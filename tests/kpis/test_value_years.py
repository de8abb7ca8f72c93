"""Values that stand for a later year than the one in which they were measured."""

from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import IntegrityError, transaction

from kpis.achievement import Absence, Measurement
from kpis.carried_over import RelatedKpi
from kpis.models import ActualState, Aggregation, YearlyActual
from kpis.plan_check import check_kpis
from kpis.recording import (
    ActualEntry,
    RecordingRefused,
    close_years_through,
    record_actual,
)
from kpis.series import load_series
from kpis.value_years import by_year_measured, last_measured, mark_of, told_otherwise
from tests.factories import final, make_kpi, make_source, record


def measured(**rows):
    """measured(y2024=30, y2025=(30, 2024)) → the years' measurements, the second one carried."""
    return {
        int(name[1:]): Measurement(Decimal(row[0]), year=row[1])
        if isinstance(row, tuple)
        else Measurement(Decimal(row))
        for name, row in rows.items()
    }


def series_of(kpi):
    (series,) = load_series(kpi.project.strategy)
    return series


def refused(kpi, year, entry, user):
    with pytest.raises(RecordingRefused) as why:
        record_actual(kpi, year, entry, user=user, version=0)
    return [(one.field, one.message) for one in why.value.refusals]


def test_value_counts_once_at_its_own_year():
    rows = measured(y2024=(30, 2022), y2025=(30, 2022), y2026=36)

    assert by_year_measured(rows, before=2027) == {2022: 30, 2026: 36}
    assert last_measured(rows, 2026, first_year=2024) == (2022, 30)
    assert mark_of(2022) == "令和4年度の値"


def test_of_rows_that_differ_the_years_own_counts_else_the_last():
    assert by_year_measured(measured(y2024=40, y2025=(41, 2024)), before=2026) == {2024: 40}
    assert by_year_measured(measured(y2024=(40, 2022), y2025=(41, 2022)), before=2026) == {2022: 41}


def test_rows_that_tell_of_one_year_differently_are_found():
    rows = measured(y2024=40, y2025=(41, 2024), y2026=44)

    assert told_otherwise(rows, 2025, rows[2025]) == [2024]
    assert told_otherwise(rows, 2024, rows[2024]) == [2025]
    assert told_otherwise(rows, 2026, rows[2026]) == []
    assert told_otherwise(rows, 2025, Measurement(Decimal(40), year=2024)) == []


def test_rate_is_that_of_the_row_and_the_outlook_that_of_the_year_measured(kpi, kikaku):
    record(kpi, {2024: final(30, value_year=2022), 2025: 36, 2026: 40}, kikaku)
    series = series_of(kpi)

    first = series.assess(2024)
    assert (first.value, first.value_year, first.progress) == (30, 2022, 60)
    # The line through 2022, 2025 and 2026, drawn on to 2028.
    assert series.outlook(2026).value == Fraction(573, 13)
    assert series.outlook(2026).basis == "3か年の実績の傾向を延ばした場合"


def test_one_value_that_stands_for_two_years_is_no_trend(kpi, kikaku):
    record(kpi, {2024: 40, 2025: final(40, value_year=2024)}, kikaku)
    outlook = series_of(kpi).outlook(2025)

    assert (outlook.value, outlook.lowest, outlook.highest) == (40, 40, 40)
    assert outlook.basis == "令和6年度の実績が続くとした場合"


def test_last_measured_value_is_named_by_its_own_year(kpi, kikaku):
    record(kpi, {2024: 40, 2025: final(40, value_year=2024)}, kikaku)

    assert series_of(kpi).assess(2026).last_measured == (2024, 40)


@pytest.mark.parametrize("year", [2025, 2026])
def test_year_that_is_not_before_the_rows_is_refused(kpi, kikaku, year):
    sentence = (
        "値の年度には、令和7年度より前の年度を入力してください。"
        "令和7年度に測った値のときは、空けてください。"
    )
    entry = final(9, value_year=year)
    assert refused(kpi, 2025, entry, kikaku) == [("value_year", sentence)]


def test_year_without_a_value_is_refused(kpi, kikaku):
    entry = ActualEntry(ActualState.UNMEASURED, unmeasured_reason="隔年調査", value_year=2024)

    assert refused(kpi, 2025, entry, kikaku) == [
        (
            "value_year",
            "値の年度は、実績値と一緒に入力してください。実績値がないときは空けてください。",
        )
    ]


def test_cumulative_kpi_carries_no_value(project, kikaku):
    kpi = make_kpi(project, aggregation=Aggregation.CUMULATIVE)

    ((field, sentence),) = refused(kpi, 2025, final(9, value_year=2024), kikaku)
    assert field == "value_year"
    assert sentence.startswith("累計の指標では、ほかの年度の値を引き継げません")


@pytest.mark.parametrize(
    "fields", [{"value_year": 2025}, {"state": "missing", "value": None, "value_year": 2024}]
)
def test_database_keeps_no_other_year(kpi, kikaku, fields):
    record(kpi, {2025: 9}, kikaku)

    with pytest.raises(IntegrityError), transaction.atomic():
        YearlyActual.objects.update(**fields)


def test_plan_check_finds_a_carried_value_that_adds_up(kpi, kikaku):
    record(kpi, {2025: final(9, value_year=2024)}, kikaku)
    type(kpi).objects.update(aggregation=Aggregation.CUMULATIVE)

    (problem,) = check_kpis(kpi.project.strategy)
    assert problem.startswith(
        "実績値「P1-1 2025年度の実績」：累計の指標では、ほかの年度の値を引き継げません"
    )


def test_takers_of_a_figure_have_its_year_too(kpi, kikaku):
    source = make_source(kpi)
    record(source, {2025: final(40, value_year=2023)}, kikaku)

    (series,) = load_series(kpi.project.strategy)
    assert (series.assess(2025).actual, series.assess(2025).value_year) == (40, 2023)


def test_year_of_a_shared_value_is_locked_while_a_taker_has_the_year_closed(kpi, kikaku):
    source = make_source(kpi)
    record(source, {2024: 30, 2025: final(40, value_year=2023)}, kikaku)
    close_years_through(kpi.project.strategy, 2025, user=kikaku)

    with pytest.raises(RecordingRefused) as why:
        record_actual(source, 2025, final(40), user=kikaku, version=1)

    (refusal,) = why.value.refusals
    assert refusal.message.startswith(
        "令和7年度は、この指標の数値を使う見本市総合戦略（P1-1）で締め済み"
    )
    assert source.actuals.get(fiscal_year=2025).value_year == 2023


def test_taker_that_adds_up_refuses_a_carried_value(project, kikaku):
    taker = make_kpi(project, aggregation=Aggregation.CUMULATIVE)
    source = make_source(taker)

    ((field, sentence),) = refused(source, 2025, final(9, value_year=2024), kikaku)
    assert field == "value"
    assert sentence.startswith("この値を使う見本市総合戦略のP1-1に合いません：累計の指標では")


def test_plan_before_says_whose_year_its_value_is(strategy):
    related = RelatedKpi(
        plan=strategy,
        code="P1-1",
        name="満足度",
        unit="%",
        decimal_places=0,
        aggregation=Aggregation.ANNUAL,
        first_year=2024,
        last_year=2028,
        measurements=measured(y2025=(40, 2024)),
        provisional=frozenset({2025}),
    )

    assert related.years[1].word == "速報、令和6年度の値"
    assert related.years[0].word == Absence.MISSING.label
