"""The cell of a target: a figure with its condition, or words."""

import re

from common.reading.names import half_width

_CONDITIONS = {
    "以上": "以上", "以下": "以下", "以内": "以下", "超": "超", "未満": "未満", "を超える": "超",
    "を下回る": "未満", "より大きい": "超", "より小さい": "未満",
}  # fmt: skip
_SAID = "|".join(_CONDITIONS)
_KEPT = re.compile(
    r"(?P<value>[^()]*[0-9][^()]*?) *"
    r"(\((の|を)?(現状)?(維持|保つ|保持|継続)\)|(の|を)?(維持|保つ|保持)(する)?)"
)
_WITH_CONDITION = re.compile(rf"(?P<value>.*[0-9].*?) *(?P<said>{_SAID})")


def split_target(text: str) -> tuple[str, str] | None:
    """`80％以上` as its figure and the condition (`80％`, `以上`); None for whatever has none."""
    found = _WITH_CONDITION.fullmatch(half_width(text))
    return None if found is None else (found["value"].strip(), _CONDITIONS[found["said"]])


def split_kept(text: str) -> tuple[str, str] | None:
    """`95％以上（維持）` as its figure and the condition, blank where it has none.

    None for what is no figure with 維持 behind it.
    """
    found = _KEPT.fullmatch(half_width(text))
    if found is None:
        return None
    return split_target(found["value"]) or (found["value"].strip(), "")
