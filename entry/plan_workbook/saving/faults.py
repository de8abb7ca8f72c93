"""What of a workbook is at fault where a row's model refuses it."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from entry.plan_workbook import forms
from entry.plan_workbook.saving.rows import NotThere
from entry.plan_workbook.standing import KPI_TEXTS, LIFE, PLAN_ITEMS, key_of

# What of a record is at fault for a column of a model.
_HEADINGS: dict[str, dict[str, str]] = {
    forms.PILLARS: {"number": "番号", "name": "名称", "slogan": "標語"},
    forms.PROJECTS: {
        "code": "記号", "printed_sign": "表記", "pillar": "柱", "kind": "種別", "name": "名称",
        "purpose": "目的", "text": "方向性",
    },
    forms.DEPARTMENTS: {
        "code": "コード", "name": "名称", "valid_from": "設置日", "valid_until": "廃止日",
    },
    forms.INITIATIVES: {
        "name": "取組名", "printed_name": "取組名", "home_project": "プロジェクト",
        "department": "所管課", "project": "プロジェクト", "number": "番号",
        "initiative": "再掲元", **LIFE,
    },
    forms.KPIS: {
        **{column: heading for heading, column in KPI_TEXTS.items()}, **LIFE, "unit": "単位",
        "decimal_places": "小数桁数", "aggregation": "集計方法", "direction": "目指す方向",
        "formula": "達成率の算式", "department": "所管課", "project": "KPI番号",
        "number": "KPI番号", "successor_of": "前の指標", "carried_from": "前の指標",
        "source": "実績の引用元",
    },
    forms.MOVES: {
        "project": "プロジェクト", "number": "番号", "held_until": "適用年度", "reason": "理由",
    },
    forms.TARGETS: {
        "effective_from": "適用年度", "value": "目標値", "words": "目標値", "met_by": "満たし方",
        "is_strict": "条件", "tolerance": "許容幅", "target_year": "目標年度",
        "baseline": "基準値", "baseline_year": "基準値の年度", "reason": "理由",
    },
    forms.RULES: {
        "effective_from": "適用年度", "rating_method": "方法", "rating_basis": "使う率",
        "average_cap": "上限", "average_floor": "下限", "rate_decimals": "桁",
        "rate_rounding": "端数", "project_method": "方法", "bands": forms.BANDS,
        "rating_steps": forms.BANDS, "project_bands": forms.BANDS, "external_bands": forms.BANDS,
        "reason": "理由",
    },
    forms.PERIODS: {"held_until": "適用年度", "last_year": "最終年度", "reason": "理由"},
}  # fmt: skip
# A rule of rating is told at the row of what it is about.
_OF_COLUMN = {
    "project_method": forms.OF_PROJECTS,
    "project_bands": forms.OF_PROJECTS,
    "external_bands": forms.OF_EXPERTS,
}


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a record can't be saved: the sheet, what names the row, the heading (may be blank).

    `only_waits`: it is for a record that can't be saved either.
    """

    sheet: str
    key: str
    heading: str
    message: str
    only_waits: bool = False


def faults_of(sheet: str, key: str, error: ValidationError) -> Iterator[Fault]:
    """The faults of a record that a ValidationError of its row tells, each at its cell."""
    only_waits = isinstance(error, NotThere)
    if not hasattr(error, "error_dict"):
        for message in error.messages:
            yield Fault(sheet, key, "", message, only_waits)
        return
    for name, messages in error.message_dict.items():
        at = _cell(sheet, key, name)
        for message in messages:
            yield Fault(*at, message, only_waits)


def _cell(sheet: str, key: str, name: str) -> tuple[str, str, str]:
    """The sheet, the row and the heading of a column of the row's model; blank for the row."""
    if sheet == forms.PLAN and name != NON_FIELD_ERRORS:
        item = next((item for item, column in PLAN_ITEMS.items() if column == name), None)
        if item is None and name in _HEADINGS[forms.RULES]:
            of = _OF_COLUMN.get(name, forms.OF_KPIS)
            return forms.RULES, key_of("", of, ""), _HEADINGS[forms.RULES][name]
        return sheet, item or key, forms.CONTENT
    if sheet == forms.RULES and name in _OF_COLUMN:
        since, _of, kpi = key.split("／")
        return sheet, key_of(since, _OF_COLUMN[name], kpi), _HEADINGS[sheet][name]
    if sheet == forms.KPIS and name in ("baseline", "baseline_year"):
        return forms.TARGETS, key_of(key, ""), _HEADINGS[forms.TARGETS][name]
    # A yearly target's is the year.
    heading = name if sheet == forms.YEARLY else _HEADINGS.get(sheet, {}).get(name, "")
    return sheet, key, heading
