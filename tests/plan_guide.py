"""The guide to bringing a plan as tests read it: its tables, and what it says of each sheet."""

import re
from collections.abc import Iterator
from html import escape
from pathlib import Path

from entry.own_table.uses import USES
from entry.plan_workbook import forms
from entry.plan_workbook.columns import Column, SheetForm

PLAN_GUIDE = Path(__file__).parents[1] / "docs" / "bring-your-plan.ja.md"
_SHEET = re.compile(r"シート「(?P<name>[^」]+)」")
_ROWS = re.compile(r"(?:^\|.*\|\n)+", re.MULTILINE)
_SAID = re.compile(r"`(?P<heading>[^`]+)` (?P<text>[^／、]+)")
Rows = list[dict[str, str]]


def section(title: str, mark: str = "##") -> str:
    """What the guide says under a heading."""
    text = PLAN_GUIDE.read_text(encoding="utf-8")
    _before, found, after = text.partition(f"\n{mark} {title}\n")
    assert found, title
    return re.split(rf"^#{{1,{len(mark)}}} ", after, maxsplit=1, flags=re.MULTILINE)[0]


def tables_in(text: str) -> list[tuple[str, Rows]]:
    """The tables outside of quotations, each with the paragraph before it."""
    found = []
    for table in _ROWS.finditer(text):
        before = text[: table.start()].rstrip().rpartition("\n\n")[2]
        headings, _line, *rows = [_cells(one) for one in table[0].splitlines()]
        found.append((before, [dict(zip(headings, row, strict=True)) for row in rows]))
    return found


def sheets_in(text: str) -> dict[str, Rows]:
    """The sheets that a part of the guide fills in: a table behind a sentence on シート「…」."""
    return {
        _SHEET.search(before)["name"]: rows
        for before, rows in tables_in(text)
        if _SHEET.search(before)
    }


def said_in(cell: str) -> Iterator[tuple[str, dict[str, str]]]:
    """What a cell like 「指標：`単位` 位／目標：`目標値` 10位以内」 says, sheet by sheet."""
    for part in cell.split("／"):
        sheet, _colon, rest = part.partition("：")
        said = {one["heading"]: one["text"].strip() for one in _SAID.finditer(rest)}
        assert said, part
        yield sheet, said


def reference() -> str:
    """The chapter on sheets and columns, as the forms have them."""
    return "\n".join(_of_sheet(form) for form in forms.FORMS)


def uses() -> str:
    """What a column of a city's own table can be."""
    return "".join(f"| {one.label} | {_SHEETS_OF_USES[one.key]} |\n" for one in USES)


def _of_sheet(form: SheetForm) -> str:
    needed = "このシートは必ず要ります。" if form.is_required else ""
    lines = [f"### シート「{form.name}」", "", f"{form.about}。{needed}", ""]
    if form.name == forms.PLAN:
        lines += ["| 項目 | 内容 |", "| --- | --- |"]
        lines += [f"| {one.heading}{_needed(one)} | {one.meaning} |" for one in form.explained]
        return "\n".join([*lines, ""])
    lines += ["| 列 | 書くもの | 使えることば |", "| --- | --- | --- |"]
    lines += [
        f"| {one.heading}{_needed(one)} | {one.meaning} | {one.words} |" for one in form.columns
    ]
    if form.has_years:
        lines += ["| 年度（令和8年度、2026 など、いくつでも） | その年度末の目安の値 | |"]
    return "\n".join([*lines, ""]).replace("|  |", "| |")


def _needed(column: Column) -> str:
    return "（必須）" if column.is_needed else ""


_SHEETS_OF_USES = {
    "name": "指標の指標名", "achievement": "公表の率", "progress": "公表の率",
    "target_year": "目標の目標年度", "baseline_year": "目標の基準値の年度",
    "baseline": "目標の基準値", "analysis": "実績の要因分析", "next_steps": "実績の今後の方向性",
    "due": "年度目安", "target": "目標の目標値", "actual": "実績の実績値", "rating": "公表の評価",
    "code": "指標のKPI番号", "unit": "指標の単位", "aggregation": "指標の集計方法",
    "direction": "指標の目指す方向", "department": "指標の所管課", "method": "指標の算出方法",
    "source": "指標の出典", "remarks": "指標の備考", "pillar": "柱", "project": "プロジェクト",
    "row_kind": "1つの指標が「目標」「実績」の何行かに分かれている表で、行の区分",
    "row_year": "年度ごとに1行になっている表で、行の年度",
    "by_kind": "その表の年度の列。行の区分によって、年度目安か実績になる",
}  # fmt: skip


def _cells(line: str) -> list[str]:
    return [one.strip() for one in line.strip().strip("|").split("|")]


def printed_rows() -> list[list[str]]:
    """The printed page's indicators: name, baseline, target, department."""
    text = section("計画書からワークブックに写す")
    quoted = [_cells(line[1:]) for line in text.splitlines() if line.startswith("> |")]
    goal = re.search(r"数値目標：(\S+) (\S+?)（.+?）→ (\S+)", text)
    assert goal
    rows = [row[1:] for row in quoted if len(row) == _PRINTED_COLUMNS and row[1] not in _HEADS]
    return [[goal[1], goal[2], goal[3], ""], *rows]


def table_html(caption: str, headings: list[str], rows: list[list[str]]) -> str:
    """A table as HTML."""

    def line(tag: str, cells: list[str]) -> str:
        return f"<tr>{''.join(f'<{tag}>{escape(one)}</{tag}>' for one in cells)}</tr>"

    body = "".join(line("td", row) for row in rows)
    return f"<h2>{escape(caption)}</h2><table>{line('th', headings)}{body}</table>"


_PRINTED_COLUMNS = 5
_HEADS = ("指標", "---")
