"""The names of the report's styles, and the measures that pages, tables and styles share."""

JAPANESE_FONT, LATIN_FONT = "游ゴシック", "Arial"
LANGUAGE = "ja-JP"

INK, SOFT, BLUE = "1A1A1A", "595959", "0017C1"
DARK_LINE, PALE_LINE, SHADE = "949494", "CCCCCC", "F2F2F2"

# Points.
BODY_SIZE, CELL_SIZE, DENSE_SIZE = 10.5, 8.5, 8.0
# Millimetres: of the text on an upright page and on one on its side, and of a cell's sides.
TEXT_WIDTH, WIDE_TEXT_WIDTH, CELL_SIDE = 176, 263, 0.8
MARGIN_TOP, MARGIN_BOTTOM = 26, 20
TEXT_HEIGHT = 297 - MARGIN_TOP - MARGIN_BOTTOM
WIDE_TEXT_HEIGHT = 210 - MARGIN_TOP - MARGIN_BOTTOM
# Where a numbered paragraph's text and its number begin.
LIST_LEFT, LIST_NUMBER_LEFT = 10, 3

NORMAL, TITLE, SUBTITLE = "Normal", "Title", "Subtitle"
HEADINGS = ("Heading1", "Heading2", "Heading3")
CONTENTS_HEADING, CONTENTS = "TOCHeading", ("TOC1", "TOC2")
HEADER, WIDE_HEADER, COVER_HEADER = "Header", "HeaderWide", "HeaderCover"
FOOTER, WIDE_FOOTER = "Footer", "FooterWide"
CAPTION, FIGURE, NOTE = "Caption", "Figure", "TableNote"
LIST_NUMBER = "ListNumber"
LEAD, ASIDE, ITEM, ITEM_MORE = "Lead", "Aside", "Item", "ItemContinued"
CELL, CELL_FIGURE = "Cell", "CellFigure"
CELL_HEAD, CELL_HEAD_FIGURE = "CellHead", "CellHeadFigure"
DENSE, DENSE_FIGURE = "DenseCell", "DenseCellFigure"
DENSE_HEAD, DENSE_HEAD_FIGURE = "DenseCellHead", "DenseCellHeadFigure"
CELL_ASIDE, CARD_FIGURE = "CellAside", "CardFigure"
COVER_YEAR, COVER_FACT, COVER_NOTICE = "CoverYear", "CoverFact", "CoverNotice"
COVER_DATE, COVER_CITY, COVER_OFFICE = "CoverDate", "CoverCity", "CoverOffice"
STRONG, DRAFT_MARK, ITEM_LABEL = "Strong", "DraftMark", "ItemLabel"
TABLE = "ReportTable"
