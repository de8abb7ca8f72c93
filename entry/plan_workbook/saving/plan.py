"""Saves the plan itself: its items, its period, its rules of rating."""

from django.core.exceptions import ValidationError

from entry.plan_workbook import forms
from entry.plan_workbook.differing import ChangeKind
from entry.plan_workbook.rating_rules import (
    columns_of,
    scale_columns_of,
    without_word_on_projects,
)
from entry.plan_workbook.saving.lives import year_of
from entry.plan_workbook.saving.rows import SavedRows
from entry.plan_workbook.standing import PLAN_ITEMS, key_of
from kpis.models import KpiRatingRules
from kpis.plan_acts import take_free_mark
from projects.models import RATING_COLUMNS, FormerPeriod, PlanState, RatingRules, Strategy

_COLUMNS_OF = {
    forms.OF_PROJECTS: ("project_method", "project_bands"),
    forms.OF_EXPERTS: ("external_bands",),
}
_COLUMNS_OF[forms.OF_KPIS] = tuple(
    name for name in RATING_COLUMNS if not any(name in names for names in _COLUMNS_OF.values())
)
# The years of a plan that doesn't say its own: those that a fiscal year may be.
_FIRST, _LAST = 1926, 2199


def save_plan(rows: SavedRows) -> None:
    """Save the plan; a new one is in preparation, or running where it is put into force."""
    plan = rows.standing.strategy
    if rows.is_lenient:
        _save_in_its_place(rows, plan)
        return
    is_new = plan is None
    if plan is None:
        plan = Strategy(state=PlanState.PREPARING, is_current=False)
    _set_items(rows, plan, is_new=is_new)
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
    if _is_deleted(rows, "", forms.OF_EXPERTS):
        columns["external_bands"] = []
    for name, value in columns.items():
        setattr(plan, name, value)
    _save_with_periods(rows, plan, periods, is_new=is_new)
    rows.standing.strategy = plan


def _save_with_periods(
    rows: SavedRows, plan: Strategy, periods: list[FormerPeriod], *, is_new: bool
) -> None:
    if is_new:
        rows.save(plan)
    for period in periods:
        period.strategy = plan  # which has its key by now
        rows.save(period)
    if not is_new:
        rows.save(plan)  # after what its closed years go on knowing


def _set_items(rows: SavedRows, plan: Strategy, *, is_new: bool) -> None:
    """Give the plan what the sheet 計画 says; what it leaves out is empty, or as in a new plan."""
    said = rows.after.get(forms.PLAN, {})
    for item, column in PLAN_ITEMS.items():
        text = said.get(item, {}).get(forms.CONTENT)
        if text is None and is_new:
            continue
        is_year = column in ("first_year", "last_year")
        setattr(plan, column, int(text) if is_year and text else text or "")


def _save_in_its_place(rows: SavedRows, plan: Strategy | None) -> None:
    """Save a plan that has nothing of the workbook but its years, for a trial that goes on."""
    said = rows.after.get(forms.PLAN, {})

    def year(item: str, otherwise: int) -> int:
        return year_of(said.get(item, {}).get(forms.CONTENT)) or otherwise

    if plan is None:
        plan = Strategy(code="in-its-place", name="計画", state=PlanState.PREPARING)
    first = year("最初の年度", plan.first_year or _FIRST)
    periods = rows.after.get(forms.PERIODS, {}).values()
    lasts = [int(one["最終年度"]) for one in periods if "最終年度" in one]
    last = max(year("最終年度", plan.last_year or _LAST), *lasts, first)
    plan.first_year, plan.last_year = first, last
    plan.save()
    rows.standing.strategy = plan


def save_rules(rows: SavedRows, since: str) -> None:
    """Save the rules that hold from a fiscal year on; what isn't said is as it was before."""
    records = rows.rules_since(since)
    row = RatingRules.objects.filter(strategy=rows.plan, effective_from=int(since)).first()
    if not records:
        rows.delete(row)
        return
    earlier = RatingRules.objects.filter(strategy=rows.plan, effective_from__lt=int(since))
    before = earlier.order_by("effective_from").last() or rows.plan
    is_new = row is None
    row = row or RatingRules(strategy=rows.plan, effective_from=int(since))
    for of, names in _COLUMNS_OF.items():
        for name in names if is_new or _is_deleted(rows, since, of) else ():
            setattr(row, name, getattr(before, name))
    for name, value in columns_of(records).items():
        setattr(row, name, value)
    row.reason = next((one["理由"] for one in records.values() if one.get("理由")), "")
    rows.save(row)


def _is_deleted(rows: SavedRows, since: str, of: str) -> bool:
    change = rows.changed[forms.RULES].get(key_of(since, of, ""))
    return change is not None and change.kind is ChangeKind.DELETED


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
