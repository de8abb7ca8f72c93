"""What the cells of one row of a workbook don't bear together: told before anything is saved.

What a cell says is never left out in silence: where a row has no use for it, it is refused.
"""

from collections.abc import Iterator

from entry.plan_workbook import forms
from entry.plan_workbook.columns import DELETE
from entry.plan_workbook.standing import Record, Records
from entry.plan_workbook.written import Written, WrittenRow

_OF_ALL_KPIS = ("上限", "下限", "桁", "端数")
_METHODS = {
    forms.OF_KPIS: ("率", "位置", "人", "なし"),
    forms.OF_PROJECTS: ("平均", "人", "なし"),
    forms.OF_EXPERTS: ("人", "なし"),
}
_WRONGS = Iterator[tuple[str, str]]


def check_rows(written: Written, records: Records) -> None:
    """Add a problem for each cell that its row has no use for, with the remedy."""
    checks = (
        (forms.RULES, _rule_wrongs),
        (forms.INITIATIVES, _listing_wrongs),
        (forms.TARGETS, _target_wrongs),
        (forms.MOVES, _move_wrongs),
    )
    for sheet, wrongs in checks:
        for row in written.of(sheet):
            record = records.get(sheet, {}).get(row.key, {}) | row.cells
            for heading, message in list(wrongs(row, record)):
                if heading not in row.wrong:
                    written.refuse(row, heading, message)
    for row in written.of(forms.INITIATIVES):
        _check_home(written, records, row)


def _rule_wrongs(row: WrittenRow, record: Record) -> _WRONGS:
    of, kpi = record.get("対象", forms.OF_KPIS), record.get("KPI番号", "")
    if of != forms.OF_KPIS and kpi:
        yield "KPI番号", f"対象が{of}の行では使いません。空欄にしてください。"
    methods = (*_METHODS[of], *(("計画",) if kpi else ()))
    method = row.cells.get("方法", "")
    if method and method not in methods:
        whose = "指標ひとつ" if kpi else of
        yield "方法", f"{whose}の方法は、{'・'.join(methods)}のどれかにしてください。"
    if row.is_deletion and not kpi and not record.get("適用年度") and of != forms.OF_EXPERTS:
        yield "方法", "計画の最初からのきまりは、削除できません。別の方法を書いてください。"
    unused: tuple[str, ...] = ()
    why = ""
    if of != forms.OF_KPIS:
        unused, why = ("使う率", *_OF_ALL_KPIS), f"対象が{of}の行では使いません。"
    elif kpi:
        unused, why = _OF_ALL_KPIS, "すべての指標の行（KPI番号が空欄）だけのものです。"
    for heading in unused:
        if heading in row.cells:
            yield heading, f"{why}空欄にしてください。"
    if forms.BANDS in row.deleted and of == forms.OF_KPIS:
        yield forms.BANDS, f"指標の評価区分は{DELETE}できません。新しい評価区分を書いてください。"


def _listing_wrongs(row: WrittenRow, record: Record) -> _WRONGS:
    if row.is_deletion or not record.get("再掲元"):
        return
    if "掲載名" in row.cells:
        yield "掲載名", "再掲の行では使いません。印刷された名前は、取組名に書いてください。"
    if "所管課" in row.cells:
        yield "所管課", "再掲の行では使いません。主な掲載先の行に書いてください。"


def _check_home(written: Written, records: Records, row: WrittenRow) -> None:
    """Refuse a 再掲 of what is itself one."""
    home = row.cells.get("再掲元", "")
    standing = records.get(forms.INITIATIVES, {}).get(home, {})
    stated = written.row(forms.INITIATIVES, home)
    there = standing | (stated.cells if stated else {})
    if home and there.get("再掲元") and "再掲元" not in row.wrong:
        message = f"「{home}」も再掲です。主な掲載先の「{there['再掲元']}」を書いてください。"
        written.refuse(row, "再掲元", message)


def _move_wrongs(row: WrittenRow, record: Record) -> _WRONGS:
    if "理由" in row.cells and not record.get("適用年度"):
        yield "理由", "最初の場所の行では使いません。移した年度の行に書いてください。"


def _target_wrongs(row: WrittenRow, record: Record) -> _WRONGS:
    if "目標値" in row.wrong or row.is_deletion:
        return
    aim = record.get("目標値", "")
    is_figure = aim.replace(".", "", 1).removeprefix("-").isdigit()
    if "条件" in row.cells and aim and not is_figure:
        yield "条件", "数字の目標だけのものです。空欄にしてください。"
    elif "条件" in row.cells and record.get("許容幅"):
        yield "条件", "許容幅のある、基準値を保つ目標では使いません。空欄にしてください。"
    if "満たし方" in row.cells and is_figure:
        yield "満たし方", f"ことばの目標だけのものです。空欄にするか、{DELETE}と書いてください。"
