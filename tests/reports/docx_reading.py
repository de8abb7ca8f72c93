"""Reads a Word document back: its texts, its tables and the parts of its package."""

import io
import zipfile
from dataclasses import replace

import docx
from lxml import etree

from tests.reports.sample_report import sample_report

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
KPI_TABLE = "指標の実績"


def opened(data):
    return docx.Document(io.BytesIO(data))


def parts(data):
    """Every XML part of the package by its name."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {
            name: etree.fromstring(archive.read(name))
            for name in archive.namelist()
            if name.endswith((".xml", ".rels"))
        }


def texts(document, style):
    return [one.text for one in document.paragraphs if one.style.name == style]


def lines(table):
    """A table's rows below its head, the cells' texts joined by blanks."""
    return [" ".join(cell.text for cell in row.cells) for row in table.rows[1:]]


def tables(document, title):
    return [table for table in document.tables if described(table, "tblCaption") == title]


def described(table, name):
    return table._tbl.tblPr.find(f"{W}{name}").get(f"{W}val")


def all_text(document):
    """The text of the body, one paragraph a line, tables included."""
    return "\n".join(
        "".join(run.text or "" for run in block.iter(f"{W}t"))
        for block in document.element.body.iter(f"{W}p")
    )


def with_first_project(**changes):
    report = sample_report()
    first, second = report.projects
    return replace(report, projects=(replace(first, **changes), second))
