"""Who belongs to which department: every way to change it leaves a row of history a department."""

import pytest

from projects.models import Department
from tests.factories import make_department, make_user


@pytest.fixture
def departments(tantou, kanri):
    """D01 with both people, D02 with one of them, D03 with nobody."""
    return [
        make_department("D01", tantou, kanri),
        make_department("D02", tantou),
        make_department("D03"),
    ]


WAYS = {
    "department adds": (lambda user, d: d[2].members.add(user), {"D03": ["tantou"]}),
    "department removes": (lambda user, d: d[0].members.remove(user), {"D01": ["kanri"]}),
    "department clears": (lambda user, d: d[0].members.clear(), {"D01": []}),
    "department sets": (lambda user, d: d[2].members.set([user]), {"D03": ["tantou"]}),
    "user joins": (
        lambda user, d: user.departments.add(d[2], d[1]),
        {"D03": ["tantou"]},
    ),
    "user leaves": (
        lambda user, d: user.departments.remove(d[0], d[1]),
        {"D01": ["kanri"], "D02": []},
    ),
    "user leaves all": (
        lambda user, d: user.departments.clear(),
        {"D01": ["kanri"], "D02": []},
    ),
    "user moves": (
        lambda user, d: user.departments.set([d[2]]),
        {"D01": ["kanri"], "D02": [], "D03": ["tantou"]},
    ),
    "user moves anew": (
        lambda user, d: user.departments.set([d[2]], clear=True),
        {"D01": ["kanri"], "D02": [], "D03": ["tantou"]},
    ),
    "by keys": (
        lambda user, d: user.departments.remove(d[1].pk),
        {"D02": []},
    ),
}


@pytest.mark.parametrize(("act", "rows"), WAYS.values(), ids=WAYS)
def test_each_changed_department_has_one_new_row_with_its_members(tantou, departments, act, rows):
    newest = Department.history.latest("history_id").history_id

    act(tantou, departments)

    written = Department.history.filter(history_id__gt=newest)
    assert sorted(
        (row.code, sorted(member.user.username for member in row.members.all())) for row in written
    ) == sorted(rows.items())


def test_whoever_is_in_no_department_leaves_none(departments, db):
    count = Department.history.count()

    make_user("kikaku").departments.clear()

    assert Department.history.count() == count
