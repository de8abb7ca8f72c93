"""A plan's workbook with a few cells changed, drawn: taken in over what stands."""

from random import Random

from common.spreadsheets.cells import Cell
from common.spreadsheets.table import Table
from entry.plan_workbook import forms
from entry.plan_workbook.importing import take_in
from entry.plan_workbook.records import plan_records
from entry.plan_workbook.standing import Record, Standing
from entry.plan_workbook.workbook import Workbook
from tests.law.drawing import FIGURES, Drawn, draws
from tests.law.world import World

_YEARS = ("2023", "2024", "2025", "2026", "2028", "2030", "削除")
_TEXTS = ("書き換えた", "指標A", "人", "%", "削除")
# What is written into a column; texts where it is none of these.
_BY_HEADING = {
    "目標値": (*FIGURES, "増加", "80以上", "削除"), "基準値": (*FIGURES, "削除"),
    "許容幅": ("3", "削除"), "条件": ("以上", "超", "以下"), "小数桁数": ("0", "1"),
    "実績値": (*FIGURES, "削除"), "速報": ("0", "1"), "集計方法": ("単年度", "累計"),
    "目指す方向": ("以上", "以下"), "達成率の算式": tuple(forms.FORMULAS),
    "方法": ("率", "人", "なし", "平均"), "使う率": ("進捗率", "達成率"), "上限": ("100", "120"),
    "桁": ("0", "1", "2"), "端数": ("四捨五入", "切り捨て"), "柱": ("1", "2"),
    "プロジェクト": ("P1", "P2"), "番号": ("1", "2", "3", "9"),
}  # fmt: skip
_ADDED = {
    forms.KPIS: {"KPI番号": "P1-9", "指標名": "加えた指標", "単位": "件"},
    forms.PROJECTS: {"記号": "P9", "柱": "1", "名称": "加えたプロジェクト"},
    forms.INITIATIVES: {"プロジェクト": "P1", "番号": "9", "取組名": "加えた取組"},
    forms.TARGETS: {"KPI番号": "P1-1", "目標値": "77", "理由": "改定"},
    forms.YEARLY: {"KPI番号": "P1-1"},
    forms.ACTUALS: {"KPI番号": "P1-1", "実績値": "12"},
    forms.PERIODS: {"最終年度": "2030", "理由": "延長"},
    forms.RULES: {"対象": "指標", "方法": "率", "使う率": "達成率", "理由": "改定"},
}


@draws(take_in, 2)
def _workbook(world: World, draw: Random) -> Drawn:
    plan, user = world.plan(draw), world.actor(draw)
    records = plan_records(Standing.of(plan))
    sheets = {forms.PLAN: _table({forms.ITEM: "計画コード", forms.CONTENT: plan.code})}
    for name in draw.sample(list(_ADDED), draw.choice((1, 1, 2))):
        standing = list(records.get(name, {}).values())
        if standing and draw.random() < 0.7:
            row = dict(draw.choice(standing))
        else:
            row = dict(_ADDED[name])
            for one in forms.BY_NAME[name].keys:
                if one.heading in ("適用年度", "年度"):
                    row[one.heading] = str(draw.choice(plan.years))
        columns = [one.heading for one in forms.BY_NAME[name].columns if not one.is_key]
        if name == forms.YEARLY:
            columns = [str(year) for year in plan.years]
        for heading in draw.sample(columns, min(len(columns), draw.choice((0, 1, 1, 2)))):
            row[heading] = draw.choice(_choices(heading))
        sheets[name] = _table(row)
    workbook = Workbook(sheets)
    return lambda: take_in(workbook, user=user, file_name="計画.xlsx")


def _choices(heading: str) -> tuple[str, ...]:
    if heading.isdigit():
        return (*FIGURES, "削除")
    return _YEARS if "年度" in heading else _BY_HEADING.get(heading, _TEXTS)


def _table(row: Record) -> Table:
    """A sheet of one row."""
    cells = {heading: Cell(text) for heading, text in row.items() if text}
    return Table(dict.fromkeys(cells, "A"), {2: cells})
