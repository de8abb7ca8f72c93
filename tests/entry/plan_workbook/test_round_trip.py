from collections.abc import Iterator

from django.db import transaction

from entry.plan_file.loading import load_plan
from kpis.models import (
    FinalTarget,
    FormerPlace,
    Kpi,
    KpiRatingRules,
    YearlyActual,
    YearlyTarget,
)
from kpis.plan_check import check_everything
from projects.models import (
    Department,
    FormerPeriod,
    Initiative,
    InitiativeListing,
    Pillar,
    Project,
    ProjectDirection,
    RatingRules,
    Strategy,
)
from tests.plan_with_everything import make_others, make_plan_with_everything
from tests.plan_workbooks import exported, sheets_of, taken

# Every table of a plan and its figures.
TABLES = (
    Strategy, FormerPeriod, RatingRules, Pillar, Project, ProjectDirection, Initiative,
    InitiativeListing, Kpi, KpiRatingRules, FormerPlace, FinalTarget, YearlyTarget, YearlyActual,
)  # fmt: skip
# Who wrote a row and when; and where a plan is in its life, which no workbook says.
LEFT_OUT = {
    "id", "version", "updated_at", "updated_by", "updated_by_name", "state", "is_current", "members"
}  # fmt: skip


def rows_of(plan: Strategy) -> Iterator[str]:
    """What stands of a plan, column by column, with the rows that it refers to by their names."""
    for table in (*TABLES, Department):
        for row in table.objects.all():
            if table is not Department and _plan_of(row) != plan:
                continue
            fields = [*table._meta.fields, *table._meta.many_to_many]
            said = {one.name: _said(row, one) for one in fields if one.name not in LEFT_OUT}
            yield f"{table.__name__} {said}"


def _plan_of(row):
    return row.kpi.project.strategy if isinstance(row, YearlyActual) else row.plan


def _said(row, field):
    value = getattr(row, field.name)
    if field.many_to_many:
        return sorted(map(repr, value.all()))
    if hasattr(value, "normalize"):
        return f"{value.normalize() + 0:f}"
    return repr(value)


def test_real_plan_gives_the_same_workbook_again(db):
    with transaction.atomic():
        plan = load_plan("omuta_2024_2028").strategy
        before, stood = exported(plan), sorted(rows_of(plan))
        transaction.set_rollback(True)
    plan = taken(before)
    after = exported(plan)
    assert sheets_of(after) == sheets_of(before)
    assert after == before
    assert sorted(rows_of(plan)) == stood


def test_plan_with_one_of_everything_gives_the_same_workbook_again(kikaku):
    others = make_others()
    with transaction.atomic():
        plan = make_plan_with_everything(kikaku, others)
        assert check_everything(plan) == []
        before, stood = exported(plan), sorted(rows_of(plan))
        transaction.set_rollback(True)
    plan = taken(before)
    after = exported(plan)
    assert sheets_of(after) == sheets_of(before)
    assert after == before
    assert sorted(rows_of(plan)) == stood
