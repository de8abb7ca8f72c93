"""Workbooks of the plan with a few cells changed by chance."""

import io
import random

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile

from benchmarks.fuzzing.inputs import text
from benchmarks.fuzzing.pages import PLAN_CODE, Site

_PAGE = f"/plans/{PLAN_CODE}/workbook/"
# Texts like those of cells that refer to others, or say what becomes of a row.
_TELLING = (
    "P1-1", "P1-1①", "P1-1（令和6年度〜）", "P1(1)", "P1(1", "P1-0", "G0-1", "G9-1", "G①-1", "DEC1",
    f"{PLAN_CODE}:P1-1", "x:P1-1", ":", "削除", "なし", "平均", "計画", "人", "80以上", "0.5未満",
    "増加", "10%", "5ポイント", "、", "／", "2026-04-01", "令和6", "R20", "1" * 30, "9" * 5000,
)  # fmt: skip


def post_workbooks(site: Site, chance: random.Random, count: int) -> None:
    """Workbooks at their page; what it shows without a fault is confirmed."""
    exported = site.client.get(f"/plans/{PLAN_CODE}/workbook.xlsx").content
    for _time in range(count):
        file = SimpleUploadedFile("計画.xlsx", _changed(chance, exported))
        answer = site.post("workbooks", _PAGE, {"file": file})
        signed = (getattr(answer, "context", None) or {}).get("signed")
        if signed:
            site.post("confirmations", _PAGE, {"confirmed": signed})


def _changed(chance: random.Random, content: bytes) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(content))
    for _cell in range(chance.choice((1, 1, 2, 4))):
        sheet = chance.choice([one for one in book.worksheets if one.max_row > 1])
        last = sheet.max_row + (chance.random() < 0.3)
        cell = sheet.cell(chance.randint(2, last), chance.randint(1, sheet.max_column))
        cell.value = chance.choice(_TELLING) if chance.random() < 0.7 else _legal(text(chance))
        cell.data_type = "s"
    changed = io.BytesIO()
    book.save(changed)
    return changed.getvalue()


def _legal(written: str) -> str:
    """What XML can hold of a text."""
    return "".join(
        one
        for one in written
        if ord(one) >= 0x20 and not 0xD800 <= ord(one) < 0xE000 and ord(one) not in (0xFFFE, 0xFFFF)
    )
