"""Rating bands: data of a strategy, not code (docs/domain.md, Rating)."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Any

from django.core.exceptions import ValidationError

_MOST_BANDS = 9


@dataclass(frozen=True, slots=True)
class Band:
    """One rating: its symbol, its words and the lowest rate that earns it.

    `lower` is a percentage; None for the lowest band, which has no bound.
    """

    symbol: str
    label: str
    lower: Decimal | None

    @property
    def text(self) -> str:
        """`A 順調`, as chips and tables print it."""
        return f"{self.symbol} {self.label}"

    @property
    def range_text(self) -> str:
        """`100%以上`; empty for the lowest band."""
        return "" if self.lower is None else f"{self.lower.normalize():f}%以上"


DEFAULT_BANDS = (
    Band("A", "順調", Decimal(100)),
    Band("B", "概ね順調", Decimal(80)),
    Band("C", "やや遅れ", Decimal(60)),
    Band("D", "遅れ", None),
)


def default_bands() -> list[dict[str, Any]]:
    """The bands of a new strategy, in the form the database keeps."""
    return bands_to_data(DEFAULT_BANDS)


def bands_to_data(bands: tuple[Band, ...]) -> list[dict[str, Any]]:
    """JSON-ready bands, best first; a bound is a string so that it stays exact."""
    return [
        {
            "symbol": band.symbol,
            "label": band.label,
            "lower": None if band.lower is None else str(band.lower),
        }
        for band in bands
    ]


def bands_from_data(data: list[dict[str, Any]]) -> tuple[Band, ...]:
    """The bands of a strategy, best first, from what the database keeps."""
    return tuple(
        Band(
            row["symbol"],
            row["label"],
            None if row["lower"] is None else Decimal(str(row["lower"])),
        )
        for row in data
    )


def lower_bounds(bands: tuple[Band, ...]) -> tuple[Decimal, ...]:
    """The bounds that a displayed rate must not be rounded up to."""
    return tuple(band.lower for band in bands if band.lower is not None)


def validate_bands(data: Any) -> None:
    """Raise ValidationError unless the bands fall from best to worst, the last without bound."""
    if not isinstance(data, list) or not 2 <= len(data) <= _MOST_BANDS:
        raise ValidationError(f"評価区分は2つから{_MOST_BANDS}つまでにしてください。")
    try:
        bands = bands_from_data(data)
    except (KeyError, TypeError, InvalidOperation, AttributeError):
        raise ValidationError(
            "評価区分は、記号・名称・下限の順に書いてください（例：A,順調,100）。"
        ) from None
    for band in bands:
        if not (band.symbol and band.label):
            raise ValidationError("評価区分の記号と名称は省けません。")
    if len({band.symbol for band in bands}) < len(bands):
        raise ValidationError("評価区分の記号が重なっています。")
    *upper, lowest = bands
    if lowest.lower is not None or any(band.lower is None for band in upper):
        raise ValidationError("下限のない評価区分は、いちばん下のひとつだけにしてください。")
    bounds = lower_bounds(bands)
    if any(not bound.is_finite() or bound != round(bound, 1) for bound in bounds):
        raise ValidationError("評価区分の下限は、小数第1位までの数で書いてください。")
    if any(high <= low for high, low in pairwise(bounds)):
        raise ValidationError("評価区分の下限は、良い区分から順に小さくしてください。")
