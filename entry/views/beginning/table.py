"""自分の市の表から: a city's own table becomes a plan, or last years' figures of one.

Choose the file; its sheet and the rows of its headings; what its columns are and what is odd in
it means; then the same look-over as of every workbook. What was uploaded travels in the form.
"""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from common.spreadsheets.reading import read_book
from common.spreadsheets.refusals import FileRefused
from common.spreadsheets.sheet import Sheet, column_letters
from entry.confirmation import OUTDATED, opened, sealed
from entry.own_table.converting import Converted, convert
from entry.own_table.guessing import best_sheet, guess
from entry.own_table.headings import MOST_LINES
from entry.own_table.last_figures import PLAN_CODE, KnownKpi, convert_figures
from entry.own_table.remembering import as_kept, proposed
from entry.own_table.settings import OwnTable
from entry.plan_workbook.importing import Looked
from entry.plan_workbook.standing import Standing
from entry.plan_workbook.workbook import Problem
from entry.views.beginning.looking import MOST_MEGABYTES, Door, look_over_page
from entry.views.beginning.table_form import TableForm
from entry.views.beginning.workbook import NOT_A_PLANNER, uploaded
from kpis.permissions import may_change_plan, may_prepare
from kpis.plan_pages import with_strategy
from kpis.plan_states import denied
from projects.models import Strategy
from projects.words import OWN_WORDS

_KIND = "own_table"
_MOST_SEALED = 4 * 1024 * 1024
_TOO_LARGE = (
    "表が大きすぎます。指標の一覧のシートだけを残し、要らない行と列を削除して、"
    "保存し直してください。"
)
_UNREAD, _UNSAID = "まだ読み取れないところがあります", "まだ書いていないところがあります"
_ROWS_SHOWN = 15
_COLUMNS_SHOWN = 15
_MOST_PROBLEMS = 200
# An answer may lead to a question, hardly ever twice.
_MOST_ROUNDS = 4


@require_http_methods(["GET", "POST"])
def new_plan_table(request: HttpRequest) -> HttpResponse:
    """Begin a plan from a table of the city's own."""
    if not may_prepare(request.user):
        raise PermissionDenied(NOT_A_PLANNER)
    return _TablePages(request, None, reverse("new_plan_table")).answer()


@require_http_methods(["GET", "POST"])
@with_strategy
def plan_figures(request: HttpRequest, strategy: Strategy) -> HttpResponse:
    """Take in last years' figures of a plan from a table of the city's own."""
    if not may_change_plan(request.user, strategy):
        raise denied(strategy, "計画を変えるのは企画担当です。")
    own = reverse("plan_figures", args=[strategy.code])
    return _TablePages(request, strategy, own).answer()


class _TablePages:
    """The steps of one request; `strategy` is the plan of the figures, None for a new one."""

    def __init__(self, request: HttpRequest, strategy: Strategy | None, own: str) -> None:
        self.request = request
        self.strategy = strategy
        self.words = OWN_WORDS if strategy is None else strategy.words
        self.door = Door(strategy, own)

    def answer(self) -> HttpResponse:
        """The page of the step that was taken."""
        if self.request.method != "POST":
            return self._upload_page()
        try:
            if "kept" not in self.request.POST:
                content, name = uploaded(self.request)
                return self._sheet_page(read_book(content), name)
            kept = opened(
                self.request.POST["kept"], _KIND, user=self.request.user, strategy=self.strategy
            )
            if kept is None:
                return self._upload_page(OUTDATED)
            sheets = [Sheet.from_data(one) for one in kept["sheets"]]
            if "first" not in kept:
                return self._sheet_chosen(sheets, kept["name"])
            settings = OwnTable(sheets[0].name, kept["first"], kept["last"])
            return self._columns_said(sheets[0], settings, kept["name"])
        except FileRefused as refused:
            return self._upload_page(str(refused))

    def _upload_page(self, problem: str = "") -> HttpResponse:
        context = {"problem": problem, "most_megabytes": MOST_MEGABYTES}
        return self._page("table_upload", status=422 if problem else 200, **context)

    def _sheet_chosen(self, sheets: list[Sheet], name: str) -> HttpResponse:
        """Go on with a sheet and its headings; or show another sheet first."""
        post = self.request.POST
        sheet = next((one for one in sheets if one.name == post.get("sheet", "")), sheets[0])
        first, last = (_row_number(post.get(one, "")) for one in ("first", "last"))
        if "show" in post or post.get("shown") != sheet.name:
            return self._sheet_page(sheets, name, sheet=sheet)
        if first is None or last is None or not first <= last < first + MOST_LINES:
            problem = f"見出しの行を、上から下へ{MOST_LINES}行まで、行の番号で入力してください。"
            return self._sheet_page(sheets, name, sheet=sheet, problem=problem)
        settings, is_known = proposed(sheet, self.strategy)
        if (settings.first_heading, settings.last_heading) != (first, last):
            settings, is_known = guess(sheet, (first, last)), False
        return self._columns_page(sheet, settings, name, is_known=is_known)

    def _columns_said(self, sheet: Sheet, settings: OwnTable, name: str) -> HttpResponse:
        """Look over what the table becomes, once all of it is said."""
        form = self._form(sheet, settings)
        form.read(self.request.POST.dict())
        converted = self._convert(sheet, settings)
        is_complete = converted.is_ready and not any(form.faults)
        if "again" in self.request.POST or not is_complete or converted.problems:
            return self._columns_page(sheet, settings, name, form=form, converted=converted)

        def refused(looked: Looked) -> HttpResponse:
            return self._columns_page(
                sheet, settings, name, form=form, converted=converted, problems=looked.problems
            )

        door = Door(self.strategy, self.door.own, as_kept(sheet, settings))
        typed = self.request.POST.dict().items()
        back = [(field, text) for field, text in typed if field != "csrfmiddlewaretoken"]
        return look_over_page(
            self.request, converted.workbook, name, door, refused=refused, back=back
        )

    def _form(self, sheet: Sheet, settings: OwnTable) -> TableForm:
        if self.strategy is not None:
            settings.plan[PLAN_CODE] = self.strategy.code
        return TableForm(sheet, settings, self.words, has_plan=self.strategy is None)

    def _convert(self, sheet: Sheet, settings: OwnTable) -> Converted:
        if self.strategy is None:
            return convert(sheet, settings)
        kpis = [
            KnownKpi(code, one.name, one.unit)
            for code, one in Standing.of(self.strategy).kpis.items()
        ]
        return convert_figures(sheet, settings, kpis, self.words)

    def _sheet_page(
        self, sheets: list[Sheet], name: str, *, sheet: Sheet | None = None, problem: str = ""
    ) -> HttpResponse:
        """The page on which a sheet and its headings are chosen."""
        sheet = sheet or best_sheet(sheets)
        settings, is_known = proposed(sheet, self.strategy)
        columns = sorted({at for row in sheet.rows.values() for at in row})[:_COLUMNS_SHOWN]
        context = {
            "kept": self._kept({"name": name, "sheets": [one.as_data() for one in sheets]}),
            "file_name": name,
            "sheets": sheets,
            "sheet": sheet,
            "settings": settings,
            "is_known": is_known,
            "letters": [column_letters(at) for at in columns],
            "rows": [
                (
                    number,
                    [sheet.rows[number].get(at) for at in columns],
                    settings.first_heading <= number <= settings.last_heading,
                )
                for number in sorted(sheet.rows)[:_ROWS_SHOWN]
            ],
            "problem": problem,
        }
        return self._page("table_sheet", status=422 if problem else 200, **context)

    def _columns_page(
        self,
        sheet: Sheet,
        settings: OwnTable,
        name: str,
        *,
        form: TableForm | None = None,
        converted: Converted | None = None,
        problems: list[Problem] | None = None,
        is_known: bool = False,
    ) -> HttpResponse:
        """The page on which columns and odd figures are said; `form` is what was typed."""
        is_first = form is None
        form = form or self._form(sheet, settings)
        converted = converted or self._convert(sheet, settings)
        problems = problems or converted.problems
        unanswered = [] if is_first else [one for one in converted.questions if not one.answer]
        unfinished = [] if is_first else converted.unfinished
        converted = self._with_likeliest_answers(sheet, settings, converted)
        refused = bool(problems or unfinished or any(form.faults))
        content = {
            "name": name,
            "sheets": [sheet.as_data()],
            "first": settings.first_heading,
            "last": settings.last_heading,
        }
        context = {
            "kept": self._kept(content),
            "file_name": name,
            "form": form,
            "items": form.items(converted),
            "questions": form.questions(converted),
            "converted": converted,
            "sheet": sheet,
            "is_known": is_known,
            "unanswered": unanswered,
            "unfinished": unfinished,
            "problems": problems[:_MOST_PROBLEMS],
            "problem_count": len(problems),
            "problems_left": max(len(problems) - _MOST_PROBLEMS, 0),
            "refused": refused,
            "refused_heading": _UNREAD if unfinished or form.is_misread else _UNSAID,
        }
        return self._page("table_columns", status=422 if refused else 200, **context)

    def _with_likeliest_answers(
        self, sheet: Sheet, settings: OwnTable, converted: Converted
    ) -> Converted:
        """What the table becomes by the answers that are proposed, so that all else is asked too.

        They count once the form comes back with them.
        """
        for _round in range(_MOST_ROUNDS):
            proposed_now = {
                one.key: one.readings[0].value for one in converted.questions if not one.answer
            }
            if not proposed_now:
                break
            settings.answers |= proposed_now
            converted = self._convert(sheet, settings)
        return converted

    def _kept(self, content: dict[str, Any]) -> str:
        """What travels in the form. Raises FileRefused where it is too much."""
        kept = sealed(content, _KIND, user=self.request.user, strategy=self.strategy)
        if len(kept) > _MOST_SEALED:
            raise FileRefused(_TOO_LARGE)
        return kept

    def _page(self, template: str, *, status: int, **context: Any) -> HttpResponse:
        context |= {"door": self.door, "kpi_word": self.words.kpi}
        return render(self.request, f"entry/beginning/{template}.html", context, status=status)


def _row_number(text: str) -> int | None:
    """A row's number as it was typed; None for what is none."""
    return int(text) if text.isascii() and text.isdecimal() and int(text[:6]) > 0 else None
