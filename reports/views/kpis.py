"""Pages of KPIs: all of them, and one with its years."""

from datetime import date
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from kpis.as_of import KpiState, NoRecord, kpi_as_of, kpi_now, read_past_day
from kpis.carried_over import Lineage, lineage_of, with_carried_on
from kpis.lookup import find_kpi
from kpis.models import ActualState, Direction, Kpi
from kpis.permissions import may_change_plan, may_close, may_record
from kpis.plan_pages import asked_year, plans_of, with_strategy
from kpis.plan_rules import plan_rules
from kpis.progress import standing_in
from kpis.series import closed_years, load_series, opening_year
from kpis.sharing import Source, as_source, span_of, takers_of, with_takers
from projects.models import Strategy
from reports.charts.assessed import is_drawn_beside, kpi_chart
from reports.history.acts import told_by_act
from reports.history.changes import history_of_kpi
from reports.kpi_places import place_sentences
from reports.kpi_year import KpiYear, latest_stated_year
from reports.rated import column_of, own_rated, rated_of
from reports.rule_sentences import own_rule_sentences, rule_sentences
from reports.target_lines import target_lines

# What a KPI's page shows of its history before it points to the page with all of it.
_CHANGES = 20
# Explanations up to that many characters stand beside the chart, longer ones below it.
_SHORT_TEXTS = 400


@require_GET
@with_strategy
def kpi_list(request: HttpRequest, strategy: Strategy) -> HttpResponse:
    """All KPIs with this year's figures."""
    rules = plan_rules(strategy)
    series = load_series(strategy, rules=rules)
    closed = closed_years(strategy)
    year = asked_year(request, strategy) or opening_year(strategy, series, closed, rules)
    assessed = [one.assess(year) for one in standing_in(series, year)]
    kpis = [one for one in assessed if not one.definition.is_goal]
    in_force = rules.in_year(year)
    return render(
        request,
        "reports/kpis.html",
        {
            "kpis": kpis,
            "goals": [one for one in assessed if one.definition.is_goal],
            "fiscal_year": year,
            "closed_years": closed,
            "may_change": may_change_plan(request.user, strategy),
            "rules": in_force,
            "rated": rated_of(assessed, in_force),
            "own_rated": own_rated(assessed, in_force),
            "last_year": rules.last_year_in(year),
        },
    )


@require_GET
@with_strategy
def kpi_detail(request: HttpRequest, strategy: Strategy, code: str) -> HttpResponse:
    """One KPI: the page's year, all years, explanations and history, now or as of a day."""
    asked = asked_year(request, strategy)
    kpis = with_takers(with_carried_on(Kpi.objects.filter(project__strategy=strategy)))
    found = find_kpi(kpis, code, strategy, asked)
    kpi, typed = found.kpi, request.GET.get("as_of", "")
    if found.goes_to is not None:
        return _at_its_address(strategy, *found.goes_to, typed)
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
    # A past day shows the KPI alone: what it was in other plans then, no page says.
    lineage = Lineage() if day else lineage_of(kpi, plans_of(request))
    changes = history_of_kpi(strategy, kpi, until=day)[: _CHANGES + 1]
    return render(
        request,
        "reports/kpi.html",
        _facts(state, asked, lineage)
        | {
            "page_code": code,
            "asked_year": asked,
            "past": past | {"day": day, "is_partial": state.is_partial},
            "may_change": day is None and may_change_plan(request.user, strategy),
            "may_correct": day is None and may_close(request.user, strategy),
            "may_record": day is None and may_record(request.user, strategy, kpi),
            "takers": _takers(request, kpi) if day is None and kpi.has_takers else [],
            "changes": changes[:_CHANGES],
            "told": told_by_act(strategy, changes[:_CHANGES]),
            "has_more_changes": len(changes) > _CHANGES,
        },
        status=422 if "error" in past else 200,
    )


def _at_its_address(
    strategy: Strategy, code: str, fiscal_year: int | None, as_of: str
) -> HttpResponse:
    """Lead to the address under which a KPI has its page."""
    said = {"fy": fiscal_year, "as_of": as_of}
    query = urlencode({name: value for name, value in said.items() if value})
    page = reverse("kpi", args=[strategy.code, code])
    return redirect(f"{page}?{query}" if query else page)


def _takers(request: HttpRequest, kpi: Kpi) -> list[Source]:
    """The KPIs of plans that somebody sees which take this one's figures (one query)."""
    seen = {plan.pk for plan in plans_of(request)}
    takers = takers_of(kpi).select_related("department", "project__strategy")
    return [as_source(one) for one in takers if one.project.strategy_id in seen]


def _facts(state: KpiState, asked: int | None, lineage: Lineage) -> dict[str, object]:
    """What a KPI's page says about it, whenever it stood so."""
    series = state.series
    # The plan may have had other years then.
    fiscal_year = asked
    if fiscal_year is None or not series.lives_in(fiscal_year):
        fiscal_year = latest_stated_year(series)
    years = [
        (series.assess(year), series.actuals.get(year), year in state.closed_years)
        for year in series.years
    ]
    taken = [year for year in series.years if series.takes(year)]
    record = series.actuals.get(fiscal_year)
    explained = [
        (assessed, texts)
        for assessed, texts, _closed in reversed(years)
        if texts and (texts.analysis or texts.next_steps or texts.unmeasured_reason)
    ]
    return {
        "kpi": state.kpi,
        "definition": series.assess(fiscal_year).definition,
        "related_departments": state.related_departments,
        "rules": series.rules.in_year(fiscal_year),
        "last_year": series.rules.last_year_in(fiscal_year),
        "rule_sentences": [
            *rule_sentences(
                series.rules.changes, series.years[0], series.years[-1], series.rules.words
            ),
            *own_rule_sentences(series.definition.own_scales, series.rules.words),
        ],
        "fiscal_year": fiscal_year,
        "closed_years": state.closed_years,
        "is_falling": series.definition.direction == Direction.DECREASE,
        "kpi_year": KpiYear(series, fiscal_year),
        "record": record,
        "is_provisional": record is not None and record.state == ActualState.PROVISIONAL,
        "years": years,
        "years_column": column_of(one for one, _texts, _closed in years),
        "source": series.source,
        "taken_years": taken,
        "taken_span": span_of(taken) if taken else "",
        "own_texts": [one for one in explained if one[1] is record],
        "has_long_texts": record is not None
        and len(record.analysis + record.next_steps) > _SHORT_TEXTS,
        "other_texts": [one for one in explained if one[1] is not record],
        "target_lines": target_lines(series.definition, state.final_targets),
        "chart": kpi_chart(series, fiscal_year, lineage.earlier),
        "earlier": [(one, is_drawn_beside(one, series.definition)) for one in lineage.earlier],
        "later": lineage.later,
        "successor": lineage.successor,
        "place_sentences": place_sentences(series.definition, fiscal_year),
        "states": ActualState,
    }
