"""The plan's projects, and one of them."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from kpis.progress import load_progress
from projects.current import asked_year, with_strategy
from projects.models import Project, Strategy
from reports.dashboard import ProjectRow, dashboard_of
from reports.listed_initiatives import listed_initiatives
from reports.project_page import initiative_counts, project_page
from reports.summary import headline, outlook_sentence
from reports.views.page_context import frame


@require_GET
@with_strategy
def project_list(request: HttpRequest, strategy: Strategy) -> HttpResponse:
    """The plan: pillars, their projects and where each stands."""
    progress = load_progress(strategy, asked_year(request, strategy))
    texts = {
        project_id: (slogan, purpose)
        for project_id, slogan, purpose in Project.objects.filter(strategy=strategy)
        .order_by()
        .values_list("id", "pillar__slogan", "purpose")
    }
    pillars: dict[tuple[str, str], list[tuple[ProjectRow, str]]] = {}
    for row in dashboard_of(progress).projects:
        slogan, purpose = texts[row.project.id]
        pillars.setdefault((row.project.pillar, slogan), []).append((row, purpose))
    return render(
        request,
        "reports/projects.html",
        frame(progress)
        | {"pillars": [(name, slogan, rows) for (name, slogan), rows in pillars.items()]},
    )


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
        raise Http404(f"プロジェクト{code}は、この計画にありません。")
    progress = load_progress(strategy, asked_year(request, strategy))
    page = project_page(progress, code)
    listings = listed_initiatives(project, progress.fiscal_year)
    return render(
        request,
        "reports/project.html",
        frame(page.narrowed)
        | {
            "project": project,
            "page": page,
            "headline": headline(page.narrowed),
            "outlook_sentence": outlook_sentence(page.outlook, progress.rules.last_year),
            "listings": listings,
            "initiative_counts": initiative_counts(listings),
            "review": project.reviews.filter(fiscal_year=progress.fiscal_year).first(),
        },
    )
