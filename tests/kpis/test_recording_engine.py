"""What holds of every yearly row: KPIs' figures, initiatives' progress, projects' reviews."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, NamedTuple

import pytest
from django.core.exceptions import PermissionDenied

from kpis.recording import (
    ACTUALS,
    PROGRESS,
    REVIEWS,
    Change,
    Kind,
    ProgressEntry,
    Recorded,
    RecordingRefused,
    ReviewEntry,
    YearlyRecords,
    close_years_through,
)
from projects.models import InitiativeStatus
from tests.factories import final, make_initiative, make_kpi, make_project, make_strategy, make_user


class Sort(NamedTuple):
    """One kind of row: how to make what it is about, and two entries that differ."""

    records: YearlyRecords
    make: Callable[[Any, int], Any]
    entry: Any
    other: Any
    codes: tuple[str, str]
    queries_of_a_refusal: int = 6


SORTS = [
    Sort(ACTUALS, make_kpi, final(9), final(11), ("P1-1", "P1-2")),
    Sort(
        PROGRESS,
        make_initiative,
        ProgressEntry(InitiativeStatus.ONGOING, "相談会を12回"),
        ProgressEntry(InitiativeStatus.DONE, cost=1250),
        ("P1-1", "P1-2"),
    ),
    Sort(
        REVIEWS,
        lambda project, number: (
            project if number == 1 else make_project(project.strategy, f"P{number}")
        ),
        ReviewEntry("総括"),
        ReviewEntry("書き直した", "意見"),
        ("P1", "P2"),
        queries_of_a_refusal=7,  # one asks which projects something lives in
    ),
]


@pytest.fixture(params=SORTS, ids=["figures", "progress", "reviews"])
def sort(request):
    return request.param


@pytest.fixture
def owners(sort, project):
    """Two things that rows of this kind are about."""
    return [sort.make(project, number) for number in (1, 2)]


@pytest.fixture
def write(sort, strategy, kikaku):
    """write(owner, entry, version) → Recorded, by the planner and in 2025 unless told otherwise."""

    def record(owner, entry, version=0, year=2025, user=kikaku, reason=""):
        change = Change(owner.pk, entry, version)
        return sort.records.record(strategy, year, [change], user=user, reason=reason)

    return record


def refused(call, *args, **kwargs):
    with pytest.raises(RecordingRefused) as caught:
        call(*args, **kwargs)
    return list(caught.value.refusals)


def contents(sort, rows):
    """What rows hold, and what entries would bring where nothing stands."""
    whole = [sort.records.settled(None, row) for row in rows]
    return [{name: getattr(row, name) for name in sort.records.stated} for row in whole]


def test_batch_says_what_it_did_with_each(sort, owners, project, strategy, kikaku, write):
    first, second = owners
    third, fourth = sort.make(project, 3), sort.make(project, 4)
    for owner in (first, second, third):
        write(owner, sort.entry)
    changes = [
        Change(first.pk, sort.entry, 1),
        Change(second.pk, sort.other, 1),
        Change(third.pk, None, 1),
        Change(fourth.pk, sort.entry, 0),
    ]
    recorded = sort.records.record(strategy, 2025, changes, user=kikaku)

    assert (recorded.created, recorded.updated, recorded.deleted) == (
        (fourth.pk,), (second.pk,), (third.pk,),
    )  # fmt: skip
    assert recorded.count == 3
    assert {pk: row.version for pk, row in recorded.rows.items()} == {
        first.pk: 1, second.pk: 2, fourth.pk: 1,
    }  # fmt: skip
    assert recorded.rows[fourth.pk].history.get().history_change_reason == ""


def test_rows_that_stand_are_only_those_asked_for(sort, owners, write):
    first, second = owners
    write(first, sort.entry)

    assert list(write(second, sort.entry).rows) == [second.pk]


def test_empty_batch_asks_nothing(sort, strategy, kikaku, django_assert_num_queries):
    kikaku.has_perm("kpis.record_any_actuals")

    with django_assert_num_queries(0):
        assert sort.records.record(strategy, 2025, [], user=kikaku) == Recorded()


def test_one_row_is_returned_as_it_stands_and_none_once_it_is_taken_back(
    sort, owners, strategy, kikaku
):
    def record(entry, version):
        change = Change(owners[0].pk, entry, version)
        return sort.records.record_one(strategy, 2025, change, user=kikaku)

    row = record(sort.entry, 0)
    assert sort.records.same(row, sort.entry)
    assert (row.version, row.updated_by) == (1, kikaku)
    assert row.history.get().history_change_reason == ""
    assert record(None, 1) is None


def test_every_write_is_in_the_history_with_who_when_and_why(sort, owners, write, kikaku):
    other = make_user("other", "企画担当")
    saved = write(owners[0], sort.entry, user=other, reason="初回").rows[owners[0].pk]
    first_saved_at = saved.updated_at
    changed = write(owners[0], sort.other, 1, reason="訂正").rows[owners[0].pk]
    write(owners[0], None, 2, user=other, reason="取り消し")

    rows = list(sort.records.model.history.order_by("history_id"))
    assert [
        (row.history_type, row.version, row.history_user, row.history_change_reason) for row in rows
    ] == [
        ("+", 1, other, "初回"),
        ("~", 2, kikaku, "訂正"),
        ("-", 2, other, "取り消し"),
    ]
    assert [row.history_date for row in rows[:2]] == [first_saved_at, changed.updated_at]
    assert [row.updated_by for row in rows[:2]] == [other, kikaku]
    assert contents(sort, rows[:2]) == contents(sort, [sort.entry, sort.other])


def test_change_is_what_stands_in_the_database(sort, owners, write, kikaku):
    other = make_user("other", "企画担当")
    write(owners[0], sort.entry, user=other)
    changed = write(owners[0], sort.other, 1).rows[owners[0].pk]

    row = sort.records.model.objects.get()
    assert contents(sort, [row]) == contents(sort, [sort.other])
    assert (row.version, row.updated_by, row.updated_at) == (2, kikaku, changed.updated_at)


def test_each_year_is_a_row_of_its_own(sort, owners, write):
    write(owners[0], sort.entry, year=2024)
    write(owners[0], sort.other, year=2025)

    rows = sort.records.model.objects.order_by("fiscal_year")
    assert [(row.fiscal_year, row.version) for row in rows] == [(2024, 1), (2025, 1)]
    assert contents(sort, rows) == contents(sort, [sort.entry, sort.other])


def test_versions_go_on_after_a_withdrawal_in_the_same_year_only(sort, owners, write):
    write(owners[0], sort.entry, year=2024)
    write(owners[0], sort.other, 1, year=2024)
    write(owners[0], None, 2, year=2024)

    assert write(owners[0], sort.entry, year=2025).rows[owners[0].pk].version == 1
    assert write(owners[0], sort.entry, year=2024).rows[owners[0].pk].version == 3
    assert write(owners[1], sort.entry, year=2024).rows[owners[1].pk].version == 1


def test_past_is_what_stood_at_a_version_of_that_year(sort, owners, write):
    first, second = owners
    write(first, sort.entry)
    write(first, sort.other, 1)
    write(first, None, 2)
    write(first, sort.other, year=2024)
    write(second, sort.entry)

    def past(versions):
        return {
            pk: (row.history_type, row.fiscal_year, *contents(sort, [row]))
            for pk, row in sort.records.past(2025, versions).items()
        }

    (before,), (after,) = contents(sort, [sort.entry]), contents(sort, [sort.other])
    assert past({first.pk: 1}) == {first.pk: ("+", 2025, before)}
    assert past({first.pk: 2, second.pk: 1}) == {
        first.pk: ("~", 2025, after),
        second.pk: ("+", 2025, before),
    }
    assert past({first.pk: 3, second.pk: 2}) == {}


def test_newer_row_is_a_conflict_that_names_who_saved_it(sort, owners, write, kikaku):
    kikaku.last_name = "山田"
    kikaku.save()
    write(owners[0], sort.entry)
    sort.records.model.objects.update(updated_at=datetime(2025, 6, 1, 5, 5, tzinfo=UTC))
    (refusal,) = refused(write, owners[0], sort.other)

    assert (refusal.code, refusal.kind, refusal.field) == (
        sort.codes[0], Kind.STALE, sort.records.stated[0],
    )  # fmt: skip
    assert refusal.message == "山田さんが6月1日14時05分に更新しました。"
    assert sort.records.same(refusal.current, sort.entry)


def test_withdrawn_row_is_a_conflict_too(sort, owners, write):
    write(owners[0], sort.entry)
    write(owners[0], None, 1)
    (refusal,) = refused(write, owners[0], sort.other, 1)

    assert (refusal.kind, refusal.current) == (Kind.STALE, None)
    assert refusal.message == "この入力は、ほかの人が取り消しました。"


def test_what_stands_already_is_no_conflict_whatever_its_version(sort, owners, write):
    write(owners[0], sort.entry)

    assert write(owners[0], sort.entry, 7).count == 0
    assert write(owners[1], None, 7).count == 0
    assert sort.records.model.history.count() == 1


def test_closed_year_is_refused_for_each_row(sort, owners, strategy, kikaku):
    close_years_through(strategy, 2025, user=kikaku)
    changes = [Change(owner.pk, sort.entry, 0) for owner in owners]
    refusals = refused(sort.records.record, strategy, 2025, changes, user=kikaku)

    assert [(one.code, one.kind, one.field) for one in refusals] == [
        (code, Kind.CLOSED, "") for code in sort.codes
    ]


def test_refused_batch_says_all_its_reasons(sort, owners, strategy, kikaku):
    changes = [Change(owner.pk, sort.entry, 0) for owner in owners]
    with pytest.raises(RecordingRefused) as caught:
        sort.records.record(strategy, 2029, changes, user=kikaku)

    sentence = "2029年度は計画期間（令和6年度から令和10年度まで）の外です。"
    assert str(caught.value) == "\n".join(f"{code}：{sentence}" for code in sort.codes)


def test_year_outside_the_plan_is_refused_for_each_row(sort, owners, strategy, kikaku):
    changes = [Change(owner.pk, sort.entry, 0) for owner in owners]
    refusals = refused(sort.records.record, strategy, 2029, changes, user=kikaku)

    assert [(one.code, one.kind, one.field) for one in refusals] == [
        (code, Kind.INVALID, "") for code in sort.codes
    ]


def test_one_thing_twice_in_a_batch_is_a_mistake_of_the_caller(sort, owners, strategy, kikaku):
    changes = [Change(owners[0].pk, entry, 0) for entry in (sort.entry, sort.other)]
    message = f"^One thing stands twice in a batch of {sort.records.model.__name__}.$"

    with pytest.raises(ValueError, match=message):
        sort.records.record(strategy, 2025, changes, user=kikaku)
    assert not sort.records.model.objects.exists()


def test_thing_of_another_plan_is_refused(sort, owners, kikaku):
    other = make_strategy(code="tsugi", name="次の総合戦略", is_current=False)
    changes = [Change(owners[0].pk, sort.entry, 0)]

    with pytest.raises(PermissionDenied, match=f"^この計画の{sort.records.noun}ではありません。$"):
        sort.records.record(other, 2025, changes, user=kikaku)
    assert not sort.records.model.objects.exists()


@pytest.mark.parametrize("sort", SORTS[:2], ids=["figures", "progress"])
def test_rows_of_other_departments_are_named_in_order(sort, owners, strategy, tantou):
    changes = [Change(owner.pk, sort.entry, 0) for owner in reversed(owners)]
    message = f"^P1-1、P1-2は、あなたの課の{sort.records.noun}ではないため入力できません。$"

    with pytest.raises(PermissionDenied, match=message):
        sort.records.record(strategy, 2025, changes, user=tantou)
    assert not sort.records.model.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_refused_batch_takes_a_constant_number_of_queries(
    sort, project, strategy, kikaku, write, count, django_assert_num_queries
):
    owners = [sort.make(project, number) for number in range(1, count + 1)]
    for owner in owners:
        write(owner, sort.entry)
    changes = [Change(owner.pk, sort.other, 0) for owner in owners]

    with django_assert_num_queries(sort.queries_of_a_refusal):
        refused(sort.records.record, strategy, 2025, changes, user=kikaku)
