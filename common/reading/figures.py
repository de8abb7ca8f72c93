"""Figures as people write them: full width, separators, units, △."""

import re
from decimal import Decimal
from typing import Literal

from common.reading.characters import LONGEST_READ, compatible, plain, shown, stand_in
from common.reading.units import PERCENT, is_percent

_LONGEST = 40
_MINUS = str.maketrans(dict.fromkeys("△▲−‐‑‒–—―ー", "-"))
_PLAIN = re.compile(r"-?([0-9]+(\.[0-9]*)?|\.[0-9]+)")
# A comma or a blank between groups of three, never both.
_GROUPED = re.compile(r"-?[0-9]{1,3}((,[0-9]{3})+|( [0-9]{3})+)(\.[0-9]*)?")
_SEPARATED = re.compile(r"-?[0-9., ]+")
_SIGN = re.compile(r"^\+ *(?=[0-9.])|(?<=^-) +")
_EXPONENT = re.compile(r"-?[\d.,]+e[-+]?\d+", re.IGNORECASE)

State = Literal["pending", "unmeasured", "provisional"]
_OF_STATE: dict[State | None, str] = {
    "pending": """
        集計中 未集計 集計前 集計待ち 調査中 確認中 照会中 算定中 算出中 精査中 公表前 公表待ち
        未公表 未発表 未確定 未定 後日
    """,
    "unmeasured": """
        未測定 未調査 未実施 未把握 調査なし 測定なし 実施なし 対象なし データなし 該当なし なし
        無し 調査せず 調査していない 調査未実施 測定せず 実施せず 該当せず 把握できず 不明 不詳 欠測
        中止 休止 非公表 秘匿 算出不可 N/A N.A. NA ND X × ✕
    """,
    None: "皆減 皆増 未入力 未記入 未提出 未回答 空欄",
}
_WORDS = {word: state for state, words in _OF_STATE.items() for word in words.split()}
# Signs that tables print where there is no figure: －, ***, …
_EMPTY_SIGN = re.compile(r"[-─━~〜]+|\*+|※+|[.…‥・。]+|[/\\]+|\?+")
# A figure with a word for how final it is: 95（速報）.
_PROVISIONAL = re.compile(r"[0-9].*(速報|暫定|見込|概数)")
_BRACKETS = " ()[]【】〔〕〈〉"


class NotAFigure(ValueError):
    """A word or sign for why there is no figure: 集計中, －, ***.

    `state` is that of the year which it tells of (provisional: of a figure that stands there
    too), None where it tells of none. Who knows
    where a state is to be stated says so with `saying`.
    """

    def __init__(self, written: str, state: State | None) -> None:
        self.written = written
        self.state = state
        super().__init__(self.saying("数字で入力してください（例：1,234）。"))

    def saying(self, remedy: str) -> str:
        """The sentence with what is to be done instead."""
        return f"「{self.written}」は数字ではありません。{remedy}"


def read_number(text: str, unit: str = "") -> Decimal | None:
    """Read `１，２３４`, `12.5％`, `△3`, `1,234 件`; None for an empty cell.

    Only the KPI's own unit may follow. Raises NotAFigure for a word or sign in a figure's
    place, and ValueError with a sentence in Japanese for everything else: NaN, exponents and
    formulas, characters like ① which may be a footnote's mark, digits that blanks part other
    than in threes, which may be two figures.
    """
    written = plain(text[:LONGEST_READ]).strip()
    if not written:
        return None
    if len(written) > _LONGEST:
        raise ValueError(f"長すぎます。数字だけを{_LONGEST}字以内で入力してください（例：1,234）。")
    _refuse_word(text, written)
    figure = _SIGN.sub("", _without_unit(written, unit).translate(_MINUS))
    if mark := stand_in(figure):
        raise ValueError(
            f"「{shown(text)}」の「{mark}」は数字ではありません。"
            "脚注の印などは消し、数字だけを入力してください（例：1,234）。"
        )
    if _EXPONENT.fullmatch(figure.replace(" ", "")):
        raise ValueError(
            f"「{shown(text)}」のような指数の書き方は使えません。"
            "ふつうの数字で入力してください（例：1200）。"
        )
    if _GROUPED.fullmatch(figure):
        figure = figure.replace(",", "").replace(" ", "")
    if "," in figure or (" " in figure and _SEPARATED.fullmatch(figure)):
        raise ValueError(
            f"「{shown(text)}」の桁区切りを読み取れません。"
            "3桁ごとに区切るか、区切らずに入力してください（例：1,234）。"
        )
    if not _PLAIN.fullmatch(figure):
        raise ValueError(_not_a_number(text, unit))
    return Decimal(figure) or Decimal(0)  # no -0


def _refuse_word(text: str, written: str) -> None:
    word = written.strip(_BRACKETS).upper()
    if _EMPTY_SIGN.fullmatch(word.translate(_MINUS)):
        raise NotAFigure(shown(text), "unmeasured")
    if word in _WORDS:
        raise NotAFigure(shown(text), _WORDS[word])
    if _PROVISIONAL.match(word):
        raise NotAFigure(shown(text), "provisional")


def _without_unit(written: str, unit: str) -> str:
    """What stands before the unit, which may be in another width (㎡ is m2)."""
    if is_percent(unit):
        ending = next((one for one in PERCENT if written.endswith(one)), "")
        return written.removesuffix(ending).rstrip()
    own = compatible(unit).strip()
    starts = (at for at in range(len(written)) if own and compatible(written[at:]) == own)
    return written[: next(starts, len(written))].rstrip()


def _not_a_number(text: str, unit: str) -> str:
    hint = f"単位は「{unit}」です。" if unit and re.search(r"\d", shown(text)) else ""
    return (
        f"「{shown(text)}」を数字として読み取れません。{hint}数字で入力してください（例：1,234）。"
    )
