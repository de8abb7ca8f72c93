"""Saves the plan itself: its items, its period, its rules of rating."""

from django.core.exceptions import ValidationError

from entry.plan_workbook import forms
from entry.plan_workbook.rating_rules import (
    columns_of,
    scale_columns_of,
    without_word_on_projects,
)
from entry.plan_workbook.saving.rows import SavedRows
from entry.plan_workbook.standing import PLAN_ITEMS
from kpis.models import KpiRatingRules
from kpis.plan_acts import take_free_mark
from projects.models import RATING_COLUMNS, FormerPeriod, PlanState, RatingRules, Strategy


def save_plan(rows: SavedRows) -> None:
    """Save the plan; a new one is in preparation, or running where it is put into force."""
    plan = rows.standing.strategy
    is_new = plan is None
    if plan is None:
        plan = Strategy(state=PlanState.PREPARING, is_current=False)
    said = rows.after.get(forms.PLAN, {})
    for item, column in PLAN_ITEMS.items():
        text = said.get(item, {}).get(forms.CONTENT)
        if text is None and is_new:
            continue
        is_year = column in ("first_year", "last_year")
        setattr(plan, column, int(text) if is_year and text else text or "")
    periods = _periods(rows, plan)
    rules = rows.rules_since("")
    columns = columns_of(rules)
    if is_new:
        without_word_on_projects(columns, rules)
        if not plan.code:
            raise ValidationError({"code": "計画コードを書いてください。"})
        if rows.is_in_force:
            plan.state = PlanState.RUNNING
            take_free_mark(plan, user=rows.user)
    for name, value in columns.items():
        setattr(plan, name, value)
    rows.save(plan)
    for period in periods:
        period.strategy = plan  # which has its key by now
        rows.save(period)
    rows.standing.strategy = plan


def save_rules(rows: SavedRows, since: str) -> None:
    """Save the rules that hold from a fiscal year on; what isn't said stays as it was before."""
    records = rows.rules_since(since)
    row = RatingRules.objects.filter(strategy=rows.plan, effective_from=int(since)).first()
    if not records:
        rows.delete(row)
        return
    if row is None:
        before = (
            RatingRules.objects.filter(strategy=rows.plan, effective_from__lt=int(since))
            .order_by("effective_from")
            .last()
        )
        row = RatingRules(strategy=rows.plan, effective_from=int(since))
        for name in RATING_COLUMNS:
            setattr(row, name, getattr(before or rows.plan, name))
    for name, value in columns_of(records).items():
        setattr(row, name, value)
    row.reason = next((one["理由"] for one in records.values() if one.get("理由")), "")
    rows.save(row)


def save_own_rules(rows: SavedRows, key: str) -> None:
    """Save the rules of one KPI from a fiscal year on."""
    since, _of, name = key.split("／")
    kpi = rows.kpi(name)
    year = int(since) if since else kpi.first_year or rows.plan.first_year
    row = KpiRatingRules.objects.filter(kpi=kpi, effective_from=year).first()
    record = rows.after.get(forms.RULES, {}).get(key)
    if record is None:
        rows.delete(row)
        return
    if row is None:
        row = KpiRatingRules(effective_from=year)
        for column, value in scale_columns_of(rows.rules_since("").get(forms.OF_KPIS, {})).items():
            setattr(row, column, value)
    row.kpi = kpi
    row.is_plans = record.get("方法") == "計画"
    for column, value in scale_columns_of(record).items():
        setattr(row, column, value)
    row.reason = record.get("理由", "")
    rows.save(row)


def _periods(rows: SavedRows, plan: Strategy) -> list[FormerPeriod]:
    """The rows for how long the plan was to last before; the plan gets what holds now."""
    changes = sorted(rows.after.get(forms.PERIODS, {}).items())
    if not changes and not rows.changed[forms.PERIODS]:
        return []
    standing = {one.held_until: one for one in FormerPeriod.objects.filter(strategy=plan.pk)}
    periods, last = [], plan.last_year
    for since, record in changes:
        row = standing.pop(int(since) - 1, None) or FormerPeriod(held_until=int(since) - 1)
        row.last_year, row.reason = last, record.get("理由", "")
        periods.append(row)
        last = int(record["最終年度"])
    for gone in standing.values():
        rows.delete(gone)
    plan.last_year = last
    return periods
