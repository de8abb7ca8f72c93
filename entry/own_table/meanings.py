"""What of an indicator is said in words: its unit, how its figures add up, which way is good."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from common.reading.characters import compatible
from common.reading.figures import read_number
from common.reading.names import comparable
from entry.own_table import uses
from entry.own_table.cell_parts import unit_behind
from entry.own_table.data_rows import Found, Indicator
from entry.own_table.questions import Asker, Reading

_SUMS = re.compile(r"累計|のべ|延べ|累積|通算|総数|[0-9]か年|[0-9]年間")
_SINGLE = re.compile(r"単年|年間|各年|年度末|時点|実数|毎年")
_UP = re.compile(r"増|上昇|向上|↑|↗|⬆|以上|高|大|プラス|アップ|多|\+|改善|超")
_DOWN = re.compile(r"減|低下|↓|↘|⬇|以下|低|小|マイナス|ダウン|少|抑制|未満")
_KEEP = re.compile(r"維持|→|⇒|横ばい|同水準|現状(?!より|から|を上|を下|以上|以下)|保")
_IN_BRACKETS = re.compile(
    r"(?P<before>.+?)\s*[(（［\[](?P<within>[^()（）［］\[\]]{1,10})[)）］\]]\s*"
)
_NO_UNIT_WORDS = re.compile(r"再掲|新規|累計|のべ|延べ|年度|年間|暫定|参考|[0-9]")
KEPT = "keep"
RATIO, FROM_BASELINE = "実績÷目標", "基準値からの伸び"


@dataclass(slots=True)
class Meanings:
    """Reads them, asking where a word can mean several things."""

    asker: Asker
    # Whether the yearly figures of all indicators that speak of sums never fall.
    looks_like_running: bool = False

    def unit(self, indicator: Indicator, *, has_column: bool) -> tuple[Found, str]:
        """The unit, with its place; and the indicator's name without it."""
        name = " ".join(indicator.name.text.split())
        written = indicator.text(uses.UNIT)
        if written.text or written.cell.problem:
            return written, name
        found = self._unit_behind_figures(indicator)
        bracket = _IN_BRACKETS.fullmatch(name)
        if found is not None:
            is_in_name = bracket and compatible(bracket["within"]) == compatible(found.text)
            return found, bracket["before"] if bracket and is_in_name else name
        if has_column or bracket is None or _NO_UNIT_WORDS.search(bracket["within"]):
            return written, name
        answer = self.asker.ask(
            "name_unit",
            "名前の末尾のかっこに、単位のようなものがあります。",
            [Reading("unit", "かっこの中は単位"), Reading("name", "かっこも名前の一部")],
            example=name,
            place=indicator.name.place,
        )
        if answer != "unit":
            return written, name
        cell = indicator.name.cell._replace(text=bracket["within"].strip())
        return Found(cell, indicator.name.place), bracket["before"]

    def _unit_behind_figures(self, indicator: Indicator) -> Found | None:
        """What stands behind all figures of an indicator (of 件 and 件/年 件), else None."""
        cells = [
            indicator.text(uses.BASELINE),
            *(found for (use, _year), found in indicator.yearly.items() if use in uses.FIGURES),
        ]
        behind = {compatible(unit): (unit, one) for one in cells if (unit := unit_behind(one.text))}
        shortest = min(behind, key=len, default="")
        if not shortest or not all(one.startswith(shortest) for one in behind):
            return None
        unit, found = behind[shortest]
        return Found(found.cell._replace(text=unit, problem=""), found.place)

    def plain_unit(self, unit: Found) -> tuple[str, str]:
        """A unit without what it says of sums, 件（累計）, and the 集計方法 that this says."""
        bracket = _IN_BRACKETS.fullmatch(unit.text)
        if bracket is None or not (
            _SUMS.search(bracket["within"]) or _SINGLE.search(bracket["within"])
        ):
            return unit.text, ""
        aggregation = self._aggregation("unit_bracket", "単位に", bracket["within"], unit)
        return (bracket["before"] if aggregation else unit.text), aggregation

    def aggregation(self, indicator: Indicator) -> str:
        """累計, 単年度, or empty where nothing says so."""
        written = indicator.text(uses.AGGREGATION)
        if written.text:
            return self._aggregation("aggregation", "集計方法に", written.text, written)
        if _SUMS.search(indicator.name.text):
            word = _SUMS.search(indicator.name.text)
            return self._aggregation("name_sum", "名前に", word[0] if word else "", indicator.name)
        return ""

    def _aggregation(self, kind: str, where: str, word: str, found: Found) -> str:
        added = Reading("累計", "累計：各年度の数字はその年度だけの数で、足し上げる")
        single = Reading(
            "単年度",
            "単年度：書いてある数字がその年度の値（年度末までの累計でも）。"
            "目安の列がなければ、毎年度の目安は最終目標と同じになります",
        )
        is_sum = _SUMS.search(word) and not self.looks_like_running
        return self.asker.ask(
            f"{kind}={comparable(word)[:40]}",
            f"{where}「{word[:20]}」とあります。",
            [added, single] if is_sum else [single, added],
            example=found.text,
            place=found.place,
        )

    def direction(self, indicator: Indicator, relation: str) -> str:
        """以上, 以下, `KEPT`, or empty where nothing says so; `relation` is that of its target."""
        written = indicator.text(uses.DIRECTION)
        if not written.text:
            return {"超": "以上", "未満": "以下"}.get(relation, relation)
        up, down = Reading("以上", "以上を目指す"), Reading("以下", "以下を目指す")
        kept = Reading(KEPT, "基準値を保つ")
        if _KEEP.search(written.text):
            readings = [kept, up, down]
        else:
            readings = [down, up, kept] if _DOWN.search(written.text) else [up, down, kept]
        return self.asker.ask(
            f"direction={comparable(written.text)[:40]}",
            f"目指す方向に「{written.text[:20]}」とあります。",
            readings,
            example=written.text,
            place=written.place,
        )

    def by_target(self, indicator: Indicator, target: str, baseline: str, unit: str) -> str:
        """The direction where the target alone tells it: one below the baseline is asked about."""
        goal, before = figure_of(target, unit), figure_of(baseline, unit)
        is_said = not indicator.text(uses.DIRECTION).cell.is_blank
        if is_said or goal is None or before is None or goal >= before:
            return ""
        return self.asker.ask(
            "lower_target",
            "目標値が基準値より小さい指標があります。",
            [Reading("以下", "以下を目指す"), Reading("以上", "以上を目指す")],
            example=f"{indicator.name.text}（{before}→{goal}）",
            place=indicator.place,
        )

    def formula(self, indicator: Indicator, figures: Iterable[str], unit: str, chosen: str) -> str:
        """The 達成率の算式: that chosen for all, unless an indicator's figures don't bear it."""
        read = [figure for text in figures if (figure := figure_of(text, unit)) is not None]
        if chosen == FROM_BASELINE or all(figure >= 0 for figure in read):
            return chosen
        return self.asker.ask(
            "negative",
            "マイナスの数字のある指標があります。「実績÷目標」では率を計算できません。",
            [
                Reading(FROM_BASELINE, "その指標の達成率は「基準値からの伸び」で計算する"),
                Reading(chosen or RATIO, "ほかの指標と同じ算式にする"),
            ],
            example=indicator.name.text,
            place=indicator.place,
        )


def says_sum(indicator: Indicator) -> bool:
    """Whether an indicator speaks of a sum in its name, unit or 集計方法."""
    texts = (indicator.name, indicator.text(uses.UNIT), indicator.text(uses.AGGREGATION))
    return any(_SUMS.search(one.text) for one in texts)


def figure_of(text: str, unit: str) -> Decimal | None:
    """A figure; None for what is none."""
    try:
        return read_number(text, unit)
    except ValueError:
        return None
