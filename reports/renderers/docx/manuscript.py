"""The report's text as it grows: headings, paragraphs, tables and figures in their order."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from copy import deepcopy
from itertools import count

from docx.image.image import Image
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.oxml.shape import CT_Inline
from docx.parts.image import ImagePart
from docx.shared import Twips

from reports.renderers.docx import styles
from reports.renderers.docx.elements import WORD, Element, field, legal, paragraph, run, w
from reports.renderers.docx.names import DENSE_TABLE, PLAIN_TABLE
from reports.renderers.docx.tables import Rows
from reports.renderers.docx.template import Template, list_of, room_of

# A table of contents that Word can bring up to date: headings of two levels, as links.
_CONTENTS = r'TOC \o "1-2" \h \z \u'


class Manuscript:
    """The blocks so far, on pages of the kind that is set at the moment."""

    def __init__(self, template: Template) -> None:
        self._blocks: list[Element] = []
        self._entries: list[Element] = []
        self._template = template
        self._pages = template.pages[False]
        self._headings, self._tables, self._figures = count(1), count(1), count(1)
        # Beside those of the template's own pictures.
        self._picture_ids = count(template.document.part.next_id)

    def heading(self, level: int, text: str) -> None:
        """A heading of level 1 (begins a page), 2 or 3; the contents list the first two."""
        number = next(self._headings)
        mark = f"_Toc{number:08}"
        began = w("bookmarkStart", id=number, name=mark)
        ended = w("bookmarkEnd", id=number)
        self.paragraph(began, text, ended, style=styles.HEADINGS[level - 1])
        for name in styles.CONTENTS[level - 1 : level]:
            link = w("hyperlink", run(text), anchor=mark, history=1)
            self._entries.append(paragraph(self._template.styles[name], link))

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
        """A text of several lines beside its label; nothing where there are none."""
        if lines:
            shown = run(label, self._template.styles[styles.ITEM_LABEL])
            self.paragraph(shown, f"\t{lines[0]}", style=styles.ITEM)
            self.paragraphs(lines[1:], styles.ITEM_MORE)

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
        place = f"\t（単位：{unit}）" if unit else ""
        self._caption("表", next(self._tables), f"{title}{place}", stays_with_next=True)
        sample = self._template.samples[DENSE_TABLE if is_dense else PLAIN_TABLE]
        made = sample.table(
            rows,
            title=title,
            room=room_of(self._pages),
            styles=self._template.styles,
            is_followed=bool(notes),
        )
        self._blocks.append(made)
        for label, text in notes:
            self.paragraph(f"{label}\t{text}", style=styles.NOTE)

    def figure(self, title: str, description: str, picture: bytes) -> None:
        """A picture (PNG) as wide as the text, above its number and title."""
        number = next(self._figures)
        image, name = Image.from_blob(picture), PackURI(f"/word/media/chart{number}.png")
        relation = self._template.document.part.relate_to(
            ImagePart.from_image(image, name), RELATIONSHIP_TYPE.IMAGE
        )
        size = image.scaled_dimensions(Twips(room_of(self._pages)), None)
        shape = CT_Inline.new_pic_inline(next(self._picture_ids), relation, name.filename, *size)
        shape.docPr.set("title", legal(title))
        shape.docPr.set("descr", legal(description))
        self.paragraph(w("r", w("drawing", shape)), style=styles.FIGURE)
        self._caption("図", number, title)

    @contextmanager
    def pages_for(self, rows: Rows) -> Iterator[None]:
        """Pages on which a dense table's figures have room: on their side only where they must."""
        dense = self._template.samples[DENSE_TABLE]
        is_wide = not dense.fits(rows, room_of(self._pages))
        if is_wide:
            self._turn_to(self._template.pages[True])
        yield
        if is_wide:
            self._turn_to(self._template.pages[False])

    def contents(self) -> list[Element]:
        """The table of contents: a field with its entries filled in, each leading to its heading.

        Without page numbers, which only whoever sets the pages knows: Word puts them in when it
        updates the field. It is not marked as out of date: Word would ask a question on opening.
        """
        *begun, ended = field(_CONTENTS)
        self._entries[0][1:1] = begun
        return [*self._entries, paragraph(self._template.styles[styles.NOTE], ended)]

    def finished(self) -> list[Element]:
        """All blocks, and the properties of the section that they end in."""
        return [*self._blocks, deepcopy(self._pages)]

    def _caption(
        self, kind: str, number: int, title: str, *, stays_with_next: bool = False
    ) -> None:
        counted = field(rf"SEQ {kind} \* ARABIC", run(str(number)))
        self.paragraph(
            f"{kind} ", *counted, f"　{title}",
            style=styles.CAPTION, stays_with_next=stays_with_next,
        )  # fmt: skip

    def _turn_to(self, pages: Element) -> None:
        """Say that the pages so far end with the last block; a table can't say so itself."""
        if self._blocks[-1].tag != f"{WORD}p":
            self.paragraph(style=styles.NOTE)
        self._blocks[-1].find(f"{WORD}pPr").append(deepcopy(self._pages))
        self._pages = pages
