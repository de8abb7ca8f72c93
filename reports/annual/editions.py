"""Drafts and issued editions of the annual report: what stands before, and issuing the next.

Issuing assembles the document once, renders every format from what is kept of
it, and keeps both with their hashes. Nothing changes them afterwards
(`reports.models`).
"""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import cast

from django.contrib.auth.models import AnonymousUser, User
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.audit import Kind as Audited
from accounts.audit import note
from common.fiscal_year import wareki, wareki_date
from common.people import name_of
from common.reading.texts import clean_text, too_long
from kpis.permissions import may_issue
from kpis.plan_states import denied
from kpis.publication import missing_terms
from kpis.recording import lock_plan
from kpis.recording.closing import corrected_meanwhile, correction_under_way
from kpis.series import closed_years
from projects.models import Strategy
from reports.annual.comparison import compared
from reports.annual.document import AnnualReport
from reports.annual.kept import report_of_year, sha256_of
from reports.annual.serialisation import from_json, to_json
from reports.formats import FORMATS
from reports.models import Edition, EditionFile
from reports.seals import Occasion, make_seal, newest_seal

# Stands in for the moment of drafting, which says nothing of what a draft contains.
_ANY_MOMENT = datetime(2000, 1, 1, tzinfo=UTC)


class IssueRefused(Exception):
    """No edition was issued; the message says why in Japanese.

    `field` is `reason` or `terms` where that is what is wrong. `is_changed` says that the
    draft is not the one that was looked at.
    """

    def __init__(self, message: str, *, field: str = "", is_changed: bool = False) -> None:
        self.message, self.field, self.is_changed = message, field, is_changed
        super().__init__(message)


def draft_report(strategy: Strategy, fiscal_year: int) -> AnnualReport:
    """The report of an open year as things stand now, of a closed one as it was kept.

    With what differs from the one issued before.
    """
    draft = report_of_year(strategy, fiscal_year)
    return compared(draft, previous_report(strategy, fiscal_year))


def latest_edition(strategy: Strategy, fiscal_year: int) -> Edition | None:
    """The year's last edition, with its document."""
    return strategy.editions.filter(fiscal_year=fiscal_year).order_by("-number").first()


def previous_report(strategy: Strategy, fiscal_year: int) -> AnnualReport | None:
    """What a new report of the year is compared with, None where nothing was issued.

    The year's last edition, otherwise the last one of the latest year before.
    """
    document = (
        strategy.editions.filter(fiscal_year__lte=fiscal_year)
        .order_by("-fiscal_year", "-number")
        .values_list("document", flat=True)
        .first()
    )
    return None if document is None else from_json(document)


def next_number(strategy: Strategy, fiscal_year: int) -> int:
    """The number that the year's next edition gets; editions count from 1."""
    issued = strategy.editions.filter(fiscal_year=fiscal_year).aggregate(last=Max("number"))
    return (issued["last"] or 0) + 1


def fingerprint(report: AnnualReport) -> str:
    """A hash of everything that a report says, but not of when and as what it was made."""
    said = replace(report, edition=None, made_at=_ANY_MOMENT, reason="", seal="")
    return sha256_of(to_json(said))


def refuse_issuer(user: User | AnonymousUser, strategy: Strategy) -> User:
    """The user, who may issue editions of the plan now; PermissionDenied for anybody else."""
    if isinstance(user, AnonymousUser) or not may_issue(user, strategy):
        who = "報告書の版を発行するのは、企画担当と管理職です。"
        raise denied(strategy, who, not_yet="報告書の発行")
    return user


def issue_edition(
    strategy: Strategy,
    fiscal_year: int,
    *,
    user: User | AnonymousUser,
    reason: str = "",
    expected: str = "",
) -> Edition:
    """Issue the next edition of a closed year, in every format.

    `expected` is the fingerprint of the draft that the user looked at, empty for
    whatever stands. Raises PermissionDenied, or IssueRefused: the year is open, the plan says
    nothing of its open data's terms, a later edition has no reason, the clock stands before the
    report that it follows, or the draft is another one by now.
    """
    strategy = Strategy.objects.get(pk=strategy.pk)
    issuer = refuse_issuer(user, strategy)
    reason = clean_text(reason)
    issued_at = timezone.now().replace(microsecond=0)
    seal = newest_seal()
    draft = partial(_next_report, strategy, fiscal_year, issued_at, reason, str(seal or ""))
    report = draft()
    _check_clock(strategy, fiscal_year, issued_at)
    if expected and fingerprint(report) != expected:
        raise _changed(strategy, fiscal_year)
    _check_terms(report)
    _check_reason(report, reason)
    document = to_json(report)
    # Before the lock: a large plan takes seconds, in which nobody else could save.
    contents = _rendered(document)
    with transaction.atomic():
        lock_plan(strategy)
        strategy.refresh_from_db()
        refuse_issuer(user, strategy)  # it may have ended meanwhile
        if to_json(draft()) != document:
            raise _changed(strategy, fiscal_year)
        edition = Edition.objects.create(
            strategy=strategy,
            fiscal_year=fiscal_year,
            number=cast(int, report.edition),
            title=report.title,
            issued_at=issued_at,
            issued_by=issuer,
            issued_by_name=name_of(issuer),
            reason=reason,
            document=document,
            document_sha256=sha256_of(document),
            file_count=len(contents),
        )
        EditionFile.objects.bulk_create(
            EditionFile(
                edition=edition,
                name=name,
                content_type=FORMATS[name].content_type,
                content=content,
                size=len(content),
                sha256=_sha256(content),
            )
            for name, content in contents.items()
        )
        why = f"（理由：{reason}）" if reason else ""
        note(Audited.EDITION, f"{strategy.name}の{edition}を発行した{why}", user=user)
        make_seal(Occasion.ISSUE, f"{strategy} {edition}")
    return edition


def _next_report(
    strategy: Strategy, fiscal_year: int, issued_at: datetime, reason: str, seal: str
) -> AnnualReport:
    """What the year's next edition says; IssueRefused for a year that is not closed."""
    if fiscal_year not in closed_years(strategy):
        raise IssueRefused(
            corrected_meanwhile(correction)
            if (correction := correction_under_way(strategy)) and fiscal_year in correction.years
            else f"{wareki(fiscal_year)}は締められていません。年度を締めると発行できます。"
        )
    report = compared(
        report_of_year(strategy, fiscal_year, made_at=issued_at),
        previous_report(strategy, fiscal_year),
    )
    return replace(report, edition=next_number(strategy, fiscal_year), reason=reason, seal=seal)


def _check_clock(strategy: Strategy, fiscal_year: int, issued_at: datetime) -> None:
    """Refuse a moment before the plan's last edition, or before the year was closed."""
    last = strategy.editions.defer("document").order_by("-pk").first()
    closing = strategy.closings.get(fiscal_year=fiscal_year)
    before = [(f"{wareki(fiscal_year)}を締めた日時", closing.closed_at.replace(microsecond=0))]
    if last is not None:
        before.append((f"ひとつ前に発行した{last}の発行日時", last.issued_at))
    what, latest = max(before, key=lambda one: one[1])
    if issued_at < latest:
        raise IssueRefused(
            f"サーバーの時計（{_written(issued_at)}）が、{what}（{_written(latest)}）より前です。"
            "時計が戻されたか、そのとき進んでいました。発行していません。"
            "システムの管理者に時計を合わせてもらい、もう一度発行してください。"
        )


def _written(moment: datetime) -> str:
    local = timezone.localtime(moment)
    return f"{wareki_date(local.date())} {local:%H時%M分%S秒}"


def _check_terms(report: AnnualReport) -> None:
    missing = missing_terms(report)
    if missing:
        raise IssueRefused(
            f"オープンデータの{'と'.join(missing)}が決まっていないため、発行できません。"
            "企画担当が「公開の条件」で決めると、発行できます。",
            field="terms",
        )


def _check_reason(report: AnnualReport, reason: str) -> None:
    if problem := too_long("この版を出す理由", reason):
        raise IssueRefused(problem, field="reason")
    if not reason and report.edition != 1:
        raise IssueRefused(
            "この版を出す理由を書いてください。何を直したかが、前の版を読んだ人に伝わります。",
            field="reason",
        )


def _rendered(document: str) -> dict[str, bytes]:
    """Every format's bytes by file name, from the document as it is kept."""
    report = from_json(document)
    return {name: one.render(report) for name, one in FORMATS.items()}


def _changed(strategy: Strategy, fiscal_year: int) -> IssueRefused:
    """Why the draft is not the one that was looked at: an edition came between, or a change."""
    last = strategy.editions.filter(fiscal_year=fiscal_year).defer("document").first()
    between = (
        f"いまの最新は、{last.issued_by_name}さんが"
        f"{timezone.localtime(last.issued_at):%H時%M分}に発行した{last.label}です。"
        if last is not None and timezone.localdate(last.issued_at) == timezone.localdate()
        else ""
    )
    return IssueRefused(
        f"確認の画面を開いたあとに、報告書の内容が変わりました。{between}"
        "発行していません。今の内容を確かめてください。",
        is_changed=True,
    )


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
