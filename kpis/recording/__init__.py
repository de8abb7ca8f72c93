"""The one path that writes what a fiscal year brought, and that closes years.

Every form, import, admin page, loader and test goes through here: permission,
closing, version, validation and history, in one transaction.
"""

from kpis.recording.actuals import (
    ActualChange,
    ActualEntry,
    Recorded,
    delete_actual,
    past_versions,
    problems_of,
    record_actual,
    record_actuals,
    same_content,
)
from kpis.recording.closing import (
    close_fiscal_year,
    later_closed_years,
    lock_plan,
    reopen_fiscal_year,
)
from kpis.recording.refusals import Kind, RecordingRefused, Refusal, person_name
from kpis.recording.yearly_texts import (
    ProgressEntry,
    RecordedTexts,
    ReviewEntry,
    TextChange,
    past_texts,
    record_initiative_progress,
    record_initiatives_progress,
    record_project_review,
    record_project_reviews,
    refuse_reviewer,
    same_texts,
    withdraw_initiative_progress,
)

__all__ = [
    "ActualChange",
    "ActualEntry",
    "Kind",
    "ProgressEntry",
    "Recorded",
    "RecordedTexts",
    "RecordingRefused",
    "Refusal",
    "ReviewEntry",
    "TextChange",
    "close_fiscal_year",
    "delete_actual",
    "later_closed_years",
    "lock_plan",
    "past_texts",
    "past_versions",
    "person_name",
    "problems_of",
    "record_actual",
    "record_actuals",
    "record_initiative_progress",
    "record_initiatives_progress",
    "record_project_review",
    "record_project_reviews",
    "refuse_reviewer",
    "reopen_fiscal_year",
    "same_content",
    "same_texts",
    "withdraw_initiative_progress",
]
