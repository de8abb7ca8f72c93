"""A made-up 総合計画 as a workbook: 6 goals, 42 measures, 133 projects, 200 indicators.

Goals are 柱, the projects of the measures are プロジェクト, each with the measure as its 種別 and
the sign that the plan prints (`施策1-2-3`). Every fifth KPI is of another kind; six KPIs are rated
by rules of their own, and the plan's rules change once.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from tests.plan_workbooks import Sheets

GOALS, MEASURES, PROJECTS, KPIS = 6, 42, 133, 200
YEARS = range(2024, 2029)
RECORDED = range(2024, 2027)


@dataclass(frozen=True)
class Kind:
    """How a KPI is measured, what it aims at, and what was recorded in three years."""

    unit: str
    decimals: int
    aggregation: str
    direction: str
    formula: str
    baseline: str
    target: str
    actuals: tuple[str, str, str]
    yearly: tuple[str, ...] = ()


KINDS = (
    Kind("件", 0, "単年度", "以上", "実績÷目標", "40", "80", ("48", "60", "61")),
    Kind("件", 0, "累計", "以上", "実績÷目標", "", "500", ("90", "120", "80")),
    Kind("%", 1, "単年度", "以下", "実績÷目標", "20", "10", ("17.5", "16", "12.5")),
    Kind("人", 0, "単年度", "以上", "基準値からの伸び", "100", "200", ("95", "130", "180")),
    Kind("トン", 0, "単年度", "以下", "目標との乖離", "300", "200", ("290", "250", "210"),
         ("280", "260", "240", "220")),
)  # fmt: skip


def large_sheets(size: int = PROJECTS, kpis: int = KPIS) -> Sheets:
    """The workbook; with fewer projects and KPIs the first of them."""
    codes = [f"S{number}" for number in range(1, size + 1)]
    names = [(codes[at % size], at // size + 1) for at in range(kpis)]
    kinds = [
        (f"{code}-{number}", KINDS[at % len(KINDS)]) for at, (code, number) in enumerate(names)
    ]
    return {
        "計画": [
            ("項目", "内容"), ("計画コード", "sogo-2024"), ("計画名", "見本市総合計画"),
            ("団体名", "見本市"), ("団体コード", "402028"), ("最初の年度", str(YEARS[0])),
            ("最終年度", str(YEARS[-1])), ("柱の呼び名", "基本目標"),
            ("プロジェクトの呼び名", "事業"), ("取組の呼び名", "細事業"),
        ],
        "評価のきまり": [*_rules(kinds)],
        "評価区分": [*_bands(kinds)],
        "柱": [("番号", "名称"), *((str(at), f"目標{at}") for at in range(1, GOALS + 1))],
        "プロジェクト": [("記号", "表記", "柱", "種別", "名称", "方向性"), *_projects(codes)],
        "取組": [
            ("プロジェクト", "番号", "取組名", "再掲元", "所管課"),
            *((code, "1", f"{code}の細事業", "", f"第{at % 12 + 1}課")
              for at, code in enumerate(codes)),
            *((codes[at + 1], "2", "", f"{code}(1)", "") for at, code in enumerate(codes[:-1:4])
              if at + 1 < size),
        ],
        "所管課": [
            ("コード", "名称"), *((f"D{at:02}", f"第{at}課") for at in range(1, 13))
        ],
        "指標": [
            ("KPI番号", "指標名", "単位", "小数桁数", "集計方法", "目指す方向", "達成率の算式",
             "所管課", "出典"),
            *((name, f"指標{name}", kind.unit, str(kind.decimals), kind.aggregation, kind.direction,
               kind.formula, f"第{at % 12 + 1}課", "所管課調べ")
              for at, (name, kind) in enumerate(kinds)),
        ],
        "目標": [
            ("KPI番号", "目標値", "基準値", "基準値の年度"),
            *((name, kind.target, kind.baseline, "2023" if kind.baseline else "")
              for name, kind in kinds),
        ],
        "年度目安": [
            ("KPI番号", *map(str, YEARS[:-1])),
            *((name, *kind.yearly) for name, kind in kinds if kind.yearly),
        ],
        "実績": [
            ("KPI番号", "年度", "実績値", "要因分析"),
            *((name, str(year), kind.actuals[at], "利用が増えた。")
              for at, year in enumerate(RECORDED) for name, kind in kinds),
        ],
    }  # fmt: skip


def _projects(codes: list[str]) -> Iterator[tuple[str, ...]]:
    for at, code in enumerate(codes):
        measure = at % MEASURES
        goal, of_goal = measure % GOALS + 1, measure // GOALS + 1
        sign = f"施策{goal}-{of_goal}-{at // MEASURES + 1}"
        yield (code, sign, str(goal), f"施策{goal}-{of_goal}", f"事業{at + 1}", "広げる\n続ける")


def _rules(kinds: list[tuple[str, Kind]]) -> Iterator[tuple[str, ...]]:
    yield ("適用年度", "対象", "KPI番号", "方法", "使う率", "上限", "桁", "端数", "理由")
    yield ("", "指標", "", "率", "達成率", "120", "1", "四捨五入", "")
    yield ("", "プロジェクト", "", "平均", "", "", "", "", "")
    yield ("2026", "指標", "", "率", "進捗率", "100", "1", "切り捨て", "見直しによる")
    for name, _kind in kinds[:6]:
        yield ("", "指標", name, "位置", "", "", "", "", "")


def _bands(kinds: list[tuple[str, Kind]]) -> Iterator[tuple[str, ...]]:
    yield ("適用年度", "対象", "KPI番号", "記号", "名称", "下限", "相手", "関係")
    for since in ("", "2026"):
        for symbol, label, lower in (
            ("A", "順調", "100"),
            ("B", "概ね順調", "80"),
            ("C", "遅れ", ""),
        ):
            yield (since, "指標", "", symbol, label, lower, "", "")
    for name, _kind in kinds[:6]:
        yield ("", "指標", name, "↗", "", "", "今年度の目安", "達する")
        yield ("", "指標", name, "→", "", "", "基準値", "達する")
        yield ("", "指標", name, "↘", "", "", "その他", "")
