"""A plan as a workbook: taken in, for a plan that begins or one that is there, and written out."""

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from accounts.audit import Kind, note_reading
from common.reading.texts import clean_text
from common.spreadsheets.reading import MOST_BYTES, TOO_MANY_BYTES
from common.spreadsheets.refusals import FileRefused
from common.spreadsheets.xlsx_writing import XLSX_TYPE
from entry.plan_workbook.exporting import exported_workbook
from entry.plan_workbook.forms import FORMS
from entry.plan_workbook.reading import plan_code
from entry.plan_workbook.workbook import Problem, Workbook, read_workbook
from entry.views.beginning.looking import (
    MOST_MEGABYTES,
    Door,
    confirmed_page,
    look_over_page,
    refused_page,
)
from entry.views.beginning.template_years import year_choices
from kpis.permissions import may_change_plan, may_prepare
from kpis.plan_pages import with_strategy
from kpis.plan_states import denied
from projects.models import Strategy

NOT_A_PLANNER = "計画を始めるのは企画担当です。"
_LONGEST_NAME = 80


@require_http_methods(["GET", "POST"])
def new_plan_workbook(request: HttpRequest) -> HttpResponse:
    """Take a workbook of whatever plan it names, show what it would do, do it when confirmed."""
    if not may_prepare(request.user):
        raise PermissionDenied(NOT_A_PLANNER)
    return _page(request, Door())


@require_http_methods(["GET", "POST"])
@with_strategy
def plan_workbook(request: HttpRequest, strategy: Strategy) -> HttpResponse:
    """The same for one plan alone."""
    if not may_change_plan(request.user, strategy):
        raise denied(strategy, "計画を変えるのは企画担当です。")
    return _page(request, Door(strategy))


@require_GET
@with_strategy
def plan_xlsx(request: HttpRequest, strategy: Strategy) -> HttpResponse:
    """The plan with its figures as a workbook."""
    if not may_prepare(request.user):
        raise denied(strategy, "計画のワークブックを書き出すのは企画担当です。")
    name = f"plan-{strategy.code}-{timezone.localdate():%Y%m%d}.xlsx"
    content = exported_workbook(strategy)
    note_reading(Kind.EXPORT, f"{strategy.name}の計画のワークブック {name}", user=request.user)
    return as_download(content, name)


def as_download(content: bytes, name: str) -> HttpResponse:
    """A workbook as a file to keep."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=XLSX_TYPE, headers=headers)


def uploaded(request: HttpRequest) -> tuple[bytes, str]:
    """The bytes and the name of the file of a form. Raises FileRefused."""
    file: UploadedFile[bytes] | None = request.FILES.get("file")
    if file is None:
        raise FileRefused("ファイルを選んでください。")
    if (file.size or 0) > MOST_BYTES:
        raise FileRefused(TOO_MANY_BYTES)
    return b"".join(file.chunks()), clean_text(file.name or "")[:_LONGEST_NAME]


def _page(request: HttpRequest, door: Door) -> HttpResponse:
    if request.method != "POST":
        context = {"door": door, "most_megabytes": MOST_MEGABYTES, "forms": FORMS}
        context |= year_choices()
        return render(request, "entry/beginning/upload.html", context)
    if "confirmed" in request.POST:
        return confirmed_page(request, door)
    try:
        content, name = uploaded(request)
        workbook = read_workbook(content)
        _refuse_other_plans(workbook, door.strategy)
    except FileRefused as refused:
        return refused_page(request, [Problem(str(refused))], "", door)
    return look_over_page(request, workbook, name, door)


def _refuse_other_plans(workbook: Workbook, strategy: Strategy | None) -> None:
    """Raise FileRefused for a workbook of another plan than the one that is asked for."""
    code = plan_code(workbook)
    if strategy is None or code == strategy.code:
        return
    if not code:
        raise FileRefused(
            f"ファイルに計画コードがありません。シート「計画」に、項目「計画コード」、"
            f"内容「{strategy.code}」の行を加えてください。"
        )
    raise FileRefused(
        f"このファイルは、計画コード「{code}」の計画のものです。"
        f"「{strategy.name}」（{strategy.code}）のファイルを選んでください。"
        "新しい計画は「計画の一覧」の「計画を始める」から取り込みます。"
    )
