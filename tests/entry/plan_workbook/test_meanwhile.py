"""A workbook that is taken in in the very moment in which somebody changes the plan."""

import pytest
from django.db import transaction

from entry.plan_workbook.importing import ChangedMeanwhile, WorkbookRefused, take_in
from entry.plan_workbook.workbook import read_workbook
from kpis.models import Kpi
from kpis.recording import close_years_through, lock_plan
from projects.models import Strategy
from tests.entry.plan_workbook.kpi_sheets import FILE, kpis, looked, targets
from tests.kpis.test_closing_meanwhile import while_under_way
from tests.plan_workbooks import content_of, with_sheets

pytestmark = pytest.mark.django_db(transaction=True)


def take_as_looked_over(user, content, expected):
    return take_in(read_workbook(content), user=user, file_name=FILE, expected=expected)


def test_workbook_waits_for_a_closing_and_is_refused(kikaku, kpi):
    content = targets(["P1-1", "", "", "10", "R5", ""])
    seen = looked(kikaku, content)

    def close():
        close_years_through(kpi.project.strategy, 2024, user=kikaku)

    with pytest.raises(WorkbookRefused, match="締め済み"):
        while_under_way(close, take_as_looked_over, kikaku, content, seen.fingerprint)
    assert Kpi.objects.get().baseline is None


def test_workbook_waits_for_a_colleagues_change_and_writes_nothing_over_it(kikaku, kpi):
    content = kpis(["P1-1", "出典A"], headings=["KPI番号", "出典"])
    seen = looked(kikaku, content)

    def rename():
        with transaction.atomic():
            lock_plan(kpi.project.strategy)
            row = Kpi.objects.get()
            row.data_source = "出典B"
            row.save()

    with pytest.raises(ChangedMeanwhile):
        while_under_way(rename, take_as_looked_over, kikaku, content, seen.fingerprint)
    assert Kpi.objects.get().data_source == "出典B"


def test_what_a_colleague_changes_beside_it_stays(kikaku, kpi):
    content = kpis(["P1-1", "備考"], headings=["KPI番号", "備考"])
    seen = looked(kikaku, content)

    def rename():
        with transaction.atomic():
            lock_plan(kpi.project.strategy)
            row = Kpi.objects.get()
            row.name = "改めた名"
            row.save()

    while_under_way(rename, take_as_looked_over, kikaku, content, seen.fingerprint)

    saved = Kpi.objects.get()
    assert (saved.name, saved.note) == ("改めた名", "備考")


def test_two_colleagues_begin_the_same_plan_and_one_is_told(kikaku):
    content = content_of(with_sheets(所管課=[("コード", "名称"), ("S01", "産業課")]))
    seen = looked(kikaku, content)

    def begin():
        take_as_looked_over(kikaku, content, seen.fingerprint)

    with pytest.raises((ChangedMeanwhile, WorkbookRefused)):
        while_under_way(begin, take_as_looked_over, kikaku, content, seen.fingerprint)
    assert [plan.code for plan in Strategy.objects.all()] == ["mihon-2026"]
    assert Kpi.objects.count() == 1
