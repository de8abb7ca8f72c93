"""Loads what a plan says of its years, means and ratings (`kpis.terms`) from its rows."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from kpis.definition import OwnScale
from kpis.models import KpiRatingRules
from kpis.terms import (
    LastYearUntil,
    PlanRules,
    RuleChange,
    scale_of_columns,
    terms_of,
    terms_of_row,
)
from projects.models import SCALE_COLUMNS, FormerPeriod, RatingRules, Strategy


def plan_rules(strategy: Strategy) -> PlanRules:
    """A strategy's years, rules of rating and words as plain values.

    Two queries; none where the strategy says that neither was ever changed (`plan_pages`).
    """
    changes: Iterable[RatingRules] = ()
    former: Iterable[FormerPeriod] = ()
    if getattr(strategy, "was_changed", True):
        changes = RatingRules.objects.filter(strategy=strategy).order_by("effective_from")
        former = FormerPeriod.objects.filter(strategy=strategy).order_by("held_until")
    return rules_of(strategy, changes, former)


def rules_of(
    strategy: Strategy, changes: Iterable[RatingRules], former: Iterable[FormerPeriod]
) -> PlanRules:
    """The same from rows that are at hand."""
    begun = RuleChange(effective_from=strategy.first_year, **terms_of_row(strategy))
    revisions = tuple(
        RuleChange(effective_from=one.effective_from, reason=one.reason, **terms_of_row(one))
        for one in changes
    )
    return PlanRules(
        **terms_of(begun),
        first_year=strategy.first_year,
        last_year=strategy.last_year,
        words=strategy.words,
        changes=(begun, *revisions) if revisions else (),
        former_last_years=tuple(LastYearUntil(one.held_until, one.last_year) for one in former),
    )


def own_scales(kpi_ids: Collection[int]) -> dict[int, tuple[OwnScale, ...]]:
    """The scales of their own that some KPIs have, from year to year; no query for none."""
    grouped: defaultdict[int, list[OwnScale]] = defaultdict(list)
    if kpi_ids:
        rows = KpiRatingRules.objects.filter(kpi__in=kpi_ids).order_by("effective_from")
        for row in rows:
            grouped[row.kpi_id].append(own_scale(row))
    return {pk: tuple(scales) for pk, scales in grouped.items()}


def own_scale(row: Any) -> OwnScale:
    """A row of a KPI's own rules, or of its history, as a plain value."""
    if row.is_plans:
        return OwnScale(row.effective_from, None, row.reason)
    columns = {name: getattr(row, name) for name in SCALE_COLUMNS}
    return OwnScale(row.effective_from, scale_of_columns(columns), row.reason)
