"""What a correction has changed in what was reported, and its end as somebody has looked at it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from kpis.permissions import User
from kpis.recording.closing import lock_plan, refused
from kpis.recording.correction import end_correction
from projects.models import Correction, Strategy
from projects.plans import lock_plans
from reports.annual.comparison import changes_between
from reports.annual.document import ReportChange
from reports.annual.kept import assembled_today, latest_content, report_in, sha256_of
from reports.annual.serialisation import content_to_json
from reports.models import KeptContent


@dataclass(frozen=True, slots=True)
class CorrectedYear:
    """One year that stands reopened: everything in which it reads otherwise than what was kept.

    `kept` is None where nothing was. `document` is what would be kept at the end, as the
    `number`th closing.
    """

    strategy: Strategy
    fiscal_year: int
    kept: KeptContent | None
    changes: tuple[ReportChange, ...]
    document: str

    @property
    def number(self) -> int:
        """Which closing of the year would follow."""
        return self.kept.number + 1 if self.kept else 1


def corrected_years(correction: Correction) -> list[CorrectedYear]:
    """Every year of a correction and of those that it leads, in order."""
    followers = correction.followers.select_related("strategy").order_by("pk")
    return [
        _corrected(one.strategy, year) for one in (correction, *followers) for year in one.years
    ]


def fingerprint_of(years: Sequence[CorrectedYear]) -> str:
    """A hash of all that would be kept at the end."""
    return sha256_of("\n".join(one.document for one in years))


def end_as_seen(correction: Correction, *, user: User, seen: str) -> Correction:
    """End a correction with the contents of which somebody has looked at the differences.

    `seen` is their fingerprint. Raises like `end_correction`, and RecordingRefused where something
    was changed since.
    """
    with transaction.atomic():
        lock_plans()
        lock_plan(correction.strategy)
        if fingerprint_of(corrected_years(correction)) != seen:
            raise refused(
                "この画面を開いたあとに、改めている年度の内容が変わりました。"
                "まだ締め直していません。今の違いを確かめてください。"
            )
        return end_correction(correction.strategy, user=user)


def _corrected(strategy: Strategy, fiscal_year: int) -> CorrectedYear:
    kept = latest_content(strategy, fiscal_year)
    today = assembled_today(strategy, fiscal_year, made_at=kept.made_at if kept else None)
    changes = changes_between(report_in(kept), today) if kept else ()
    return CorrectedYear(strategy, fiscal_year, kept, changes, content_to_json(today))
