"""Workbooks of the plan `mihon` as people make them, and what the import sees and does."""

import io

import openpyxl

from entry.plan_workbook.importing import look_over, take_in
from entry.plan_workbook.workbook import read_workbook

KPIS = [
    "KPI番号", "指標名", "単位", "小数桁数", "集計方法", "目指す方向", "達成率の算式", "所管課",
    "算出方法", "出典", "備考",
]  # fmt: skip
TARGETS = ["KPI番号", "適用年度", "目標値", "基準値", "基準値の年度", "理由"]
FILE = "計画.xlsx"


def workbook(**sheets):
    """A workbook of the plan with these sheets, each a heading and rows."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in {"計画": [["項目", "内容"], ["計画コード", "mihon"]], **sheets}.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def kpis(*rows, headings=KPIS):
    """A workbook with rows of the sheet 指標."""
    return workbook(指標=[headings, *rows])


def targets(*rows, headings=TARGETS):
    """A workbook with rows of the sheet 目標."""
    return workbook(目標=[headings, *rows])


def looked(user, content):
    """What a workbook would do."""
    return look_over(read_workbook(content), user=user)


def problems(user, content):
    """[(place, sentence)] of what keeps it out."""
    return [(one.place, one.message) for one in looked(user, content).problems]


def differences(user, content):
    """[(sheet, row, heading, before, after)] of a workbook without problems."""
    result = looked(user, content)
    assert list(map(str, result.problems)) == []
    return [
        (row.sheet, row.key, cell.heading, cell.before, cell.after)
        for row in result.changes
        for cell in row.cells
    ]


def take(user, content, **options):
    """Write a workbook."""
    return take_in(read_workbook(content), user=user, file_name=FILE, **options)


def one(found):
    (single,) = found
    return single
