"""Rating bands: data of a strategy, not code (docs/domain.md, Rating)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Any

from django.core.exceptions import ValidationError

_FEWEST_BANDS = 2
MOST_BANDS = 12


@dataclass(frozen=True, slots=True)
class Band:
    """One rating: its symbol, its words and the lowest rate that earns it.

    A symbol or a label may be empty, not both. `lower` is a percentage; None for the lowest band,
    and for every band of a scale that doesn't rate by rate. `is_late` says whether the band means
    遅れ; None leaves that to its place (`late_bands`).
    """

    symbol: str
    label: str
    lower: Decimal | None
    is_late: bool | None = None

    @property
    def short(self) -> str:
        """The symbol, else the label: what stands where there is little room."""
        return self.symbol or self.label

    @property
    def name(self) -> str:
        """The label, else the symbol: what a sentence quotes."""
        return self.label or self.symbol

    @property
    def text(self) -> str:
        """`A 順調`, as chips and tables print it; the label alone where it says the symbol."""
        return self.label if self.symbol in self.label else f"{self.symbol} {self.label}".strip()

    @property
    def range_text(self) -> str:
        """`100%以上`; empty without a bound."""
        return "" if self.lower is None else f"{percent(self.lower)}以上"


def percent(limit: Decimal | None) -> str:
    """`80%` for a bound or a limit, without noughts at its end; empty for none."""
    return "" if limit is None else f"{limit.normalize():f}%"


def quoted(bands: Iterable[Band]) -> str:
    """`「A 順調」「B 遅れ」`: some bands as a sentence names them."""
    return "".join(f"「{band.text}」" for band in bands)


DEFAULT_BANDS = (
    Band("A", "順調", Decimal(100)),
    Band("B", "概ね順調", Decimal(80)),
    Band("C", "やや遅れ", Decimal(60)),
    Band("D", "遅れ", None),
)


def default_bands() -> list[dict[str, Any]]:
    """The bands of a new strategy, in the form the database keeps."""
    return bands_to_data(DEFAULT_BANDS)


def bands_to_data(bands: Sequence[Band]) -> list[dict[str, Any]]:
    """JSON-ready bands, best first; a bound is a string so that it stays exact."""
    return [
        {
            "symbol": band.symbol,
            "label": band.label,
            "lower": None if band.lower is None else str(band.lower),
        }
        | ({} if band.is_late is None else {"is_late": band.is_late})
        for band in bands
    ]


def bands_from_data(data: list[dict[str, Any]]) -> tuple[Band, ...]:
    """The bands of a strategy, best first, from what the database keeps."""
    return tuple(
        Band(
            row["symbol"],
            row["label"],
            None if row["lower"] is None else Decimal(str(row["lower"])),
            row.get("is_late"),
        )
        for row in data
    )


def lower_bounds(bands: Sequence[Band]) -> tuple[Decimal, ...]:
    """The bounds that a displayed rate must not be rounded up to."""
    return tuple(band.lower for band in bands if band.lower is not None)


def late_bands(bands: Sequence[Band]) -> frozenset[Band]:
    """The bands that mean 遅れ: those that say so; where none says anything, the lower half."""
    if all(band.is_late is None for band in bands):
        return frozenset(bands[(len(bands) + 1) // 2 :])
    return frozenset(band for band in bands if band.is_late)


def validate_bands(data: Any) -> None:
    """Raise ValidationError unless the data are bands: 2 to 12, each told from the others.

    Whether they need bounds is the scale's question (`projects.scales`).
    """
    if not isinstance(data, list) or not _FEWEST_BANDS <= len(data) <= MOST_BANDS:
        raise ValidationError(f"評価区分は{_FEWEST_BANDS}つから{MOST_BANDS}個までにしてください。")
    try:
        bands = bands_from_data(data)
    except (KeyError, TypeError, InvalidOperation, AttributeError):
        raise ValidationError(
            "評価区分は、記号・名称・下限の順に書いてください（例：A,順調,100）。"
        ) from None
    if not all(isinstance(one, str) for band in bands for one in (band.symbol, band.label)):
        raise ValidationError("評価区分の記号と名称は、文字で書いてください。")
    if any(not band.short for band in bands):
        raise ValidationError("評価区分には、記号か名称のどちらかを書いてください。")
    for what, said in (
        ("記号", [band.symbol for band in bands if band.symbol]),
        ("名称", [band.label for band in bands if band.label]),
        ("記号と名称", [band.short for band in bands]),
    ):
        if len(set(said)) < len(said):
            raise ValidationError(f"評価区分の{what}が重なっています。")
    if any(band.is_late not in (None, True, False) for band in bands):
        raise ValidationError("評価区分の「遅れ」は、印の有無で示してください。")
    _check_bounds(bands)


def check_bounded(bands: Sequence[Band]) -> None:
    """Raise ValidationError unless all bands but the lowest have a bound, as rates need."""
    *upper, lowest = bands
    if lowest.lower is not None or any(band.lower is None for band in upper):
        raise ValidationError("下限のない評価区分は、いちばん下のひとつだけにしてください。")


def check_unbounded(bands: Sequence[Band]) -> None:
    """Raise ValidationError if a band has a bound where nothing would be held against it."""
    if lower_bounds(bands):
        raise ValidationError("率で評価しないときは、評価区分に下限を書かないでください。")


def _check_bounds(bands: Sequence[Band]) -> None:
    """Raise ValidationError unless the bounds there are fall from best to worst."""
    bounds = lower_bounds(bands)
    if any(not bound.is_finite() or bound != round(bound, 2) for bound in bounds):
        raise ValidationError("評価区分の下限は、小数第2位までの数で書いてください。")
    if any(high <= low for high, low in pairwise(bounds)):
        raise ValidationError("評価区分の下限は、良い区分から順に小さくしてください。")
