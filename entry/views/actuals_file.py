"""A year's actuals from a file: choose, look over, confirm; and the file itself."""

from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from accounts.audit import Kind, note_reading
from common.fiscal_year import wareki
from common.reading.texts import clean_text
from common.spreadsheets.reading import MOST_BYTES, TOO_MANY_BYTES
from common.spreadsheets.refusals import FileRefused
from common.spreadsheets.table import Table
from common.spreadsheets.xlsx_writing import XLSX_TYPE
from entry.actuals_file.columns import MEANINGS
from entry.actuals_file.exporting import rating_columns, written_file
from entry.actuals_file.importing import ImportedActuals, import_table
from entry.actuals_file.ratings import rates_by_people
from entry.actuals_file.reading import MOST_ROWS, read_table
from entry.confirmation import OUTDATED, opened, sealed
from kpis.permissions import recordable_kpis
from kpis.plan_pages import plan_in_file_names, with_strategy
from kpis.plan_states import denied
from kpis.series import closed_years
from projects.models import Strategy

_MOST_SHOWN = 100


@require_http_methods(["GET", "POST"])
@with_strategy
def import_actuals(request: HttpRequest, strategy: Strategy, fiscal_year: int) -> HttpResponse:
    """Take a file, show what it would change, and write it when that is confirmed."""
    if request.method == "GET":
        return _page(request, strategy, fiscal_year)
    if not recordable_kpis(request.user, strategy).exists():
        raise denied(strategy, f"あなたが入力できる{strategy.words.kpi}はありません。")
    if "confirmed" in request.POST:
        return _confirm(request, strategy, fiscal_year)
    return _preview(request, strategy, fiscal_year)


@require_GET
@with_strategy
def actuals_file(
    request: HttpRequest, strategy: Strategy, fiscal_year: int, extension: str
) -> HttpResponse:
    """The user's KPIs with their year as it stands: an export, and the file to fill in."""
    if not recordable_kpis(request.user, strategy).exists():
        raise denied(strategy, f"あなたが入力できる{strategy.words.kpi}はありません。")
    plan, day = plan_in_file_names(request, strategy), timezone.localdate()
    name = f"actuals{plan}-{fiscal_year}-{day:%Y%m%d}.{extension}"
    content = written_file(strategy, fiscal_year, request.user, extension)
    what = f"{strategy.name}の{wareki(fiscal_year)}の実績 {name}"
    note_reading(Kind.EXPORT, what, user=request.user)
    return HttpResponse(
        content,
        content_type="text/csv; charset=utf-8" if extension == "csv" else XLSX_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _preview(request: HttpRequest, strategy: Strategy, fiscal_year: int) -> HttpResponse:
    file = request.FILES.get("file")
    if file is None:
        sentence = "ファイルを選んでください。"
        return _page(request, strategy, fiscal_year, file_problem=sentence)
    try:
        with_ratings = rates_by_people(strategy, fiscal_year)
        table = read_table(_content(file), strategy.words, with_ratings=with_ratings)
    except FileRefused as refused:
        return _page(request, strategy, fiscal_year, file_problem=str(refused))
    name = clean_text(file.name or "")[:80]
    result = import_table(
        table, strategy, fiscal_year, user=request.user, file_name=name, dry_run=True
    )
    context: dict[str, Any] = {"table": table, "result": result, "file_name": name}
    if result.changed and not result.problems:
        context["signed"] = sealed(
            {"name": name, "table": table.as_data()},
            _kind(fiscal_year),
            user=request.user,
            strategy=strategy,
        )
    return _page(request, strategy, fiscal_year, **context)


def _confirm(request: HttpRequest, strategy: Strategy, fiscal_year: int) -> HttpResponse:
    kept = opened(
        request.POST["confirmed"], _kind(fiscal_year), user=request.user, strategy=strategy
    )
    if kept is None:
        return _page(request, strategy, fiscal_year, file_problem=OUTDATED)
    table, name = Table.from_data(kept["table"]), kept["name"]
    result = import_table(
        table, strategy, fiscal_year, user=request.user, file_name=name, dry_run=False
    )
    if result.problems:
        return _page(request, strategy, fiscal_year, table=table, result=result, file_name=name)
    if result.changed:
        messages.success(
            request,
            f"「{name}」から、{wareki(fiscal_year)}の実績を{len(result.changed)}件取り込みました。",
        )
    else:
        messages.info(request, "変わったところがないため、何も書き込んでいません。")
    return redirect("entry", strategy.code, fiscal_year)


def _kind(fiscal_year: int) -> str:
    return f"actuals.{fiscal_year}"


def _content(file: "UploadedFile[bytes]") -> bytes:
    """The file's bytes, unless there are too many of them to read."""
    if (file.size or 0) > MOST_BYTES:
        raise FileRefused(TOO_MANY_BYTES)
    return b"".join(file.chunks())


def _page(
    request: HttpRequest, strategy: Strategy, fiscal_year: int, **context: Any
) -> HttpResponse:
    closed = closed_years(strategy)
    meanings = MEANINGS | rating_columns(strategy, fiscal_year, request.user)
    is_closed = fiscal_year in closed
    result: ImportedActuals | None = context.get("result")
    problems = result.problems if result is not None else []
    refused = bool(problems or "file_problem" in context)
    is_conflict = is_closed or (result is not None and result.is_conflict)
    return render(
        request,
        "entry/import.html",
        {
            "fiscal_year": fiscal_year,
            "years": strategy.years,
            "closed_years": closed,
            "is_closed": is_closed,
            "may_record": recordable_kpis(request.user, strategy).exists(),
            "meanings": {name: strategy.words.put(text) for name, text in meanings.items()},
            "most_rows": f"{MOST_ROWS:,}",
            "most_megabytes": MOST_BYTES // 1024 // 1024,
            "problems": problems[:_MOST_SHOWN],
            "problems_left": max(len(problems) - _MOST_SHOWN, 0),
            "problem_count": len(problems),
            "refused": refused,
            **context,
        },
        status=(409 if is_conflict else 422) if refused else 200,
    )
