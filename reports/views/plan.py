"""The plan's projects, and one of them."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from kpis.achievement import Absence
from kpis.permissions import may_change_plan
from kpis.plan_pages import asked_year, with_strategy
from kpis.progress import ProjectProgress, load_progress
from projects.models import InitiativeStatus, Pillar, Strategy
from reports.charts.assessed import kpi_trend, project_chart
from reports.dashboard_figures import outlook_counts
from reports.kpi_year import KpiYear
from reports.listed_initiatives import ListedInitiative, listed_initiatives
from reports.sentences import headline, outlook_sentence
from reports.views.page_context import page_context


@require_GET
@with_strategy
def project_list(request: HttpRequest, strategy: Strategy) -> HttpResponse:
    """The plan: pillars, their projects and where each stands."""
    progress = load_progress(strategy, asked_year(request, strategy))
    projects, goals = _by_pillar(progress.projects), _by_pillar(progress.goals)
    pillars = [one for one in dict.fromkeys((*projects, *goals)) if one is not None]
    return render(
        request,
        "reports/projects.html",
        page_context(progress)
        | {
            "pillars": [(one, projects.get(one, []), goals.get(one, [])) for one in pillars],
            "plan_goals": goals.get(None, []),
        },
    )


def _by_pillar(homes: Iterable[ProjectProgress]) -> dict[Pillar | None, list[ProjectProgress]]:
    """Projects, or what holds 数値目標, of each pillar; of none: the whole plan's."""
    grouped: dict[Pillar | None, list[ProjectProgress]] = defaultdict(list)
    for one in homes:
        grouped[one.project.pillar].append(one)
    return dict(grouped)


@require_GET
@with_strategy
def project_detail(request: HttpRequest, strategy: Strategy, code: str) -> HttpResponse:
    """One project: where it stands, its KPIs, what was done, its initiatives with 再掲."""
    project = (
        strategy.projects.filter(code=code)
        .select_related("pillar")
        .prefetch_related("directions")
        .first()
    )
    if project is None:
        raise Http404(f"{strategy.words.project}{code}は、この計画にありません。")
    if project.holds_goals:  # which is no project: its goals stand under their pillar
        page, asked = reverse("projects", args=[strategy.code]), request.GET.urlencode()
        return redirect(f"{page}{asked and f'?{asked}'}#goals-{code}")
    progress = load_progress(strategy, asked_year(request, strategy), project=project)
    year = progress.fiscal_year
    outlook = outlook_counts(progress)
    listings = listed_initiatives(project, year)
    at_home = [one for one in listings if not one.listing.is_relisted]
    return render(
        request,
        "reports/project.html",
        page_context(progress)
        | {
            "project": project,
            "project_standing": progress.projects[0].standing,
            "may_change": may_change_plan(request.user, strategy),
            "headline": headline(progress),
            "outlook": outlook,
            "outlook_sentence": outlook_sentence(outlook, progress.last_year, strategy.words),
            "kpi_cards": [(KpiYear(one, year), kpi_trend(one, year)) for one in progress.series],
            "chart": project_chart(progress.kpis, progress.rules, year),
            "listings": listings,
            "own_count": len(at_home),
            "relisted_count": len(listings) - len(at_home),
            "status_counts": _status_counts(at_home),
            "review": project.reviews.filter(fiscal_year=year).first(),
        },
    )


def _status_counts(at_home: Sequence[ListedInitiative]) -> list[tuple[str, int]]:
    """How many initiatives have each status that there is, 未入力 last."""
    counts = Counter(one.progress.status if one.progress else "" for one in at_home)
    names = [*InitiativeStatus.choices, ("", Absence.MISSING.label)]
    return [(label, counts[status]) for status, label in names if counts[status]]
