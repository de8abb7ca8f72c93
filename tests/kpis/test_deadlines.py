"""The day by which a year is to be entered: who sets it, which days it can be."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from kpis.recording import Kind, RecordingRefused, close_years_through
from kpis.recording.deadlines import set_deadline
from projects.models import EntryDeadline
from tests.factories import make_strategy, make_user

JUNE, JULY = date(2026, 6, 30), date(2026, 7, 31)


def set_by(user, strategy, due_on, year=2025):
    return set_deadline(strategy, year, due_on, user=user)


def refusal_of(user, strategy, due_on):
    with pytest.raises(RecordingRefused) as caught:
        set_by(user, strategy, due_on)
    (refusal,) = caught.value.refusals
    assert (refusal.code, refusal.kind, refusal.field) == ("", Kind.INVALID, "due_on")
    return refusal.message


def test_deadline_is_set_moved_and_taken_away_with_who_did_it(strategy, kikaku):
    assert [set_by(kikaku, strategy, day) for day in (JUNE, JULY, None)] == [True, True, True]

    assert not EntryDeadline.objects.exists()
    rows = EntryDeadline.history.order_by("history_id")
    assert [(row.fiscal_year, row.due_on, row.history_type) for row in rows] == [
        (2025, JUNE, "+"),
        (2025, JULY, "~"),
        (2025, JULY, "-"),
    ]
    assert {row.history_user for row in rows} == {kikaku}


def test_deadline_that_stands_already_writes_nothing(strategy, kikaku):
    assert set_by(kikaku, strategy, None) is False
    set_by(kikaku, strategy, JUNE)

    assert set_by(kikaku, strategy, JUNE) is False
    assert EntryDeadline.history.count() == 1


def test_each_plan_and_each_year_has_its_own_deadline(strategy, kikaku):
    other = make_strategy(code="tsugi", name="次の総合戦略", is_current=False)
    set_by(kikaku, other, JUNE)
    set_by(kikaku, strategy, date(2027, 6, 30), year=2026)

    assert set_by(kikaku, strategy, JUNE) is True
    assert EntryDeadline.objects.count() == 3


@pytest.mark.parametrize("name", ["tantou", "kanri"])
def test_only_the_planner_sets_it(strategy, name):
    with pytest.raises(PermissionDenied, match=r"^締切を決めるのは企画担当です。$"):
        set_by(make_user(name), strategy, JUNE)
    assert not EntryDeadline.objects.exists()


@pytest.mark.parametrize("day", [date(2025, 4, 1), date(2028, 3, 31)])
def test_deadline_lies_in_the_year_or_within_three_years_after_it_began(strategy, kikaku, day):
    assert set_by(kikaku, strategy, day) is True


@pytest.mark.parametrize("day", [date(2025, 3, 31), date(2028, 4, 1)])
def test_other_days_are_refused(strategy, kikaku, day):
    assert refusal_of(kikaku, strategy, day) == (
        "令和7年度の締切は、令和7年4月1日から令和10年3月31日までの日にしてください。"
    )


@pytest.mark.parametrize("day", [JULY, None])
def test_deadline_of_a_closed_year_stays(strategy, kikaku, day):
    set_by(kikaku, strategy, JUNE)
    close_years_through(strategy, 2025, user=kikaku)

    assert refusal_of(kikaku, strategy, day) == (
        "令和7年度は締め済みのため、締切は変えられません。"
    )
    assert EntryDeadline.objects.get().due_on == JUNE


def test_closing_another_year_does_not_matter(strategy, kikaku):
    close_years_through(strategy, 2024, user=kikaku)

    assert set_by(kikaku, strategy, JUNE) is True
