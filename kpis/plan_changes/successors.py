"""What a KPI has to offer to the one that replaces it."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

from kpis.achievement import as_decimal
from kpis.models import Kpi
from kpis.plan_changes.acting import last_closed_year
from kpis.series import KpiSeries, load_series
from projects.models import Strategy

_TAKEN_OVER = (
    "project", "number", "name", "unit", "decimal_places", "aggregation", "direction", "formula",
    "department", "definition", "data_source", "note",
)  # fmt: skip


def offered_successor(strategy: Strategy, kpi: Kpi) -> dict[str, Any]:
    """What fits of a KPI, to change or to keep: its columns, baseline, last year and target.

    The last year is the last closed one, else the last that was measured. The baseline is the
    last own figure; for a cumulative KPI the target is what is left of the final one.
    """
    (series,) = load_series(strategy, Kpi.objects.filter(pk=kpi.pk))
    measured = [year for year in series.measured_years if series.lives_in(year)]
    closed = last_closed_year(strategy)
    last = kpi.last_year or max(filter(None, [closed, *measured]), default=series.first_year)
    if last >= strategy.last_year:
        last = strategy.last_year - 1
    own = {name: getattr(kpi, name) for name in _TAKEN_OVER}
    known = max((year for year in measured if year <= last), default=None)
    if known is not None:
        own |= {"baseline": series.measurements[known].value, "baseline_year": known}
    own["related_departments"] = list(kpi.related_departments.all())
    return own | {"last_year": last, "target": offered_target(series, last)}


def offered_target(series: KpiSeries, last_year: int) -> Decimal | None:
    """The final target of the successor of a KPI that ends with a year; None where nobody knows.

    Of a cumulative KPI what the sum lacks of its final target, or of what was due by then where
    there is no sum; never below 0.
    """
    assessed = series.assess(last_year)
    if assessed.final_target is None or not series.definition.is_cumulative:
        return assessed.final_target
    reached = assessed.expected if assessed.value is None else Fraction(assessed.value)
    left = as_decimal(max(Fraction(assessed.final_target) - (reached or 0), Fraction(0)))
    if left is None:
        return None
    return round(left, series.definition.decimal_places)
