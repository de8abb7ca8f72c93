"""What a column of a city's table can be."""

from typing import NamedTuple


class Use(NamedTuple):
    """A thing that a column says; `of_years` where it says it of a fiscal year.

    `words` is a regular expression for headings that mean it, as `comparable` writes them
    without their years; uses are tried in their order.
    """

    key: str
    label: str
    words: str
    of_years: bool = False


UNUSED = ""
CODE, NAME, UNIT = "code", "name", "unit"
PILLAR, PROJECT = "pillar", "project"
AGGREGATION, DIRECTION = "aggregation", "direction"
DEPARTMENT, METHOD, SOURCE, REMARKS = "department", "method", "source", "remarks"
BASELINE, BASELINE_YEAR = "baseline", "baseline_year"
TARGET, TARGET_YEAR, DUE, ACTUAL = "target", "target_year", "due", "actual"
ACHIEVEMENT, PROGRESS, RATING = "achievement", "progress", "rating"
ANALYSIS, NEXT_STEPS = "analysis", "next_steps"
ROW_KIND, BY_KIND, ROW_YEAR = "row_kind", "by_kind", "row_year"

USES = (
    Use(NAME, "指標名", r"指標|kpi(?!番号|no)|成果目標$"),
    Use(ACHIEVEMENT, "達成率（公表されたもの）", r"達成率|達成度|達成割合", of_years=True),
    Use(PROGRESS, "進捗率（公表されたもの）", r"進捗率|進捗度|進捗割合", of_years=True),
    Use(TARGET_YEAR, "目標年度", r"(目標|達成).*年(度|次)?$|目標時期"),
    Use(BASELINE_YEAR, "基準値の年度", r"(基準|現状|策定|当初).*年(度|次)?$"),
    Use(BASELINE, "基準値", r"基準|現状|現況|策定時|当初|初期|開始時|計画前"),
    Use(ANALYSIS, "要因分析", r"要因|分析|理由|実績の説明", of_years=True),
    Use(NEXT_STEPS, "今後の方向性", r"今後|対応|改善|見通し", of_years=True),
    Use(DUE, "年度目安（途中の年度の目標）", r"目安|計画値|見込|中間|年度別目標|各年度の?目標",
        of_years=True),
    Use(TARGET, "最終目標値", r"目標", of_years=True),
    Use(ACTUAL, "実績値", r"実績|結果|実数", of_years=True),
    Use(RATING, "評価（公表されたもの）", r"評価|判定|達成状況|進捗状況", of_years=True),
    Use(CODE, "KPI番号（P1-2 の形）", r"kpi番号|kpino"),
    Use(UNIT, "単位", r"単位"),
    Use(AGGREGATION, "集計方法（累計・単年度）", r"集計|累計|積算"),
    Use(DIRECTION, "目指す方向（増・減）",
        r"(?<!基本)(?<!基本的)(?<!施策の)方向$|めざす|目指す|傾向|増減|望ましい"),
    Use(DEPARTMENT, "所管課", r"担当|所管|主管|部署|所属"),
    Use(METHOD, "算出方法", r"算出|算定|計算|算式|定義|測定方法|考え方"),
    Use(SOURCE, "出典", r"出典|出所|根拠|資料|統計|データ"),
    Use(REMARKS, "備考", r"備考|摘要|特記|補足|注記"),
    Use(PILLAR, "柱（基本目標）", r"柱|大項目|大分類|分野|政策"),
    Use(PROJECT, "プロジェクト（施策）", r"施策|プロジェクト|基本的方向|中項目|小項目|事業|取組"),
    Use(ROW_KIND, "行の区分（目標・実績）", r"^区分$|^種別$|^項目$|^内訳$"),
    Use(ROW_YEAR, "行の年度", r"^(対象|実績)?年(度|次)?$"),
    Use(BY_KIND, "行の区分による値", r"^$", of_years=True),
)  # fmt: skip
BY_KEY = {use.key: use for use in USES}
# Those of which a table has one at most.
ONCE = frozenset(use.key for use in USES if not use.of_years) - {REMARKS}
FIGURES = (BASELINE, TARGET, DUE, ACTUAL)
# 基本目標 and 数値目標 end in a word that elsewhere means a figure.
NOT_A_FIGURE = r"基本目標|政策目標|重点目標|戦略目標"
