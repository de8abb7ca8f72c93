"""The page of who did what, and the same as a file. Nothing here changes an entry."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.audit.file import audit_csv
from accounts.audit.form import AuditForm
from accounts.audit.writing import note_reading
from accounts.models import Kind
from accounts.permissions import may_see_audit
from common.asked import asked_number

_ON_A_PAGE = 100
_AT_ONCE = 2000


@require_GET
def audit(request: HttpRequest) -> HttpResponse:
    """Who signed on, who may what, what left the app and what came in."""
    _refuse_others(request)
    number = asked_number(request, "page", "ページ")
    form = AuditForm(request.GET)
    if not form.is_valid():
        return _page(request, form, status=422)
    page = Paginator(form.chosen(), _ON_A_PAGE).get_page(number or 1)
    return _page(request, form, page=page)


@require_GET
def audit_file(request: HttpRequest) -> HttpResponseBase:
    """The entries that the page's filters leave, whole, as CSV."""
    _refuse_others(request)
    form = AuditForm(request.GET)
    if not form.is_valid():
        return _page(request, form, status=422)
    note_reading(Kind.EXPORT, f"監査の記録（{form.in_words()}）")
    return StreamingHttpResponse(
        audit_csv(form.chosen().iterator(chunk_size=_AT_ONCE)),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": 'attachment; filename="audit.csv"',
            "Cache-Control": "private, no-store",
        },
    )


def _refuse_others(request: HttpRequest) -> None:
    if not may_see_audit(request.user):
        raise PermissionDenied("監査の記録を見るのは、企画担当です。")


def _page(
    request: HttpRequest, form: AuditForm, *, page: object = None, status: int = 200
) -> HttpResponse:
    filters = request.GET.copy()
    filters.pop("page", None)
    return render(
        request,
        "accounts/audit.html",
        {"form": form, "page": page, "filters": filters.urlencode()},
        status=status,
    )
