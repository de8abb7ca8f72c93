"""How far a figure has come: the rules of every rate, in one place.

Pure functions on plain values; no database, clock or settings. Arithmetic is
exact (`fractions.Fraction`) up to the moment a figure is shown or handed out.
A rate is a percentage: 100 means the goal is reached; it may exceed 100 and,
for the formulas deviation and from_baseline, be negative. None always means
"not computable": never 0, never 100, and left out of every mean.

Source of the rules: docs/domain.md, Rates.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache

from projects.bands import Band

Number = int | Decimal | Fraction

RATE_DECIMALS = 12
NOTHING = "－"
MINUS_ON_SCREEN = "−"
MINUS_IN_PRINT = "△"
MINUS_IN_DATA = "-"
DEFAULT_BOUNDS: tuple[Number, ...] = (100, 80, 60)
# A computed figure that the unit's decimals can't hold is shown with two more.
EXTRA_DECIMALS = 2


class Rounding(StrEnum):
    """What becomes of the digits of a rate that aren't shown."""

    HALF_UP = "half_up"
    CUT = "cut"


class Absence(StrEnum):
    """Why there is no rate, or no rating."""

    MISSING = "missing"
    PENDING = "pending"
    UNMEASURED = "unmeasured"
    UNCOMPUTABLE = "uncomputable"
    REFERENCE = "reference"
    UNDECIDED = "undecided"
    NOT_APPLICABLE = "not_applicable"

    @property
    def label(self) -> str:
        """The word shown beside 「－」."""
        return _ABSENCE_LABELS[self]

    @property
    def code(self) -> int:
        """The code in the column 欠測区分 of data files."""
        return _ABSENCE_CODES[self]


_ABSENCE_LABELS = {
    Absence.MISSING: "未入力",
    Absence.PENDING: "集計中",
    Absence.UNMEASURED: "未測定",
    Absence.UNCOMPUTABLE: "算出不可",
    Absence.REFERENCE: "参考",
    Absence.UNDECIDED: "評価未定",
    Absence.NOT_APPLICABLE: "対象外",
}
_ABSENCE_CODES = {
    Absence.MISSING: 1,
    Absence.PENDING: 2,
    Absence.UNMEASURED: 3,
    Absence.UNCOMPUTABLE: 4,
    Absence.REFERENCE: 5,
    Absence.UNDECIDED: 6,
    Absence.NOT_APPLICABLE: 7,
}


@dataclass(frozen=True, slots=True)
class Measurement:
    """What is known of one year: a value, or why there is none.

    `absence` is PENDING or UNMEASURED exactly when there is neither `value` nor
    `words`, a value in words. `year` is the year in which the value was measured
    where that is an earlier one (値の年度). A year of which nothing is known has
    no Measurement at all.
    """

    value: Decimal | None
    absence: Absence | None = None
    year: int | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class ProgressValue:
    """v(t): the value that is held against a goal.

    `value` is None when the year itself has none, with the reason in
    `absence`. With absence REFERENCE the value is shown but bears no rate,
    because an earlier year of the sum is not known (`unknown_years`).
    `unmeasured_years` are earlier years left out of a sum that still counts.
    """

    value: Decimal | None
    absence: Absence | None = None
    unknown_years: tuple[int, ...] = ()
    unmeasured_years: tuple[int, ...] = ()


def progress_value(
    measurements: Mapping[int, Measurement], year: int, *, first_year: int, aggregation: str
) -> ProgressValue:
    """v(year): the year's own value (annual), or the sum since the first year (cumulative)."""
    own = measurements.get(year)
    if own is None:
        return ProgressValue(None, Absence.MISSING)
    if own.value is None:
        return ProgressValue(None, own.absence)
    if aggregation == "annual":
        return ProgressValue(own.value)
    total = own.value
    unknown: list[int] = []
    unmeasured: list[int] = []
    for earlier in range(first_year, year):
        measured = measurements.get(earlier)
        if measured is None or measured.absence is Absence.PENDING:
            unknown.append(earlier)
        elif measured.value is not None:
            total += measured.value
        elif not measured.words:
            unmeasured.append(earlier)
    return ProgressValue(
        total,
        Absence.REFERENCE if unknown else None,
        tuple(unknown),
        tuple(unmeasured),
    )


def in_force(final_targets: Sequence[tuple[int, Decimal]], year: int) -> Decimal | None:
    """The final target that holds for a year: the latest row effective by then; None if none is.

    `final_targets` are (effective_from, value), in any order.
    """
    return max([target for target in final_targets if target[0] <= year], default=(0, None))[1]


def expected_value(
    year: int,
    *,
    first_year: int,
    last_year: int,
    final_target: Decimal | None,
    yearly_target: Decimal | None = None,
    aggregation: str = "annual",
    formula: str = "ratio",
    baseline: Number | None = None,
    due_before: Number = 0,
) -> Fraction | None:
    """e(year) of a target that has stood since `first_year`; None without the targets it needs.

    What was due before is `due_before` for a cumulative KPI, `baseline` for one by from_baseline.
    How targets follow each other is told by `kpis.targets`.
    """
    if year < last_year and yearly_target is not None:
        return Fraction(yearly_target)
    if final_target is None:
        return None
    target = Fraction(final_target)
    if year >= last_year:
        return target
    share = Fraction(year - first_year + 1, last_year - first_year + 1)
    if aggregation == "cumulative":
        return baseline_path(Fraction(due_before), target, share)
    if formula == "from_baseline":
        return None if baseline is None else baseline_path(Fraction(baseline), target, share)
    return target


def baseline_path(baseline: Fraction, target: Fraction, share: Fraction) -> Fraction:
    """The point a share (0…1) of the way from the baseline to the target."""
    return baseline + (target - baseline) * share


def goal_problem(
    goal: Number | None,
    *,
    direction: str = "increase",
    formula: str = "ratio",
    baseline: Number | None = None,
) -> str:
    """Why a formula can't bear a goal, as a Japanese sentence; empty when it can."""
    if goal is None:
        return "目標値が設定されていません。"
    if formula == "from_baseline":
        if baseline is None:
            return "算式「基準値からの伸び」には基準値が要ります。"
        beyond = goal > baseline if direction == "increase" else goal < baseline
        if beyond:
            return ""
        wanted = "大きく" if direction == "increase" else "小さく"
        return f"算式「基準値からの伸び」では、目標値を基準値より{wanted}してください。"
    if formula == "ratio" and direction == "decrease":
        return "" if goal >= 0 else "算式「実績÷目標」では、目標値を0以上にしてください。"
    name = "実績÷目標" if formula == "ratio" else "目標との乖離"
    return "" if goal > 0 else f"算式「{name}」では、目標値を0より大きくしてください。"


def value_problem(value: Number, *, formula: str = "ratio") -> str:
    """Why a formula can't bear a value, as a Japanese sentence; empty when it can."""
    if formula == "from_baseline" or value >= 0:
        return ""
    name = "実績÷目標" if formula == "ratio" else "目標との乖離"
    return f"算式「{name}」の指標では、実績値は0以上です。"


def exact_rate(
    value: Number | None,
    goal: Number | None,
    *,
    direction: str = "increase",
    formula: str = "ratio",
    baseline: Number | None = None,
) -> Fraction | None:
    """The rate of a value against a goal in percent, unrounded; None where not computable."""
    if value is None or goal is None or value_problem(value, formula=formula):
        return None
    if goal_problem(goal, direction=direction, formula=formula, baseline=baseline):
        return None
    if formula == "from_baseline":
        start = Fraction(baseline or 0)
        return 100 * (Fraction(value) - start) / (Fraction(goal) - start)
    if direction == "increase":
        return _hundred_times(value, goal)
    return _falling_rate(value, goal, formula)


def rate(
    value: Number | None,
    goal: Number | None,
    *,
    direction: str = "increase",
    formula: str = "ratio",
    baseline: Number | None = None,
) -> Decimal | None:
    """The rate of a value against a goal: percent, 12 decimals; None where not computable.

    `direction` is increase or decrease, `formula` ratio, deviation or
    from_baseline (which needs `baseline`). A reached goal is never below 100
    and a missed one never at it.
    """
    return as_decimal(
        exact_rate(value, goal, direction=direction, formula=formula, baseline=baseline)
    )


def as_decimal(exact: Fraction | None) -> Decimal | None:
    """A rate (or a computed value) as it leaves this module: rounded half-up to 12 decimals.

    A rate a hair below a bound (100, or any number of up to two decimals)
    stays below it.
    """
    if exact is None:
        return None
    top, bottom = exact.as_integer_ratio()
    scale: int = 10**RATE_DECIMALS
    scaled = _half_up(top, bottom, scale)
    if scaled * bottom > top * scale and scaled % 10 ** (RATE_DECIMALS - 2) == 0:
        scaled -= 1
    with localcontext() as context:
        context.prec = max(28, len(str(scaled)) + 1)
        return Decimal(scaled).scaleb(-RATE_DECIMALS)


def mean(
    rates: Iterable[Number | None], cap: Number | None = 100, floor: Number | None = 0
) -> Fraction | None:
    """The arithmetic mean of the rates there are, each counted within floor…cap.

    None among the rates is left out; with `cap` or `floor` None there is no such limit.
    None when no rate is left.
    """
    limit = None if cap is None else cap.as_integer_ratio()
    lowest = None if floor is None else floor.as_integer_ratio()
    by_denominator: dict[int, int] = defaultdict(int)
    count = 0
    for one in rates:
        if one is None:
            continue
        count += 1
        top, bottom = one.as_integer_ratio()
        if limit is not None and _reaches(top, bottom, limit):
            top, bottom = limit
        elif lowest is not None and not _reaches(top, bottom, lowest):
            top, bottom = lowest
        by_denominator[bottom] += top
    # One addition of fractions a denominator, not a KPI: many share theirs.
    total = sum((Fraction(top, bottom) for bottom, top in by_denominator.items()), Fraction(0))
    return total / count if count else None


def rating(exact: Number | None, bands: Sequence[Band]) -> Band | None:
    """The band of a rate: the best one whose lower bound the exact rate reaches; None without."""
    if exact is None:
        return None
    top, bottom = exact.as_integer_ratio()
    for band in bands:
        if band.lower is None or _reaches(top, bottom, band.lower.as_integer_ratio()):
            break
    return band


def display(
    rate: Number | None,
    decimals: int = 1,
    bounds: Iterable[Number] = DEFAULT_BOUNDS,
    *,
    minus: str = MINUS_ON_SCREEN,
    rounding: str = Rounding.HALF_UP,
) -> str:
    """`92.3%`: half-up (or cut towards 0), thousands separators; 「－」 for None.

    The text reads at least a bound (100 always among them) exactly when the
    rate reaches it: 99.96 shows `99.9%`. Where that many decimals can't say
    it, more are shown.
    """
    if rate is None:
        return NOTHING
    return f"{display_number(rate, decimals, bounds, minus=minus, rounding=rounding)}%"


def display_number(
    rate: Number,
    decimals: int = 1,
    bounds: Iterable[Number] = DEFAULT_BOUNDS,
    *,
    minus: str = MINUS_ON_SCREEN,
    separator: str = ",",
    rounding: str = Rounding.HALF_UP,
) -> str:
    """`display` without the percent sign, for a column whose head carries it."""
    top, bottom = rate.as_integer_ratio()
    limits = _as_ratios((100, *bounds))
    reached = [_reaches(top, bottom, limit) for limit in limits]
    rounded = _half_up if rounding == Rounding.HALF_UP else _cut
    while True:
        scale: int = 10**decimals
        for scaled in (rounded(top, bottom, scale), top * scale // bottom):
            if [_reaches(scaled, scale, limit) for limit in limits] == reached:
                return _written(scaled, decimals, minus, separator)
        decimals += 1


def display_value(
    value: Number | None,
    decimals: int,
    *,
    minus: str = MINUS_ON_SCREEN,
    separator: str = ",",
) -> str:
    """A value with its KPI's decimals and thousands separators; 「－」 for None.

    A computed value that those decimals can't hold is shown with two more.
    """
    if value is None:
        return NOTHING
    top, bottom = value.as_integer_ratio()
    if top * 10**decimals % bottom:
        decimals += EXTRA_DECIMALS
    return _written(_half_up(top, bottom, 10**decimals), decimals, minus, separator)


def _falling_rate(value: Number, goal: Number, formula: str) -> Fraction:
    """The rate where less is better, by deviation or ratio; zero has reached any goal."""
    if formula == "deviation":
        return 200 - _hundred_times(value, goal)
    return Fraction(100) if value == 0 else _hundred_times(goal, value)


def _hundred_times(numerator: Number, denominator: Number) -> Fraction:
    """100 × numerator ÷ denominator with a single reduction."""
    top, top_by = numerator.as_integer_ratio()
    bottom, bottom_by = denominator.as_integer_ratio()
    return Fraction(100 * top * bottom_by, top_by * bottom)


# Comparing and rounding take numerators and denominators: a Fraction made only to be
# compared costs ten times as much, and a page of 600 KPIs shows thousands of figures.


@lru_cache(maxsize=64)
def _as_ratios(bounds: tuple[Number, ...]) -> tuple[tuple[int, int], ...]:
    """The bounds as numerators and denominators."""
    return tuple({bound.as_integer_ratio() for bound in bounds})


def _reaches(top: int, bottom: int, limit: tuple[int, int]) -> bool:
    """Whether top/bottom is at least the limit."""
    return top * limit[1] >= limit[0] * bottom


def _half_up(top: int, bottom: int, scale: int) -> int:
    """top/bottom times the scale, rounded to an integer, ties away from zero."""
    rounded = (2 * abs(top) * scale + bottom) // (2 * bottom)
    return rounded if top >= 0 else -rounded


def _cut(top: int, bottom: int, scale: int) -> int:
    """top/bottom times the scale, cut to an integer towards 0."""
    whole = abs(top) * scale // bottom
    return whole if top >= 0 else -whole


def _written(scaled: int, decimals: int, minus: str, separator: str) -> str:
    """`1,234.5` for 12345 and one decimal."""
    whole, part = divmod(abs(scaled), 10**decimals)
    sign = minus if scaled < 0 else ""
    digits = f"{whole:,}".replace(",", separator)
    return f"{sign}{digits}.{part:0{decimals}d}" if decimals else f"{sign}{digits}"
