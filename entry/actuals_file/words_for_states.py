"""Words and signs that people write where a figure belongs, and which column is meant for them."""

from common.reading.comparable import comparable
from entry.actuals_file.columns import EXPECTED, PROVISIONAL, REASON, VALUE

_PENDING = (
    "集計中", "集計待ち", "集計前", "未集計", "調査中", "確認中", "照会中", "算定中", "精査中",
    "公表前", "公表待ち", "未公表", "未確定", "未定", "後日",
)  # fmt: skip
_UNMEASURED = (
    "未調査", "未測定", "未実施", "未把握", "調査なし", "調査せず", "調査していない", "調査未実施",
    "実施せず", "測定せず", "測定なし", "該当なし", "該当せず", "対象なし", "データなし", "なし",
    "無し", "不明", "不詳", "欠測", "中止", "休止", "非公表", "秘匿", "算出不可", "把握できず",
    "n/a", "n.a.", "na", "nd", "x", "×", "✕",
)  # fmt: skip
_MISSING = ("未入力", "未記入", "未提出", "未回答", "空欄")
# Signs for a figure that is not there; statistics write a dash for a zero too.
_DASHES = frozenset("-‐‑‒–—―−ー－─━ｰ~〜～")
_SIGNS = frozenset("*＊※…‥・.．。/／＼\\?？")
_PROVISIONAL = ("速報", "暫定", "見込", "概数")
_BRACKETS = "()[]【】「」〔〕"


def state_instead_of_figure(text: str) -> str:
    """Which column is meant where a cell names a state instead of a figure, as a sentence.

    Empty for any other text.
    """
    remedy = _remedy(comparable(text).strip(_BRACKETS))
    return f"「{text.strip()[:20]}」は数字ではありません。{remedy}" if remedy else ""


def _remedy(word: str) -> str:
    signs = set(word)
    if word in _PENDING:
        return f"集計中のときは、{VALUE}を空欄にして、{EXPECTED}の列に予定の日を書いてください。"
    if word in _MISSING:
        return f"未入力のままにするときは、{VALUE}を空欄にしてください。"
    if word[:1].isdigit() and any(mark in word for mark in _PROVISIONAL):
        return f"{VALUE}には数字だけを書き、速報値のときは{PROVISIONAL}の列に 1 と書いてください。"
    if word in _UNMEASURED or (word and (signs <= _DASHES or signs <= _SIGNS)):
        unless_zero = "値が0のときは 0 と書いてください。" if signs <= _DASHES else ""
        return (
            f"測っていない年度は、{VALUE}を空欄にして、{REASON}の列に理由を書いてください。"
            f"{unless_zero}"
        )
    return ""
