"""What of a workbook is at fault where a row's model refuses it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from entry.plan_workbook import forms
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
# Words of sentences about a row as a whole, and the column that they are about.
_SAID: dict[str, dict[str, str]] = {
    forms.KPIS: {
        "前の指標": "前の指標", "差し替え": "前の指標", "累計": "集計方法", "算式": "達成率の算式",
        "年度": "開始年度",
    },
    forms.INITIATIVES: {
        "同じ名前": "取組名", "番号": "番号", "掲載されて": "再掲元", "年度": "開始年度",
    },
    forms.TARGETS: {
        "達し方": "満たし方", "維持": "許容幅", "基準値": "基準値の年度",
        "この年度から": "適用年度",
    },
    forms.DEPARTMENTS: {"廃止日": "廃止日"},
}  # fmt: skip
# What a row has to say in a workbook where a sentence names another way, by words of it.
_REMEDIES = {
    "加えられるのは、締めていない年度から": "開始年度の列に、加わる年度を書いてください。",
}
# Else the column where somebody begins to look.
_OF_ROW = {
    forms.PILLARS: "番号", forms.PROJECTS: "記号", forms.DEPARTMENTS: "名称",
    forms.INITIATIVES: "番号", forms.KPIS: "KPI番号", forms.MOVES: "番号", forms.TARGETS: "目標値",
    forms.RULES: "方法", forms.PERIODS: "最終年度",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a record can't be saved: the sheet, what names the row, the heading (may be blank)."""

    sheet: str
    key: str
    heading: str
    message: str


def faults_of(sheet: str, key: str, error: ValidationError) -> Iterator[Fault]:
    """The faults of a record that a ValidationError of its row tells, each at its cell."""
    if not hasattr(error, "error_dict"):
        for message in error.messages:
            yield Fault(sheet, key, _heading_in(sheet, message), _with_remedy(message))
        return
    for name, messages in error.message_dict.items():
        for message in messages:
            yield Fault(*_cell(sheet, key, name, message), _with_remedy(message))


def told_once(faults: Iterable[Fault]) -> list[Fault]:
    """The first fault of each cell: what else is wrong there may follow from it."""
    found: dict[tuple[str, str, str], Fault] = {}
    for one in faults:
        found.setdefault((one.sheet, one.key, one.heading), one)
    return list(found.values())


def _with_remedy(message: str) -> str:
    return message + "".join(said for word, said in _REMEDIES.items() if word in message)


def _cell(sheet: str, key: str, name: str, message: str) -> tuple[str, str, str]:
    """The sheet, the row and the heading of a column of the row's model."""
    if sheet == forms.PLAN:
        return _cell_of_plan(key, name, message)
    if sheet == forms.RULES and name in _OF_COLUMN:
        since, _of, kpi = key.split("／")
        return sheet, key_of(since, _OF_COLUMN[name], kpi), _HEADINGS[sheet][name]
    if sheet == forms.KPIS and name in ("baseline", "baseline_year"):
        return forms.TARGETS, key_of(key, ""), _HEADINGS[forms.TARGETS][name]
    # A yearly target's is the year.
    if name == "kpi":
        return sheet, key, "KPI番号"
    if sheet == forms.YEARLY:
        return sheet, key, name
    return sheet, key, _HEADINGS.get(sheet, {}).get(name) or _heading_in(sheet, message)


def _cell_of_plan(key: str, name: str, message: str) -> tuple[str, str, str]:
    item = next((item for item, column in PLAN_ITEMS.items() if column == name), None)
    if item is None and name in _HEADINGS[forms.RULES]:
        of = _OF_COLUMN.get(name, forms.OF_KPIS)
        return forms.RULES, key_of("", of, ""), _HEADINGS[forms.RULES][name]
    if name == NON_FIELD_ERRORS:
        item = "プロジェクトの呼び名" if "呼び名" in message else "最終年度"
    return forms.PLAN, item or key, forms.CONTENT


def _heading_in(sheet: str, message: str) -> str:
    """The column that a sentence about a row as a whole is about."""
    said = [(word, heading) for word, heading in _SAID.get(sheet, {}).items() if word in message]
    return said[0][1] if said else _OF_ROW.get(sheet, "")
