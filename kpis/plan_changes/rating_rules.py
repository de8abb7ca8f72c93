"""評価のきまりを改める: the basis, the bands and the limit of means, from an open year on.

What a plan begins with stands in its own columns; a revision is a dated row (`RatingRules`).
Source of the rules: docs/domain.md, Rating.
"""

from typing import Any

from django.core.exceptions import ValidationError

from accounts.audit import Kind as Audited
from accounts.audit import note
from common.fiscal_year import wareki
from common.history import sign_change
from kpis.permissions import User
from kpis.plan_changes.acting import (
    acting,
    by_field,
    check_fields,
    closed_years_of,
    refused,
    stated_reason,
)
from kpis.plan_rules import plan_rules
from kpis.terms import as_columns, terms_of, terms_of_row
from projects.models import RATING_COLUMNS, RatingRules, Strategy


def revise_rating_rules(
    strategy: Strategy,
    *,
    effective_from: int,
    user: User,
    reason: str,
    **terms: Any,
) -> Strategy:
    """Rate by other rules from a year on, until the next revision that there is.

    `terms` are columns of rating (`RATING_COLUMNS`) as `Strategy` keeps them; what isn't said
    stays as it is in force for that year. Raises RecordingRefused, at the field at fault, where
    a closed year would be rated anew, the year is outside the plan, or nothing would change.
    Returns the plan.
    """
    with acting(strategy, user) as plan:
        reason = stated_reason(reason, "変える理由")
        _refuse_year(plan, effective_from)
        rules = plan_rules(plan)
        stated = as_columns(rules.in_year(effective_from)) | terms
        is_first = effective_from == plan.first_year
        revised = plan.rule_changes.filter(effective_from=effective_from).first()
        row = plan if is_first else revised or RatingRules(strategy=plan)
        for name, value in stated.items():
            setattr(row, name, value)
        check_fields(row, RATING_COLUMNS)
        try:
            row.check_terms()
        except ValidationError as refusal:
            raise by_field(refusal) from None
        said = terms_of_row(row)
        if said == terms_of(rules.in_year(effective_from)):
            raise refused(f"{wareki(effective_from)}の評価のきまりは、今もこのとおりです。")
        sign_change(row, user, reason)
        if isinstance(row, Strategy):
            row.save()
        elif said == terms_of(rules.in_year(effective_from - 1)):
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
