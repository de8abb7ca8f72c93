"""Pages of KPIs: all of them, and one with its years."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from kpis.as_of import KpiState, NoRecord, kpi_as_of, kpi_now, read_past_day
from kpis.lookup import kpi_or_404
from kpis.models import ActualState, Direction, Kpi
from kpis.permissions import may_record
from kpis.plan_pages import asked_year, with_strategy
from kpis.series import closed_years, load_series, opening_year, plan_rules
from projects.models import Strategy
from reports.charts.assessed import kpi_chart
from reports.history.changes import history_of_kpi
from reports.kpi_year import KpiYear, latest_stated_year

# What a KPI's page shows of its history before it points to the page with all of it.
_CHANGES = 20
# Explanations up to that many characters stand beside the chart, longer ones below it.
_SHORT_TEXTS = 400


@require_GET
@with_strategy
def kpi_list(request: HttpRequest, strategy: Strategy) -> HttpResponse:
    """All KPIs with this year's figures."""
    series = load_series(strategy)
    closed = closed_years(strategy)
    year = asked_year(request, strategy) or opening_year(strategy, series, closed)
    return render(
        request,
        "reports/kpis.html",
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
    """One KPI: the page's year, all years, explanations and history, now or as of a day."""
    asked = asked_year(request, strategy)
    kpi = kpi_or_404(Kpi.objects.filter(project__strategy=strategy), code, strategy.words)
    typed = request.GET.get("as_of", "")
    past: dict[str, object] = {"typed": typed[:40], "today": timezone.localdate()}
    day: date | None = None
    try:
        day = read_past_day(typed)
        state = kpi_as_of(strategy, kpi, day) if day else kpi_now(strategy, kpi)
    except ValueError as error:
        state, day = kpi_now(strategy, kpi), None
        past["error"] = str(error)
    except NoRecord as reason:
        return render(
            request,
            "reports/kpi_without_history.html",
            {"kpi": kpi, "past": past | {"day": day}, "reason": str(reason)},
        )
    changes = history_of_kpi(strategy, kpi, until=day)[: _CHANGES + 1]
    return render(
        request,
        "reports/kpi.html",
        _facts(state, asked)
        | {
            "page_code": code,
            "asked_year": asked,
            "past": past | {"day": day, "is_partial": state.is_partial},
            "may_record": day is None and may_record(request.user, strategy, kpi),
            "changes": changes[:_CHANGES],
            "has_more_changes": len(changes) > _CHANGES,
        },
        status=422 if "error" in past else 200,
    )


def _facts(state: KpiState, asked: int | None) -> dict[str, object]:
    """What a KPI's page says about it, whenever it stood so."""
    series = state.series
    # The plan may have had other years then.
    fiscal_year = asked
    if fiscal_year is None or fiscal_year not in series.rules.years:
        fiscal_year = latest_stated_year(series)
    years = [
        (series.assess(year), series.actuals.get(year), year in state.closed_years)
        for year in series.rules.years
    ]
    record = series.actuals.get(fiscal_year)
    explained = [
        (assessed, texts)
        for assessed, texts, _closed in reversed(years)
        if texts and (texts.analysis or texts.next_steps or texts.unmeasured_reason)
    ]
    return {
        "kpi": state.kpi,
        "definition": series.definition,
        "rules": series.rules,
        "fiscal_year": fiscal_year,
        "closed_years": state.closed_years,
        "is_falling": series.definition.direction == Direction.DECREASE,
        "kpi_year": KpiYear(series, fiscal_year),
        "record": record,
        "is_provisional": record is not None and record.state == ActualState.PROVISIONAL,
        "years": years,
        "own_texts": [one for one in explained if one[1] is record],
        "has_long_texts": record is not None
        and len(record.analysis + record.next_steps) > _SHORT_TEXTS,
        "other_texts": [one for one in explained if one[1] is not record],
        "final_targets": state.final_targets,
        "chart": kpi_chart(series, fiscal_year),
        "states": ActualState,
    }
