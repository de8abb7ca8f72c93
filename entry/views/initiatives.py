"""The entry of initiatives' progress."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from entry.views.yearly import denied_in_words, yearly_entry
from entry.yearly.entry import PROGRESS, initiative_rows
from kpis.permissions import recordable_initiatives
from projects.current import plan_year_or_404, with_strategy
from projects.initiative_codes import code_of, home_and_relistings
from projects.models import Strategy


@require_http_methods(["GET", "POST"])
@never_cache  # going back shows what is saved, not the page from before the saves
@denied_in_words
@with_strategy
def initiatives_entry(
    request: HttpRequest, strategy: Strategy, fiscal_year: int, code: str = ""
) -> HttpResponse:
    """The year's progress of every initiative that the user may record, or of one."""
    plan_year_or_404(strategy, fiscal_year)
    initiatives = recordable_initiatives(request.user, strategy)
    if code:
        home, _relistings = home_and_relistings(strategy, code)
        initiatives = initiatives.filter(pk=home.initiative_id)
        if not initiatives.exists():
            raise PermissionDenied(f"{code}は、あなたの課の取組ではないため入力できません。")
        if code != code_of(home):
            return redirect("entry_initiative", fiscal_year, code_of(home))
    rows = initiative_rows(initiatives, fiscal_year)
    return yearly_entry(
        request, strategy, fiscal_year, PROGRESS, rows, "kpis/initiatives_entry.html", only=code
    )
