"""However many rows a plan has, what is read of it takes the same queries."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from entry.plan_workbook.records import plan_records
from entry.plan_workbook.standing import Standing
from projects.models import Strategy
from tests.large_plan_workbook import large_sheets
from tests.plan_workbooks import PLAN, content_of, exported, looked, taken, with_sheets

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
        counted(lambda: plan_records(Standing.of(plan))),
        counted(lambda: exported(Strategy.objects.get())),
        counted(lambda: looked(unchanged)),
    ] == [22, 29, 65]


@pytest.mark.parametrize("count", [1, 4])
def test_other_plan_is_read_once_however_many_kpis_refer_to_it(db, count):
    numbers = range(1, count + 1)
    kpis = [("KPI番号", "指標名", "単位"), *((f"P1-{at}", f"指標{at}", "件") for at in numbers)]
    taken(with_sheets(指標=kpis))
    items = {"計画コード": "ato", "最初の年度": "2029", "最終年度": "2033"}
    later = [(item, items.get(item, said)) for item, said in PLAN]
    rows = [(*row, f"mihon-2026:{row[0]}") for row in kpis[1:]]
    sheets = {"計画": later, "指標": [(*kpis[0], "前の指標"), *rows], "目標": [("KPI番号",)]}

    with CaptureQueriesContext(connection) as queries:
        assert looked(with_sheets(**sheets)).problems == []
    of_others = [
        one for one in queries if "projects_strategy" in one["sql"] and "'mihon-2026'" in one["sql"]
    ]
    assert len(of_others) == 1
