"""The entry of projects' yearly reviews, the planner's page."""

from django.http import HttpRequest, HttpResponse

from entry.sheet import REVIEW_SHEET, review_rows
from entry.views.sheet import entry_page, sheet_page
from kpis.recording import refuse_reviewer
from projects.models import Strategy


@entry_page
def reviews_entry(request: HttpRequest, strategy: Strategy, fiscal_year: int) -> HttpResponse:
    """The year's 総括 and 外部有識者の意見 of every project."""
    refuse_reviewer(request.user)
    rows = review_rows(strategy, fiscal_year)
    return sheet_page(request, strategy, fiscal_year, REVIEW_SHEET, rows, "entry/reviews.html")
