"""The entry of projects' yearly reviews, the planner's page."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from entry.views.yearly import denied_in_words, yearly_entry
from entry.yearly.entry import REVIEWS, review_rows
from kpis.recording import refuse_reviewer
from projects.current import plan_year_or_404, with_strategy
from projects.models import Strategy


@require_http_methods(["GET", "POST"])
@never_cache  # going back shows what is saved, not the page from before the saves
@denied_in_words
@with_strategy
def reviews_entry(request: HttpRequest, strategy: Strategy, fiscal_year: int) -> HttpResponse:
    """The year's 総括 and 外部有識者の意見 of every project."""
    plan_year_or_404(strategy, fiscal_year)
    refuse_reviewer(request.user)
    rows = review_rows(strategy, fiscal_year)
    return yearly_entry(request, strategy, fiscal_year, REVIEWS, rows, "kpis/reviews_entry.html")
