"""The formats of the report: under which name each is made, and how.

A renderer takes an `AnnualReport` and returns bytes, the same for the same
report. Those with a heavy library behind load it when they first render.
"""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from common.fiscal_year import wareki
from reports.annual.document import AnnualReport
from reports.renderers.csv import render_csv
from reports.renderers.pdf import render_pdf
from reports.renderers.xlsx import render_xlsx

# The files whose names say no more than the report's; a browser shows some and saves the rest.
_FOR_PEOPLE = "annual-report"
_SHOWN = ("pdf",)

Renderer = Callable[[AnnualReport], bytes]


@dataclass(frozen=True, slots=True)
class Format:
    """One format: the name of its file, what it is called on pages, and its renderer."""

    name: str
    label: str
    content_type: str
    render: Renderer


def _render_docx(report: AnnualReport) -> bytes:
    from reports.renderers.docx import render_docx  # noqa: PLC0415 (heavy: see above)

    return render_docx(report)


def _render_open_data(report: AnnualReport) -> bytes:
    from reports.renderers.open_data import render_open_data  # noqa: PLC0415 (heavy: see above)

    return render_open_data(report)


_OFFICE = "application/vnd.openxmlformats-officedocument"

FORMATS: dict[str, Format] = {
    one.name: one
    for one in (
        Format("annual-report.pdf", "PDF", "application/pdf", render_pdf),
        Format(
            "annual-report.docx",
            "Word",
            f"{_OFFICE}.wordprocessingml.document",
            _render_docx,
        ),
        Format("annual-report.xlsx", "Excel", f"{_OFFICE}.spreadsheetml.sheet", render_xlsx),
        Format("annual-report.csv", "CSV", "text/csv; charset=utf-8", render_csv),
        Format("open-data.zip", "オープンデータ（ZIP）", "application/zip", _render_open_data),
    )
}


def content_disposition(
    name: str, fiscal_year: int, edition: int | None, title: str, plan: str = ""
) -> str:
    """How a browser names a file: `annual-report-2025-2.pdf`, and in Japanese.

    `edition` is None for a draft, `title` what the report is called (年次報告書); `plan` is
    `-<code>` where the name has to say whose it is.
    """
    stem, _dot, extension = name.partition(".")
    number = "" if edition is None else f"-{edition}"
    label = "案" if edition is None else f"第{edition}版"
    content = "" if stem == _FOR_PEOPLE else "_オープンデータ"
    full = f"{wareki(fiscal_year)}{title}{content}_{label}{plan}.{extension}"
    how = "inline" if extension in _SHOWN else "attachment"
    plain = f"{stem}{plan}-{fiscal_year}{number}.{extension}"
    return f"{how}; filename=\"{plain}\"; filename*=UTF-8''{quote(full)}"


class ReportFileConverter:
    """`annual-report.pdf`, `open-data.zip`: a file of a report in a URL, known or not."""

    regex = r"(?:annual-report|open-data)\.[a-z]*"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value
