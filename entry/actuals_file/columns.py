"""The columns of the file of actuals."""

CODE = "KPI番号"
NAME = "指標名"
UNIT = "単位"
YEAR = "年度"
VALUE = "実績値"
VALUE_YEAR = "値の年度"
PROVISIONAL = "速報"
REASON = "未測定の理由"
EXPECTED = "集計中の予定日"
ANALYSIS = "要因分析"
NEXT_STEPS = "今後の方向性"
CONFIRMATION = "確認のひとこと"
VERSION = "版"
PROPOSED = "評価の案"
PROPOSAL_REASON = "評価の案の理由"
DECIDED = "評価"
DECISION_REASON = "評価の理由"

# What each column takes, as the page of the import explains it.
MEANINGS = {
    CODE: "P1-2 の形（必須）",
    NAME: "書いてあれば、番号と合うかを確かめます",
    UNIT: "書いてあれば、番号と合うかを確かめます",
    YEAR: "2025、令和7年度、R7 など（必須）",
    VALUE: "数字（全角、桁区切り、指標の単位が付いていても可）。「削除」と書くと未入力に戻します",
    PROVISIONAL: "速報値は 1、確定値は 0",
    REASON: "書くと、その年度は未測定になります",
    EXPECTED: "書くと、その年度は集計中になります（2026-08-20、令和8年8月20日 など）",
    ANALYSIS: "文（4,000字まで）",
    NEXT_STEPS: "文（4,000字まで）",
    CONFIRMATION: "ふだんと大きく違う値のときに、誤りでないことを書き添える欄",
    VERSION: "書き出したときのまま残します。ほかの人の更新を上書きしないために使います",
    VALUE_YEAR: "前の年度に測った値のとき、その年度。この年度に測った値なら空欄",
}
HEADINGS = tuple(MEANINGS)
REQUIRED = (CODE, YEAR)
# Where a fresh figure, text or mark may stand.
CONTENT = (
    VALUE, VALUE_YEAR, PROVISIONAL, REASON, EXPECTED, ANALYSIS, NEXT_STEPS, CONFIRMATION,
)  # fmt: skip
# Where people rate: what departments propose, and what planners decide.
PROPOSALS = {
    PROPOSED: "評価区分の記号か名称。「未定」と書くと案を取り消します",
    PROPOSAL_REASON: "文（4,000字まで）。案には理由が要ります",
}
DECISIONS = {
    DECIDED: "評価区分の記号か名称。「未定」と書くと評価を取り消します",
    DECISION_REASON: "文（4,000字まで）。案や計算と違う評価には理由が要ります",
}
RATINGS = (*PROPOSALS, *DECISIONS)
# The column of each field of an entry.
HEADING_OF = {
    "value": VALUE,
    "value_words": VALUE,
    "value_year": VALUE_YEAR,
    "unmeasured_reason": REASON,
    "expected_on": EXPECTED,
    "analysis": ANALYSIS,
    "next_steps": NEXT_STEPS,
    "confirmation": CONFIRMATION,
    "proposed_place": PROPOSED,
    "proposal_reason": PROPOSAL_REASON,
    "decided_place": DECIDED,
    "decision_reason": DECISION_REASON,
}
