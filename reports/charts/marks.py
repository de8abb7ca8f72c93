"""Sizes, colours and type of the charts, and how many are kept drawn."""

from common.fonts import FAMILY

BLUE = "#3460FB"
PALE_BLUE = "#C5D7FB"
DEEP_BLUE = "#0017C1"
BLACK = "#1A1A1A"
GREY = "#595959"
LINE = "#949494"
WHITE = "#FFFFFF"
PANEL = "#F1F1F4"

KEPT_CHARTS = 512
CHART_WIDTH = 720
FONT_SIZE = 13
LINE_HEIGHT = 17
# The wheel's font first, which the PDF has; then what office PCs have.
FONT_STACK = f"{FAMILY}, BIZ UDPGothic, Yu Gothic UI, Meiryo, sans-serif"
