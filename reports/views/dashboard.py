"""The dashboard, on a desk and on the wall of a meeting room."""

from django.db.models import Max, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from common.fiscal_year import last_day, wareki
from kpis.models import YearlyActual
from kpis.open_work.own_work import own_work
from kpis.plan_pages import asked_year, plans_of, with_strategy
from kpis.progress import StrategyProgress, load_progress
from projects.models import Strategy
from reports.annual.assembly.outcome import outcome_of
from reports.dashboard_figures import kpi_years, outlook_counts
from reports.sentences import headline, outlook_sentence
from reports.views.page_context import near_the_end, outcome_context, page_context

# How many KPIs, and how many that moved, the dashboard lists; the wall has less room.
_LISTED = {"": (8, 8), "meeting": (4, 3)}
_TEMPLATES = {"": "reports/dashboard.html", "meeting": "reports/meeting.html"}


@require_GET
@with_strategy
def dashboard(request: HttpRequest, strategy: Strategy) -> HttpResponse:
    """Where the strategy stands in one fiscal year; `?view=meeting` fills one large screen."""
    view = request.GET.get("view", "")
    if view not in _TEMPLATES:
        raise Http404("この表示はありません。")
    progress = load_progress(strategy, asked_year(request, strategy))
    outlook = outlook_counts(progress)
    behind, waiting = progress.behind, progress.without_rating
    most, most_moved = _LISTED[view]
    counted = Q(kpi__project__strategy=strategy)
    series = (*progress.series, *progress.goal_series)
    sources = [one.source.kpi_id for one in series if one.source is not None]
    if sources:
        counted |= Q(kpi__in=sources)
    updated = YearlyActual.objects.filter(counted, fiscal_year=progress.fiscal_year).aggregate(
        at=Max("updated_at")
    )
    return render(
        request,
        _TEMPLATES[view],
        page_context(progress)
        | outcome_context(outcome_of(progress), progress.rules, progress.fiscal_year, most)
        | near_the_end(request.user, strategy)
        | {
            "kpis": kpi_years(progress),
            "outlook": outlook,
            "headline": headline(progress),
            "outlook_sentence": outlook_sentence(outlook, progress.last_year, strategy.words),
            "own_work": own_work(
                request.user,
                plans_of(request),
                strategy,
                series,
                progress.closed_years,
                timezone.localdate(),
            ),
            "behind": behind[:most],
            "behind_more": len(behind) - most,
            "moved": progress.moved[:most_moved],
            "moved_more": len(progress.moved) - most_moved,
            "none_behind": _none_behind(progress, strategy.words.kpi),
            "waiting": waiting[:most],
            "waiting_more": len(waiting) - most,
            "as_of": last_day(progress.fiscal_year),
            "updated_at": updated["at"],
        },
    )


def _none_behind(progress: StrategyProgress, word: str) -> str:
    """What stands where no KPI is behind, which is no good news before any is rated."""
    year = wareki(progress.fiscal_year)
    if len(progress.without_rating) == progress.standing.kpi_count:
        return f"{year}は、評価のある{word}がまだありません。"
    return f"{year}に遅れている{word}はありません。"
