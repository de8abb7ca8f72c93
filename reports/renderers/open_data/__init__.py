"""The data for machines, in one archive: figures, definitions, codes and what they mean.

Follows the Digital Agency's machine-readability rules (機械判読性); the files
are named in docs/interface.md, Data files.
"""

import io
import zipfile

from common.spreadsheets.writing import csv_file
from common.spreadsheets.xlsx_writing import data_workbook
from reports.annual.document import AnnualReport
from reports.renderers.csv import csv_header, csv_rows
from reports.renderers.open_data.codes import codes_csv
from reports.renderers.open_data.indicators import indicators_csv
from reports.renderers.open_data.projects import (
    PROJECT_RATINGS,
    has_judged_projects,
    project_ratings_csv,
)
from reports.renderers.open_data.readme import readme_text

_REGULAR_FILE = 0o644 << 16
# What made the archive, in the format's own numbers: 3 is Unix, on Windows too.
_UNIX = 3


def render_open_data(report: AnnualReport) -> bytes:
    """The archive as ZIP; the same report always gives the same bytes."""
    header, rows = csv_header(report), list(csv_rows(report))
    files = {
        "readme.txt": readme_text(report),
        "kpi_actuals.csv": csv_file(header, rows),
        "kpi_actuals.xlsx": data_workbook("kpi_actuals", header, rows, made_at=report.made_at),
        "kpi_indicators.csv": indicators_csv(report),
        "codes.csv": codes_csv(report),
        **({PROJECT_RATINGS: project_ratings_csv(report)} if has_judged_projects(report) else {}),
    }
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            part = zipfile.ZipInfo(name, report.made_at.timetuple()[:6])
            part.compress_type = zipfile.ZIP_DEFLATED
            part.external_attr = _REGULAR_FILE
            part.create_system = _UNIX
            archive.writestr(part, content)
    return written.getvalue()
