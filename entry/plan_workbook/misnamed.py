"""Sheets and headings that nobody knows: which known ones they probably are, and what they hold."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from common.reading.names import comparable
from common.reading.years import read_fiscal_year
from common.spreadsheets.sheet import Sheet
from entry.plan_workbook.forms import FORMS, SheetForm

_IN_BRACKETS = re.compile(r"[(\[【〔].*?[)\]】〕]")
# A heading within another one has at most so many characters less.
_FEW = 4
_SHORTEST = 2
# So many of a sheet's headings have to be known, of a hundred.
_MOST = 60
_FIRST_ROWS = 10
# Headings that are taken for another one, which they say as well.
SAME = {"最終目標値": "目標値"}
_ALSO_CALLED = {
    "基準値": "現状値 現状 当初値 現況値 策定時の値 計画策定時 初期値",
    "基準値の年度": "基準年度 基準年 現状値の年度",
    "目標値": "目標 最終目標 目標数値",
    "実績値": "実績 実数 実績数値",
    "KPI番号": "番号 指標番号 KPIコード コード",
    "指標名": "指標 KPI KPI名 名称 重要業績評価指標",
    "所管課": "担当課 主管課 担当部署 所管 担当",
    "名称": "名前 施策名 柱名 課名 プロジェクト名 基本目標",
    "取組名": "事業名 名称 取組 事業",
    "要因分析": "分析",
    "理由": "変更理由",
}


class Unknown(NamedTuple):
    """A column that nobody knows: its heading, its number, and how many rows hold something."""

    heading: str
    column: int
    filled: int
    meant: str = ""


def unknown_columns(sheet: Sheet, form: SheetForm) -> list[Unknown]:
    """The columns with headings that the form doesn't have; `meant` is one that the sheet lacks.

    That is told of columns alone in which something stands.
    """
    header = sheet.rows.get(1, {})
    there = {comparable(cell.text) for cell in header.values()}
    known = {comparable(one.heading): one.heading for one in form.columns}
    missing = [heading for said, heading in known.items() if said not in there]
    found = []
    for column, cell in header.items():
        if comparable(cell.text) in known or (form.has_years and _is_year(cell.text)):
            continue
        count = sum(column in row for number, row in sheet.rows.items() if number > 1)
        meant = next((one for one in missing if count and _is_near(cell.text, one)), "")
        if meant:
            missing.remove(meant)
        found.append(Unknown(cell.text, column, count, meant))
    return found


def form_meant_by(sheet: Sheet) -> SheetForm | None:
    """The form whose headings a sheet of another name has; None where it has those of none."""
    header = {comparable(cell.text) for cell in sheet.rows.get(1, {}).values()}
    best, most = None, _MOST
    for form in FORMS:
        known = {comparable(one.heading) for one in form.columns}
        needed = {comparable(one.heading) for one in form.columns if one.is_needed}
        share = 100 * len(header & known) // max(1, len(header))
        if needed <= header and share > most:
            best, most = form, share
    return best


def heading_row(sheet: Sheet, form: SheetForm) -> int:
    """The row below the first one in which the form's headings stand; 0 where there is none."""
    needed = {comparable(one.heading) for one in form.keys if one.is_needed}
    needed = needed or {comparable(one.heading) for one in form.columns[:_SHORTEST]}
    for number, row in sorted(sheet.rows.items())[:_FIRST_ROWS]:
        if needed <= {comparable(cell.text) for cell in row.values()}:
            return number if number > 1 else 0
    return 0


def sheets_with(heading: str) -> Iterator[str]:
    """The sheets that have a column of a heading."""
    said = comparable(heading)
    return (
        one.name for one in FORMS if said in [comparable(column.heading) for column in one.columns]
    )


def _is_near(written: str, known: str) -> bool:
    said, meant = _IN_BRACKETS.sub("", comparable(written)), comparable(known)
    if said == meant:
        return True
    if said in map(comparable, _ALSO_CALLED.get(known, "").split()):
        return True
    shorter, longer = sorted((said, meant), key=len)
    return len(shorter) >= _SHORTEST and shorter in longer and len(longer) - len(shorter) <= _FEW


def _is_year(text: str) -> bool:
    try:
        read_fiscal_year(text)
    except ValueError:
        return False
    return True
