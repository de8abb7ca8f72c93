"""Recording one row of a year, as the product records several at a time."""

from kpis.models import Kpi, YearlyActual
from kpis.permissions import User
from kpis.recording import (
    ACTUALS,
    PROGRESS,
    REVIEWS,
    ActualEntry,
    Change,
    ProgressEntry,
    ReviewEntry,
)
from projects.models import Initiative, InitiativeProgress, Project, ProjectReview


def record_actual(
    kpi: Kpi,
    fiscal_year: int,
    entry: ActualEntry,
    *,
    user: User,
    version: int,
    reason: str = "",
) -> YearlyActual:
    """Write one KPI's actual of one fiscal year and return it.

    `version` is the one the entry was made on, 0 where there was none.
    Raises PermissionDenied, or RecordingRefused with the reasons.
    """
    change = Change(kpi.pk, entry, version)
    row: YearlyActual = ACTUALS.record_one(
        kpi.project.strategy, fiscal_year, change, user=user, reason=reason
    )
    return row


def delete_actual(
    kpi: Kpi, fiscal_year: int, *, user: User, version: int, reason: str = ""
) -> None:
    """Make a year 未入力 again; its figure stays in the history. Raises like record_actual."""
    change = Change(kpi.pk, None, version)
    ACTUALS.record_one(kpi.project.strategy, fiscal_year, change, user=user, reason=reason)


def record_initiative_progress(
    initiative: Initiative,
    fiscal_year: int,
    entry: ProgressEntry,
    *,
    user: User,
    version: int,
    reason: str = "",
) -> InitiativeProgress:
    """Write an initiative's progress of one year, at its home, and return it.

    `version` is the one the entry was made on, 0 where there was none. Raises
    PermissionDenied unless the initiative is the user's departments' (or the
    user may record any), and RecordingRefused with the reasons.
    """
    change = Change(initiative.pk, entry, version)
    row: InitiativeProgress = PROGRESS.record_one(
        initiative.strategy, fiscal_year, change, user=user, reason=reason
    )
    return row


def withdraw_initiative_progress(
    initiative: Initiative,
    fiscal_year: int,
    *,
    user: User,
    version: int,
    reason: str = "",
) -> None:
    """Make an initiative's year 未入力 again; what stood there stays in the history.

    Raises like record_initiative_progress.
    """
    change = Change(initiative.pk, None, version)
    PROGRESS.record_one(initiative.strategy, fiscal_year, change, user=user, reason=reason)


def record_project_review(
    project: Project,
    fiscal_year: int,
    entry: ReviewEntry,
    *,
    user: User,
    version: int,
    reason: str = "",
) -> ProjectReview | None:
    """Write a project's review of one year and return it; the planner alone may.

    None for a review without words, which takes back what stood there. Raises
    PermissionDenied, or RecordingRefused with the reasons.
    """
    change = Change(project.pk, entry, version)
    row: ProjectReview | None = REVIEWS.record_one(
        project.strategy, fiscal_year, change, user=user, reason=reason
    )
    return row
