"""The charts of pages and reports, as accessible SVG.

Figures enter a chart as numbers only to give marks their place; every text
that is printed comes from `kpis.achievement.display` and `display_value`.
One hue beside greys, and every value in words: a chart says the same on a
photocopy.
"""

from kpis.charts.rates import RateRow, rates_chart, rates_description
from kpis.charts.svg import draw_counts, forget_charts
from kpis.charts.years import YearPoint, years_chart, years_description

__all__ = [
    "RateRow",
    "YearPoint",
    "draw_counts",
    "forget_charts",
    "rates_chart",
    "rates_description",
    "years_chart",
    "years_description",
]
