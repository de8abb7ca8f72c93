"""project_ratings.csv: how people rated projects in the report's year, where they do."""

from common.fiscal_year import wareki
from common.spreadsheets.writing import Value, csv_file
from reports.annual.document import AnnualReport, ReportProject
from reports.renderers.clean_text import clean_line
from reports.renderers.csv import code_of, rate_cell
from reports.renderers.open_data.columns import prints_signs, project_columns
from reports.scale_text import has_mark

PROJECT_RATINGS = "project_ratings.csv"


def has_judged_projects(report: AnnualReport) -> bool:
    """Whether people rate projects in the report's year: the office, or outside experts."""
    return report.project_scale.is_by_people or report.external_scale.rates


def project_ratings_csv(report: AnnualReport) -> bytes:
    """The ratings as CSV, a row a project in printed order."""
    rows = (_row(report, project) for project in report.projects)
    return csv_file([column.name for column in project_columns(report)], rows)


def _row(report: AnnualReport, project: ReportProject) -> tuple[Value, ...]:
    standing = project.standing
    return (
        clean_line(report.municipality_code),
        clean_line(report.municipality),
        clean_line(project.code),
        clean_line(project.name),
        report.fiscal_year,
        wareki(report.fiscal_year),
        rate_cell(standing.achievement_mean, report, report.bounds),
        rate_cell(standing.progress_mean, report, report.bounds),
        code_of(standing.rating) if has_mark(standing.rating) else "",
        code_of(standing.computed_rating),
        clean_line(project.rating_reason),
        code_of(standing.external_rating),
        *((clean_line(project.printed_sign),) if prints_signs(report) else ()),
    )
