"""The contents of closed years: kept with each closing, read wherever such a year is reported."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, Max, OuterRef, QuerySet
from django.utils import timezone

from kpis.recording.closing import Turn
from projects.models import FiscalYearClosing, Strategy
from reports.annual.assembly.years import assemble_years
from reports.annual.document import AnnualReport
from reports.annual.serialisation import content_from_json, content_to_json
from reports.models import KeptContent


def keep_contents(closings: Sequence[FiscalYearClosing], turn: Turn) -> None:
    """Keep what is reported of years of a plan that are closed, as they stand in that moment."""
    if turn is not Turn.CLOSED or not closings:
        return
    today = _assembled_now(closings[0].strategy_id, [one.fiscal_year for one in closings])
    for closing in closings:
        _keep(
            closing,
            today[closing.fiscal_year],
            made_at=closing.closed_at,
            made_by_name=closing.closed_by_name,
            reason=closing.correction.why if closing.correction else "",
        )


def keep_missing(**_signal: Any) -> None:
    """Keep the contents of years that were closed before contents were, as they are today.

    Done after the database is migrated; one query where nothing is missing.
    """
    kept = KeptContent.objects.filter(
        strategy=OuterRef("strategy"), fiscal_year=OuterRef("fiscal_year")
    )
    missing = FiscalYearClosing.objects.filter(~Exists(kept)).select_related("strategy")
    for closing in missing.order_by("strategy", "fiscal_year"):
        today = _assembled_now(closing.strategy_id, [closing.fiscal_year])
        _keep(closing, today[closing.fiscal_year], made_at=timezone.now())


def contents_of_closed(strategies: Sequence[Strategy]) -> QuerySet[KeptContent]:
    """What was kept last of each year of some plans that stands closed now, in order."""
    closed = FiscalYearClosing.objects.filter(
        strategy=OuterRef("strategy"), fiscal_year=OuterRef("fiscal_year")
    )
    later = KeptContent.objects.filter(
        strategy=OuterRef("strategy"),
        fiscal_year=OuterRef("fiscal_year"),
        number__gt=OuterRef("number"),
    )
    found = KeptContent.objects.filter(Exists(closed), ~Exists(later), strategy__in=strategies)
    return found.select_related("strategy").order_by("strategy", "fiscal_year")


def latest_content(strategy: Strategy, fiscal_year: int) -> KeptContent | None:
    """What was kept last of a year, which may stand reopened; None before its first closing."""
    found = KeptContent.objects.filter(strategy=strategy, fiscal_year=fiscal_year)
    return found.order_by("-number").first()


def report_of_year(
    strategy: Strategy, fiscal_year: int, *, made_at: datetime | None = None
) -> AnnualReport:
    """A year's report without an issue: of a closed year what is kept, else as things stand.

    `made_at` is now where it isn't given.
    """
    made_at = timezone.localtime(made_at).replace(microsecond=0)
    kept = contents_of_closed([strategy]).filter(fiscal_year=fiscal_year).first()
    if kept is None:
        return assembled_today(strategy, fiscal_year, made_at=made_at)
    report = report_in(kept, made_at)
    return replace(
        report,
        # What is shown as made up stays so.
        is_sample=report.is_sample or settings.DEMO,
        # Of the issue, not of the year.
        data_licence=strategy.data_licence,
        contact=strategy.contact,
    )


def report_in(kept: KeptContent, made_at: datetime | None = None) -> AnnualReport:
    """The report that a kept content holds, as a draft of that moment (the content's own)."""
    return content_from_json(kept.document, timezone.localtime(made_at or kept.made_at))


def assembled_today(
    strategy: Strategy, fiscal_year: int, *, made_at: datetime | None = None
) -> AnnualReport:
    """A year's report as today's rows give it, whatever was kept of it."""
    return assemble_years(strategy, {fiscal_year: made_at})[fiscal_year]


def closings_counted(strategy: Strategy) -> dict[int, int]:
    """How many contents are kept of each year of a plan (one query)."""
    kept = KeptContent.objects.filter(strategy=strategy).order_by().values("fiscal_year")
    return dict(kept.annotate(count=Count("pk")).values_list("fiscal_year", "count"))


def sha256_of(document: str) -> str:
    """The hash by which a kept document is known."""
    return hashlib.sha256(document.encode()).hexdigest()


def _assembled_now(strategy_id: int, years: Iterable[int]) -> dict[int, AnnualReport]:
    # As the database has it: what is at hand may be an older copy.
    return assemble_years(Strategy.objects.get(pk=strategy_id), dict.fromkeys(years))


def _keep(
    closing: FiscalYearClosing,
    report: AnnualReport,
    *,
    made_at: datetime,
    made_by_name: str = "",
    reason: str = "",
) -> None:
    of_year = KeptContent.objects.filter(
        strategy=closing.strategy_id, fiscal_year=closing.fiscal_year
    )
    document = content_to_json(report)
    KeptContent.objects.create(
        strategy_id=closing.strategy_id,
        fiscal_year=closing.fiscal_year,
        number=(of_year.aggregate(last=Max("number"))["last"] or 0) + 1,
        made_at=made_at,
        made_by_name=made_by_name,
        reason=reason,
        document=document,
        document_sha256=sha256_of(document),
    )
