"""The one path that writes what a fiscal year brought, and that closes years.

Every form, import, admin page, loader and test goes through here: permission,
closing, version, validation and history, in one transaction (`engine`).
"""

from kpis.recording.actuals import (
    ACTUALS,
    ActualEntry,
    delete_actual,
    problems_of,
    record_actual,
    record_actuals,
)
from kpis.recording.closing import (
    close_fiscal_year,
    later_closed_years,
    lock_plan,
    reopen_fiscal_year,
)
from kpis.recording.engine import Change, Recorded, YearlyRecords
from kpis.recording.initiative_progress import (
    PROGRESS,
    ProgressEntry,
    record_initiative_progress,
    record_initiatives_progress,
    withdraw_initiative_progress,
)
from kpis.recording.refusals import Kind, RecordingRefused, Refusal
from kpis.recording.reviews import (
    REVIEWS,
    ReviewEntry,
    record_project_review,
    record_project_reviews,
    refuse_reviewer,
)
from kpis.recording.shared_figures import closed_where_counted, counting_kpis

__all__ = [
    "ACTUALS",
    "PROGRESS",
    "REVIEWS",
    "ActualEntry",
    "Change",
    "Kind",
    "ProgressEntry",
    "Recorded",
    "RecordingRefused",
    "Refusal",
    "ReviewEntry",
    "YearlyRecords",
    "close_fiscal_year",
    "closed_where_counted",
    "counting_kpis",
    "delete_actual",
    "later_closed_years",
    "lock_plan",
    "problems_of",
    "record_actual",
    "record_actuals",
    "record_initiative_progress",
    "record_initiatives_progress",
    "record_project_review",
    "record_project_reviews",
    "refuse_reviewer",
    "reopen_fiscal_year",
    "withdraw_initiative_progress",
]
