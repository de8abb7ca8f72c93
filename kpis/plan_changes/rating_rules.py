"""評価のきまりを改める: the basis, the bands and the limit of means, from an open year on.

What a plan begins with stands in its own columns; a revision is a dated row (`RatingRules`).
Source of the rules: docs/domain.md, Rating.
"""

from decimal import Decimal
from typing import Any

from accounts.audit import Kind as Audited
from accounts.audit import note
from common.fiscal_year import wareki
from common.history import sign_change
from kpis.assessment import PlanRules
from kpis.permissions import User
from kpis.plan_changes.acting import acting, check_fields, closed_years_of, refused, stated_reason
from kpis.series import plan_rules
from projects.bands import bands_from_data
from projects.models import RatingRules, Strategy

_COLUMNS = ("rating_basis", "bands", "average_cap")


def revise_rating_rules(
    strategy: Strategy,
    *,
    effective_from: int,
    rating_basis: str,
    bands: list[dict[str, Any]],
    average_cap: Decimal | None,
    user: User,
    reason: str,
) -> Strategy:
    """Rate by other rules from a year on, until the next revision that there is.

    `bands` is as `Strategy.bands` keeps it. Raises RecordingRefused, at the field at fault, where
    a closed year would be rated anew, the year is outside the plan, or nothing would change.
    Returns the plan.
    """
    with acting(strategy, user) as plan:
        reason = stated_reason(reason, "変える理由")
        _refuse_year(plan, effective_from)
        rules = plan_rules(plan)
        stated = {"rating_basis": rating_basis, "bands": bands, "average_cap": average_cap}
        is_first = effective_from == plan.first_year
        revised = plan.rule_changes.filter(effective_from=effective_from).first()
        row = plan if is_first else revised or RatingRules(strategy=plan)
        for name, value in stated.items():
            setattr(row, name, value)
        check_fields(row, _COLUMNS)
        said = (average_cap, rating_basis, bands_from_data(bands))
        if said == _said(rules.in_year(effective_from)):
            raise refused(f"{wareki(effective_from)}の評価のきまりは、今もこのとおりです。")
        sign_change(row, user, reason)
        if isinstance(row, Strategy):
            row.save()
        elif said == _said(rules.in_year(effective_from - 1)):
            row.delete()  # what was revised from this year on is taken back
        else:
            row.effective_from, row.reason = effective_from, reason
            row.save()
        note(
            Audited.PLAN,
            f"{plan.name}の{wareki(effective_from)}からの評価のきまりを改めた（理由：{reason}）",
            user=user,
        )
    return plan


def _refuse_year(plan: Strategy, effective_from: int) -> None:
    if effective_from not in plan.years:
        raise refused(
            f"{effective_from}年度は計画期間（{wareki(plan.first_year)}から"
            f"{wareki(plan.last_year)}まで）の外です。",
            "effective_from",
        )
    closed = [year for year in closed_years_of(plan) if year >= effective_from]
    if closed:
        raise refused(
            f"{'、'.join(map(wareki, closed))}は締め済みのため、評価のきまりを変えられません。"
            f"{wareki(max(closed) + 1)}以後の年度から適用してください。",
            "effective_from",
        )


def _said(rules: PlanRules) -> tuple[Any, ...]:
    return rules.average_cap, rules.rating_basis, rules.bands
