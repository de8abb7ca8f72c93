"""The charts of pages and reports, as accessible SVG.

Figures enter a chart as numbers only to give marks their place; every text
that is printed comes from `kpis.achievement.display` and `display_value`.
One hue beside greys, and every value in words: a chart says the same on a
photocopy.
"""
