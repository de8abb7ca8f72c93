"""The styles of the report: how everything in it looks, defined once and named for people.

Paragraphs of the report carry a style and no looks of their own: whoever changes a style in
Word has changed the document. Lines of text have heights in points that don't depend on the
font, so that the pages of a PC without the Japanese font are much the same.
"""

from collections.abc import Iterator
from copy import copy

from reports.renderers.docx.markup import Element, twips, w

JAPANESE_FONT, LATIN_FONT = "游ゴシック", "Arial"
LANGUAGE = "ja-JP"

INK, SOFT, BLUE = "1A1A1A", "595959", "0017C1"
DARK_LINE, PALE_LINE, SHADE = "949494", "CCCCCC", "F2F2F2"

# Points.
BODY_SIZE, CELL_SIZE, DENSE_SIZE = 10.5, 8.5, 8.0
# Millimetres: of the text on an upright page and on one on its side, and of a cell's sides.
TEXT_WIDTH, WIDE_TEXT_WIDTH, CELL_SIDE = 176, 263, 1.0

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

# The list of a project's directions; every project's is a copy that begins anew.
DIRECTIONS_LIST = 1


def style_sheet() -> Element:
    """All styles of the document."""
    return w("styles", _defaults(), _built_in_styles_hidden(), *_paragraph_styles(), *_others())


def _defaults() -> Element:
    fonts = w(
        "rFonts",
        hint="eastAsia", ascii=LATIN_FONT, eastAsia=JAPANESE_FONT, hAnsi=LATIN_FONT, cs=LATIN_FONT,
    )  # fmt: skip
    language = w("lang", val=LANGUAGE, eastAsia=LANGUAGE, bidi="ar-SA")
    run = w("rPr", fonts, w("color", val=INK), *_size(BODY_SIZE), language)
    return w("docDefaults", w("rPrDefault", run), w("pPrDefault"))


def _built_in_styles_hidden() -> Element:
    """Word's list of styles shows those of the report only."""
    return w(
        "latentStyles",
        defLockedState=0, defUIPriority=99, defSemiHidden=1, defUnhideWhenUsed=1, defQFormat=0,
        count=376,
    )  # fmt: skip


def _paragraph_styles() -> Iterator[Element]:
    yield _style(
        NORMAL, "Normal", based_on="",
        paragraph=(_spacing(after=6, line=18), _side("both")),
    )  # fmt: skip
    yield from _cover_styles()
    yield from _heading_styles()
    yield from _text_styles()
    yield from _cell_styles()
    yield from _margin_styles()


def _cover_styles() -> Iterator[Element]:
    left = _side("left")
    yield _style(
        SUBTITLE, "Subtitle",
        paragraph=(
            w("pBdr", _border("bottom", 16, BLUE, 6)), _spacing(before=130, after=16, line=24), left,
        ),
        run=_size(15),
    )  # fmt: skip
    yield _style(COVER_YEAR, "表紙の年度", paragraph=(_spacing(line=28), left), run=_bold(20))
    yield _style(
        TITLE, "Title", paragraph=(_spacing(after=24, line=40), left), run=_bold(28)
    )
    yield _style(
        COVER_FACT, "表紙の事項",
        paragraph=(_tabs((26, "left")), _spacing(after=4, line=18), _hanging(26), left),
    )  # fmt: skip
    yield _style(
        COVER_NOTICE, "表紙の注意",
        paragraph=(
            w("pBdr", *(_border(edge, 8, INK, 8) for edge in ("top", "left", "bottom", "right"))),
            _spacing(before=30, line=18),
            w("ind", left=twips(3), right=twips(3)),
            left,
        ),
        run=(w("b"),),
    )  # fmt: skip
    centre = _side("center")
    yield _style(COVER_DATE, "表紙の日付", paragraph=(_spacing(before=150, after=8, line=20), centre),
                 run=_size(13))  # fmt: skip
    yield _style(COVER_CITY, "表紙の団体名", paragraph=(_spacing(after=4, line=28), centre),
                 run=_bold(18))  # fmt: skip
    yield _style(COVER_OFFICE, "表紙の担当課", paragraph=(_spacing(line=20), centre), run=_size(12))


def _heading_styles() -> Iterator[Element]:
    together = (w("keepNext"), w("keepLines"))
    left = _side("left")
    section = (
        *together, w("pageBreakBefore"), w("pBdr", _border("bottom", 12, BLUE, 4)),
        _spacing(after=10, line=24), left,
    )  # fmt: skip
    yield _style(
        HEADINGS[0], "heading 1", then=NORMAL,
        paragraph=(*section, w("outlineLvl", val=0)), run=_bold(16),
    )  # fmt: skip
    yield _style(
        HEADINGS[1], "heading 2", then=NORMAL,
        paragraph=(
            *together, w("pBdr", _border("left", 24, BLUE, 6)),
            _spacing(before=18, after=8, line=18), w("ind", left=twips(3)), left,
            w("outlineLvl", val=1),
        ),
        run=_bold(12),
    )  # fmt: skip
    yield _style(
        HEADINGS[2], "heading 3", then=NORMAL,
        paragraph=(
            *together, _spacing(before=12, after=4, line=16), left, w("outlineLvl", val=2),
        ),
        run=_bold(10.5),
    )  # fmt: skip
    yield _style(CONTENTS_HEADING, "TOC Heading", then=NORMAL, paragraph=section, run=_bold(16))
    to_the_edge = (TEXT_WIDTH, "right", "dot")
    yield _style(
        CONTENTS[0], "toc 1", then=NORMAL,
        paragraph=(_tabs(to_the_edge), _spacing(before=6, after=0, line=17), left),
        run=(w("b"),),
    )  # fmt: skip
    yield _style(
        CONTENTS[1], "toc 2", then=NORMAL,
        paragraph=(
            _tabs(to_the_edge), _spacing(after=0, line=15), w("ind", left=twips(6)), left,
        ),
        run=_size(9.5),
    )  # fmt: skip


def _text_styles() -> Iterator[Element]:
    left = _side("left")
    yield _style(LEAD, "要旨", paragraph=(_spacing(after=8, line=22), left), run=_bold(13))
    yield _style(
        ASIDE, "補足", paragraph=(_spacing(after=6, line=14), left), run=_soft(9)
    )
    yield _style(
        LIST_NUMBER, "List Number",
        paragraph=(
            w("numPr", w("numId", val=DIRECTIONS_LIST)), _spacing(after=3, line=18), _hanging(10, 3),
        ),
    )  # fmt: skip
    yield _style(
        ITEM, "項目", then=ITEM_MORE,
        paragraph=(_tabs((28, "left")), _spacing(after=3, line=17), _hanging(28)),
        run=_size(10),
    )  # fmt: skip
    yield _style(
        ITEM_MORE, "項目の続き", based_on=ITEM, paragraph=(w("ind", left=twips(28), firstLine=0),)
    )
    yield _style(
        CAPTION, "caption", then=NORMAL,
        paragraph=(
            w("keepLines"), _tabs((TEXT_WIDTH, "right")), _spacing(before=10, after=4, line=14), left,
        ),
        run=_bold(9),
    )  # fmt: skip
    yield _style(
        FIGURE, "図", then=CAPTION,
        paragraph=(w("keepNext"), w("spacing", before=240, after=0, line=240, lineRule="auto"), left),
    )  # fmt: skip
    yield _style(
        NOTE, "表の注",
        paragraph=(_tabs((16, "left")), _spacing(before=2, after=2, line=12), _hanging(16), left),
        run=_size(8),
    )  # fmt: skip


def _cell_styles() -> Iterator[Element]:
    """Texts and figures in tables, in the usual size and in that of the tables of figures."""
    plain = (w("autoSpaceDE", val=0), w("autoSpaceDN", val=0))
    for cell, figure, head, head_figure, size, line, name in (
        (CELL, CELL_FIGURE, CELL_HEAD, CELL_HEAD_FIGURE, CELL_SIZE, 12, "表"),
        (DENSE, DENSE_FIGURE, DENSE_HEAD, DENSE_HEAD_FIGURE, DENSE_SIZE, 11.5, "指標表"),
    ):
        exact = w("spacing", before=40, after=40, line=round(line * 20), lineRule="exact")
        yield _style(cell, f"{name}の文字", paragraph=(*plain, exact, _side("left")),
                     run=_size(size))  # fmt: skip
        yield _style(figure, f"{name}の数字", based_on=cell, paragraph=(_side("right"),))
        yield _style(head, f"{name}の見出し", based_on=cell, paragraph=(w("keepNext"),),
                     run=(w("b"),))  # fmt: skip
        yield _style(head_figure, f"{name}の見出し（数字）", based_on=head,
                     paragraph=(_side("right"),))  # fmt: skip
    yield _style(CELL_ASIDE, "表の補足", based_on=CELL, run=_soft(7.5))
    yield _style(
        CARD_FIGURE, "主な数字", based_on=CELL,
        paragraph=(w("spacing", before=60, after=40, line=520, lineRule="exact"),), run=_bold(20),
    )  # fmt: skip


def _margin_styles() -> Iterator[Element]:
    """Headers and footers; their tab stops differ between upright pages and those on their side."""
    soft = _soft(8.5)
    left = _side("left")
    for header, footer, width, where in (
        (HEADER, FOOTER, TEXT_WIDTH, ""),
        (WIDE_HEADER, WIDE_FOOTER, WIDE_TEXT_WIDTH, "（横）"),
    ):
        yield _style(
            header, f"ヘッダー{where}" if where else "header",
            paragraph=(
                w("pBdr", _border("bottom", 4, DARK_LINE, 4)), _tabs((width, "right")),
                _spacing(line=14), left,
            ),
            run=soft,
        )  # fmt: skip
        yield _style(
            footer, f"フッター{where}" if where else "footer",
            paragraph=(
                _tabs((width / 2, "center"), (width, "right")), _spacing(line=14), left,
            ),
            run=soft,
        )  # fmt: skip
    yield _style(
        COVER_HEADER, "ヘッダー（表紙）", paragraph=(_spacing(line=20), _side("right")), run=_size(14)
    )


def _others() -> Iterator[Element]:
    """Character styles, and the table's."""
    yield w(
        "style",
        w("name", val="Default Paragraph Font"), w("uiPriority", val=1), w("semiHidden"),
        type="character", default=1, styleId="DefaultParagraphFont",
    )  # fmt: skip
    frame = w("bdr", val="single", sz=6, space=0, color=INK)
    for style, name, properties in (
        (STRONG, "Strong", (w("b"),)),
        (ITEM_LABEL, "項目名", (w("b"), w("color", val=SOFT), *_size(9))),
        (DRAFT_MARK, "案の印", (w("b"), w("color", val=INK), frame)),
    ):
        yield w(
            "style", w("name", val=name), w("qFormat"), w("rPr", *properties),
            type="character", styleId=style,
        )  # fmt: skip
    yield w("style", w("name", val="No List"), w("semiHidden"), type="numbering", default=1,
            styleId="NoList")  # fmt: skip
    no_edges = w("tblCellMar", *_edges(top=0, left=0, bottom=0, right=0))
    yield w(
        "style", w("name", val="Normal Table"), w("semiHidden"),
        w("tblPr", w("tblInd", w=0, type="dxa"), no_edges),
        type="table", default=1, styleId="TableNormal",
    )  # fmt: skip
    yield _table_style()


def _table_style() -> Element:
    """Lines between the rows, a strong one above and below, the head shaded."""
    side = twips(CELL_SIDE)
    borders = w(
        "tblBorders",
        _border("top", 8, INK), _border("bottom", 8, INK), _border("insideH", 4, PALE_LINE),
    )  # fmt: skip
    head = w(
        "tblStylePr",
        w("tcPr", w("shd", val="clear", color="auto", fill=SHADE)),
        type="firstRow",
    )
    return w(
        "style",
        w("name", val="報告書の表"), w("basedOn", val="TableNormal"), w("qFormat"),
        w("tblPr", borders, w("tblCellMar", *_edges(top=0, left=side, bottom=0, right=side))),
        head,
        type="table", styleId=TABLE,
    )  # fmt: skip


def numbering() -> Element:
    """The list that counts (1), (2); `copy_of_directions` adds one for each project."""
    level = w(
        "lvl",
        w("start", val=1), w("numFmt", val="decimal"), w("pStyle", val=LIST_NUMBER),
        w("lvlText", val="(%1)"), w("lvlJc", val="left"),
        w("pPr", _hanging(10, 3)),
        ilvl=0,
    )  # fmt: skip
    definition = w(
        "abstractNum", w("multiLevelType", val="singleLevel"), level, abstractNumId=DIRECTIONS_LIST
    )
    return w("numbering", definition, _list(DIRECTIONS_LIST))


def _list(number: int, *overrides: Element) -> Element:
    return w("num", w("abstractNumId", val=DIRECTIONS_LIST), *overrides, numId=number)


def list_from_one(number: int) -> Element:
    """Another list like that of the directions, which begins at (1)."""
    return _list(number, w("lvlOverride", w("startOverride", val=1), ilvl=0))


def _style(
    style: str,
    name: str,
    *,
    based_on: str = NORMAL,
    then: str = "",
    paragraph: tuple[Element, ...] = (),
    run: tuple[Element, ...] = (),
) -> Element:
    """A paragraph style; `then` is that of the paragraph typed after it."""
    parts = [w("name", val=name)]
    if based_on:
        parts.append(w("basedOn", val=based_on))
    if then:
        parts.append(w("next", val=then))
    parts.append(w("qFormat"))
    parts += [
        # Copies: an element that several styles are given can stand in one of them only.
        w(tag, *map(copy, inner))
        for tag, inner in (("pPr", paragraph), ("rPr", run))
        if inner
    ]
    default = {} if based_on else {"default": 1}
    return w("style", *parts, type="paragraph", styleId=style, **default)


def _size(points: float) -> tuple[Element, Element]:
    return w("sz", val=round(points * 2)), w("szCs", val=round(points * 2))


def _bold(points: float) -> tuple[Element, ...]:
    return w("b"), *_size(points)


def _soft(points: float) -> tuple[Element, ...]:
    return w("color", val=SOFT), *_size(points)


def _spacing(*, before: float = 0, after: float = 0, line: float) -> Element:
    """Points; a line grows for what is taller, such as a picture that somebody puts in."""
    return w(
        "spacing",
        before=round(before * 20), after=round(after * 20), line=round(line * 20),
        lineRule="atLeast",
    )  # fmt: skip


def _side(side: str) -> Element:
    return w("jc", val=side)


def _hanging(left: float, before: float = 0) -> Element:
    """Lines at `left` millimetres, the first one beginning at `before`."""
    return w("ind", left=twips(left), hanging=twips(left - before))


def _tabs(*stops: tuple[float, str] | tuple[float, str, str]) -> Element:
    """Tab stops: millimetres, alignment and, where there is one, the line that leads there."""
    return w(
        "tabs",
        *(
            w("tab", val=side, pos=twips(at), **({"leader": leader[0]} if leader else {}))
            for at, side, *leader in stops
        ),
    )


def _border(edge: str, eighths: int, colour: str, space: int = 0) -> Element:
    """A line of so many eighths of a point, `space` points from the text."""
    return w(edge, val="single", sz=eighths, space=space, color=colour)


def _edges(**widths: int) -> Iterator[Element]:
    return (w(edge, w=width, type="dxa") for edge, width in widths.items())
