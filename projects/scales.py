"""By what a rating is given: a method with its bands (docs/domain.md, Rating).

Scales are data of a plan: what the database keeps, plain values, and the rules that data obey.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from projects.bands import Band, check_bounded, check_unbounded, late_bands, lower_bounds


class Method(models.TextChoices):
    """How a KPI gets its rating."""

    RATE = "rate", "率による（達成率か進捗率を下限で分ける）"
    POSITION = "position", "位置による（目標、目安、前の値、基準値と比べる）"
    PEOPLE = "people", "人が決める（所管課が案を出し、企画担当が決める）"
    NONE = "none", "評価しない"


class ProjectMethod(models.TextChoices):
    """How a project, and the plan as a whole, gets its rating."""

    MEAN = "mean", "平均による（率の平均を下限で分ける）"
    PEOPLE = "people", "人が決める"
    NONE = "none", "評価しない"


class Basis(models.TextChoices):
    """The rate that ratings are read from."""

    PROGRESS = "progress", "進捗率（今年度の目安に対して）"
    ACHIEVEMENT = "achievement", "達成率（最終目標に対して）"


class RateRounding(models.TextChoices):
    """What becomes of the digits of a rate that aren't shown."""

    HALF_UP = "half_up", "四捨五入"
    CUT = "cut", "切り捨て"


# What each of the two rates is called in a sentence.
BASES: dict[str, str] = {Basis.PROGRESS.value: "進捗率", Basis.ACHIEVEMENT.value: "達成率"}


class Reference(models.TextChoices):
    """相手: with what a value is compared."""

    FINAL = "final", "最終目標"
    EXPECTED = "expected", "今年度の目安"
    PREVIOUS = "previous", "前の値"
    BASELINE = "baseline", "基準値"


class Relation(models.TextChoices):
    """関係: how a value has to stand to what it is compared with."""

    REACHES = "reaches", "達する"
    BETTER = "better", "より良い"
    SIMILAR = "similar", "同程度"


class Width(models.TextChoices):
    """What a tolerance is counted in."""

    PERCENT = "percent", "%"
    POINTS = "points", "ポイント"
    UNIT = "unit", "（指標の単位）"


OTHERWISE = "その他"


@dataclass(frozen=True, slots=True)
class Step:
    """One row of a scale by position: if a value stands so, it has the band at `place` (from 1).

    `against` and `relation` are empty for その他, the last row. `tolerance` (None: none) is in
    percent of the absolute value of what is compared, in points (for units of % alone), or in the
    KPI's unit.
    """

    place: int
    against: str = ""
    relation: str = ""
    tolerance: Decimal | None = None
    width: str = Width.PERCENT.value

    @property
    def is_otherwise(self) -> bool:
        """Whether the row is その他, for whatever no row before holds."""
        return not self.against

    @property
    def text(self) -> str:
        """`基準値に達する（幅10%）`; その他 for the last row."""
        if self.is_otherwise:
            return OTHERWISE
        particle = {Relation.REACHES: "に", Relation.BETTER: "", Relation.SIMILAR: "と"}
        relation = Relation(self.relation)
        said = f"{Reference(self.against).label}{particle[relation]}{relation.label}"
        if not self.tolerance:
            return said
        counted = "" if self.width == Width.UNIT else Width(self.width).label
        return f"{said}（幅{self.tolerance.normalize():f}{counted}）"


@dataclass(frozen=True, slots=True)
class Scale:
    """A method with what it needs: the rate and the bounds of its bands, or the rows of positions.

    Where people decide, bounds or rows say the computed rating that theirs is held against; there
    may be neither. Bands are best first; a band is known by its place, counted from 1.
    """

    method: str
    basis: str
    bands: tuple[Band, ...]
    steps: tuple[Step, ...] = ()

    @property
    def is_by_people(self) -> bool:
        """Whether people decide."""
        return self.method == Method.PEOPLE

    @property
    def is_by_position(self) -> bool:
        """Whether positions decide, or are what people's decisions are held against."""
        return self.method == Method.POSITION or (self.is_by_people and bool(self.steps))

    @property
    def is_by_rate(self) -> bool:
        """Whether a rate decides, or is what people's decisions are held against."""
        if self.is_by_people:
            return not self.steps and bool(lower_bounds(self.bands))
        return self.method == Method.RATE

    @property
    def rates(self) -> bool:
        """Whether anything is rated at all."""
        return self.method != Method.NONE

    @property
    def marks(self) -> tuple[Band, ...]:
        """The bands that can be given; none where nothing is rated."""
        return self.bands if self.rates else ()

    def at(self, place: int | None) -> Band | None:
        """The band at a place; None for None and for a place that the scale has not."""
        if place is None or not 1 <= place <= len(self.bands):
            return None
        return self.bands[place - 1]

    def place(self, band: Band | None) -> int | None:
        """The place of one of the bands, from 1 for the best; None for None."""
        return None if band is None else self.bands.index(band) + 1

    def is_late(self, band: Band | None) -> bool:
        """Whether a rating means 遅れ; false without one."""
        return band is not None and band in late_bands(self.bands)


def steps_to_data(steps: Iterable[Step]) -> list[dict[str, Any]]:
    """JSON-ready rows of positions, in order; a tolerance is a string so that it stays exact."""
    return [
        {
            "place": step.place,
            "against": step.against,
            "relation": step.relation,
            "tolerance": None if step.tolerance is None else str(step.tolerance),
            "width": step.width,
        }
        for step in steps
    ]


def steps_from_data(data: list[dict[str, Any]]) -> tuple[Step, ...]:
    """The rows of positions from what the database keeps."""
    return tuple(
        Step(
            row["place"],
            row["against"],
            row["relation"],
            None if row["tolerance"] is None else Decimal(str(row["tolerance"])),
            row["width"],
        )
        for row in data
    )


def validate_steps(data: Any) -> None:
    """Raise ValidationError unless the data are rows of positions, each complete."""
    if not isinstance(data, list):
        raise ValidationError(_NO_ROWS)
    try:
        steps = steps_from_data(data)
    except (KeyError, TypeError, InvalidOperation, AttributeError):
        raise ValidationError(_NO_ROWS) from None
    for number, step in enumerate(steps, start=1):
        if problem := _problem_of(step):
            raise ValidationError(f"評価の条件の{number}行目：{problem}")


def check_scale(scale: Scale) -> None:
    """Raise ValidationError, by column, where a method's bands or rows don't fit it."""
    try:
        if scale.method == Method.RATE or (scale.is_by_people and lower_bounds(scale.bands)):
            check_bounded(scale.bands)
        elif scale.rates:
            check_unbounded(scale.bands)
    except ValidationError as error:
        raise ValidationError({"bands": error.messages}) from None
    if scale.steps and not scale.is_by_position:
        raise ValidationError(
            {"rating_steps": "評価の条件は、位置による評価と、人が決める評価だけのものです。"}
        )
    if scale.is_by_people and scale.steps and lower_bounds(scale.bands):
        raise ValidationError(
            {"rating_steps": "人が決める評価と比べるのは、率か位置のどちらかにしてください。"}
        )
    if scale.is_by_position:
        problem = _problem_of_rows(scale.steps, len(scale.bands))
        if problem:
            raise ValidationError({"rating_steps": problem})


_NO_ROWS = "評価の条件は、相手・関係・幅・評価区分の順に書いてください。"


def _problem_of(step: Step) -> str:
    problems = _problems_of_otherwise(step) if step.is_otherwise else _problems_of_condition(step)
    return next((sentence for is_wrong, sentence in problems if is_wrong), "")


def _problems_of_otherwise(step: Step) -> tuple[tuple[bool, str], ...]:
    return (
        *_problems_of_any(step),
        (
            bool(step.relation) or step.tolerance is not None,
            "「その他」には、関係と幅を書かないでください。",
        ),
    )


def _problems_of_condition(step: Step) -> tuple[tuple[bool, str], ...]:
    width = step.tolerance
    return (
        *_problems_of_any(step),
        (step.against not in Reference.values, "比べる相手を選んでください。"),
        (step.relation not in Relation.values, "相手との関係を選んでください。"),
        (
            width is not None and (not width.is_finite() or width < 0),
            "幅は0以上の数にしてください。",
        ),
    )


def _problems_of_any(step: Step) -> tuple[tuple[bool, str], ...]:
    is_place = isinstance(step.place, int) and not isinstance(step.place, bool)
    return (
        (not is_place or step.place < 1, "評価区分を選んでください。"),
        (step.width not in Width.values, "幅の数え方を選んでください。"),
    )


def _problem_of_rows(steps: Sequence[Step], bands: int) -> str:
    if len(steps) < _FEWEST_ROWS:
        return "位置による評価には、条件の行がひとつと「その他」の行が要ります。"
    *conditions, last = steps
    if not last.is_otherwise or any(step.is_otherwise for step in conditions):
        return "「その他」の行は、いちばん下にひとつだけ置いてください。"
    if any(step.place > bands for step in steps):
        return "評価の条件が、ない評価区分を指しています。評価区分を選び直してください。"
    said = {(one.against, one.relation, one.tolerance or Decimal(0), one.width) for one in steps}
    if len(said) < len(steps):
        return "評価の条件に、同じ行があります。片方を消してください。"
    unused = set(range(1, bands + 1)) - {step.place for step in steps}
    if unused:
        named = "、".join(str(place) for place in sorted(unused))
        return f"上から{named}番目の評価区分になる条件がありません。行を加えてください。"
    return ""


_FEWEST_ROWS = 2
