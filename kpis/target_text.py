"""A final target in words: `50件以上`, `20件未満`, `80%を維持（±2%）`, `増加`.

Pure.
"""

from kpis.achievement import display_value
from kpis.targets import MetBy, Target

NOT_SET = "未設定"
MET_BY_WORDS = {
    MetBy.BETTER.value: "基準値より良い",
    MetBy.KEPT.value: "基準値を保つ",
    MetBy.PEOPLE.value: "人が決める",
}


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
