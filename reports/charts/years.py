"""A chart of years: one KPI's values, what was due each year, the final target, the outlook.

Drawn twice for a page: in columns where there is room, in rows for a telephone, whose type
stays as large as the text around it. Equal charts are equal values, so that each is drawn once.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from common.fiscal_year import wareki
from kpis.achievement import Number, display_value
from kpis.outlook import Outlook

# What years of the plans before are called.
EARLIER = "前の計画"
# And years of the KPI that this one replaced.
SAME_PLAN = "差し替え前"
# Marks of values that are not settled, or not of their own year.
_QUALIFIED, _CARRIED = "速報・参考", "前の年度の値"


@dataclass(frozen=True, slots=True)
class YearPoint:
    """One fiscal year of the chart, in the KPI's unit.

    `value` is the year's actual, for a cumulative KPI the running total; None
    without one, and `word` then says why (`未入力`). With a value, `word`
    qualifies it (`速報`, `参考`, `令和4年度の値`) or is empty; `is_carried` values were
    measured in a year before. `expected` is the value due by
    the end of the year, None where there is none. `is_earlier` years are those of the plans
    before, which a carried-over KPI brings along: they stand first, and nothing is due in them.
    """

    fiscal_year: int
    value: Number | None
    expected: Number | None
    word: str = ""
    is_earlier: bool = False
    earlier_label: str = EARLIER
    is_carried: bool = False


@dataclass(frozen=True, slots=True)
class TargetRun:
    """One final target, and the first and the last of the chart's points for which it holds."""

    first: int
    last: int
    value: Number | None


@dataclass(frozen=True, slots=True)
class YearsChart:
    """What such a chart shows, before it is given places.

    `estimate` is the outlook for the last of the years. `highlighted` is the
    fiscal year that the page is about. `value_label` names the marks: `実績`, or
    `累計` for a cumulative KPI. `final_target` is the one of the page's year, `targets` are those
    of the plan's years, one each, where they were revised; empty where one target holds for all.
    """

    points: tuple[YearPoint, ...]
    unit: str
    decimals: int
    final_target: Number | None
    title: str
    estimate: Outlook | None = None
    highlighted: int | None = None
    value_label: str = "実績"
    targets: tuple[Number | None, ...] = ()

    @property
    def target_runs(self) -> list[TargetRun]:
        """The final targets of the plan's years, in order; years without one are in none."""
        begin = len(self.earlier)
        own = len(self.points) - begin
        targets = self.targets or (self.final_target,) * own
        runs: list[TargetRun] = []
        for at, value in enumerate(targets, begin):
            if runs and runs[-1].value == value:
                runs[-1] = replace(runs[-1], last=at)
            else:
                runs.append(TargetRun(at, at, value))
        return [run for run in runs if run.value is not None]

    def target_at(self, point: YearPoint) -> Number | None:
        """The final target in force in a year; None in a year of a plan before."""
        at = self.points.index(point)
        return next((run.value for run in self.target_runs if run.first <= at <= run.last), None)

    @property
    def later_target(self) -> str:
        """A target that holds after the page's year: `令和8年度から80件`; empty without one."""
        runs = self.target_runs
        if not runs or runs[-1].value in (None, self.final_target):
            return ""
        since_year = self.points[runs[-1].first].fiscal_year
        if self.highlighted is not None and since_year <= self.highlighted:
            return ""
        since = wareki(since_year)
        return f"{since}から{self._or(runs[-1].value)}"

    @property
    def target_label(self) -> str:
        """The target of the page's year, and a later one: `最終目標 50件（令和8年度から80件）`."""
        later = f"（{self.later_target}）" if self.later_target else ""
        return f"最終目標 {self._or(self.final_target)}{later}"

    @property
    def earlier(self) -> tuple[YearPoint, ...]:
        """The years of the plans before."""
        return tuple(point for point in self.points if point.is_earlier)

    @property
    def earlier_label(self) -> str:
        """What they are called: by the nearest of them."""
        return self.earlier[-1].earlier_label if self.earlier else EARLIER

    @property
    def has_qualified(self) -> bool:
        """Whether some value is 速報 or 参考."""
        return any(point.value is not None and point.word for point in self.points)

    @property
    def qualified_label(self) -> str:
        """What the mark of qualified values says."""
        carried = any(point.is_carried for point in self.points)
        return f"{_QUALIFIED}・{_CARRIED}" if carried else _QUALIFIED

    @property
    def bounds(self) -> tuple[float, float]:
        """The least and the greatest of all that is drawn; zero always lies within."""
        figures: list[Number | None] = [0, self.final_target, *self.targets]
        for point in self.points:
            figures += [point.value, point.expected]
        if self.estimate is not None:
            figures += [self.estimate.lowest, self.estimate.highest]
        known = [float(figure) for figure in figures if figure is not None]
        return min(known), max(known)

    def estimate_at(self, point: YearPoint) -> Outlook | None:
        """The estimate if the point is the last year and still without a value."""
        if point.value is not None or point is not self.points[-1]:
            return None
        return self.estimate

    def shown(self, value: Number | None) -> str:
        """A value as people read it."""
        return display_value(value, self.decimals)

    def with_unit(self, value: Number) -> str:
        """A value with its unit."""
        return f"{self.shown(value)}{self.unit}"

    @property
    def description(self) -> str:
        """The figures in words: `令和6年度 12件、目安 10件。最終目標 50件。`."""
        years = "".join(map(self._in_words, self.points))
        return f"{years}{self.target_label}。"

    def _value_in_words(self, point: YearPoint) -> str:
        if point.value is None:
            return point.word or "なし"
        return self.with_unit(point.value) + (f"（{point.word}）" if point.word else "")

    def _in_words(self, point: YearPoint) -> str:
        value = self._value_in_words(point)
        if point.is_earlier:
            return f"{wareki(point.fiscal_year)}（{point.earlier_label}） {value}。"
        text = f"{wareki(point.fiscal_year)} {value}、目安 {self._or(point.expected)}。"
        estimate = self.estimate_at(point)
        if estimate is None:
            return text
        band = f"{self.with_unit(estimate.lowest)}から{self.with_unit(estimate.highest)}"
        return f"{text}見込み（推計） {self.with_unit(estimate.value)}、幅は{band}。"

    def _or(self, value: Number | None) -> str:
        return "なし" if value is None else self.with_unit(value)


@dataclass(frozen=True, slots=True)
class Scale:
    """From values to places on a line of pixels, from `start` (least) to `end` (greatest)."""

    lowest: float
    highest: float
    start: float
    end: float

    def pixel(self, value: Number) -> float:
        """Where a value stands."""
        share = (float(value) - self.lowest) / ((self.highest - self.lowest) or 1.0)
        return round(self.start + share * (self.end - self.start), 2)


def legend_of(chart: YearsChart) -> Iterable[tuple[str, str]]:
    """Each kind of mark that the chart has, with its name."""
    if chart.earlier:
        yield "earlier", f"{chart.earlier_label}の{chart.value_label}"
    yield "value", chart.value_label
    if chart.has_qualified:
        yield "qualified", chart.qualified_label
    if any(point.expected is not None for point in chart.points):
        yield "tick", "年度目安"
    if chart.target_runs:
        yield "target", "最終目標"
    if chart.points and chart.estimate_at(chart.points[-1]):
        yield "estimate", "見込み（推計）"
