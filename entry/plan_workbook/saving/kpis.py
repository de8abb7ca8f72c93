"""Saves KPIs: what they are, where they stood, what they aim at."""

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Any

from django.core.exceptions import ValidationError

from common.history import sign_change
from common.reading.units import NO_UNIT
from entry.plan_workbook import forms
from entry.plan_workbook.saving.lives import set_life, year_of
from entry.plan_workbook.saving.rows import NotThere, SavedRows
from entry.plan_workbook.standing import KPI_TEXTS, Record, key_of
from kpis.models import FinalTarget, FormerPlace, Kpi, YearlyTarget
from projects.project_codes import parts_of

_SAYS_TARGET = {"目標値", "条件", "許容幅", "満たし方", "目標年度"}


def save_kpi(rows: SavedRows, name: str) -> None:
    """Save a KPI with the baseline with which it begins, and its departments."""
    record = rows.after[forms.KPIS][name]
    kpi = rows.standing.kpis.get(name)
    if kpi is None:
        code, number = parts_of(name.partition("（")[0])
        kpi = Kpi(project=rows.project(code), number=number)
    kpi.project.strategy = rows.plan
    for heading, column in KPI_TEXTS.items():
        setattr(kpi, column, record.get(heading, ""))
    kpi.unit = record.get("単位", "").replace(NO_UNIT, "")
    kpi.decimal_places = int(record.get("小数桁数", "0"))
    kpi.aggregation = forms.AGGREGATIONS[record.get("集計方法", "単年度")]
    kpi.direction = forms.DIRECTIONS[record.get("目指す方向", "以上")]
    kpi.formula = forms.FORMULAS[record.get("達成率の算式", "実績÷目標")]
    first = rows.after.get(forms.TARGETS, {}).get(key_of(name, ""), {})
    kpi.baseline = _decimal(first.get("基準値"))
    kpi.baseline_year = year_of(first.get("基準値の年度"))
    set_life(kpi, record)
    owners = rows.departments(record.get("所管課", ""))
    kpi.department = owners[0] if owners else None
    kpi.successor_of, kpi.carried_from = _former(rows, record.get("前の指標", ""))
    kpi.source = _elsewhere(rows, record.get("実績の引用元", ""), "source")
    kpi.former_places_to_be = [*_former_places(rows, kpi, _places(rows, name))]
    rows.save(kpi)
    related = owners[1:]
    if {one.pk for one in kpi.related_departments.all()} != {one.pk for one in related}:
        sign_change(kpi, rows.user, rows.reason)
        kpi.related_departments.set(related)
    rows.standing.kpis[name] = kpi


def save_moves(rows: SavedRows, name: str) -> None:
    """Save where a KPI stood before it was moved."""
    kpi = rows.kpi(name)
    places = _places(rows, name)
    if places:
        _since, last = places[-1]
        if f"{last['プロジェクト']}-{last['番号']}" != name.partition("（")[0]:
            raise ValidationError(
                {"number": f"最後の場所は、今のKPI番号（{name}）と同じにしてください。"}
            )
    saved = list(_former_places(rows, kpi, places))
    for row in saved:
        row.kpi = kpi
        rows.save(row)
    kept = [row.pk for row in saved]
    for gone in FormerPlace.objects.filter(kpi=kpi).exclude(pk__in=kept):
        rows.delete(gone)


def _places(rows: SavedRows, name: str) -> list[tuple[str, Record]]:
    """Where a KPI stands by its records: since when (blank: from its first year on), and where."""
    return sorted(
        (key.split("／")[1], record)
        for key, record in rows.after.get(forms.MOVES, {}).items()
        if key.split("／")[0] == name
    )


def _former_places(
    rows: SavedRows, kpi: Kpi, places: list[tuple[str, Record]]
) -> Iterator[FormerPlace]:
    """The rows of a KPI's former places, as they stand or are to be."""
    standing = (
        {one.held_until: one for one in FormerPlace.objects.filter(kpi=kpi)} if kpi.pk else {}
    )
    for (_from, place), (since, later) in pairwise(places):
        until = int(since) - 1
        row = standing.get(until) or FormerPlace(held_until=until)
        row.project, row.number = rows.project(place["プロジェクト"]), int(place["番号"])
        row.reason = later.get("理由", "")
        yield row


def save_target(rows: SavedRows, key: str) -> None:
    """Save a target from a year on; the first row without any is only a baseline."""
    name, since = key.split("／")
    kpi = rows.kpi(name)
    record = rows.after[forms.TARGETS][key]
    row = standing_target(rows, key)
    if not since and not record.keys() & _SAYS_TARGET:
        rows.delete(row)
        return
    begins = kpi.first_year or rows.plan.first_year
    row = row or FinalTarget(effective_from=int(since) if since else begins)
    row.kpi = kpi
    _set_target(row, record)
    if since:
        row.baseline = _decimal(record.get("基準値"))
        row.baseline_year = year_of(record.get("基準値の年度"))
    rows.save(row)


def save_yearly(rows: SavedRows, asked: tuple[str, str]) -> None:
    """Save the yearly target of a KPI (its KPI番号) and a year."""
    name, year = asked
    kpi = rows.kpi(name)
    text = rows.after.get(forms.YEARLY, {}).get(name, {}).get(year)
    row = YearlyTarget.objects.filter(kpi=kpi, fiscal_year=int(year)).first()
    if text is None:
        rows.delete(row)
        return
    row = row or YearlyTarget(fiscal_year=int(year))
    row.kpi, row.value = kpi, Decimal(text)
    try:
        rows.save(row)
    except ValidationError as error:
        messages = getattr(error, "messages", [str(error)])
        raise ValidationError({year: messages}) from None


def standing_target(rows: SavedRows, key: str) -> Any:
    """The final target that a record stands for; None where there is none."""
    name, since = key.split("／")
    kpi = rows.standing.kpis[name]
    if not since:
        first = kpi.final_targets.order_by("effective_from").first()
        begins = kpi.first_year or rows.plan.first_year
        return first if first is not None and first.effective_from <= begins else None
    return kpi.final_targets.filter(effective_from=int(since)).first()


def _former(rows: SavedRows, text: str) -> tuple[Kpi | None, Kpi | None]:
    """The KPI that one replaces, and that of an earlier plan which it carries on."""
    replaced, carried = None, None
    for part in filter(None, (one.strip() for one in text.split("、"))):
        if ":" in part or "：" in part:
            carried = _elsewhere(rows, part, "carried_from")
        else:
            replaced = rows.standing.kpis.get(part)
            if replaced is None and not rows.is_lenient:
                message = f"「{part}」という指標は、この計画にありません。"
                raise NotThere({"successor_of": message}, forms.KPIS, part)
    return replaced, carried


def _elsewhere(rows: SavedRows, text: str, field: str) -> Kpi | None:
    """A KPI of another plan: `omuta-2024-2028:P1-2`."""
    if not text:
        return None
    plan_code, _colon, name = text.replace("：", ":").partition(":")
    found = rows.kpis_of(plan_code.strip()).get(name.strip())
    if found is None and not rows.is_lenient:
        message = (
            f"「{text}」に当たる指標がありません。計画コード:P1-2 のように書き、"
            "その計画を先に取り込んでください。"
        )
        raise ValidationError({field: message})
    return found


def _set_target(row: FinalTarget, record: Mapping[str, str]) -> None:
    text, met_by = record.get("目標値", ""), record.get("満たし方", "")
    value = _decimal(text)
    row.value, row.words = value, "" if value is not None else text
    if row.words and not met_by and row.words in forms.MET_BY:
        met_by = row.words
    row.met_by = forms.MET_BY.get(met_by, "")
    condition = record.get("条件", "")
    increases = row.kpi.direction == "increase"
    if condition and value is not None and (condition in ("以上", "超")) is not increases:
        way = "以上" if increases else "以下"
        raise ValidationError(
            {
                "is_strict": f"条件「{condition}」が、目指す方向「{way}」と合いません。"
                "どちらかを直してください。"
            }
        )
    row.is_strict = value is not None and condition in ("超", "未満")
    row.tolerance = _decimal(record.get("許容幅"))
    row.target_year = year_of(record.get("目標年度"))
    row.reason = record.get("理由", "")


def _decimal(text: str | None) -> Decimal | None:
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        return None
