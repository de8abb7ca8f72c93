"""Every figure of the report's KPIs stands in its PDF, on its KPI's row, in the table's order."""

from kpis.achievement import MINUS_IN_PRINT, NOTHING, display, display_value
from reports.annual.document import AnnualReport, ReportKpi, ReportYear
from reports.renderers.pdf import render_pdf
from tests.reports.pdf_reading import lines, pages_by_pdfium, reader_of
from tests.reports.sample_report import sample_report

MARKS = {"provisional": "速", "reference": "参"}
REFERENCE = 5


def value(number, kpi):
    return display_value(number, kpi.decimal_places, minus=MINUS_IN_PRINT)


def actual(year: ReportYear, kpi: ReportKpi) -> str:
    if year.actual is None:
        return year.state_label
    return MARKS.get(year.state, "") + value(year.actual, kpi)


def total(year: ReportYear, kpi: ReportKpi) -> str:
    if year.total is None:
        return NOTHING
    mark = MARKS["reference"] if year.absence_code == REFERENCE else ""
    return mark + value(year.total, kpi)


def ends_of_row(kpi: ReportKpi, report: AnnualReport) -> list[str]:
    now = kpi.latest
    return [
        total(now, kpi),
        *(
            display(rate, bounds=report.bounds, minus=MINUS_IN_PRINT)
            for rate in (now.achievement, now.progress)
        ),
        f"{now.rating_symbol or NOTHING} {now.rating_label or now.absence_label}",
    ]


def row_in_project(kpi: ReportKpi, report: AnnualReport) -> str:
    wanted = [kpi.code, kpi.unit, value(kpi.baseline, kpi), value(kpi.final_target, kpi)]
    wanted += [value(kpi.latest.expected, kpi), *(actual(year, kpi) for year in kpi.years)]
    wanted += ["…"] * (report.last_year - report.fiscal_year)
    return " ".join(wanted + ends_of_row(kpi, report))


def end_of_row_in_annex(kpi: ReportKpi, report: AnnualReport) -> str:
    wanted = [kpi.unit, value(kpi.final_target, kpi), value(kpi.latest.expected, kpi)]
    wanted.append(actual(kpi.latest, kpi))
    return " ".join(wanted + ends_of_row(kpi, report))


def check(report: AnnualReport, *, count: int) -> None:
    found = lines(pages_by_pdfium(render_pdf(report)))
    annex = found[found.index("資料") :]
    rows = [row_in_project(kpi, report) for kpi in report.kpis]
    ends = [end_of_row_in_annex(kpi, report) for kpi in report.kpis]

    assert len(rows) == count
    assert [line for line in found if line in rows] == rows
    # The name before the unit may take several lines.
    assert [end for end in ends if not any(line.endswith(end) for line in annex)] == []


def test_every_figure_of_the_sample_is_on_its_kpis_row():
    check(sample_report(), count=8)


def test_every_figure_of_the_real_plan_is_on_its_kpis_row(real_report):
    check(real_report, count=16)


def test_real_plan_is_a_light_file_of_few_pages(real_report):
    data = render_pdf(real_report)

    assert len(data) < 1_000_000
    # A cover, the contents, the guide and the summary; eight projects; the annex.
    assert 4 + 8 <= len(reader_of(data).pages) <= 4 + 2 * 8 + 4
