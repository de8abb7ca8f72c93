"""A final target in words: `50件以上`, `20件未満`, `80%を維持（±2%）`, `増加`.

Pure.
"""

from common.fiscal_year import wareki_short
from kpis.achievement import display_value
from kpis.targets import MetBy, Target

NOT_SET = "未設定"
MET_BY_WORDS = {
    MetBy.BETTER.value: "基準値より良い",
    MetBy.KEPT.value: "基準値を保つ",
    MetBy.PEOPLE.value: "人が決める",
}
_KEEPING = ("維持", "保", "同水準", "同程度", "横ばい", "継続")
_BETTER = ("増", "減", "向上", "改善", "上昇", "低下", "上回", "下回", "縮小", "拡大", "伸", "抑制")
# 現状より増加 is to get better, 現状 and 現状以上 to keep it.
_AS_IT_IS = ("現状", "現在")


def met_by_of(words: str) -> MetBy | None:
    """How a target in words is met, as its words tell; None where they don't."""
    if any(word in words for word in _KEEPING):
        return MetBy.KEPT
    if any(word in words for word in _BETTER):
        return MetBy.BETTER
    return MetBy.KEPT if any(word in words for word in _AS_IT_IS) else None


def condition_of(target: Target | None, direction: str) -> str:
    """`以上`, `以下`, `超`, `未満`, `維持`, how words are met; empty without a target."""
    if target is None or not target.is_set:
        return ""
    if target.words:
        return MET_BY_WORDS.get(target.met_by, "")
    if target.tolerance is not None:
        return "維持"
    if direction == "increase":
        return "超" if target.is_strict else "以上"
    return "未満" if target.is_strict else "以下"


def target_in_column(
    target: Target | None, direction: str, *, decimals: int, other_year: int | None = None
) -> str:
    """The target where its figure alone doesn't say it: `80超`, `80維持（±2）`, `60（令和8）`.

    Without the unit, for a column of figures; empty where the figure says all. `other_year` is
    the year of reaching it where that is not the plan's last.
    """
    if target is None or not target.is_set:
        return ""
    if target.value is None:
        said = target.words
    else:
        condition = condition_of(target, direction)
        if condition in ("以上", "以下"):
            condition = ""
        width = f"（±{display_value(target.tolerance, decimals)}）" if target.tolerance else ""
        said = f"{display_value(target.value, decimals)}{condition}{width}"
        if not condition and other_year is None:
            return ""
    return said if other_year is None else f"{said}（{wareki_short(other_year)}）"


def target_in_words(target: Target | None, direction: str, *, unit: str, decimals: int) -> str:
    """What is to be reached, with its condition; 未設定 where nothing is said."""
    if target is None or not target.is_set:
        return NOT_SET
    if target.value is None:
        return target.words
    value = f"{display_value(target.value, decimals)}{unit}"
    if target.tolerance is None:
        return f"{value}{condition_of(target, direction)}"
    if not target.tolerance:
        return f"{value}を維持"
    return f"{value}を維持（±{display_value(target.tolerance, decimals)}{unit}）"
