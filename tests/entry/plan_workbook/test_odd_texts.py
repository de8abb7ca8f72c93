"""Texts that a spreadsheet would take for something else, in a plan's workbook and back."""

import pytest

from kpis.models import Kpi
from tests.plan_workbooks import differences, exported, looked, taken, with_sheets

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("parting", ["\t", "\n", " \n\t"])
def test_band_that_is_written_in_two_lines_comes_out_as_one(parting):
    bands = [("記号", "名称", "下限"), ("A", f"とても{parting}順調", "80"), ("B", "遅れ", "")]

    plan = taken(with_sheets(評価区分=bands))

    assert next(band["label"] for band in plan.bands).split() == ["とても", "順調"]
    assert differences(looked(exported(plan))) == []


TEXTS = ["'=x", "''=x", "-5 件", "+a", "@a", "＝１", "<b>&amp;</b>", "a／b", "'-", "1e5", "12月"]


def test_texts_that_a_spreadsheet_would_run_make_the_round_trip():
    kpis = [(f"P1-{at}", text, "件", text) for at, text in enumerate(TEXTS, start=1)]
    plan = taken(with_sheets(指標=[("KPI番号", "指標名", "単位", "備考"), *kpis]))

    found = looked(exported(plan))
    assert (found.problems, found.notes, differences(found)) == ([], [], [])
    notes = [kpi.note for kpi in Kpi.objects.order_by("number")]
    assert notes == ["=x", "'=x", *TEXTS[2:8], "-", *TEXTS[9:]]
