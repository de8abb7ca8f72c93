"""Rating by people: departments propose, the planner decides, and nobody else does."""

from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied

from kpis.achievement import Absence
from kpis.models import ActualState, FinalTarget, KpiRatingRules, YearlyActual
from kpis.plan_changes.rating_rules import revise_rating_rules
from kpis.recording import (
    ActualEntry,
    RecordingRefused,
    ReviewEntry,
    close_years_through,
    decide_as_proposed,
    delete_actual,
    give_up_correction,
    record_actual,
    record_project_review,
)
from kpis.recording.actuals import as_stated
from kpis.series import load_series
from projects.bands import bands_to_data
from projects.models import ProjectReview
from tests.factories import assign, correct_from, final, make_kpi, make_source, record
from tests.rated_otherwise import OF_PEOPLE, rate_otherwise

PROPOSED = {"proposed_place": 2, "proposal_reason": "見込みどおり"}
ONLY_KEPT = ActualEntry(ActualState.MISSING)


@pytest.fixture
def by_people(strategy):
    return rate_otherwise(strategy, "by people")


@pytest.fixture
def own(kpi, tantou, by_people):
    """A KPI of the department whose editor is `tantou`."""
    assign(kpi, tantou)
    return kpi


def state(kpi, entry, user, year=2025):
    row = saved(kpi, year)
    version = row.version if row else 0
    return record_actual(kpi, year, entry, user=user, version=version)


def saved(kpi, year=2025):
    return YearlyActual.objects.filter(kpi=kpi, fiscal_year=year).first()


def judged(kpi, year=2025):
    row = saved(kpi, year)
    return (row.proposed_place, row.proposal_reason, row.decided_place, row.decision_reason)


def assessed(kpi, year=2025):
    (series,) = (one for one in load_series(kpi.project.strategy) if one.definition.id == kpi.pk)
    return series.assess(year)


def sentences(kpi, entry, user, year=2025):
    with pytest.raises(RecordingRefused) as why:
        state(kpi, entry, user, year)
    return [(one.field, one.message) for one in why.value.refusals]


def test_department_proposes_and_planner_decides(own, tantou, kikaku):
    state(own, final(9, **PROPOSED), tantou)

    year = assessed(own)
    assert (year.rating, year.rating_absence) == (None, Absence.UNDECIDED)
    assert year.proposed.text == "A 期待どおり"

    state(own, final(9, decided_place=1, decision_reason="全国一"), kikaku)
    assert judged(own) == (2, "見込みどおり", 1, "全国一")
    assert assessed(own).rating.text == "S 期待を超える"


def test_decision_may_come_before_the_figure_and_stays_with_it(own, tantou, kikaku):
    state(own, replace(ONLY_KEPT, decided_place=3, decision_reason=""), kikaku)
    assert assessed(own).rating.text == "B やや不足"

    state(own, final(9), tantou)
    assert (saved(own).value, saved(own).decided_place) == (9, 3)


def test_decision_goes_with_an_actual_in_words(own, tantou, kikaku):
    FinalTarget.objects.filter(kpi=own).update(value=None, words="推進", met_by="people")
    words = ActualEntry(ActualState.FINAL, value_words="3地区で実施", **PROPOSED)
    state(own, words, tantou)
    state(own, replace(words, decided_place=2), kikaku)

    year = assessed(own)
    assert (year.value_words, year.rating.text) == ("3地区で実施", "A 期待どおり")
    assert (year.achievement, year.absence) == (None, Absence.UNCOMPUTABLE)


@pytest.mark.parametrize(
    "decision", [{"decided_place": 2}, {"decision_reason": "よい"}, {"decided_place": None}]
)
def test_department_decides_nothing(own, tantou, decision):
    with pytest.raises(PermissionDenied, match="評価を決めるのは企画担当です。"):
        state(own, final(9, **PROPOSED, **decision), tantou)

    assert saved(own) is None


def test_department_takes_no_decision_back_with_the_figure(own, tantou, kikaku):
    state(own, final(9, **PROPOSED, decided_place=2), kikaku)

    with pytest.raises(RecordingRefused, match="企画担当が評価を決めているため"):
        delete_actual(own, 2025, user=tantou, version=1)
    delete_actual(own, 2025, user=kikaku, version=1)
    assert saved(own) is None


def test_planner_takes_a_decision_back(own, kikaku):
    state(own, final(9, **PROPOSED, decided_place=2), kikaku)
    state(own, final(9, decided_place=None, decision_reason=""), kikaku)

    assert judged(own) == (2, "見込みどおり", None, "")
    assert assessed(own).rating_absence is Absence.UNDECIDED


@pytest.mark.parametrize(
    ("said", "field", "sentence"),
    [
        (
            {"proposed_place": 5, "proposal_reason": "よい"},
            "proposed_place",
            (
                "評価の案は、「S 期待を超える」「A 期待どおり」「B やや不足」「C 不足」から"
                "選んでください。"
            ),
        ),
        (
            {"decided_place": 9},
            "decided_place",
            (
                "評価は、「S 期待を超える」「A 期待どおり」「B やや不足」「C 不足」から"
                "選んでください。"
            ),
        ),
        ({"proposed_place": 2}, "proposal_reason", "評価の案の理由を書いてください。"),
        (
            {"proposal_reason": "よい"},
            "proposed_place",
            "評価の案も選んでください。理由だけでは保存できません。",
        ),
        (
            {"decision_reason": "よい"},
            "decided_place",
            "評価も選んでください。理由だけでは保存できません。",
        ),
        (
            {**PROPOSED, "decided_place": 1},
            "decision_reason",
            "案の「A 期待どおり」と違う評価にする理由を書いてください。",
        ),
    ],
)
def test_what_is_missing_or_not_on_the_scale_is_said(own, kikaku, said, field, sentence):
    assert sentences(own, final(9, **said), kikaku) == [(field, sentence)]


def test_decision_against_the_computed_rating_asks_for_its_reason(own, kikaku):
    bands = [
        {"symbol": band.symbol, "label": band.label, "lower": lower}
        for band, lower in zip(OF_PEOPLE, ("100", "80", "60", None), strict=True)
    ]
    own.project.strategy.bands = bands
    own.project.strategy.save()
    agreed = final(39, **PROPOSED, decided_place=2)
    assert sentences(own, agreed, kikaku) == [
        ("decision_reason", "計算による「B やや不足」と違う評価にする理由を書いてください。")
    ]

    state(own, replace(agreed, decision_reason="延べ数を見た"), kikaku)
    year = assessed(own)
    assert (year.rating.text, year.computed.text) == ("A 期待どおり", "B やや不足")


def test_no_rating_is_taken_where_people_do_not_rate(kpi, kikaku):
    assert sentences(kpi, final(9, **PROPOSED), kikaku) == [
        (
            "proposed_place",
            (
                "令和7年度は人が評価を決める年度ではないため、評価の案は入れられません。"
                "空にしてください。"
            ),
        )
    ]


def test_people_rate_one_kpi_by_a_scale_of_its_own(kpi, kikaku):
    KpiRatingRules.objects.create(
        kpi=kpi, effective_from=2025, rating_method="people",
        bands=bands_to_data(OF_PEOPLE[:2]), reason="試行",
    )  # fmt: skip
    state(kpi, final(9, **PROPOSED, decided_place=2), kikaku)

    assert assessed(kpi).rating.text == "A 期待どおり"
    assert sentences(kpi, final(9, **PROPOSED), kikaku, 2024)[0][0] == "proposed_place"


def test_what_stood_before_the_rules_changed_stays_and_may_be_emptied(own, kikaku, by_people):
    state(own, final(9, **PROPOSED, decided_place=2), kikaku)
    revise_rating_rules(
        by_people, effective_from=2025, user=kikaku, reason="数える", rating_method="none"
    )

    state(own, final(10), kikaku)
    assert judged(own) == (2, "見込みどおり", 2, "")
    none = {"proposed_place": None, "proposal_reason": "", "decided_place": None}
    state(own, final(10, **none), kikaku)
    assert judged(own) == (None, "", None, "")


def test_all_open_proposals_are_decided_in_one_step(own, kikaku, tantou, by_people):
    other, decided, unsaid = (make_kpi(own.project, number) for number in (2, 3, 4))
    record(other, {2025: final(9, proposed_place=1, proposal_reason="一番")}, kikaku)
    record(decided, {2025: final(9, **PROPOSED, decided_place=2)}, kikaku)
    record(unsaid, {2025: 9}, kikaku)
    state(own, final(9, **PROPOSED), tantou)

    with pytest.raises(PermissionDenied, match="評価を決めるのは企画担当です。"):
        decide_as_proposed(by_people, 2025, {own.pk: 2}, user=tantou)
    seen = {own.pk: 2, other.pk: 1, decided.pk: 2, unsaid.pk: 1}
    recorded = decide_as_proposed(by_people, 2025, seen, user=kikaku)

    assert recorded.count == 2
    assert [saved(one).decided_place for one in (own, other, decided, unsaid)] == [2, 1, 2, None]
    assert saved(decided).version == 1


def test_proposal_that_changed_since_it_was_seen_is_not_decided(own, kikaku, tantou, by_people):
    state(own, final(9, **PROPOSED), tantou)

    with pytest.raises(RecordingRefused, match="P1-1は、tantouさんが"):
        decide_as_proposed(by_people, 2025, {own.pk: 3}, user=kikaku)
    assert saved(own).decided_place is None


def test_reason_of_the_proposal_stands_for_what_differs_from_the_computed(own, kikaku, by_people):
    by_people.bands = [
        {"symbol": "上", "label": "", "lower": "100"},
        {"symbol": "下", "label": "", "lower": None},
    ]
    by_people.save()
    other = make_kpi(own.project, 2)
    for kpi, place in ((own, 1), (other, 2)):
        state(kpi, final(9, proposed_place=place, proposal_reason="考えた"), kikaku)

    decide_as_proposed(by_people, 2025, {own.pk: 1, other.pk: 2}, user=kikaku)
    assert judged(own) == (1, "考えた", 1, "考えた")
    assert judged(other) == (2, "考えた", 2, "")


def test_taker_is_rated_by_its_own_plan(own, kikaku):
    source = make_source(own)
    record(source, {2025: 9}, kikaku)
    state(own, replace(ONLY_KEPT, **PROPOSED, decided_place=2), kikaku)
    year = assessed(own)
    assert (year.actual, year.rating.text) == (9, "A 期待どおり")

    close_years_through(own.project.strategy, 2025, user=kikaku)
    rate_otherwise(source.project.strategy, "by people")
    state(source, final(9, proposed_place=4, proposal_reason="別の計画の話"), kikaku)
    assert assessed(own).proposed.text == "A 期待どおり"
    assert assessed(source).proposed.text == "C 不足"
    with pytest.raises(RecordingRefused, match="説明は変えられません"):
        state(source, final(9, analysis="貸す説明"), kikaku)


def test_closed_years_ratings_stand_and_come_back_from_a_correction(own, kikaku, by_people):
    state(own, final(9, **PROPOSED, decided_place=2), kikaku)
    close_years_through(by_people, 2025, user=kikaku)
    with pytest.raises(RecordingRefused, match="締め済み"):
        state(own, final(9, decided_place=3, decision_reason="見直し"), kikaku)

    correct_from(by_people, 2025, user=kikaku)
    state(own, final(9, decided_place=3, decision_reason="見直し"), kikaku)
    assert saved(own).decided_place == 3
    give_up_correction(by_people, user=kikaku)
    assert judged(own) == (2, "見込みどおり", 2, "")


def test_row_states_itself(own, kikaku):
    entry = final(9, **PROPOSED, decided_place=1, decision_reason="全国一")
    assert as_stated(state(own, entry, kikaku)) == entry


def review(project, user, version=0, **fields):
    return record_project_review(project, 2025, ReviewEntry(**fields), user=user, version=version)


def test_projects_are_rated_inside_and_outside(own, kikaku):
    review(own.project, kikaku, rating_place=1, rating_reason="伸びた", external_place=2)
    row = review(own.project, kikaku, version=1, summary="総括")
    assert (row.rating_place, row.rating_reason, row.external_place) == (1, "伸びた", 2)

    none = {"rating_place": None, "rating_reason": "", "external_place": None}
    assert review(own.project, kikaku, version=2, **none) is None
    assert not ProjectReview.objects.exists()


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        (
            {"external_place": 3},
            "external_place",
            "外部有識者の評価は、「有効」「有効でない」から選んでください。",
        ),
        (
            {"rating_reason": "伸びた"},
            "rating_place",
            "評価も選んでください。理由だけでは保存できません。",
        ),
    ],
)
def test_projects_ratings_are_those_of_the_scale(own, kikaku, fields, field, sentence):
    with pytest.raises(RecordingRefused) as why:
        review(own.project, kikaku, **fields)
    assert [(one.field, one.message) for one in why.value.refusals] == [(field, sentence)]


def test_projects_rated_by_their_mean_take_no_rating(project, kikaku):
    with pytest.raises(RecordingRefused, match="評価は入れられません"):
        review(project, kikaku, rating_place=1)


def test_projects_rating_against_the_mean_asks_for_its_reason(kpi, kikaku, strategy):
    strategy.project_method = "people"
    strategy.save()
    record(kpi, {2025: 50}, kikaku)
    with pytest.raises(RecordingRefused, match="計算による「A 順調」と違う評価にする理由"):
        review(kpi.project, kikaku, rating_place=2)

    review(kpi.project, kikaku, rating_place=1)
    assert ProjectReview.objects.get().rating_place == 1
