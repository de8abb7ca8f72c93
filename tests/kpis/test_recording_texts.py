"""The one path that writes initiatives' progress and projects' reviews."""

import pytest
from django.core.exceptions import PermissionDenied

from kpis.recording import (
    Change,
    Kind,
    ProgressEntry,
    RecordingRefused,
    ReviewEntry,
    close_years_through,
    record_initiative_progress,
    record_initiatives_progress,
    record_project_review,
    record_project_reviews,
    withdraw_initiative_progress,
)
from projects.models import InitiativeProgress, InitiativeStatus, ProjectReview
from tests.factories import assign, make_initiative, make_project, make_strategy

ONGOING = ProgressEntry(InitiativeStatus.ONGOING, "相談会を12回", "続ける", 1250)
DONE = ProgressEntry(InitiativeStatus.DONE)


def refusals_of(initiatives, entry, user, *, fiscal_year=2025, version=0):
    changes = [Change(one.pk, entry, version) for one in initiatives]
    with pytest.raises(RecordingRefused) as caught:
        record_initiatives_progress(initiatives[0].strategy, fiscal_year, changes, user=user)
    return [(one.code, one.kind, one.field) for one in caught.value.refusals]


def reasons(model):
    """The reasons that the history of a kind of row gives, oldest first."""
    return [row.history_change_reason for row in model.history.order_by("history_id")]


def test_first_progress_becomes_version_one_with_history(initiative, kikaku):
    row = record_initiative_progress(
        initiative, 2025, ONGOING, user=kikaku, version=0, reason="初回"
    )

    assert (row.status, row.summary, row.cost, row.version) == ("ongoing", "相談会を12回", 1250, 1)
    (history,) = row.history.all()
    assert (history.summary, history.history_user, history.history_change_reason) == (
        "相談会を12回", kikaku, "初回",
    )  # fmt: skip


def test_change_is_in_the_history_and_repeating_it_writes_nothing(initiative, kikaku):
    record_initiative_progress(initiative, 2025, ONGOING, user=kikaku, version=0)
    record_initiative_progress(initiative, 2025, DONE, user=kikaku, version=1)
    record_initiative_progress(initiative, 2025, DONE, user=kikaku, version=1)

    history = InitiativeProgress.history.order_by("history_id")
    assert [(row.status, row.version, row.history_type) for row in history] == [
        ("ongoing", 1, "+"),
        ("done", 2, "~"),
    ]


def test_batch_says_what_it_wrote(project, initiative, kikaku):
    second, third = make_initiative(project, 4), make_initiative(project, 5)
    record_initiative_progress(initiative, 2025, DONE, user=kikaku, version=0)
    record_initiative_progress(second, 2025, DONE, user=kikaku, version=0)
    recorded = record_initiatives_progress(
        project.strategy,
        2025,
        [
            Change(initiative.pk, DONE, 1),
            Change(second.pk, ONGOING, 1),
            Change(third.pk, ONGOING, 0),
        ],
        user=kikaku,
    )

    assert (recorded.created, recorded.updated, recorded.count) == ((third.pk,), (second.pk,), 2)
    assert {pk: row.status for pk, row in recorded.rows.items()} == {
        initiative.pk: "done",
        second.pk: "ongoing",
        third.pk: "ongoing",
    }


def test_newer_version_is_a_conflict_for_the_whole_batch(project, initiative, kikaku):
    second = make_initiative(project, 4)
    record_initiative_progress(initiative, 2025, DONE, user=kikaku, version=0)

    assert refusals_of([initiative, second], ONGOING, kikaku) == [("P1-1", Kind.STALE, "status")]
    assert [row.status for row in InitiativeProgress.objects.all()] == ["done"]


@pytest.mark.parametrize("cost", [0, 10**12])
def test_cost_may_be_nothing_or_very_much(initiative, kikaku, cost):
    entry = ProgressEntry(InitiativeStatus.DONE, cost=cost)
    row = record_initiative_progress(initiative, 2025, entry, user=kikaku, version=0)

    assert row.cost == cost


def test_cost_that_is_refused_names_what_would_be_right(initiative, kikaku):
    entry = ProgressEntry(InitiativeStatus.DONE, cost=-1)
    with pytest.raises(RecordingRefused) as caught:
        record_initiative_progress(initiative, 2025, entry, user=kikaku, version=0)

    (refusal,) = caught.value.refusals
    assert refusal.message == "決算額は0以上の整数を千円単位で入力してください（例：1,250）。"


def test_writing_without_a_reason_leaves_it_empty(project, initiative, kikaku):
    record_initiative_progress(initiative, 2025, DONE, user=kikaku, version=0)
    withdraw_initiative_progress(initiative, 2025, user=kikaku, version=1)
    record_project_review(project, 2025, ReviewEntry("総括"), user=kikaku, version=0)
    change = Change(project.pk, ReviewEntry("直した"), 1)
    record_project_reviews(project.strategy, 2025, [change], user=kikaku)

    assert reasons(InitiativeProgress) == ["", ""]
    assert reasons(ProjectReview) == ["", ""]


@pytest.mark.parametrize("cost", [-1, 10**12 + 1])
def test_cost_out_of_range_is_refused_for_the_whole_batch(project, initiative, kikaku, cost):
    entry = ProgressEntry(InitiativeStatus.DONE, cost=cost)

    assert refusals_of([initiative], entry, kikaku) == [("P1-1", Kind.INVALID, "cost")]
    assert not InitiativeProgress.history.exists()


@pytest.mark.parametrize(("year", "kind"), [(2025, Kind.CLOSED), (2023, Kind.INVALID)])
def test_closed_year_and_year_outside_the_plan_are_refused(initiative, kikaku, year, kind):
    close_years_through(initiative.strategy, 2025, user=kikaku)

    assert refusals_of([initiative], DONE, kikaku, fiscal_year=year) == [("P1-1", kind, "")]


def test_editor_writes_their_departments_initiatives_and_no_other(project, initiative, tantou):
    other = make_initiative(project, 4)
    assign(initiative, tantou)
    record_initiative_progress(initiative, 2025, DONE, user=tantou, version=0)
    changes = [Change(initiative.pk, ONGOING, 1), Change(other.pk, ONGOING, 0)]
    with pytest.raises(PermissionDenied, match="P1-4は、あなたの課の取組ではない"):
        record_initiatives_progress(project.strategy, 2025, changes, user=tantou)

    assert InitiativeProgress.objects.get().status == "done"


def test_manager_writes_neither(project, initiative, kanri):
    with pytest.raises(PermissionDenied, match=r"^P1-1は、あなたの課の取組ではない"):
        record_initiative_progress(initiative, 2025, DONE, user=kanri, version=0)
    with pytest.raises(PermissionDenied, match=r"^総括を書くのは企画担当です。$"):
        record_project_review(project, 2025, ReviewEntry("総括"), user=kanri, version=0)

    assert not InitiativeProgress.objects.exists()
    assert not ProjectReview.objects.exists()


def test_another_plans_initiative_or_project_is_refused(initiative, kikaku):
    other = make_project(make_strategy(code="tsugi", name="次の総合戦略", is_current=False))
    for record, pk, entry in (
        (record_initiatives_progress, make_initiative(other).pk, DONE),
        (record_project_reviews, other.pk, ReviewEntry("総括")),
    ):
        with pytest.raises(PermissionDenied, match="この計画の"):
            record(initiative.strategy, 2025, [Change(pk, entry, 0)], user=kikaku)


def test_deleted_rows_version_is_never_used_again(initiative, kikaku):
    record_initiative_progress(initiative, 2025, DONE, user=kikaku, version=0).delete()
    row = record_initiative_progress(initiative, 2025, ONGOING, user=kikaku, version=0)

    assert row.version == 2


def test_review_is_written_by_the_planner_with_history(project, kikaku):
    record_project_review(project, 2025, ReviewEntry("総括", "意見"), user=kikaku, version=0)
    row = record_project_review(
        project, 2025, ReviewEntry("直した"), user=kikaku, version=1, reason="訂正"
    )

    assert (row.summary, row.external_opinion, row.version) == ("直した", "", 2)
    assert [one.summary for one in row.history.order_by("history_id")] == ["総括", "直した"]
    assert reasons(ProjectReview) == ["", "訂正"]


def test_closed_year_and_newer_version_refuse_a_review(project, kikaku):
    record_project_review(project, 2025, ReviewEntry("総括"), user=kikaku, version=0)
    for year, kind in ((2025, Kind.STALE), (2024, Kind.CLOSED)):
        if kind is Kind.CLOSED:
            close_years_through(project.strategy, 2024, user=kikaku)
        with pytest.raises(RecordingRefused) as caught:
            record_project_review(project, year, ReviewEntry("別の"), user=kikaku, version=0)
        assert [(one.code, one.kind) for one in caught.value.refusals] == [("P1", kind)]


@pytest.mark.parametrize("count", [1, 3])
def test_batch_takes_a_constant_number_of_queries(
    project, kikaku, count, django_assert_num_queries
):
    made = [make_initiative(project, number) for number in range(1, 2 * count + 1)]
    for one in made[:count]:
        record_initiative_progress(one, 2025, DONE, user=kikaku, version=0)
    changes = [Change(one.pk, ONGOING, int(one in made[:count])) for one in made]
    kikaku.has_perm("kpis.record_any_actuals")

    with django_assert_num_queries(10):
        record_initiatives_progress(project.strategy, 2025, changes, user=kikaku)
