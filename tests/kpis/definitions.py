"""KPIs as plain values, for tests of the rules that need no database."""

from dataclasses import replace
from decimal import Decimal

from kpis.assessment import assess, course_of
from kpis.definition import KpiDefinition
from kpis.targets import Target
from kpis.terms import PlanRules
from projects.bands import DEFAULT_BANDS

RULES = PlanRules(
    first_year=2024,
    last_year=2028,
    average_cap=Decimal(100),
    rating_basis="progress",
    bands=DEFAULT_BANDS,
)
CUMULATIVE = KpiDefinition(
    id=1,
    code="P1-1",
    name="支援件数",
    unit="件",
    decimal_places=0,
    aggregation="cumulative",
    direction="increase",
    formula="ratio",
    baseline=None,
    baseline_year=None,
    project_code="P1",
    project_name="プロジェクト",
    department_id=None,
    department_name="",
)
ANNUAL = replace(CUMULATIVE, aggregation="annual")
FALLING = replace(ANNUAL, direction="decrease")


def assess_pairs(definition, rules, fiscal_year, *, measurements, final_targets, yearly_targets):
    """A KPI's year, its final targets given as (fiscal year, value)."""
    targets = tuple(Target(*pair) for pair in final_targets)
    course = course_of(definition, rules, targets, yearly_targets)
    return assess(definition, rules, fiscal_year, measurements=measurements, course=course)
