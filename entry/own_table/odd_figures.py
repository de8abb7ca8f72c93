"""Figures as tables print them, with more in the cell than a figure: 4(21), 65.2％（R5）, 80以上.

A cell is taken apart into what stands before, in and behind its figure. What each part means is
asked once for all cells of the same kind (`questions`); the figure itself is read by whoever
reads the tables that are made.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from common.reading.characters import plain
from common.reading.figures import NotAFigure, read_number
from common.reading.names import comparable
from common.reading.years import without_years, years_within
from entry.own_table.cell_parts import (
    CellParts,
    apart,
    figure_in_brackets,
    is_figure,
    range_in,
)
from entry.own_table.questions import Asker, Reading
from entry.own_table.uses import ACTUAL, BASELINE, BY_KEY, DUE, TARGET
from kpis.target_text import met_by_of
from kpis.targets import MetBy

_PROVISIONAL = re.compile(r"速報|暫定|見込|概数|予測|推計")
_SUMS = re.compile(r"累計|延べ|のべ|累積|通算|[0-9](?:年間|[かヶヵケカ]年)")
_YEAR_WORDS = re.compile(r"[年度末現在時点値実績、。・:/~〜\s]*")


# The day until which the figures that are 集計中 are expected, as it is asked for.
EXPECTED = "集計中の予定日"


@dataclass(slots=True)
class Figure:
    """A cell after its odd parts were taken for what somebody said they mean.

    `text` is a figure, or the cell as it stands where it is none or was not answered; blank
    where there is no value. `after` is what follows the figure (a unit, as a rule). `relation`
    is 以上, 以下, 超 or 未満; `year` that in brackets. `reason` says why nothing was measured,
    `met_by` how words are met.
    """

    text: str
    after: str = ""
    relation: str = ""
    year: int | None = None
    is_provisional: bool = False
    is_pending: bool = False
    reason: str = ""
    met_by: str = ""
    aggregation: str = ""


class Place(NamedTuple):
    """Where a cell stands, as which use: for questions about it."""

    use: str
    words: str

    @property
    def label(self) -> str:
        """What the column is, for a sentence."""
        return BY_KEY[self.use].label.partition("（")[0]


def read_odd(text: str, unit: str, place: Place, asker: Asker) -> Figure:
    """What a cell says, by the answers that there are."""
    if not text or is_figure(text, unit):
        return Figure(text)
    ask = _Cell(text, place, asker)
    if (in_words := ask.word()) is not None:
        return in_words
    if (ends := range_in(text)) is not None:
        return ask.range(*ends)
    parts = apart(text)
    return ask.other() if parts is None else ask.parts(parts, unit)


@dataclass(slots=True)
class _Cell:
    """A cell while it is asked about."""

    text: str
    place: Place
    asker: Asker

    def ask(self, kind: str, about: str, readings: Sequence[Reading]) -> str:
        return self.asker.ask(
            f"{kind}:{self.place.use}",
            f"{self.place.label}に、{about}",
            readings,
            example=self.text,
            place=self.place.words,
        )

    def word(self) -> Figure | None:
        """A sign or word in a figure's place: ―, 未公表; None where it is something else."""
        try:
            read_number(self.text)
        except NotAFigure as word:
            if word.state == "provisional":
                return None
            return self._stated(word)
        except ValueError:
            return None
        return None

    def _stated(self, word: NotAFigure) -> Figure:
        is_sign = not any(char.isalnum() for char in plain(self.text))
        kind = "sign" if is_sign else f"word={comparable(self.text)}"
        nothing = Reading("nothing", "値がない（空欄と同じ、未入力）")
        readings = [nothing]
        if self.place.use == ACTUAL:
            unmeasured = Reading("unmeasured", f"測っていない（未測定、理由は「{word.written}」）")
            pending = Reading(
                "pending", f"集計中（予定日は、下の「3. 表にないこと」の「{EXPECTED}」）"
            )
            if word.state == "pending":
                readings = [nothing, pending, unmeasured]
            else:
                readings = [nothing, unmeasured] if is_sign else [unmeasured, nothing]
        elif self.place.use == TARGET and not is_sign:
            readings += _WORDS_OF_TARGETS
        answer = self.ask(kind, f"数字でなく「{word.written}」とあるセルがあります。", readings)
        if answer == "nothing":
            return Figure("")
        if answer == "pending":
            return Figure("", is_pending=True)
        if answer == "unmeasured":
            return Figure("", reason=word.written)
        return Figure(self.text, met_by=_met_by(answer))

    def range(self, first: str, last: str, after: str) -> Figure:
        """10〜15: one of both ends, or words."""
        readings = [Reading("first", "前の数字を使う"), Reading("last", "うしろの数字を使う")]
        if self.place.use == TARGET:
            readings += _WORDS_OF_TARGETS
        answer = self.ask("range", "2つの数字を並べたセルがあります。", readings)
        if answer in ("first", "last"):
            return Figure(first if answer == "first" else last, after=after)
        return Figure(self.text, met_by=_met_by(answer))

    def other(self) -> Figure:
        """What has no single figure in it."""
        if self.place.use == TARGET:
            kept = Reading(*_KEEPS)
            better = Reading(*_IS_BETTER)
            by_people = Reading(*_BY_PEOPLE)
            readings = [by_people, better, kept]
            likeliest = met_by_of(self.text)
            if likeliest is MetBy.KEPT:
                readings = [kept, better, by_people]
            elif likeliest is MetBy.BETTER:
                readings = [better, kept, by_people]
            word = " ".join(self.text.split())
            answer = self.ask(
                f"words={comparable(self.text)[:40]}",
                f"ことばの目標「{word[:20]}」があります。",
                readings,
            )
            return Figure(self.text, met_by=_met_by(answer))
        if self.place.use in (BASELINE, DUE):
            readings = [Reading("nothing", "値がない（空欄と同じ）"), _AS_WRITTEN]
            answer = self.ask("text", "数字として読めないセルがあります。", readings)
            return Figure("" if answer == "nothing" else self.text)
        return Figure(self.text)

    def parts(self, parts: CellParts, unit: str) -> Figure:
        """A figure with something around it; the cell as it stands where a part is not answered."""
        figure = Figure(parts.figure, after=parts.after)
        answers = [
            *(self._bracket(one, figure) for one in parts.brackets),
            self._relation(parts.relation, figure),
            self._mark(parts.mark),
            self._before(parts.before, figure),
            self._after(parts.after, unit, figure),
        ]
        return figure if all(answers) else Figure(self.text)

    def _bracket(self, content: str, figure: Figure) -> bool:
        years = years_within(content)
        if len(set(years)) == 1 and _YEAR_WORDS.fullmatch(without_years(content)):
            return self._year(years[0], figure)
        if inside := figure_in_brackets(content):
            readings = [
                Reading("outside", "かっこの前の数字を使う（かっこの中は参考の値）"),
                Reading("inside", "かっこの中の数字を使う"),
            ]
            about = "うしろのかっこにもう1つ数字のあるセルがあります。"
            answer = self.ask("bracket_figure", about, readings)
            if answer == "inside":
                figure.text = inside
            return bool(answer)
        readings = [Reading("drop", "かっこの中は読まない"), _AS_WRITTEN]
        if _PROVISIONAL.search(content) and self.place.use == ACTUAL:
            readings.insert(0, Reading("provisional", "速報値とする"))
        about = f"うしろに（{content[:20]}）とある数字があります。"
        return self._worded(f"bracket={comparable(content)[:40]}", about, readings, content, figure)

    def _worded(
        self, kind: str, about: str, readings: list[Reading], word: str, figure: Figure
    ) -> bool:
        """Ask about a word beside a figure; whether the figure is read."""
        if _SUMS.search(word):
            readings = [
                Reading("cumulative", "累計の指標（各年度の実績を足し上げる）"),
                Reading("annual", "単年度の指標（各年度の数字をそのまま値とする）"),
                *readings,
            ]
        answer = self.ask(kind, about, readings)
        figure.is_provisional = figure.is_provisional or answer == "provisional"
        if answer in _AGGREGATIONS:
            figure.aggregation = _AGGREGATIONS[answer]
        return answer not in ("", _AS_WRITTEN.value)

    def _year(self, year: int, figure: Figure) -> bool:
        meaning = {
            BASELINE: "かっこの年度は、基準値の年度",
            TARGET: "かっこの年度は、目標年度",
            ACTUAL: "かっこの年度は、値を測った年度（値の年度）",
        }
        readings = [Reading("drop", "かっこの年度は読まない")]
        if self.place.use in meaning:
            readings.insert(0, Reading("year", meaning[self.place.use]))
        answer = self.ask("bracket_year", "年度の付いた数字があります。", readings)
        figure.year = year if answer == "year" else None
        return bool(answer)

    def _relation(self, relation: str, figure: Figure) -> bool:
        if not relation:
            return True
        readings = [Reading("drop", f"数字だけを使う（{relation}は読まない）")]
        if self.place.use == TARGET:
            readings.insert(0, Reading("relation", f"{relation}は、目標の条件と目指す方向"))
        answer = self.ask(
            f"relation={relation}", f"「{relation}」の付いた数字があります。", readings
        )
        figure.relation = relation if answer == "relation" else ""
        return bool(answer)

    def _mark(self, mark: str) -> bool:
        if not mark:
            return True
        readings = [Reading("drop", "印を除いた数字を使う"), _AS_WRITTEN]
        return self.ask("mark", "注の印（※、①など）の付いた数字があります。", readings) == "drop"

    def _before(self, before: str, figure: Figure) -> bool:
        if not before:
            return True
        readings = [Reading("drop", f"数字だけを使う（「{before[:20]}」は読まない）"), _AS_WRITTEN]
        about = f"前に「{before[:20]}」とある数字があります。"
        return self._worded(f"before={comparable(before)[:40]}", about, readings, before, figure)

    def _after(self, after: str, unit: str, figure: Figure) -> bool:
        if not after or is_figure(f"1{after}", unit):
            return True
        figure.after = ""
        readings = [Reading("drop", f"数字だけを使う（「{after[:20]}」は読まない）"), _AS_WRITTEN]
        about = f"うしろに「{after[:20]}」とある数字があります（単位は「{unit or 'なし'}」）。"
        return self._worded(f"after={comparable(after)[:40]}", about, readings, after, figure)


def _met_by(answer: str) -> str:
    return answer.removeprefix("met_by=") if answer.startswith("met_by=") else ""


_AS_WRITTEN = Reading("as_written", "そのままにする（読めないものは、あとで知らせる）")
_AGGREGATIONS = {"cumulative": "累計", "annual": "単年度"}
_IS_BETTER = ("met_by=基準値より良い", "基準値より良ければ達成")
_KEEPS = ("met_by=基準値を保つ", "基準値を保てば達成")
_BY_PEOPLE = ("met_by=人が決める", "達成したかどうかは人が決める")
_WORDS_OF_TARGETS = [Reading(*_BY_PEOPLE), Reading(*_IS_BETTER), Reading(*_KEEPS)]
