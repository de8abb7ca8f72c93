"""Ready-made ways of rating that a planner starts from: what is put into the form's fields."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from entry.changing.rule_rows import rows_of_bands, rows_of_steps
from projects.bands import DEFAULT_BANDS, Band
from projects.scales import Basis, Method, ProjectMethod, Reference, Relation, Scale, Step

_THREE = (
    Band("◎", "目標を上回った", None),
    Band("○", "目標に達した", None),
    Band("△", "目標に届かなかった", None),
)
_ARROWS = (
    Band("↗", "上向き", None),
    Band("→", "横ばい", None),
    Band("↘", "下向き", None),
)
_LETTERS = (
    Band("S", "期待を超える", None),
    Band("A", "期待どおり", None),
    Band("B", "やや不足", None),
    Band("C", "不足", None),
)


_PROJECTS = {Method.RATE.value: ProjectMethod.MEAN, Method.PEOPLE.value: ProjectMethod.PEOPLE}


@dataclass(frozen=True, slots=True)
class Start:
    """A way of rating KPIs to begin with: its key, its name and what it does."""

    key: str
    name: str
    scale: Scale

    @property
    def projects(self) -> str:
        """By what projects are rated with it."""
        return _PROJECTS.get(self.scale.method, ProjectMethod.NONE).value

    @property
    def fields(self) -> dict[str, Any]:
        """What it puts into the form's fields; bands stay as they are where none are given."""
        if not self.scale.rates:
            return {"rating_method": self.scale.method}
        return fields_of(self.scale)


def fields_of(scale: Scale) -> dict[str, Any]:
    """A scale as the fields of a form have it, by name."""
    otherwise = next((step.place for step in scale.steps if step.is_otherwise), "")
    return {
        "rating_method": scale.method,
        "rating_basis": scale.basis,
        "compared_with": _compared_with(scale),
        "bands": rows_of_bands(scale.bands),
        "rating_steps": rows_of_steps(scale.steps),
        "otherwise": str(otherwise),
    }


def _compared_with(scale: Scale) -> str:
    """What people's decisions are held against: a way of rating by itself, or nothing."""
    if scale.is_by_people and scale.is_by_position:
        return Method.POSITION.value
    return Method.RATE.value if scale.is_by_people and scale.is_by_rate else Method.NONE.value


def _by_position(bands: tuple[Band, ...], *steps: Step) -> Scale:
    return Scale(Method.POSITION.value, Basis.PROGRESS.value, bands, steps)


STARTS = (
    Start(
        "progress",
        "A〜Dを進捗率で",
        Scale(Method.RATE.value, Basis.PROGRESS.value, DEFAULT_BANDS),
    ),
    Start(
        "achievement",
        "A〜Dを達成率で",
        Scale(Method.RATE.value, Basis.ACHIEVEMENT.value, DEFAULT_BANDS),
    ),
    Start(
        "target",
        "◎○△を今年度の目安との比較で",
        _by_position(
            _THREE,
            Step(1, Reference.EXPECTED.value, Relation.BETTER.value),
            Step(2, Reference.EXPECTED.value, Relation.REACHES.value),
            Step(3),
        ),
    ),
    Start(
        "previous",
        "↗→↘を前回の値との比較で",
        _by_position(
            _ARROWS,
            Step(1, Reference.PREVIOUS.value, Relation.BETTER.value, Decimal(3)),
            Step(2, Reference.PREVIOUS.value, Relation.SIMILAR.value, Decimal(3)),
            Step(3),
        ),
    ),
    Start(
        "baseline",
        "S・A・B・Cを目標と基準値との比較で",
        _by_position(
            (
                Band("S", "目標を上回る", None),
                Band("A", "基準値を上回る", None),
                Band("B", "基準値と同程度", None),
                Band("C", "基準値を下回る", None),
            ),
            Step(1, Reference.FINAL.value, Relation.BETTER.value),
            Step(2, Reference.BASELINE.value, Relation.BETTER.value),
            Step(3, Reference.BASELINE.value, Relation.SIMILAR.value, Decimal(10)),
            Step(4),
        ),
    ),
    Start(
        "people",
        "S・A・B・Cを人が決める",
        Scale(Method.PEOPLE.value, Basis.PROGRESS.value, _LETTERS),
    ),
    Start("none", "評価しない", Scale(Method.NONE.value, Basis.PROGRESS.value, DEFAULT_BANDS)),
)


def start_of(key: str) -> Start | None:
    """The start with a key; None for one that there isn't."""
    return next((one for one in STARTS if one.key == key), None)
