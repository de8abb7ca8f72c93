"""The plan's projects, and one of them."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from kpis.assessed_charts import project_chart
from kpis.yearly.listed_initiatives import listed_initiatives
from projects.current import asked_year, with_strategy
from projects.models import Project, Strategy
from reports.progress import load_progress
from reports.views.frame import frame


@require_GET
@with_strategy
def project_list(request: HttpRequest, strategy: Strategy) -> HttpResponse:
    """The plan: pillars, their projects and where each stands."""
    progress = load_progress(strategy, asked_year(request, strategy))
    purposes = dict(Project.objects.filter(strategy=strategy).values_list("id", "purpose"))
    pillars: dict[str, list] = {}
    for project in progress.projects:
        pillars.setdefault(project.pillar, []).append((project, purposes[project.id]))
    slogans = dict(strategy.pillars.values_list("name", "slogan"))
    return render(
        request,
        "reports/projects.html",
        frame(progress)
        | {"pillars": [(name, slogans.get(name, ""), rows) for name, rows in pillars.items()]},
    )


@require_GET
@with_strategy
def project_detail(request: HttpRequest, strategy: Strategy, code: str) -> HttpResponse:
    """One project: purpose, directions, KPIs with their rates, initiatives with 再掲."""
    project = (
        strategy.projects.filter(code=code)
        .select_related("pillar")
        .prefetch_related("directions")
        .first()
    )
    if project is None:
        raise Http404(f"プロジェクト{code}は、この計画にありません。")
    progress = load_progress(strategy, asked_year(request, strategy))
    (own,) = (one for one in progress.projects if one.code == code)
    review = project.reviews.filter(fiscal_year=progress.fiscal_year).first()
    return render(
        request,
        "reports/project.html",
        frame(progress)
        | {
            "project": project,
            "own": own,
            "listings": listed_initiatives(project, progress.fiscal_year),
            "review": review,
            "chart": project_chart(own.kpis, progress.rules, progress.fiscal_year)
            if own.kpis
            else "",
        },
    )
