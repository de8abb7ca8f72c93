"""The reports of several years of a plan, loaded once."""

from collections.abc import Mapping
from datetime import datetime

from kpis.progress import load_all_years, load_progress
from projects.models import Strategy
from reports.annual.assembly import assemble_report
from reports.annual.assembly.rows import load_rows
from reports.annual.document import AnnualReport


def assemble_years(
    strategy: Strategy, years: Mapping[int, datetime | None]
) -> dict[int, AnnualReport]:
    """Each year's report as things stand now, as a draft of its moment (None: now)."""
    if not years:
        return {}
    loaded, rows = load_all_years(strategy, with_texts=True), load_rows(strategy, years)
    return {
        year: assemble_report(
            strategy, load_progress(strategy, year, loaded=loaded), made_at=made_at, rows=rows
        )
        for year, made_at in years.items()
    }
