"""Excel's own bar chart of rates, read from the cells of a table beside it."""

from dataclasses import dataclass
from decimal import Decimal
from math import ceil
from typing import Any

from xlsxwriter.chart import Chart

from kpis.achievement import MINUS_IN_PRINT, NOTHING
from reports.renderers.xlsx import cell_formats
from reports.renderers.xlsx.book import ROW_HEIGHT, ROW_PIXELS
from reports.renderers.xlsx.figures import Content, Figure
from reports.renderers.xlsx.sheet import Sheet

# As many bars as a page holds; more make another chart.
MOST_BARS = 15
_BAR, _FRAME = 28, 84
# What keeps the frame off the rows above and below, and off the edge of the paper.
_INSET = 4
_PERCENT = f'#,##0.0"%";"{MINUS_IN_PRINT}"#,##0.0"%"'
_SCALE = f'#,##0"%";"{MINUS_IN_PRINT}"#,##0"%"'
# The scale begins and ends at full hundreds, so that a line always stands at 100%.
_STEP = 100
_MOST_STEPS = 10
_ROOM_FOR_LABELS = Decimal("1.1")
_FONT = {"size": 9}


@dataclass(frozen=True, slots=True)
class Bars:
    """Rows of a table as a chart: where their names and rates stand, and what is in them.

    `words` say for each bar what takes a rate's place where there is none.
    """

    title: str
    description: str
    first_row: int
    names_column: int
    rates_column: int
    rates: list[Content]
    words: list[str]


def insert_chart(sheet: Sheet, bars: Bars) -> None:
    """Put the chart in the next rows of the sheet that holds its table, all on one page."""
    rows = ceil((_FRAME + _BAR * len(bars.rates)) / ROW_PIXELS)
    sheet.skip()
    sheet.page.keep(sheet.row, rows * ROW_HEIGHT)
    place = {"object_position": 2, "description": bars.description, "y_offset": _INSET}
    chart = _chart(sheet, bars)
    chart.set_size(
        {"width": sheet.page.width_pixels - _INSET, "height": rows * ROW_PIXELS - 2 * _INSET}
    )
    sheet.sheet.insert_chart(sheet.row, 0, chart, place)
    sheet.skip(rows)


def _chart(sheet: Sheet, bars: Bars) -> Chart:
    chart = sheet.book.workbook.add_chart({"type": "bar"})
    chart.add_series(_series(sheet.name, bars))
    chart.set_title({"name": bars.title, "name_font": _FONT | {"size": 11, "bold": True}})
    chart.set_legend({"none": True})
    chart.set_y_axis(
        {"reverse": True, "label_position": "low", "num_font": _FONT, "major_tick_mark": "none"}
    )
    chart.set_x_axis(
        _scale(bars.rates)
        | {
            "num_format": _SCALE,
            "num_font": _FONT,
            "line": {"none": True},
            "major_tick_mark": "none",
            "major_gridlines": {"visible": True, "line": {"color": cell_formats.RULE, "width": 1}},
        }
    )
    chart.set_chartarea({"border": {"color": cell_formats.LINE}})
    return chart


def _series(sheet_name: str, bars: Bars) -> dict[str, Any]:
    """The bars with their rates; in place of a bar the word for why there is none."""

    def column(number: int) -> list[str | int]:
        last_row = bars.first_row + len(bars.rates) - 1
        return [sheet_name, bars.first_row, number, last_row, number]

    words = [
        None if isinstance(rate, Figure) else {"value": f"{NOTHING} {word}".strip()}
        for rate, word in zip(bars.rates, bars.words, strict=True)
    ]
    return {
        "name": "進捗率（%）",
        "categories": column(bars.names_column),
        "values": column(bars.rates_column),
        "fill": {"color": cell_formats.PALE_BLUE},
        "gap": 60,
        "data_labels": {
            "value": True,
            "position": "outside_end",
            "num_format": _PERCENT,
            "font": _FONT | {"bold": True},
            "custom": words,
        },
    }


def _scale(rates: list[Content]) -> dict[str, int]:
    """From 0 (or the hundred below the lowest rate) to the hundred above the highest."""
    numbers = [Decimal(rate.number) for rate in rates if isinstance(rate, Figure)]
    highest = max([Decimal(_STEP), *numbers]) * _ROOM_FOR_LABELS
    lowest = min([Decimal(0), *numbers]) * _ROOM_FOR_LABELS
    step = _STEP * ceil((highest - lowest) / (_STEP * _MOST_STEPS))
    return {
        "min": step * -ceil(-lowest / step),
        "max": step * ceil(highest / step) if step > _STEP or highest > 150 else 150,
        "major_unit": step,
    }
