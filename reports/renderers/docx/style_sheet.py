"""The styles of the report: how everything in it looks, defined once and named for people.

Paragraphs of the report carry a style and no looks of their own: whoever changes a style in
Word has changed the document. Lines have heights in points and not those that a font asks
for, so that pages are the same on a PC that lacks the Japanese one.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from reports.renderers.docx import styles
from reports.renderers.docx.markup import Element, twips, w
from reports.renderers.docx.numbering import DIRECTIONS_LIST
from reports.renderers.docx.paragraph_style import (
    Border,
    ParagraphStyle,
    TabStop,
    of_our_own,
)

_FRAME = tuple(Border(edge, 1, styles.INK, 8) for edge in ("top", "left", "bottom", "right"))
_ITEM_LEFT, _NOTE_LEFT, _FACT_LEFT, _SECOND_LEVEL_LEFT, _BAR_LEFT = 28, 16, 26, 6, 3
_TO_THE_EDGE = (TabStop(styles.TEXT_WIDTH, "right"),)
_DOTS_TO_THE_EDGE = (TabStop(styles.TEXT_WIDTH, "right", "dot"),)

_COVER = (
    ParagraphStyle(
        styles.SUBTITLE, "Subtitle", size=15, before=130, after=16, line=24, side="left",
        borders=(Border("bottom", 2, styles.BLUE, 6),),
    ),
    ParagraphStyle(styles.COVER_YEAR, "表紙の年度", size=20, is_bold=True, line=28, side="left"),
    ParagraphStyle(styles.TITLE, "Title", size=28, is_bold=True, after=24, line=40, side="left"),
    ParagraphStyle(
        styles.COVER_FACT, "表紙の事項", after=4, line=18, side="left",
        left=_FACT_LEFT, first=0, tabs=(TabStop(_FACT_LEFT, "left"),),
    ),
    ParagraphStyle(
        styles.COVER_NOTICE, "表紙の注意", is_bold=True, before=30, line=18, side="left",
        left=3, right=3, borders=_FRAME,
    ),
    ParagraphStyle(styles.COVER_DATE, "表紙の日付", size=13, before=150, after=8, line=20,
                   side="center"),
    ParagraphStyle(styles.COVER_CITY, "表紙の団体名", size=18, is_bold=True, after=4, line=28,
                   side="center"),
    ParagraphStyle(styles.COVER_OFFICE, "表紙の担当課", size=12, line=20, side="center"),
)  # fmt: skip

_SECTION = ParagraphStyle(
    styles.HEADINGS[0], "heading 1", then=styles.NORMAL, level=1, size=16, is_bold=True, after=10,
    line=24, side="left", borders=(Border("bottom", 1.5, styles.BLUE, 4),), stays_with_next=True,
    stays_whole=True, begins_page=True,
)  # fmt: skip
_HEADINGS = (
    _SECTION,
    ParagraphStyle(
        styles.HEADINGS[1], "heading 2", then=styles.NORMAL, level=2, size=12, is_bold=True,
        before=16, after=6, line=18, side="left", left=_BAR_LEFT,
        borders=(Border("left", 3, styles.BLUE, 6),), stays_with_next=True, stays_whole=True,
    ),
    ParagraphStyle(
        styles.HEADINGS[2], "heading 3", then=styles.NORMAL, level=3, size=10.5, is_bold=True,
        before=9, after=3, line=16, side="left", stays_with_next=True, stays_whole=True,
    ),
    replace(_SECTION, style=styles.CONTENTS_HEADING, name="TOC Heading", level=None),
    ParagraphStyle(
        styles.CONTENTS[0], "toc 1", then=styles.NORMAL, is_bold=True, before=6, line=17,
        side="left", tabs=_DOTS_TO_THE_EDGE,
    ),
    ParagraphStyle(
        styles.CONTENTS[1], "toc 2", then=styles.NORMAL, size=9.5, line=15, side="left",
        left=_SECOND_LEVEL_LEFT, tabs=_DOTS_TO_THE_EDGE,
    ),
)  # fmt: skip

_TEXTS = (
    ParagraphStyle(
        styles.NORMAL, "Normal", based_on="", after=6, line=18, line_rule="atLeast", side="both"
    ),
    ParagraphStyle(styles.LEAD, "要旨", size=13, is_bold=True, after=8, line=22, side="left"),
    ParagraphStyle(styles.ASIDE, "補足", size=9, colour=styles.SOFT, after=6, line=14,
                   side="left"),
    ParagraphStyle(
        styles.LIST_NUMBER, "List Number", after=3, line=18, line_rule="atLeast",
        numbered_by=DIRECTIONS_LIST, left=styles.LIST_LEFT, first=styles.LIST_NUMBER_LEFT,
    ),
    ParagraphStyle(
        styles.ITEM, "項目", then=styles.ITEM_MORE, size=10, after=2, line=17,
        left=_ITEM_LEFT, first=0, tabs=(TabStop(_ITEM_LEFT, "left"),),
    ),
    ParagraphStyle(styles.ITEM_MORE, "項目の続き", based_on=styles.ITEM, left=_ITEM_LEFT),
    ParagraphStyle(
        styles.CAPTION, "caption", then=styles.NORMAL, size=9, is_bold=True, before=8, after=4,
        line=14, side="left", stays_whole=True, tabs=_TO_THE_EDGE,
    ),
    ParagraphStyle(
        styles.FIGURE, "図", then=styles.CAPTION, before=12, line=12, line_rule="auto",
        side="left", stays_with_next=True,
    ),
    ParagraphStyle(
        styles.NOTE, "表の注", size=8, before=2, after=2, line=12, side="left",
        left=_NOTE_LEFT, first=0, tabs=(TabStop(_NOTE_LEFT, "left"),),
    ),
)  # fmt: skip


def style_sheet() -> Element:
    """All styles of the document."""
    return w(
        "styles",
        _defaults(),
        _built_in_styles_hidden(),
        *(style.element() for style in _paragraph_styles()),
        *_character_styles(),
        *_table_styles(),
    )


def _paragraph_styles() -> tuple[ParagraphStyle, ...]:
    return (*_TEXTS, *_COVER, *_HEADINGS, *_cells(), *_margins())


@cache
def resolved_style(name: str) -> ParagraphStyle:
    """A paragraph style with what it takes from the one that it is based on."""
    style = next(one for one in _paragraph_styles() if one.style == name)
    if not style.based_on:
        return style
    return style.over(resolved_style(style.based_on))


def _defaults() -> Element:
    latin = dict.fromkeys(("ascii", "hAnsi", "cs"), styles.LATIN_FONT)
    size = round(styles.BODY_SIZE * 2)
    run = w(
        "rPr",
        w("rFonts", hint="eastAsia", eastAsia=styles.JAPANESE_FONT, **latin),
        w("color", val=styles.INK),
        w("sz", val=size),
        w("szCs", val=size),
        # Of Western words: as Japanese they would be broken between any two letters.
        w("lang", val="en-US", eastAsia=styles.LANGUAGE, bidi="ar-SA"),
    )
    return w("docDefaults", w("rPrDefault", run), w("pPrDefault"))


def _built_in_styles_hidden() -> Element:
    """Word offers the styles of the report and keeps its own out of sight."""
    return w(
        "latentStyles",
        defLockedState=0,
        defUIPriority=99,
        defSemiHidden=1,
        defUnhideWhenUsed=1,
        defQFormat=0,
        count=376,
    )


def _cells() -> Iterator[ParagraphStyle]:
    """Texts and figures in tables, in the usual size and in that of the tables of figures."""
    for cell, figure, head, head_figure, size, line, name in (
        (styles.CELL, styles.CELL_FIGURE, styles.CELL_HEAD, styles.CELL_HEAD_FIGURE,
         styles.CELL_SIZE, 12, "表"),
        (styles.DENSE, styles.DENSE_FIGURE, styles.DENSE_HEAD, styles.DENSE_HEAD_FIGURE,
         styles.DENSE_SIZE, 11.5, "指標表"),
    ):  # fmt: skip
        yield ParagraphStyle(cell, f"{name}の文字", size=size, before=2, after=2, line=line,
                             side="left", is_tight=True)  # fmt: skip
        yield ParagraphStyle(figure, f"{name}の数字", based_on=cell, side="right")
        yield ParagraphStyle(head, f"{name}の見出し", based_on=cell, is_bold=True,
                             stays_with_next=True)  # fmt: skip
        yield ParagraphStyle(head_figure, f"{name}の見出し（数字）", based_on=head, side="right")
    yield ParagraphStyle(styles.CELL_ASIDE, "表の補足", based_on=styles.CELL, size=7.5,
                         colour=styles.SOFT)  # fmt: skip
    yield ParagraphStyle(styles.CARD_FIGURE, "主な数字", based_on=styles.CELL, size=20,
                         is_bold=True, before=3, after=2, line=26)  # fmt: skip


def _margins() -> Iterator[ParagraphStyle]:
    """Headers and footers; pages on their side have other tab stops."""
    head = ParagraphStyle(
        styles.HEADER, "header", size=8.5, colour=styles.SOFT, line=14, side="left",
        borders=(Border("bottom", 0.5, styles.DARK_LINE, 4),), tabs=_TO_THE_EDGE,
    )  # fmt: skip
    middle = TabStop(styles.TEXT_WIDTH / 2, "center")
    foot = replace(head, style=styles.FOOTER, name="footer", borders=(), tabs=(middle,))
    wide_edge = TabStop(styles.WIDE_TEXT_WIDTH, "right")
    wide_middle = TabStop(styles.WIDE_TEXT_WIDTH / 2, "center")
    yield head
    yield foot
    yield replace(head, style=styles.WIDE_HEADER, name="ヘッダー（横）", tabs=(wide_edge,))
    yield replace(foot, style=styles.WIDE_FOOTER, name="フッター（横）", tabs=(wide_middle,))
    yield ParagraphStyle(styles.COVER_HEADER, "ヘッダー（表紙）", size=14, line=20, side="right")


def _character_styles() -> Iterator[Element]:
    yield w(
        "style", w("name", val="Default Paragraph Font"), w("uiPriority", val=1), w("semiHidden"),
        type="character", default=1, styleId="DefaultParagraphFont",
    )  # fmt: skip
    soft = (w("color", val=styles.SOFT), w("sz", val=18), w("szCs", val=18))
    frame = w("bdr", val="single", sz=6, space=0, color=styles.INK)
    for style, name, properties in (
        (styles.STRONG, "Strong", ()),
        (styles.ITEM_LABEL, "項目名", soft),
        (styles.DRAFT_MARK, "案の印", (w("color", val=styles.INK), frame)),
    ):
        yield w(
            "style", w("name", val=name), w("qFormat"), w("rPr", w("b"), *properties),
            type="character", styleId=style, **of_our_own(name),
        )  # fmt: skip


def _table_styles() -> Iterator[Element]:
    """The table of the report: lines between rows, strong ones around, the head shaded."""
    yield w(
        "style", w("name", val="Normal Table"), w("semiHidden"),
        w("tblPr", w("tblInd", w=0, type="dxa"), _sides_of_cells(0)),
        type="table", default=1, styleId="TableNormal",
    )  # fmt: skip
    borders = (
        Border("top", 1, styles.INK),
        Border("bottom", 1, styles.INK),
        Border("insideH", 0.5, styles.PALE_LINE),
    )
    lines = w("tblBorders", *(border.element() for border in borders))
    shaded = w("tcPr", w("shd", val="clear", color="auto", fill=styles.SHADE))
    yield w(
        "style", w("name", val="報告書の表"), w("basedOn", val="TableNormal"), w("qFormat"),
        w("tblPr", lines, _sides_of_cells(twips(styles.CELL_SIDE))),
        w("tblStylePr", shaded, type="firstRow"),
        type="table", styleId=styles.TABLE, **of_our_own("報告書の表"),
    )  # fmt: skip


def _sides_of_cells(width: int) -> Element:
    edges = (("top", 0), ("left", width), ("bottom", 0), ("right", width))
    return w("tblCellMar", *(w(edge, w=one, type="dxa") for edge, one in edges))
