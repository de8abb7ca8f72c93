"""Dashboard, project pages and the annual report."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from kpis.assessed_charts import project_chart
from kpis.steering.own_work import own_work
from kpis.yearly.listed_initiatives import listed_initiatives
from projects.current import asked_year, plan_year_or_404, with_strategy
from projects.models import Project, Strategy
from reports.annual_report import AnnualReport
from reports.assembly import assemble_report
from reports.progress import StrategyProgress, load_progress
from reports.renderers.csv import render_csv
from reports.renderers.pdf import render_pdf
from reports.summary import headline

# What the dashboard lists before it points to the page with all of them.
_LISTED = 8

FORMATS: dict[str, tuple[str, Callable[[AnnualReport], bytes]]] = {
    "pdf": ("application/pdf", render_pdf),
    "csv": ("text/csv; charset=utf-8", render_csv),
}


@require_GET
@with_strategy
def dashboard(request: HttpRequest, strategy: Strategy) -> HttpResponse:
    """Where the strategy stands in one fiscal year."""
    progress = load_progress(strategy, asked_year(request, strategy))
    behind, waiting = progress.behind, progress.without_rating
    return render(
        request,
        "reports/dashboard.html",
        _frame(progress)
        | {
            "headline": headline(progress),
            "own_work": own_work(
                request.user,
                strategy,
                progress.series,
                progress.closed_years,
                timezone.localdate(),
            ),
            "behind": behind[:_LISTED],
            "behind_more": len(behind) - _LISTED,
            "waiting": waiting[:_LISTED],
            "waiting_more": len(waiting) - _LISTED,
        },
    )


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
        _frame(progress)
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
        _frame(progress)
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


@require_GET
@with_strategy
def report_list(request: HttpRequest, strategy: Strategy) -> HttpResponse:
    """The years of the plan and the report of each."""
    progress = load_progress(strategy)
    entered = {year: sum(one.has_value(year) for one in progress.series) for year in strategy.years}
    return render(
        request,
        "reports/reports.html",
        _frame(progress) | {"years": list(entered.items())},
    )


@require_GET
@with_strategy
def report(request: HttpRequest, strategy: Strategy, fiscal_year: int) -> HttpResponse:
    """The draft of a year's report as a page."""
    plan_year_or_404(strategy, fiscal_year)
    progress = load_progress(strategy, fiscal_year, with_texts=True)
    return render(
        request,
        "reports/report.html",
        _frame(progress)
        | {
            "report": assemble_report(strategy, progress),
            "headline": headline(progress),
        },
    )


@require_GET
@with_strategy
def report_file(
    _request: HttpRequest, strategy: Strategy, fiscal_year: int, extension: str
) -> HttpResponse:
    """The draft of a year's report as a file."""
    plan_year_or_404(strategy, fiscal_year)
    if extension not in FORMATS:
        raise Http404(f"報告書に「{extension}」の形式はありません。PDFかCSVを選んでください。")
    content_type, renderer = FORMATS[extension]
    progress = load_progress(strategy, fiscal_year, with_texts=True)
    return HttpResponse(
        renderer(assemble_report(strategy, progress)),
        content_type=content_type,
        headers={
            "Content-Disposition": (
                f"{'inline' if extension == 'pdf' else 'attachment'}; "
                f'filename="annual-report-{fiscal_year}.{extension}"'
            ),
            "Cache-Control": "private, no-store",
        },
    )


def _frame(progress: StrategyProgress) -> dict[str, object]:
    """What every page about one fiscal year shows around its own part."""
    return {
        "progress": progress,
        "fiscal_year": progress.fiscal_year,
        "closed_years": progress.closed_years,
        "rules": progress.rules,
        "standing": progress.standing,
        "previous": progress.previous,
    }
