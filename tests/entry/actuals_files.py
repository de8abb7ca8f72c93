"""Files of actuals for tests, and what the pages of the import answer."""

import csv
import io
import re
import zipfile

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile

from kpis.models import YearlyActual

PAGE = "/plans/mihon/entry/2025/import/"
HEADERS = [
    "KPI番号", "指標名", "単位", "年度", "実績値", "速報", "未測定の理由", "集計中の予定日",
    "要因分析", "今後の方向性", "確認のひとこと", "版", "値の年度",
]  # fmt: skip
SHORT = ["KPI番号", "年度", "実績値"]
VERSIONED = [*SHORT, "版"]


def csv_bytes(*rows, encoding="utf-8-sig", delimiter=","):
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode(encoding)


def csv_rows(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def saved(book):
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def workbook(*rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    return book


def rewritten(content, change, *extra):
    """A workbook with parts changed or added."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
        for name, text in extra:
            new.writestr(name, text)
    return target.getvalue()


def actual(kpi, year=2025):
    """What is recorded; None if nothing is."""
    return YearlyActual.objects.filter(kpi=kpi, fiscal_year=year).first()


def one(found):
    (single,) = found
    return single


def preview(client, content, name="実績.csv", page=PAGE):
    return client.post(page, {"file": SimpleUploadedFile(name, content)})


def confirm(client, answer, page=PAGE):
    """Press the preview's button."""
    return client.post(page, {"confirmed": answer.context["signed"]}, follow=True)


def take(client, *rows):
    return confirm(client, preview(client, csv_bytes(*rows)))


def problems(answer):
    """[(place, sentence)], as the page lists them."""
    return [(one.place, one.message) for one in answer.context["problems"]]


def refusal(answer):
    """The sentence that refuses the whole file."""
    return answer.context["file_problem"]


def differences(answer):
    """[(KPI, field, old, new)] of the preview."""
    return [
        (change.series.definition.code, one.label, one.old, one.new)
        for change in answer.context["result"].changed
        for one in change.differences
    ]


def said(answer):
    return [str(one) for one in answer.context["messages"]]


def as_text(answer):
    """What a page says, without its markup."""
    body = re.sub(r"<[^>]+>", "", answer.content.decode())
    return re.sub(r"\s+", " ", body)
