"""Actuals in words, where people decide whether a target is met."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from kpis.achievement import Absence
from kpis.models import ActualState, FinalTarget, YearlyActual
from kpis.recording import ActualEntry, RecordingRefused, record_actual
from kpis.series import load_series
from tests.factories import make_kpi, record

IN_WORDS = ActualEntry(ActualState.FINAL, value_words="3地区で実施")


@pytest.fixture
def judged(project):
    """A KPI without a unit, whose target is words that people judge by."""
    kpi = make_kpi(project, target=None, unit="")
    FinalTarget.objects.create(kpi=kpi, effective_from=2024, words="推進", met_by="people")
    return kpi


def test_words_are_measured_but_bear_no_rate(judged, kikaku):
    record(judged, {2024: IN_WORDS}, kikaku)

    (series,) = load_series(judged.project.strategy)
    year = series.assess(2024)
    assert (year.actual, year.value, year.value_words) == (None, None, "3地区で実施")
    assert (year.rating, year.absence) == (None, Absence.UNCOMPUTABLE)
    assert series.measured_years == [2024]
    assert series.outlook(2024) is None
    assert series.outlook_problem(2024) == "実績がことばのため、着地見込みは計算できません。"


def test_words_are_refused_where_a_figure_is_aimed_at(kpi, kikaku):
    with pytest.raises(RecordingRefused) as why:
        record_actual(kpi, 2025, IN_WORDS, user=kikaku, version=0)

    (refusal,) = why.value.refusals
    assert (refusal.field, refusal.message) == (
        "value",
        (
            "実績値は数字で入力してください（例：1,234）。"
            "ことばで書けるのは、達成を人が決める目標の年度だけです。"
        ),
    )


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"value_words": "実" * 41}, "ことばの実績値は40字までです。短くまとめてください。"),
        (
            {"value_words": "実施", "value": Decimal(3)},
            "実績値は、数字かことばのどちらか1つにしてください。",
        ),
    ],
)
def test_words_have_their_limits(judged, kikaku, fields, sentence):
    with pytest.raises(RecordingRefused) as why:
        record_actual(
            judged, 2025, ActualEntry(ActualState.FINAL, **fields), user=kikaku, version=0
        )

    assert sentence in [one.message for one in why.value.refusals]


def test_database_keeps_a_figure_or_words(judged, kikaku):
    record(judged, {2024: IN_WORDS}, kikaku)

    with pytest.raises(IntegrityError), transaction.atomic():
        YearlyActual.objects.update(value=3)
    with pytest.raises(IntegrityError), transaction.atomic():
        YearlyActual.objects.update(value_words="")
