"""The one path that writes what a fiscal year brought, and that closes and corrects years.

Every form, import, admin page, loader and test goes through here: permission,
closing, version, validation and history, in one transaction (`engine`).
"""

from kpis.recording.actuals import (
    ACTUALS,
    ActualEntry,
    as_stated,
    delete_actual,
    problems_of,
    record_actual,
    record_actuals,
)
from kpis.recording.closing import (
    close_fiscal_year,
    close_years_through,
    correction_under_way,
    lock_plan,
)
from kpis.recording.correction import begin_correction, end_correction, give_up_correction
from kpis.recording.deciding import decide_as_proposed
from kpis.recording.engine import KEPT, Change, Recorded, Unstated, YearlyRecords
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
    "KEPT",
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
    "Unstated",
    "YearlyRecords",
    "as_stated",
    "begin_correction",
    "close_fiscal_year",
    "close_years_through",
    "closed_where_counted",
    "correction_under_way",
    "counting_kpis",
    "decide_as_proposed",
    "delete_actual",
    "end_correction",
    "give_up_correction",
    "lock_plan",
    "problems_of",
    "record_actual",
    "record_actuals",
    "record_initiative_progress",
    "record_initiatives_progress",
    "record_project_review",
    "record_project_reviews",
    "refuse_reviewer",
    "withdraw_initiative_progress",
]
