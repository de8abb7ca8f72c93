"""Excel's own bar chart of rates, read from the cells of a table beside it."""

from collections.abc import Sequence
from decimal import Decimal
from math import ceil

from xlsxwriter.chart import Chart

from kpis.achievement import MINUS_IN_PRINT, NOTHING
from reports.charts.rates import RateRow, rates_description
from reports.renderers.xlsx import cell_formats
from reports.renderers.xlsx.book import ROW_HEIGHT, ROW_PIXELS
from reports.renderers.xlsx.figures import Content, Figure
from reports.renderers.xlsx.sheet import ReportSheet

# As many bars as a page holds; more make another chart.
_MOST_BARS = 15
_BAR, _FRAME = 28, 84
# What keeps the frame off the rows above and below, and off the edge of the paper.
_INSET = 4
_SCALE = f'#,##0"%";"{MINUS_IN_PRINT}"#,##0"%"'
# The scale begins and ends at full hundreds, so that a line always stands at 100%.
_STEP = 100
_MOST_STEPS = 10
_ROOM_FOR_LABELS = Decimal("1.1")
_FONT = {"size": 9}


def insert_charts(
    sheet: ReportSheet,
    title: str,
    rows: Sequence[RateRow],
    rates: Sequence[Content],
    *,
    first_row: int,
    names_column: int,
    rates_column: int,
    tells_why: bool,
) -> None:
    """Put the rates of a sheet's table as bars in its next rows, each chart all on one page.

    `first_row` and the columns are where the table's names and rates stand; where there is no
    rate the row's word `tells_why` in place of a bar.
    """
    report = sheet.report
    for first in range(0, len(rows), _MOST_BARS):
        part = slice(first, first + _MOST_BARS)
        in_words = rates_description(rows[part], bounds=report.bounds, minus=MINUS_IN_PRINT)
        row_from = first_row + first
        row_to = row_from + len(rows[part]) - 1
        names, values = (
            [sheet.name, row_from, column, row_to, column]
            for column in (names_column, rates_column)
        )
        words = [
            None
            if isinstance(rate, Figure)
            else {"value": f"{NOTHING} {row.word if tells_why else ''}".strip()}
            for row, rate in zip(rows[part], rates[part], strict=True)
        ]
        chart = _chart(sheet, title, rates[part])
        chart.add_series(
            {
                "name": "進捗率（%）",
                "categories": names,
                "values": values,
                "fill": {"color": cell_formats.PALE_BLUE},
                "gap": 60,
                "data_labels": {
                    "value": True,
                    "position": "outside_end",
                    "num_format": _percent(_decimals(rates[part], report.rate_decimals)),
                    "font": _FONT | {"bold": True},
                    "custom": words,
                },
            }
        )
        _insert(sheet, chart, len(words), f"{title}の棒グラフ。{in_words}")


def _decimals(rates: Sequence[Content], least: int) -> int:
    """As many as any of the rates is shown with: some need more to keep off a bound."""
    shown = (Decimal(one.number).as_tuple().exponent for one in rates if isinstance(one, Figure))
    return max([least, *(-places for places in shown if isinstance(places, int))])


def _percent(decimals: int) -> str:
    """Excel's number format of a rate with the report's decimals: `#,##0.0"%";"△"#,##0.0"%"`."""
    digits = f'#,##0.{"0" * decimals}"%"' if decimals else '#,##0"%"'
    return f'{digits};"{MINUS_IN_PRINT}"{digits}'


def _insert(sheet: ReportSheet, chart: Chart, bars: int, description: str) -> None:
    rows = ceil((_FRAME + _BAR * bars) / ROW_PIXELS)
    sheet.skip()
    sheet.page.keep(sheet.row, rows * ROW_HEIGHT)
    place = {"object_position": 2, "description": description, "y_offset": _INSET}
    chart.set_size(
        {"width": sheet.page.width_pixels - _INSET, "height": rows * ROW_PIXELS - 2 * _INSET}
    )
    sheet.sheet.insert_chart(sheet.row, 0, chart, place)
    sheet.skip(rows)


def _chart(sheet: ReportSheet, title: str, rates: Sequence[Content]) -> Chart:
    chart = sheet.book.workbook.add_chart({"type": "bar"})
    chart.set_title({"name": title, "name_font": _FONT | {"size": 11, "bold": True}})
    chart.set_legend({"none": True})
    chart.set_y_axis(
        {"reverse": True, "label_position": "low", "num_font": _FONT, "major_tick_mark": "none"}
    )
    chart.set_x_axis(
        _scale(rates)
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


def _scale(rates: Sequence[Content]) -> dict[str, int]:
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
