"""Writes the report's sheets in their order."""

from itertools import chain

from reports.annual.document import AnnualReport
from reports.renderers.clean_text import clean_line
from reports.renderers.xlsx.annex import write_changes, write_definitions, write_kpi_list
from reports.renderers.xlsx.book import Book
from reports.renderers.xlsx.figures import kpi_figures
from reports.renderers.xlsx.front import write_contents, write_cover, write_guide
from reports.renderers.xlsx.goals import write_goals
from reports.renderers.xlsx.project import write_project
from reports.renderers.xlsx.summary import write_summary


def write_report(report: AnnualReport) -> bytes:
    """The whole workbook: cover, guide, summary, a sheet a project, annexes."""
    book = Book(report)
    rows = [
        [(project, kpi, kpi_figures(kpi, report)) for kpi in project.kpis]
        for project in report.projects
    ]
    cover = write_cover(book)
    titles = [write_guide(book), write_summary(book)]
    if report.goals:
        titles.append(write_goals(book))
    for project, own in zip(report.projects, rows, strict=True):
        write_project(book, project, [figures for *_, figures in own])
        titles.append(f"{clean_line(project.sign)}　{clean_line(project.name)}")
    if not report.has_goals_alone:  # whose sheet lists them all
        titles.append(write_kpi_list(book, list(chain.from_iterable(rows))))
    titles += [write_changes(book), write_definitions(book, report.all_kpis)]
    names = [sheet.get_name() for sheet in book.workbook.worksheets()[1:]]
    write_contents(cover, zip(names, titles, strict=True))
    return book.content()
