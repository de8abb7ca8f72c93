"""Pages of KPIs: all of them, and one with its years."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from kpis.assessed_charts import kpi_chart
from kpis.models import ActualState, Kpi
from kpis.permissions import recordable_kpis
from kpis.series import closed_years, load_series, opening_year, plan_rules
from kpis.views.lookup import kpi_or_404
from projects.current import asked_year, with_strategy
from projects.models import Strategy


@require_GET
@with_strategy
def kpi_list(request: HttpRequest, strategy: Strategy) -> HttpResponse:
    """All KPIs with this year's figures."""
    series = load_series(strategy)
    closed = closed_years(strategy)
    year = asked_year(request, strategy) or opening_year(strategy, series, closed)
    return render(
        request,
        "kpis/list.html",
        {
            "kpis": [one.assess(year) for one in series],
            "fiscal_year": year,
            "closed_years": closed,
            "rules": plan_rules(strategy),
        },
    )


@require_GET
@with_strategy
def kpi_detail(request: HttpRequest, strategy: Strategy, code: str) -> HttpResponse:
    """One KPI: what it measures, its targets, its years, its chart and explanations."""
    kpi = kpi_or_404(Kpi.objects.filter(project__strategy=strategy), code)
    (series,) = load_series(strategy, Kpi.objects.filter(pk=kpi.pk), with_texts=True)
    closed = closed_years(strategy)
    years = [
        (series.assess(year), series.actuals.get(year), year in closed)
        for year in series.rules.years
    ]
    return render(
        request,
        "kpis/detail.html",
        {
            "kpi": kpi,
            "definition": series.definition,
            "rules": series.rules,
            "years": years,
            "explained": [
                (assessed, record)
                for assessed, record, _closed in years
                if record and (record.analysis or record.next_steps or record.unmeasured_reason)
            ],
            "final_targets": kpi.final_targets.all(),
            "chart": kpi_chart(series) if any(record for _a, record, _c in years) else "",
            "may_record": recordable_kpis(request.user, strategy).filter(pk=kpi.pk).exists(),
            "states": ActualState,
        },
    )
