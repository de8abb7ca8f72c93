"""Issued editions as pages and files, and the page that issues the next one."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_http_methods, require_safe

from accounts.audit import Kind, note_reading
from kpis.permissions import may_change_plan
from kpis.plan_pages import plan_or_404, with_strategy
from kpis.publication import missing_terms
from projects.models import Strategy
from reports.annual.editions import (
    IssueRefused,
    draft_report,
    fingerprint,
    issue_edition,
    latest_edition,
    refuse_issuer,
)
from reports.annual.open_points import open_points
from reports.annual.report_choices import find_edition, is_issued_first
from reports.annual.serialisation import from_json
from reports.formats import FORMATS, content_disposition
from reports.models import Edition, EditionFile
from reports.seals import seal_of
from reports.views.page_context import report_context

# The bytes never change, but whether somebody may see them does, and which plan's edition the
# address means: a browser keeps them and asks each time, which costs no bytes.
_KEPT = "private, no-cache"


@require_http_methods(["GET", "POST"])
@with_strategy
def issue(request: HttpRequest, strategy: Strategy, fiscal_year: int) -> HttpResponse:
    """What would be issued, with what is open in it, and the button that issues it."""
    refuse_issuer(request.user, strategy)
    refused: IssueRefused | None = None
    if request.method == "POST":
        try:
            edition = issue_edition(
                strategy,
                fiscal_year,
                user=request.user,
                reason=request.POST.get("reason", ""),
                # Without one nobody has looked at what is issued.
                expected=request.POST.get("fingerprint", "") or "none",
            )
        except IssueRefused as refusal:
            refused = refusal
        else:
            messages.success(request, f"{edition}を発行しました。")
            return redirect(edition)
    draft = draft_report(strategy, fiscal_year)
    last = latest_edition(strategy, fiscal_year)
    status = 200 if refused is None else 422 if refused.field else 409
    return render(
        request,
        "reports/issue.html",
        report_context(draft)
        | {
            "is_closed": strategy.closings.filter(fiscal_year=fiscal_year).exists(),
            "last": last,
            "number": last.number + 1 if last else 1,
            "open_points": open_points(draft),
            "fingerprint": fingerprint(draft),
            "formats": FORMATS.values(),
            "typed": request.POST.get("reason", ""),
            "refused": refused,
            "missing_terms": missing_terms(draft),
            "may_change_plan": may_change_plan(request.user, strategy),
        },
        status=status,
    )


@require_safe
def edition(request: HttpRequest, plan_code: str, fiscal_year: int, number: int) -> HttpResponse:
    """An edition: when, by whom and why, its files, and what it says."""
    plan_or_404(request, plan_code)
    issued = _edition_or_404(plan_code, fiscal_year, number)
    return render(
        request,
        "reports/edition.html",
        report_context(from_json(issued.document))
        | {
            "edition": issued,
            "seal": seal_of(issued),
            "files": issued.files.defer("content").order_by("id"),
            "formats": FORMATS,
            "others": issued.strategy.editions.filter(fiscal_year=fiscal_year).defer("document"),
        },
    )


@require_safe
def edition_file(
    request: HttpRequest, plan_code: str, fiscal_year: int, number: int, name: str
) -> HttpResponseBase:
    """The bytes that were issued."""
    issued = _edition_or_404(plan_code, fiscal_year, number)
    kept = EditionFile.objects.filter(edition=issued, name=name).first()
    if kept is None:
        raise Http404(f"{issued}に「{name}」はありません。")
    etag = quote_etag(kept.sha256)
    response = HttpResponse(
        bytes(kept.content),
        content_type=kept.content_type,
        headers={
            "Content-Disposition": content_disposition(
                name,
                fiscal_year,
                number,
                issued.report_name,
                "" if is_issued_first(issued) else f"-{plan_code}",
            ),
            "Cache-Control": _KEPT,
            "ETag": etag,
        },
    )
    answer = get_conditional_response(request, etag=etag, response=response) or response
    if request.method == "GET" and answer.status_code == 200:  # not what the browser has kept
        what = f"{issued.strategy.name}の{issued} {name}"
        note_reading(Kind.DOWNLOAD, what, user=request.user)
    return answer


def _edition_or_404(plan_code: str, fiscal_year: int, number: int) -> Edition:
    issued = find_edition(plan_code, fiscal_year, number)
    if issued is None:
        raise Http404("その版は発行されていません。報告書の一覧から選んでください。")
    return issued
