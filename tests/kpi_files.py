"""Files of KPIs as people make them, and the way through preview and confirmation."""

import csv
import io

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

HEADERS = [
    "KPI番号", "指標名", "単位", "小数桁数", "集計方法", "目指す方向", "達成率の算式", "基準値",
    "基準値の年度", "所管課", "算出方法", "出典", "備考", "最終目標値",
]  # fmt: skip


def csv_file(*rows, encoding="utf-8-sig"):
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return SimpleUploadedFile("kpis.csv", text.getvalue().encode(encoding))


def xlsx_file(*rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    return SimpleUploadedFile("kpis.xlsx", content.getvalue())


def preview(planner, file, **more):
    at = reverse("admin:kpis_kpi_import")
    return planner.post(at, {"import_file": file, "format": "0", "resource": "0"} | more)


def confirm(planner, page, **other):
    form = page.context["confirm_form"]
    at = reverse("admin:kpis_kpi_process_import")
    return planner.post(at, {field.name: field.value() for field in form} | other, follow=True)


def take(planner, *rows):
    return confirm(planner, preview(planner, csv_file(*rows)))


def problems(page):
    """[(row, column, sentence)], as the page lists them."""
    return list(page.context["result"].problems())


def one(sentences):
    (single,) = sentences
    return single
