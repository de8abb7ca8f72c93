"""The entry of a year's texts: initiatives' progress and, the planner's page, projects' reviews."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from entry.sheet import PROGRESS_SHEET, REVIEW_SHEET, progress_rows, review_rows
from entry.views.sheet import entry_page, sheet_page
from kpis.permissions import recordable_initiatives
from kpis.plan_states import denied
from kpis.recording import refuse_reviewer
from projects.initiative_codes import code_of, home_and_relistings
from projects.models import Strategy


@entry_page
def initiatives_entry(
    request: HttpRequest, strategy: Strategy, fiscal_year: int, code: str = ""
) -> HttpResponse:
    """The year's progress of every initiative that the user may record, or of one."""
    initiatives = recordable_initiatives(request.user, strategy)
    if code:
        home, _relistings = home_and_relistings(strategy, code)
        initiatives = initiatives.filter(pk=home.initiative_id)
        if not initiatives.exists():
            raise denied(
                strategy,
                f"{code}は、あなたの課の{strategy.words.initiative}ではないため入力できません。",
            )
        # What was posted is told why it can't be saved here, with nothing typed lost.
        if code != code_of(home) and request.method != "POST":
            return redirect("entry_initiative", strategy.code, fiscal_year, code_of(home))
    return sheet_page(
        request,
        strategy,
        fiscal_year,
        PROGRESS_SHEET,
        progress_rows(strategy, initiatives, fiscal_year),
        "entry/initiatives.html",
        lambda: {"only": code, "years_of": "entry_initiative" if code else PROGRESS_SHEET.page},
    )


@entry_page
def reviews_entry(request: HttpRequest, strategy: Strategy, fiscal_year: int) -> HttpResponse:
    """The year's 総括 and 外部有識者の意見 of every project."""
    refuse_reviewer(request.user, strategy)
    rows = review_rows(strategy, fiscal_year)
    return sheet_page(request, strategy, fiscal_year, REVIEW_SHEET, rows, "entry/reviews.html")
