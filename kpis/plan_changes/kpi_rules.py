"""指標の評価のきまりを改める: one KPI rated otherwise than the plan's others, from an open year on.

Dated rows (`KpiRatingRules`) say since when; without any, the plan's rules hold. Source of the
rules: docs/domain.md, Rating.
"""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError

from common.fiscal_year import wareki
from kpis.definition import OwnScale
from kpis.models import Kpi, KpiRatingRules
from kpis.permissions import User
from kpis.plan_changes.acting import (
    acting,
    by_field,
    check_year,
    note_act,
    refused,
    remove_row,
    save_row,
    stated_reason,
)
from kpis.plan_rules import own_scales, plan_rules
from kpis.targets import row_in_force
from kpis.terms import PlanRules, scale_columns
from projects.models import SCALE_COLUMNS, Strategy
from projects.scales import Scale


@dataclass(frozen=True, slots=True)
class ScaleInForce:
    """By what a KPI is rated in a year, and whether the scale is its own."""

    scale: Scale
    is_own: bool


def revise_kpi_rules(
    kpi: Kpi,
    *,
    effective_from: int,
    user: User,
    reason: str,
    is_plans: bool = False,
    **scale: Any,
) -> Kpi:
    """Rate a KPI by a scale of its own from a year on, until the next revision that there is.

    `scale` are columns of `SCALE_COLUMNS` as the database keeps them; what isn't said stays as it
    is in force for that year. With `is_plans` the plan's rules hold again. A revision that is set
    back to what was in force before it is taken back. Raises RecordingRefused, at the field at
    fault, where a closed year would be rated anew, the KPI doesn't live, or nothing would change.
    Returns the KPI.
    """
    with acting(kpi.project.strategy, user) as plan:
        kpi = Kpi.objects.select_related("project").get(pk=kpi.pk)
        kpi.project.strategy = plan
        reason = stated_reason(reason, "変える理由")
        check_year(plan, effective_from, "effective_from")
        if not kpi.lives_in(effective_from):
            raise refused(
                f"{kpi.code}「{kpi.name}」は、{wareki(effective_from)}にはありません。",
                "effective_from",
            )
        row = _row_of(plan, kpi, effective_from, scale)
        row.is_plans, row.reason = is_plans, reason
        _save(plan, row, user)
        note_act(
            plan,
            f"{kpi.code}の{wareki(effective_from)}からの評価のきまりを改めた",
            reason,
            user,
        )
    return kpi


def scale_in_force(rules: PlanRules, own: tuple[OwnScale, ...], fiscal_year: int) -> ScaleInForce:
    """By what a KPI with some scales of its own is rated in a year."""
    standing = row_in_force(own, fiscal_year)
    if standing is None or standing.scale is None:
        return ScaleInForce(rules.in_year(fiscal_year).scale, is_own=False)
    return ScaleInForce(standing.scale, is_own=True)


def _row_of(plan: Strategy, kpi: Kpi, year: int, scale: dict[str, Any]) -> KpiRatingRules:
    """The KPI's row for a year, there or new, with what a scale says and else what is in force."""
    own = own_scales([kpi.pk]).get(kpi.pk, ())
    standing = scale_in_force(plan_rules(plan), own, year)
    revised = KpiRatingRules.objects.filter(kpi=kpi, effective_from=year).first()
    row = revised or KpiRatingRules(effective_from=year)
    row.kpi = kpi
    for name, value in (scale_columns(standing.scale) | scale).items():
        setattr(row, name, value)
    return row


def _save(plan: Strategy, row: KpiRatingRules, user: User) -> None:
    """Save a row, or remove it where it says what held before it; RecordingRefused for nothing."""
    kpi, year = row.kpi, row.effective_from
    own = own_scales([kpi.pk]).get(kpi.pk, ())
    standing = scale_in_force(plan_rules(plan), own, year)
    _check(row)
    said = None if row.is_plans else row.scale
    if said == (standing.scale if standing.is_own else None):
        raise refused(f"{kpi.code}の{wareki(year)}の評価のきまりは、今もこのとおりです。")
    before = row_in_force(tuple(one for one in own if one.effective_from < year), year)
    if said == (before and before.scale):
        # What was revised from this year on is taken back.
        remove_row(row, user, row.reason)
    else:
        save_row(row, user, row.reason)


def _check(row: KpiRatingRules) -> None:
    """Raise RecordingRefused, by column, for a scale that is none."""
    try:
        row.clean_fields(exclude={one.name for one in row._meta.fields} - set(SCALE_COLUMNS))
        row.check_terms()
    except ValidationError as refusal:
        raise by_field(refusal) from None
