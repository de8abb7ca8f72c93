"""One KPI in the year that its page is about: its figures beside the goals and the year before.

Pure. What stands here in words is what a person reads first: how far the
value lies from what was due, what changed, and what it takes to get there.
"""

from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from common.fiscal_year import wareki
from kpis.achievement import Absence, Number, display_value
from kpis.assessment import KpiAssessment
from kpis.definition import KpiDefinition
from kpis.formula_text import achievement_in_numbers, progress_in_numbers
from kpis.outlook import Outlook
from kpis.series import KpiSeries
from kpis.target_doubts import doubts_of
from kpis.target_text import condition_of, target_in_words
from kpis.targets import edge_of, is_reached
from kpis.value_years import by_year_measured, with_mark


class KpiYear:
    """A fiscal year of a KPI: its figures, and what they mean in Japanese words.

    What is in words is empty where there is nothing to say.
    """

    def __init__(self, series: KpiSeries, fiscal_year: int) -> None:
        self.series = series
        self.fiscal_year = fiscal_year
        self.rules = series.rules
        self.assessment = series.assess(fiscal_year)
        self.definition = self.assessment.definition

    @property
    def previous(self) -> KpiAssessment | None:
        """The year before, None where the KPI did not live then."""
        if not self.series.lives_in(self.fiscal_year - 1):
            return None
        return self.series.assess(self.fiscal_year - 1)

    @property
    def is_judged(self) -> bool:
        """Whether people rate the year, and have something to rate or said something of it."""
        year = self.assessment
        said = year.judgement.proposed or year.judgement.decided
        return year.scale.is_by_people and bool(said or year.rating_absence is Absence.UNDECIDED)

    @cached_property
    def outlook(self) -> Outlook | None:
        """The estimate for `outlook_year`; None where there is none."""
        return self.series.outlook(self.fiscal_year)

    @property
    def outlook_problem(self) -> str:
        """Why there is no outlook."""
        return self.series.outlook_problem(self.fiscal_year)

    @property
    def headline(self) -> str:
        """The year in a sentence or two: 「…累計は21件で、目安の20件を1件上回っています。」."""
        year = self.assessment
        if year.value_words:
            said = with_mark(f"「{year.value_words}」", year.value_year)
            return f"{wareki(year.fiscal_year)}の実績は{said}です。"
        if year.value is None:
            return year.absence_reason
        is_cumulative = year.definition.is_cumulative
        subject = f"{wareki(year.fiscal_year)}{'までの累計' if is_cumulative else 'の実績'}は"
        value = f"{subject}{with_mark(self.definition.written(year.value), year.value_year)}"
        if year.absence is not None:
            return f"{value}です。{year.absence_reason}"
        if year.expected is None or year.final_target is None:
            return f"{value}です。"
        if year.expected == year.final_target:
            return f"{value}で、{self._about_target()}"
        due = f"目安の{self.definition.written(year.expected)}"
        if year.value == year.expected:
            said = f"{due}と同じです"
        else:
            said = f"{due}を{self.to_expected.removesuffix('る')}っています"
        return f"{value}で、{said}。{self._about_target()}"

    @property
    def before(self) -> str:
        """The year before and what changed since in the year's own figure: `12件、3件減`."""
        if self.previous is None:
            which = "計画" if self.fiscal_year == self.rules.first_year else self.rules.words.kpi
            return f"{which}の最初の年度のため、ありません"
        before, own = self.previous, self.previous.actual
        if before.value_words:
            return with_mark(before.value_words, before.value_year)
        if own is None:
            return before.absence.label if before.absence else ""
        said = with_mark(self.definition.written(own), before.value_year)
        # One value that stands for both years has not changed.
        years = [one.value_year or one.fiscal_year for one in (before, self.assessment)]
        if years[0] == years[1]:
            return f"{said}（同じ値）"
        change = change_in_words(self.assessment.actual, own, self.definition)
        return f"{said}{f'、{change}' if change else ''}"

    @property
    def to_expected(self) -> str:
        """How the value lies to what was due: `1件上回る`."""
        value, expected = self.assessment.value, self.assessment.expected
        if self.assessment.absence is not None or value is None or expected is None:
            return ""
        if value == expected:
            return "同じ"
        apart = apart_in_words(value, expected, self.definition)
        return f"{apart}{'上回る' if value > expected else '下回る'}"

    @property
    def to_target(self) -> str:
        """What is missing to the final target: `あと29件`, or 達成."""
        value, target = self.assessment.value, self.assessment.target
        if self.assessment.absence is not None or value is None:
            return ""
        if target is None or target.value is None:
            return ""
        if is_reached(value, target, self.definition.direction):
            return "達成"
        edge = edge_of(target, self.definition.direction)
        if value == edge:
            return "同じ値では未達成"
        return f"あと{apart_in_words(value, edge, self.definition)}"

    @property
    def expected_basis(self) -> str:
        """Where the year's expected value comes from (docs/domain.md, Expected value)."""
        year = self.assessment
        is_last = year.fiscal_year >= year.target_year
        if year.yearly_target is not None and not is_last:
            return "この年度について定めた目安です。"
        if year.expected is None or year.final_target is None:
            has_words = year.target is not None and year.target.words
            why = "数値ではない" if has_words else "設定されていない"
            return f"最終目標が{why}ため、年度目安はありません。"
        if is_last:
            if year.target_year == self.rules.last_year_in(year.fiscal_year):
                return "最終年度の目安は、最終目標と同じです。"
            return f"目標年度（{wareki(year.target_year)}）からの目安は、最終目標と同じです。"
        way = self.series.course.way(year.fiscal_year)
        if way is not None:
            return self._on_the_way(way[0], year.final_target)
        word = self.rules.words.kpi
        return f"単年度の{word}で、年度ごとの目安を定めていないため、最終目標と同じです。"

    def _on_the_way(self, since: int, goal: Decimal) -> str:
        """How an expected value lies between what was due, or the baseline, and the target."""
        year = self.assessment
        years = f"{year.target_year - since + 1}年"
        is_first = since == self.series.first_year
        if is_first and year.definition.is_cumulative:
            nth = year.fiscal_year - since + 1
            return f"最終目標を{years}で均等に割り、{nth}年目までを足した値です。"
        states_baseline = year.target is not None and year.target.baseline is not None
        if is_first or (states_baseline and not year.definition.is_cumulative):
            return f"基準値から最終目標まで、{years}で均等に進むとした値です。"
        before = self.series.course.expected(since - 1)
        if before is None:
            return f"{wareki(since)}から最終目標まで、{years}で均等に進むとした値です。"
        if year.expected == goal:
            return "改めた最終目標が前の年度までの目安に届いているため、最終目標と同じです。"
        start = f"{wareki(since - 1)}の目安{self.definition.written(before)}"
        end = f"{wareki(year.target_year)}の最終目標{self.definition.written(goal)}"
        return f"{start}から{end}まで、{years}で均等に進むとした値です。"

    @property
    def yearly_doubts(self) -> list[str]:
        """What is odd about the yearly targets, a sentence each."""
        return doubts_of(self.series.course, self.definition.decimal_places)

    @property
    def outlook_year(self) -> int:
        """The year that the outlook is for."""
        return self.series.outlook_year(self.fiscal_year)

    @property
    def progress_formula(self) -> str:
        """How the 進捗率 came about, with its numbers."""
        return progress_in_numbers(self.assessment)

    @property
    def achievement_formula(self) -> str:
        """How the 達成率 came about, with its numbers."""
        return achievement_in_numbers(self.assessment)

    @property
    def outlook_band(self) -> str:
        """The range of the outlook: `48件から57件`; where it has none, why."""
        outlook = self.outlook
        if outlook is None:
            return ""
        if outlook.lowest < outlook.highest:
            lowest, highest = map(self.definition.written, (outlook.lowest, outlook.highest))
            return f"{lowest}から{highest}"
        first, until = self.series.first_year, self.fiscal_year + 1
        if len(by_year_measured(self.series.measurements, first_year=first, before=until)) == 1:
            return "1か年の実績だけによるため、幅は示せません"
        return "これまでの実績からは幅が出ません"

    @property
    def outlook_end(self) -> str:
        """Whether the outlook reaches the final target."""
        if self.outlook is None:
            return ""
        due = self.series.course_as_of(self.fiscal_year).expected(self.outlook_year)
        target = self.assessment.target
        if self.outlook.reaches is None or due is None:
            why = "が数値ではない" if target is not None and target.words else "がない"
            return f"最終目標{why}ため、届くかどうかは示せません"
        goal = f"最終目標の{self.goal}"
        if self.outlook_year < self.assessment.target_year:
            goal = f"{wareki(self.outlook_year)}の目安の{self.definition.written(due)}"
        return f"{goal}に届{'く' if self.outlook.reaches else 'かない'}見込み"

    @property
    def needed(self) -> str:
        """The pace that is needed: `あと29件。残り3年で年9.67件`, or 達成済み."""
        pace = self.series.needed_pace(self.fiscal_year)
        if pace is None:
            return ""
        if pace.per_year is None:
            return "達成済み"
        years_left = self.assessment.target_year - self.fiscal_year
        a_year = self.definition.written(pace.per_year)
        each = f"で年{a_year}" if years_left > 1 else f"で{a_year}"
        return f"{self.to_target}。残り{years_left}年{each}"

    def _about_target(self) -> str:
        goal, left = f"最終目標の{self.goal}", self.to_target
        if left == "達成":
            return f"{goal}に達しています。"
        return f"{goal}まで{left}です。" if left.startswith("あと") else f"{goal}には{left}です。"

    @property
    def goal(self) -> str:
        """The final target with its condition, unless that is 以上; 未設定 without one."""
        target, definition = self.assessment.target, self.definition
        if target is not None and condition_of(target, definition.direction) == "以上":
            return definition.written(target.value or 0)
        return target_in_words(
            target,
            definition.direction,
            unit=definition.unit,
            decimals=definition.decimal_places,
        )


def latest_stated_year(series: KpiSeries) -> int:
    """The latest year of the KPI's life of which anything is stated, else its first."""
    stated = [year for year in series.years if year in series.measurements]
    return max(stated, default=series.first_year)


def change_in_words(now: Number | None, before: Number | None, definition: KpiDefinition) -> str:
    """`3件減`, `2.3ポイント増` where the unit is %, `増減なし`; empty where either is missing."""
    if now is None or before is None:
        return ""
    if now == before:
        return "増減なし"
    return f"{apart_in_words(now, before, definition)}{'増' if now > before else '減'}"


def apart_in_words(one: Number, other: Number, definition: KpiDefinition) -> str:
    """How far two values lie apart: in the unit, shares in ポイント."""
    size = display_value(abs(Fraction(one) - Fraction(other)), definition.decimal_places)
    return f"{size}{'ポイント' if definition.is_percent else definition.unit}"
