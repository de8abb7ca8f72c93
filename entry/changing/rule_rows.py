"""Rows that are typed into tables: rating bands, and the conditions of a rating by position.

What is typed stays as it is until it is read; an empty row is none.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from common.reading.characters import plain
from common.reading.figures import read_number
from common.reading.texts import clean_text
from projects.bands import Band, bands_to_data, check_bounded, late_bands, validate_bands
from projects.scales import Reference, Relation, Step, Width

# A row as it stands in its fields, by column; a tick that isn't set is empty.
Typed = dict[str, str]
BAND_COLUMNS = ("symbol", "label", "lower", "late")
STEP_COLUMNS = ("against", "relation", "tolerance", "width", "place")
# More rows than anybody needs: 12 bands, each with empty rows between.
MOST_ROWS = 40
_SPARE_ROWS = 2
_AGAINST = [("", "（選ぶ）"), *Reference.choices]
_RELATIONS = [("", "（選ぶ）"), *Relation.choices]


class RowsWidget(forms.Widget):
    """A table of rows, each with the same columns, and buttons that ask for one more row.

    `layout` is its template, `with_bounds` says whether bands have a lower bound at all.
    """

    use_fieldset = True

    def __init__(self, layout: str, columns: Sequence[str], *, with_bounds: bool = True) -> None:
        super().__init__()
        self.layout = layout
        self.columns = columns
        self.with_bounds = with_bounds
        self.places: list[tuple[str, str]] = []
        self.widths: list[tuple[str, str]] = list(Width.choices)

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> list[Typed]:
        """The rows as typed, as many as the table had."""
        rows: list[Typed] = []
        for number in range(MOST_ROWS):
            named = {column: f"{name}-{number}-{column}" for column in self.columns}
            if not any(key in data for key in named.values()):
                break
            rows.append({column: str(data.get(key, "")) for column, key in named.items()})
        return rows

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return not self.value_from_datadict(data, files, name)

    def id_for_label(self, id_: str | None) -> str:
        """The table's own id: where a fault of its rows leads."""
        return id_ or ""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        return render_to_string(self.layout, self.get_context(name, value, attrs))

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        widget = {
            "name": name,
            "attrs": self.build_attrs(self.attrs, attrs),
            "rows": list(enumerate(with_spare_rows(value or []), start=1)),
            "with_bounds": self.with_bounds,
            "against": _AGAINST,
            "relations": _RELATIONS,
            "widths": self.widths,
            "places": self.places,
        }
        return {"widget": widget}


class RowsField(forms.Field):
    """Rows as they are typed; whoever needs them reads them (`read_bands`, `read_steps`)."""

    def __init__(self, widget: RowsWidget, *, label: str, help_text: str = "") -> None:
        super().__init__(required=False, widget=widget, label=label, help_text=help_text)


@dataclass(frozen=True, slots=True)
class ReadBands:
    """Bands as the database keeps them, and by a row's number (from 1) the place of its band."""

    data: list[dict[str, Any]]
    places: dict[str, int]


def rows_of_bands(bands: Sequence[Band]) -> list[Typed]:
    """Bands as rows to type into."""
    late = late_bands(bands)
    return [
        {
            "symbol": band.symbol,
            "label": band.label,
            "lower": "" if band.lower is None else f"{band.lower.normalize():f}",
            "late": "on" if band in late else "",
        }
        for band in bands
    ]


def rows_of_steps(steps: Iterable[Step]) -> list[Typed]:
    """The conditions of a rating by position as rows, without その他."""
    return [
        {
            "against": step.against,
            "relation": step.relation,
            "tolerance": "" if step.tolerance is None else f"{step.tolerance.normalize():f}",
            "width": step.width,
            "place": str(step.place),
        }
        for step in steps
        if not step.is_otherwise
    ]


def with_spare_rows(rows: list[Typed]) -> list[Typed]:
    """The rows, with empty ones below to type more into."""
    filled = max((number for number, row in enumerate(rows, start=1) if _is_filled(row)), default=0)
    wanted = min(max(filled + _SPARE_ROWS, len(rows)), MOST_ROWS)
    return rows + [{} for _ in range(wanted - len(rows))]


def with_row_at(rows: list[Typed], at: int) -> list[Typed]:
    """The rows with an empty one before that of a number from 0, or below all."""
    return [*rows[:at], {}, *rows[at:]][:MOST_ROWS]


def read_bands(rows: list[Typed], *, with_bounds: bool) -> ReadBands:
    """The bands that rows state; without bounds, what stands there counts for nothing.

    Ticks that say what the bands' places say anyway are not kept. Raises ValidationError, a
    sentence for each fault, with the row's number.
    """
    bands: list[Band] = []
    places: dict[str, int] = {}
    faults: list[str] = []
    for number, row in enumerate(rows, start=1):
        symbol, label = (
            plain(clean_text(row.get(name, ""))).strip() for name in ("symbol", "label")
        )
        lower = row.get("lower", "") if with_bounds else ""
        if not (symbol or label) and not lower.strip():
            if row.get("late"):
                faults.append(f"{number}行目：記号か名称を書いてください。")
            continue
        try:
            bound = read_number(lower, "%")
        except ValueError as error:
            faults.append(f"{number}行目の下限：{error}")
            continue
        if not (symbol or label):
            faults.append(f"{number}行目：記号か名称を書いてください。")
            continue
        bands.append(Band(symbol, label, bound, bool(row.get("late"))))
        places[str(number)] = len(bands)
    if faults:
        raise ValidationError(faults)
    if not bands:
        raise ValidationError("評価区分を書いてください。")
    by_place = [replace(band, is_late=None) for band in bands]
    ticked = {band.short for band in bands if band.is_late}
    is_by_place = ticked == {band.short for band in late_bands(by_place)}
    data = bands_to_data(by_place if is_by_place else bands)
    validate_bands(data)
    if with_bounds:
        check_bounded(bands)
    return ReadBands(data, places)


def read_steps(rows: list[Typed], otherwise: str, bands: ReadBands) -> list[Step]:
    """The conditions that rows state, その他 last; their bands are named by the rows of these.

    Raises ValidationError, a sentence for each fault, with the row's number.
    """
    steps: list[Step] = []
    faults: list[str] = []
    for number, row in enumerate(rows, start=1):
        if not _is_filled(row):
            continue
        found = list(_faults_of_step(row, bands))
        if found:
            faults.extend(f"{number}行目：{one}" for one in found)
        else:
            place = bands.places[row["place"]]
            tolerance = _tolerance(row)
            steps.append(Step(place, row["against"], row["relation"], tolerance, row["width"]))
    if otherwise not in bands.places:
        faults.append("「その他」の評価区分を選んでください。")
    if faults:
        raise ValidationError(faults)
    return [*steps, Step(bands.places[otherwise])]


def names_of_rows(rows: list[Typed]) -> list[tuple[str, str]]:
    """The rows of bands as choices: `2行目：B 概ね順調`."""
    named = []
    for number, row in enumerate(with_spare_rows(rows), start=1):
        text = f"{row.get('symbol', '')} {row.get('label', '')}".strip()
        named.append((str(number), f"{number}行目：{text}" if text else f"{number}行目"))
    return named


def _is_filled(row: Typed) -> bool:
    """Whether anything is typed; the way in which a width is counted is always chosen."""
    return any(text.strip() for column, text in row.items() if column != "width")


def _faults_of_step(row: Typed, bands: ReadBands) -> Iterator[str]:
    if row["against"] not in Reference.values:
        yield "比べる相手を選んでください。"
    if row["relation"] not in Relation.values:
        yield "相手との関係を選んでください。"
    if row["width"] not in Width.values:
        yield "幅の数え方を選んでください。"
        return
    try:
        tolerance = _tolerance(row)
    except ValueError as error:
        yield f"幅：{error}"
    else:
        if tolerance is not None and tolerance < 0:
            yield "幅は0以上の数にしてください。"
    if row["place"] not in bands.places:
        yield "評価区分を、記号か名称を書いた行から選んでください。"


def _tolerance(row: Typed) -> Decimal | None:
    unit = {Width.PERCENT: "%", Width.POINTS: "ポイント"}.get(Width(row["width"]), "")
    return read_number(row["tolerance"], unit)
