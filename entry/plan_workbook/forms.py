"""The sheets of a plan workbook and their columns, for whoever reads, writes or explains it."""

from collections.abc import Iterable

from common.reading.units import NO_UNIT
from entry.actuals_file import columns as actuals
from entry.plan_workbook.columns import (
    LATE,
    Choice,
    Column,
    Reader,
    SheetForm,
    code,
    day,
    figure,
    limit,
    lower_bound,
    mark,
    number_of_place,
    place,
    plan_code,
    same,
    text_of,
    unit,
    whole_number,
    year,
)
from kpis.models import MAX_DECIMAL_PLACES
from kpis.models.targets import LONGEST_TARGET_WORDS
from kpis.target_text import MET_BY_WORDS

PLAN, PERIODS, RULES, BANDS = "計画", "計画期間", "評価のきまり", "評価区分"
PILLARS, PROJECTS, INITIATIVES, DEPARTMENTS = "柱", "プロジェクト", "取組", "所管課"
KPIS, MOVES, TARGETS, YEARLY = "指標", "移動", "目標", "年度目安"
ACTUALS, PUBLISHED, EXAMPLE = "実績", "公表", "記入例"

ITEM, CONTENT, VERSION = "項目", "内容", "版"
OF_KPIS, OF_PROJECTS, OF_EXPERTS = "指標", "プロジェクト", "外部"
METHODS = {
    "率": "rate", "位置": "position", "人": "people", NO_UNIT: "none", "平均": "mean",
    "計画": "plan",
}  # fmt: skip
BASES = {"進捗率": "progress", "達成率": "achievement"}
ROUNDINGS = {"四捨五入": "half_up", "切り捨て": "cut"}
AGGREGATIONS = {"単年度": "annual", "累計": "cumulative"}
DIRECTIONS = {"以上": "increase", "以下": "decrease"}
FORMULAS = {
    "実績÷目標": "ratio",
    "目標との乖離": "deviation",
    "基準値からの伸び": "from_baseline",
}
MET_BY = {words: value for value, words in MET_BY_WORDS.items()}
REFERENCES = {
    "最終目標": "final", "今年度の目安": "expected", "前の値": "previous", "基準値": "baseline",
    "その他": "",
}  # fmt: skip
# Rows of sheets in which each KPI has one a year.
_MOST_OF_YEARS = 10_000
_LABELS_OF_DIRECTIONS = {"以上を目指す": "以上", "以下を目指す": "以下"}
_SIGNS = {"より大きい": "超", "より多い": "超", "より小さい": "未満", "より少ない": "未満"}
_READERS: dict[str, Reader] = {
    actuals.VALUE_YEAR: year,
    actuals.EXPECTED: day,
    actuals.PROVISIONAL: Choice({"1": "1", "0": "0", "速報": "1", "確定": "0"}),
}
RELATIONS = {"達する": "reaches", "より良い": "better", "同程度": "similar"}

_KPI = Column("KPI番号", place, "P1-2 の形", is_key=True, is_needed=True, width=16)
_ANY_KPI = Column("KPI番号", place, "空欄はすべての指標。書くと、その指標だけのきまり", is_key=True)
_SINCE = Column(
    "適用年度", year, "2026、令和8年度、R8 など。空欄は計画の最初から", is_key=True, width=10
)
_OF = Column(
    "対象",
    Choice(same(OF_KPIS, OF_PROJECTS, OF_EXPERTS) | {"外部有識者": OF_EXPERTS}),
    "空欄は指標",
    (OF_KPIS, OF_PROJECTS, OF_EXPERTS),
    is_key=True,
)
_REASON = Column("理由", text_of(), "文。報告書に載ります", width=30)
_DEPARTMENT = Column("所管課", text_of(200), "課名か課コード", width=18)
_LIFE = (
    Column("開始年度", year, "計画の途中から加わるときだけ", width=10),
    Column("開始の理由", text_of(), "文", width=24),
    Column("終了年度", year, "計画の途中で終わるときだけ", width=10),
    Column("終了の理由", text_of(), "文", width=24),
)


def _columns(*parts: Column | Iterable[Column]) -> tuple[Column, ...]:
    return tuple(one for part in parts for one in ([part] if isinstance(part, Column) else part))


# The rows of the sheet 計画, each with what it takes.
ITEMS = (
    Column("計画コード", plan_code, "半角の英数字とハイフン。アドレスになります", is_needed=True),
    Column("計画名", text_of(200), "計画書の題名", is_needed=True),
    Column("団体名", text_of(50), "市町村や都道府県の名前", is_needed=True),
    Column("団体コード", text_of(6), "全国地方公共団体コード（6桁）", is_needed=True),
    Column("担当課", text_of(100), "報告書の表紙に記す課"),
    Column("最初の年度", year, "2024、令和6年度、R6 など", is_needed=True),
    Column("最終年度", year, "2028、令和10年度、R10 など", is_needed=True),
    Column("報告書の名称", text_of(20), "例：年次報告書、施策評価報告書"),
    Column("柱の呼び名", text_of(20), "例：創生の柱、基本目標"),
    Column("プロジェクトの呼び名", text_of(20), "例：プロジェクト、施策"),
    Column("取組の呼び名", text_of(20), "例：取組、事業"),
    Column("指標の呼び名", text_of(20), "例：指標、成果指標"),
    Column("利用条件", text_of(200), "オープンデータの利用条件。例：CC BY 4.0"),
    Column("問い合わせ先", text_of(300), "オープンデータの問い合わせ先"),
    Column(VERSION, text_of(64), "書き出したときのまま残します。ほかの人の変更を見分けます"),
)

FORMS = (
    SheetForm(
        PLAN,
        "計画そのもの。1行に1項目",
        (
            Column(ITEM, text_of(40), "下の項目の名前", is_key=True, is_needed=True, width=22),
            Column(CONTENT, text_of(), "項目の内容", width=48),
        ),
        is_required=True,
        items=ITEMS,
    ),
    SheetForm(
        PERIODS,
        "計画期間を途中で変えたときだけ",
        _columns(
            Column("適用年度", year, "変えた期間を適用する最初の年度", is_key=True, is_needed=True),
            Column("最終年度", year, "変えたあとの最終年度", is_needed=True),
            _REASON,
        ),
        row_named_by="最終年度",
    ),
    SheetForm(
        RULES,
        "何によって評価するか。シートがなければ、進捗率による評価",
        _columns(
            _SINCE,
            _OF,
            _ANY_KPI,
            Column(
                "方法",
                Choice(same(*METHODS) | {"無し": NO_UNIT}),
                "指標は率・位置・人・なし、プロジェクトは平均・人・なし。"
                "指標ひとつのきまりをやめて計画のきまりに戻すときは計画",
                tuple(METHODS),
            ),
            Column("使う率", Choice(same(*BASES)), "方法が率のとき", tuple(BASES)),
            Column("上限", limit, "平均に入れる率の上限（%）。なしも可"),
            Column("下限", limit, "平均に入れる率の下限（%）。なしも可"),
            Column("桁", whole_number(0, 2), "率の小数桁数（0〜2）", width=6),
            Column("端数", Choice(same(*ROUNDINGS)), "率の端数", tuple(ROUNDINGS)),
            _REASON,
        ),
        row_named_by="方法",
    ),
    SheetForm(
        BANDS,
        "評価区分。良いものから順に",
        _columns(
            _SINCE,
            _OF,
            _ANY_KPI,
            Column("記号", text_of(20), "例：A。記号か名称のどちらかは要ります", width=10),
            Column("名称", text_of(40), "例：順調", width=18),
            Column("下限", lower_bound, "率で評価するとき（%）。いちばん下は空欄", width=8),
            Column(
                "相手",
                Choice(same(*REFERENCES) | {"目安": "今年度の目安", "目標": "最終目標"}),
                "位置で評価するとき、比べる相手",
                tuple(REFERENCES),
            ),
            Column("関係", Choice(same(*RELATIONS)), "位置で評価するとき", tuple(RELATIONS)),
            Column("許容幅", text_of(20), "位置で評価するとき。10%、5ポイント、3（指標の単位）"),
            Column(
                "遅れ",
                mark,
                f"「遅れ」と数える区分に{LATE}。どれにもなければ、下の半分を遅れと数えます",
                width=6,
            ),
        ),
    ),
    SheetForm(
        PILLARS,
        "計画の柱（基本目標など）",
        (
            Column("番号", whole_number(1, 999), "1から", is_key=True, is_needed=True, width=6),
            Column("名称", text_of(100), "柱の名前", is_needed=True, width=36),
            Column("標語", text_of(200), "文", width=36),
        ),
        row_named_by="名称",
    ),
    SheetForm(
        PROJECTS,
        "プロジェクト（施策など）。計画書の順に",
        (
            Column(
                "記号",
                code,
                "英字で始まる10字までの英数字。例：P1",
                is_key=True,
                is_needed=True,
                width=10,
            ),
            Column("表記", text_of(20), "計画書が記号の代わりに印刷するもの。例：施策1-2-3"),
            Column("柱", whole_number(1, 999), "柱の番号", is_needed=True, width=6),
            Column("種別", text_of(20), "計画での呼び名。空欄も可", width=16),
            Column("名称", text_of(200), "名前", is_needed=True, width=40),
            Column("目的", text_of(), "文", width=40),
            Column("方向性", text_of(), "1行に1つ（セルの中で改行）", width=40),
        ),
        row_named_by="名称",
    ),
    SheetForm(
        INITIATIVES,
        "取組とその掲載。再掲も1行に",
        _columns(
            Column(
                "プロジェクト", code, "プロジェクトの記号", is_key=True, is_needed=True, width=12
            ),
            Column(
                "番号",
                number_of_place,
                "プロジェクトの中の番号。1から",
                is_key=True,
                is_needed=True,
                width=8,
            ),
            Column(
                "取組名", text_of(200), "名前。再掲では、違う名前で印刷されているときだけ", width=44
            ),
            Column(
                "掲載名",
                text_of(200),
                "主な掲載先で、取組名と違う名前で印刷されているときだけ",
                width=24,
            ),
            Column("再掲元", place, "再掲のとき、主な掲載先。P1(3) の形", width=12),
            _DEPARTMENT,
            *_LIFE,
        ),
        row_named_by="取組名",
    ),
    SheetForm(
        DEPARTMENTS,
        "所管課。ない課は加わり、ある課は変わりません",
        (
            Column("コード", text_of(20), "半角の英数字。空欄なら付けます", width=10),
            Column("名称", text_of(100), "課名", is_key=True, is_needed=True, width=24),
            Column("設置日", day, "2026-04-01 など"),
            Column("廃止日", day, "この日まで存続"),
        ),
    ),
    SheetForm(
        KPIS,
        "指標（KPI）。数値目標の番号は G1-1（柱1）、G0-1（計画全体）の形",
        _columns(
            _KPI,
            Column("指標名", text_of(200), "名前", is_needed=True, width=40),
            Column("単位", unit, "件、人、% など。ないものは「なし」", width=8),
            Column("小数桁数", whole_number(0, MAX_DECIMAL_PLACES), "0から4まで", width=8),
            Column(
                "集計方法",
                Choice(same(*AGGREGATIONS) | {"累計（のべ）": "累計", "のべ": "累計"}),
                "累計は、各年度の実績を足していくもの",
                tuple(AGGREGATIONS),
            ),
            Column(
                "目指す方向",
                Choice(same(*DIRECTIONS) | _LABELS_OF_DIRECTIONS),
                "多いほどよいものは以上",
                tuple(DIRECTIONS),
            ),
            Column(
                "達成率の算式", Choice(same(*FORMULAS)), "達成率の計算", tuple(FORMULAS), width=18
            ),
            Column(
                "所管課",
                text_of(300),
                "課名か課コード。主管課を先に、ほかは「、」で区切る",
                width=24,
            ),
            Column("算出方法", text_of(), "文", width=30),
            Column("出典", text_of(300), "文", width=24),
            Column("備考", text_of(), "文", width=30),
            *_LIFE,
            Column(
                "前の指標",
                text_of(120),
                "差し替えた前の指標。前の計画の指標は 計画コード:P1-2",
                width=20,
            ),
            Column(
                "実績の引用元", text_of(120), "別の計画の実績を使うとき。計画コード:P1-2", width=20
            ),
        ),
        row_named_by="指標名",
        is_required=True,
    ),
    SheetForm(
        MOVES,
        "番号が変わった指標の、前の場所と今の場所",
        _columns(
            _KPI,
            _SINCE,
            Column("プロジェクト", code, "その年度からのプロジェクトの記号", is_needed=True),
            Column("番号", whole_number(1, 9999), "その年度からの番号", is_needed=True, width=8),
            _REASON,
        ),
        row_named_by="プロジェクト",
    ),
    SheetForm(
        TARGETS,
        "最終目標値と基準値。改めたときは、適用年度を書いた行を加える",
        _columns(
            _KPI,
            _SINCE,
            Column(
                "目標値",
                text_of(LONGEST_TARGET_WORDS),
                "数字かことば。80％以上 も可。見出しは最終目標値でもよい",
                width=16,
            ),
            Column(
                "条件",
                Choice(same("以上", "以下", "超", "未満") | _SIGNS),
                "空欄は目指す方向のとおり",
                ("以上", "以下", "超", "未満"),
                width=8,
            ),
            Column("許容幅", figure, "基準値を保つ目標で、保ったとみなす幅", width=8),
            Column(
                "満たし方", Choice(same(*MET_BY)), "ことばの目標のとき", tuple(MET_BY), width=16
            ),
            Column("目標年度", year, "空欄は計画の最終年度", width=10),
            Column("基準値", figure, "計画を始めたときの値", width=12),
            Column("基準値の年度", year, "2023、令和5年度 など", width=12),
            _REASON,
        ),
        row_named_by="目標値",
    ),
    SheetForm(
        YEARLY,
        "年度目安。年度を見出しにした列に、その年度末の値",
        (_KPI,),
        has_years=True,
    ),
    SheetForm(
        ACTUALS,
        "各年度の実績と説明",
        (
            _KPI,
            Column(
                actuals.YEAR, year, "2025、令和7年度、R7 など", is_key=True, is_needed=True, width=8
            ),
            *(
                Column(heading, _READERS.get(heading, text_of()), meaning, width=16)
                for heading, meaning in (
                    actuals.MEANINGS | actuals.PROPOSALS | actuals.DECISIONS
                ).items()
                if heading in (*actuals.CONTENT, *actuals.RATINGS)
            ),
        ),
        row_named_by=actuals.VALUE,
        most_rows=_MOST_OF_YEARS,
    ),
    SheetForm(
        PUBLISHED,
        "公表された率と評価。照らし合わせるだけで、保存しません",
        (
            _KPI,
            Column(
                actuals.YEAR, year, "2025、令和7年度、R7 など", is_key=True, is_needed=True, width=8
            ),
            Column(
                "率の種類", Choice(same(*BASES)), "空欄は評価に使う率", tuple(BASES), is_key=True
            ),
            Column("率", text_of(40), "印刷されたとおりの率（%）"),
            Column("評価", text_of(40), "印刷された評価区分。評価がなければ ―"),
        ),
        most_rows=_MOST_OF_YEARS,
    ),
)
BY_NAME = {form.name: form for form in FORMS}
# Headings by which a column of a sheet goes too.
SYNONYMS = {(TARGETS, "最終目標値"): "目標値"}
ORDER = list(BY_NAME)
