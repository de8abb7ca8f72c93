"""Initiatives: the page of one, and the entry of their progress."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from kpis.permissions import recordable_initiatives
from kpis.series import closed_years
from kpis.views.yearly import denied_in_words, yearly_entry
from kpis.yearly.entry import PROGRESS, initiative_rows
from projects.current import plan_year_or_404, with_strategy
from projects.homes import code_of
from projects.models import InitiativeListing, Strategy


@require_GET
@with_strategy
def initiative_detail(request: HttpRequest, strategy: Strategy, code: str) -> HttpResponse:
    """One initiative at its home: where it is listed, and what was done year by year.

    The code of a re-listing leads here too, to the place that names it.
    """
    home, relistings = _home_and_relistings(strategy, code)
    if code != code_of(home):
        return redirect(f"{reverse('initiative', args=[code_of(home)])}#{code}")
    initiative = home.initiative
    progress = {one.fiscal_year: one for one in initiative.progress.all()}
    closed = closed_years(strategy)
    newest_first = [year for year in reversed(strategy.years) if year in progress]
    own = recordable_initiatives(request.user, strategy).filter(pk=initiative.pk)
    return render(
        request,
        "kpis/initiative_detail.html",
        {
            "initiative": initiative,
            "code": code,
            "home": home,
            "relistings": [(code_of(one), one) for one in relistings],
            "latest": progress[newest_first[0]] if newest_first else None,
            "years": [(year, progress[year], year in closed) for year in newest_first],
            "missing": [(year, year in closed) for year in strategy.years if year not in progress],
            "may_record": own.exists(),
        },
    )


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
        home, _relistings = _home_and_relistings(strategy, code)
        initiatives = initiatives.filter(pk=home.initiative_id)
        if not initiatives.exists():
            raise PermissionDenied(f"{code}は、あなたの課の取組ではないため入力できません。")
        if code != code_of(home):
            return redirect("entry_initiative", fiscal_year, code_of(home))
    rows = initiative_rows(initiatives, fiscal_year)
    return yearly_entry(
        request, strategy, fiscal_year, PROGRESS, rows, "kpis/initiatives_entry.html", only=code
    )


def _home_and_relistings(
    strategy: Strategy, code: str
) -> tuple[InitiativeListing, list[InitiativeListing]]:
    """The home listing and the others of the initiative that stands at a code; or Http404."""
    project_code, _, number = code.partition("-")
    here = InitiativeListing.objects.filter(
        project__strategy=strategy, project__code=project_code, number=int(number)
    )
    listings = list(
        InitiativeListing.objects.filter(initiative__in=here.values("initiative"))
        .select_related("project", "initiative__home_project__pillar", "initiative__department")
        .order_by("project__position", "project__code")
    )
    home = next((one for one in listings if not one.is_relisted), None)
    if home is None:
        raise Http404(f"取組{code}は見つかりません。")
    return home, [one for one in listings if one.is_relisted]
