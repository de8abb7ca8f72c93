"""The charts of pages and reports, as accessible SVG.

Figures enter a chart as numbers only to give marks their place; every text
that is printed comes from `kpis.achievement.display` and `display_value`.
One hue beside greys, and every value in words: a chart says the same on a
photocopy.
"""

from reports.charts.rates import (
    RateRow,
    draw_counts,
    forget_charts,
    rates_chart,
    rates_description,
)
from reports.charts.trend import trend_chart
from reports.charts.years import YearPoint, YearsChart
from reports.charts.years_columns import years_in_columns
from reports.charts.years_rows import years_in_rows

__all__ = [
    "RateRow",
    "YearPoint",
    "YearsChart",
    "draw_counts",
    "forget_charts",
    "rates_chart",
    "rates_description",
    "trend_chart",
    "years_in_columns",
    "years_in_rows",
]
