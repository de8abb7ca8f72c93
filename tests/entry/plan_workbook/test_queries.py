"""However many rows a plan has, what is read of it takes the same queries."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from entry.plan_workbook.standing import Standing
from projects.models import Strategy
from tests.large_plan_workbook import large_sheets
from tests.plan_workbooks import content_of, exported, looked, taken

PUBLISHED = [("KPI番号", "年度", "率"), ("S1-1", "2024", "60.0")]


def counted(do):
    with CaptureQueriesContext(connection) as queries:
        do()
    return len(queries)


@pytest.mark.parametrize("size", [(2, 5), (4, 10)])
def test_queries_do_not_grow_with_the_plan(db, size):
    sheets = large_sheets(*size)
    plan = taken(content_of(sheets))
    unchanged = content_of({**sheets, "公表": PUBLISHED})

    assert [
        counted(lambda: Standing.of(plan).records()),
        counted(lambda: exported(Strategy.objects.get())),
        counted(lambda: looked(unchanged)),
    ] == [22, 27, 65]
