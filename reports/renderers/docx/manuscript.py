"""The report's text as it grows: headings, paragraphs, tables and figures in their order."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from itertools import count

from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.shape import CT_Inline
from docx.shared import Twips

from reports.renderers.docx import styles
from reports.renderers.docx.elements import (
    WORD,
    Element,
    bookmarked,
    field,
    field_begun,
    field_ended,
    legal,
    link,
    paragraph,
    run,
    w,
)
from reports.renderers.docx.pictures import Picture
from reports.renderers.docx.tables import Rows
from reports.renderers.docx.template import Pages, Template, list_of

# A table of contents that Word can bring up to date: headings of two levels, as links.
_CONTENTS = r'TOC \o "1-2" \h \z \u'
_LISTED = len(styles.CONTENTS)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading, and the bookmark that leads to it."""

    level: int
    text: str
    mark: str


class Manuscript:
    """The blocks so far, on pages of the kind that is set at the moment."""

    def __init__(self, template: Template) -> None:
        self._blocks: list[Element] = []
        self._headings: list[Heading] = []
        self._template = template
        self._pages = template.upright
        self._tables = self._figures = 0
        # Beside those of the template's own pictures.
        self._picture_ids = count(template.document.part.next_id)

    def heading(self, level: int, text: str) -> None:
        """A heading of level 1 (begins a page), 2 or 3."""
        number = len(self._headings) + 1
        one = Heading(level, text, f"_Toc{number:08}")
        self._headings.append(one)
        self.paragraph(*bookmarked(number, one.mark, run(text)), style=styles.HEADINGS[level - 1])

    def paragraph(
        self, *content: str | Element, style: str = styles.NORMAL, stays_with_next: bool = False
    ) -> None:
        """One paragraph; one that `stays_with_next` begins no page without what it leads to."""
        style_id = self._template.styles[style]
        self._blocks.append(paragraph(style_id, *content, stays_with_next=stays_with_next))

    def paragraphs(self, lines: Iterable[str], style: str = styles.NORMAL) -> None:
        """A paragraph a line."""
        for line in lines:
            self.paragraph(line, style=style)

    def item(self, label: str, lines: Sequence[str]) -> None:
        """A text of several lines beside its label."""
        first, *more = lines
        shown = run(label, self._template.styles[styles.ITEM_LABEL])
        self.paragraph(shown, f"\t{first}", style=styles.ITEM)
        self.paragraphs(more, styles.ITEM_MORE)

    def numbered(self, lines: Sequence[str]) -> None:
        """A list that counts from one."""
        if not lines:
            return
        document, style = self._template.document, self._template.styles[styles.DIRECTION]
        numbering = document.part.numbering_part.element
        own = numbering.num_having_numId(list_of(document, style))
        again = numbering.add_num(own.abstractNumId.val)
        again.add_lvlOverride(ilvl=0).add_startOverride(1)
        for line in lines:
            self.paragraph(line, style=styles.DIRECTION)
            counted = w("numPr", w("ilvl", val=0), w("numId", val=again.numId))
            self._blocks[-1].find(f"{WORD}pPr").append(counted)

    def table(
        self,
        title: str,
        rows: Rows,
        *,
        unit: str = "",
        notes: Sequence[tuple[str, str]] = (),
        is_dense: bool = False,
    ) -> None:
        """A table under its number and title, with its notes (label, text) below."""
        self._tables += 1
        place = f"\t（単位：{unit}）" if unit else ""
        self._caption("表", self._tables, f"{title}{place}", stays_with_next=True)
        sample = self._template.dense if is_dense else self._template.plain
        self._blocks.append(
            sample.table(
                rows,
                title=title,
                room=self._pages.room,
                styles=self._template.styles,
                is_followed=bool(notes),
            )
        )
        for label, text in notes:
            self.paragraph(f"{label}\t{text}", style=styles.NOTE)

    def figure(self, title: str, description: str, picture: Picture) -> None:
        """A picture as wide as the text, above its number and title."""
        self._figures += 1
        part = self._template.document.part
        name = PackURI(f"/word/media/chart{self._figures}.png")
        relation = part.relate_to(
            Part(name, CONTENT_TYPE.PNG, picture.png, part.package), RELATIONSHIP_TYPE.IMAGE
        )
        width = Twips(self._pages.room)
        height = Twips(round(self._pages.room * picture.proportion))
        number = next(self._picture_ids)
        shape = CT_Inline.new_pic_inline(number, relation, name.filename, width, height)
        shape.docPr.set("title", legal(title))
        shape.docPr.set("descr", legal(description))
        self.paragraph(w("r", w("drawing", shape)), style=styles.FIGURE)
        self._caption("図", self._figures, title)

    @contextmanager
    def pages_for(self, rows: Rows) -> Iterator[None]:
        """Pages on which a dense table's figures have room: on their side only where they must."""
        if self._template.dense.fits(rows, self._pages.room):
            yield
            return
        self._turn_to(self._template.wide)
        yield
        self._turn_to(self._template.upright)

    def contents(self) -> list[Element]:
        """The table of contents: a field with its entries filled in, each leading to its heading.

        Without page numbers, which only whoever sets the pages knows: Word puts them in when it
        updates the field. It is not marked as out of date: Word would ask a question on opening.
        """
        begun = list(field_begun(_CONTENTS))
        entries = []
        for heading in self._headings:
            if heading.level <= _LISTED:
                style = self._template.styles[styles.CONTENTS[heading.level - 1]]
                entries.append(paragraph(style, *begun, link(heading.mark, run(heading.text))))
                begun = []
        end = paragraph(self._template.styles[styles.NOTE], *begun, field_ended())
        return [*entries, end]

    def finished(self) -> list[Element]:
        """All blocks, and the properties of the section that they end in."""
        return [*self._blocks, deepcopy(self._pages.section)]

    def _caption(
        self, kind: str, number: int, title: str, *, stays_with_next: bool = False
    ) -> None:
        counted = field(rf"SEQ {kind} \* ARABIC", str(number))
        self.paragraph(
            f"{kind} ", *counted, f"　{title}",
            style=styles.CAPTION, stays_with_next=stays_with_next,
        )  # fmt: skip

    def _turn_to(self, pages: Pages) -> None:
        """Say that the pages so far end with the last block; a table can't say so itself."""
        if self._blocks[-1].tag != f"{WORD}p":
            self.paragraph(style=styles.NOTE)
        self._blocks[-1].find(f"{WORD}pPr").append(deepcopy(self._pages.section))
        self._pages = pages
