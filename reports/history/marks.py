"""Marks that people gave, in words: by the rules that are in force for the year of a row."""

from functools import cached_property
from typing import Any

from kpis.definition import OwnScale, scale_of
from kpis.models import KpiRatingRules, YearlyActual
from kpis.plan_rules import own_scales, plan_rules
from kpis.terms import PlanRules
from projects.models import Strategy
from projects.scales import Scale

# The columns that hold the place of a mark.
PLACES = frozenset(["proposed_place", "decided_place", "rating_place", "external_place"])


class PlanMarks:
    """The marks of one plan; four queries, once one is asked for."""

    def __init__(self, strategy: Strategy) -> None:
        self._strategy = strategy

    def said(self, row: Any, name: str, place: int) -> str:
        """`A 順調`, of a column of a row; its place where the scale has no such mark (any more)."""
        band = self._scale(row, name).at(place)
        return band.text if band else f"上から{place}番目の評価区分"

    def _scale(self, row: Any, name: str) -> Scale:
        rules = self._rules.in_year(row.fiscal_year)
        if row.instance_type is YearlyActual:
            return scale_of(self._own.get(row.kpi_id, ()), row.fiscal_year, rules)
        return rules.external_scale if name == "external_place" else rules.project_scale

    @cached_property
    def _rules(self) -> PlanRules:
        return plan_rules(self._strategy)

    @cached_property
    def _own(self) -> dict[int, tuple[OwnScale, ...]]:
        rows = KpiRatingRules.objects.filter(kpi__project__strategy=self._strategy)
        return own_scales(set(rows.values_list("kpi_id", flat=True)))
