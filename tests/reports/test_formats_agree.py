"""Every figure of the report stands in every format, on the line or row that it belongs to."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from itertools import pairwise

import docx
import pytest

from kpis.achievement import MINUS_IN_PRINT, display, display_value
from reports.annual.document import AnnualReport, ReportKpi, ReportStanding
from reports.renderers.csv import HEADER, render_csv
from reports.renderers.docx import render_docx
from reports.renderers.pdf import render_pdf
from reports.renderers.xlsx import render_xlsx
from tests.reports.pdf_reading import lines, pages_by_pdfium
from tests.reports.sample_report import sample_report
from tests.reports.workbooks import opened


@dataclass(frozen=True)
class Figure:
    """A figure as it is printed, and the word that names its line: a code, a name."""

    place: str
    text: str


@pytest.fixture(params=["sample", "real plan"])
def report(request):
    return sample_report() if request.param == "sample" else request.getfixturevalue("real_report")


def figures(report: AnnualReport) -> Iterator[Figure]:
    """Everything that the report counts or measures, but the rates of years gone by (CSV only)."""
    for kpi in report.kpis:
        yield from _of_kpi(kpi, report)
    for project in report.projects:
        yield from _of_standing(project.code, project.standing, report)
        for one in project.initiatives:
            if one.cost is not None:
                yield Figure(" ".join(one.name.split()), f"{one.cost:,}")
    for moved in report.movements.moved if report.movements else ():
        yield Figure(moved.code, _rate(moved.before_rate, report))
        yield Figure(moved.code, _rate(moved.after_rate, report))
    for revision in report.revisions:
        for value in (revision.before, revision.after):
            yield Figure(revision.code, _shown(value, revision.decimal_places))


def _of_kpi(kpi: ReportKpi, report: AnnualReport) -> Iterator[Figure]:
    now = kpi.latest
    values = [kpi.baseline, kpi.final_target, now.expected, now.total]
    for value in (*values, *(year.actual for year in kpi.years)):
        if value is not None:
            yield Figure(kpi.code, _shown(value, kpi.decimal_places))
    for rate in (now.achievement, now.progress):
        if rate is not None:
            yield Figure(kpi.code, _rate(rate, report))
    if now.rating_symbol:
        yield Figure(kpi.code, f"{now.rating_symbol} {now.rating_label}")


def _of_standing(place: str, standing: ReportStanding, report: AnnualReport) -> Iterator[Figure]:
    for mean, count in (
        (standing.achievement_mean, standing.achievement_count),
        (standing.progress_mean, standing.progress_count),
    ):
        if mean is not None:
            yield Figure(place, _rate(mean, report))
        yield Figure(place, f"{standing.kpi_count}指標中{count}指標")


def _shown(value: Decimal, decimals: int) -> str:
    return display_value(value, decimals, minus=MINUS_IN_PRINT)


def _rate(rate: Decimal, report: AnnualReport) -> str:
    return display(rate, bounds=report.bounds, minus=MINUS_IN_PRINT)


def absent(report: AnnualReport, rows: list[str]) -> list[Figure]:
    """The figures that stand on none of the rows that name their place."""
    return [
        figure
        for figure in figures(report)
        if not any(figure.place in row and _holds(row, figure.text) for row in rows)
    ]


def _holds(row: str, text: str) -> bool:
    """Whether a row has the text as a figure of its own: 50 is not in 150 nor in 50.0."""
    at = row.find(text)
    while at >= 0:
        before, after = row[at - 1 : at], row[at + len(text) : at + len(text) + 1]
        if not (before.isdigit() or before in (".", ",") or after.isdigit() or after in (".", ",")):
            return True
        at = row.find(text, at + 1)
    return False


def test_figure_stands_on_its_line_of_the_pdf(report):
    rows = lines(pages_by_pdfium(render_pdf(report)))
    # A long name stands above its figures.
    pairs = [f"{one} {two}" for one, two in pairwise(rows)]

    assert absent(report, [*rows, *pairs]) == []


def test_figure_stands_in_its_row_of_the_word_file(report):
    document = docx.Document(io.BytesIO(render_docx(report)))
    rows = [
        " ".join(" ".join(cell.text.split()) for cell in row.cells)
        for table in document.tables
        for row in table.rows
    ]

    assert absent(report, rows) == []


def test_figure_is_a_number_in_its_row_of_the_workbook(report):
    rows = [
        row for sheet in opened(render_xlsx(report)) for row in sheet.iter_rows(values_only=True)
    ]

    def has(row: tuple[object, ...], figure: Figure) -> bool:
        texts = [" ".join(str(cell).split()) for cell in row if cell is not None]
        if not any(figure.place in text for text in texts):
            return False
        number = _number(figure.text)
        if number is None:
            return any(figure.text in text for text in texts)
        return any(isinstance(one, int | float) and Decimal(str(one)) == number for one in row)

    assert [one for one in figures(report) if not any(has(row, one) for row in rows)] == []


def test_figure_stands_in_its_column_of_the_csv(report):
    rows = list(csv.DictReader(io.StringIO(render_csv(report).decode("utf-8-sig"))))
    found = {(row["指標コード"], int(row["会計年度（年）"])): row for row in rows}

    assert list(rows[0]) == list(HEADER)
    for kpi in report.kpis:
        for year in kpi.years:
            row = found.pop((kpi.code, year.fiscal_year))
            shown = {
                "指標基準値": _bare(kpi.baseline, kpi),
                "最終目標値": _bare(year.final_target, kpi),
                "年度目安値": _bare(year.expected, kpi),
                "指標実績値": _bare(year.actual, kpi),
                "指標累計値": _bare(year.total, kpi),
                "達成率（%）": _bare_rate(year.achievement, report),
                "進捗率（%）": _bare_rate(year.progress, report),
                "評価区分": year.rating_symbol,
            }
            assert {name: row[name] for name in shown} == shown
    assert found == {}


def _bare(value: Decimal | None, kpi: ReportKpi) -> str:
    return "" if value is None else _ascii(_shown(value, kpi.decimal_places))


def _bare_rate(rate: Decimal | None, report: AnnualReport) -> str:
    return "" if rate is None else _ascii(_rate(rate, report))


def _ascii(text: str) -> str:
    return text.replace(MINUS_IN_PRINT, "-").replace(",", "").removesuffix("%")


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(_ascii(text))
    except InvalidOperation:
        return None


def test_figure_that_is_not_printed_is_missed():
    report = sample_report()
    rows = lines(pages_by_pdfium(render_pdf(report)))
    first, second = report.projects
    kpi = first.kpis[0]
    now = replace(kpi.latest, actual=Decimal(8), progress=Decimal("104.9"))
    changed = replace(first, kpis=(replace(kpi, years=(*kpi.years[:-1], now)), *first.kpis[1:]))

    assert absent(replace(report, projects=(changed, second)), rows) == [
        Figure("P1-1", "8"),
        Figure("P1-1", "104.9%"),
    ]
