"""Ratings that people gave, in the history and as of a past day."""

from datetime import date

import pytest

from kpis.as_of import kpi_as_of
from kpis.models import YearlyActual
from kpis.recording import ReviewEntry, record_actual, record_project_review
from reports.history.changes import history_of_plan
from tests.clock import on
from tests.factories import final, make_kpi, record
from tests.rated_otherwise import rate_otherwise

PROPOSED = {"proposed_place": 2, "proposal_reason": "見込みどおり"}


@pytest.fixture
def own(kpi):
    rate_otherwise(kpi.project.strategy, "by people")
    return kpi


def said(strategy):
    """(field, old, new) of the changes of ratings, newest first."""
    return [
        (one.label, one.old, one.new)
        for change in history_of_plan(strategy)
        for one in change.fields
        if "評価" in one.label and change.kind in ("実績値", "プロジェクトの総括")
    ]


def test_history_says_marks_in_words(own, kikaku):
    record(own, {2025: final(9, **PROPOSED)}, kikaku)
    record_actual(
        own, 2025, final(9, decided_place=1, decision_reason="全国一"), user=kikaku, version=1
    )
    entry = ReviewEntry(rating_place=4, rating_reason="届かない", external_place=1)
    record_project_review(own.project, 2025, entry, user=kikaku, version=0)

    assert said(own.project.strategy) == [
        ("評価", "", "C 不足"),
        ("評価の理由", "", "届かない"),
        ("外部有識者の評価", "", "有効"),
        ("評価", "", "S 期待を超える"),
        ("評価の理由", "", "全国一"),
        ("評価の案", "", "A 期待どおり"),
        ("評価の案の理由", "", "見込みどおり"),
    ]


def test_mark_that_is_gone_is_named_by_its_place(own, kikaku):
    record(own, {2025: final(9, decided_place=4)}, kikaku)
    plan = own.project.strategy
    plan.bands = plan.bands[:3]
    plan.save()

    assert said(plan) == [("評価", "", "上から4番目の評価区分")]


def test_marks_take_a_constant_number_of_queries(own, kikaku, django_assert_num_queries):
    record(own, {2025: final(9, **PROPOSED)}, kikaku)
    plan = own.project.strategy
    with django_assert_num_queries(16) as asked:
        said(plan)
    record(make_kpi(own.project, 2), {2025: final(9, **PROPOSED)}, kikaku)

    with django_assert_num_queries(len(asked)):
        said(plan)


def test_rating_is_that_of_the_day(kpi, kikaku):
    with on("2025-06-01 09:00"):
        rate_otherwise(kpi.project.strategy, "by people")
        kpi.save()
        record(kpi, {2024: final(9, decided_place=2)}, kikaku)
    with on("2025-06-10 09:00"):
        entry = final(9, decided_place=3, decision_reason="見直した")
        record_actual(kpi, 2024, entry, user=kikaku, version=1)

    def rating(day):
        return kpi_as_of(kpi.project.strategy, kpi, day).series.assess(2024).rating.text

    assert rating(date(2025, 6, 9)) == "A 期待どおり"
    assert rating(date(2025, 6, 10)) == "B やや不足"
    assert YearlyActual.objects.get().decided_place == 3
