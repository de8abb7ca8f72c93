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
from docx.shared import Length, Twips

from common.reading.characters import without_forbidden
from reports.renderers.content.tables import Table
from reports.renderers.docx.elements import WORD, Element, field, paragraph, run, w
from reports.renderers.docx.template import Template

# A table of contents that Word can bring up to date: headings of two levels, as links.
_CONTENTS = r'TOC \o "1-2" \h \z \u'


class Manuscript:
    """The text behind the template's cover and contents, on pages of the kind set at the moment."""

    def __init__(self, template: Template, *, is_wide: bool = False) -> None:
        self._template = template
        # The properties of the pages, before which the text grows.
        self._pages = deepcopy(template.pages[is_wide])
        template.document.element.body.append(self._pages)
        self._entries: list[Element] = []
        self._headings, self._captions = count(1), {"表": count(1), "図": count(1)}
        # Beside those of the template's own pictures.
        self._picture_ids = count(template.document.part.next_id)

    def heading(self, level: int, text: str) -> None:
        """A heading of level 1 (begins a page), 2 or 3; the contents list the first two."""
        number = next(self._headings)
        mark = f"_Toc{number:08}"
        began = w("bookmarkStart", id=number, name=mark)
        ended = w("bookmarkEnd", id=number)
        self.paragraph(began, text, ended, style=f"heading {level}")
        if level < 3:
            link = w("hyperlink", run(text), anchor=mark, history=1)
            self._entries.append(paragraph(self._template.styles[f"toc {level}"], link))

    def paragraph(
        self, *content: str | Element, style: str = "Normal", stays_with_next: bool = False
    ) -> None:
        """One paragraph; one that `stays_with_next` begins no page without what it leads to."""
        style_id = self._template.styles[style]
        self._pages.addprevious(paragraph(style_id, *content, stays_with_next=stays_with_next))

    def paragraphs(self, lines: Iterable[str], style: str = "Normal") -> None:
        """A paragraph a line."""
        for line in lines:
            self.paragraph(line, style=style)

    def item(self, label: str, lines: Sequence[str]) -> None:
        """A text of one or several lines beside its label."""
        shown = run(label, self._template.styles["項目名"])
        self.paragraph(shown, f"\t{lines[0]}", style="項目")
        self.paragraphs(lines[1:], "項目の続き")

    def numbered(self, lines: Sequence[str]) -> None:
        """A list that counts from one."""
        own = self._template.new_list() if lines else 0
        for line in lines:
            self.paragraph(line, style="List Number")
            counted = w("numPr", w("ilvl", val=0), w("numId", val=own))
            self._pages.getprevious().pPr.append(counted)

    def table(self, table: Table | None, *, lead: str = "", is_dense: bool = False) -> None:
        """A table below what leads to it; without rows only that."""
        rows = table.rows if table else ()
        if lead:
            self.paragraph(lead, stays_with_next=bool(rows))
        if table is None or not rows:
            return
        place = f"\t（単位：{table.unit}）" if table.unit else ""
        self._caption("表", f"{table.title}{place}")
        sample = self._template.samples[is_dense]
        self._pages.addprevious(sample.filled(table, self._room, self._template.styles))
        self.paragraphs([f"{label}\t{text}" for label, text in table.notes], "表の注")

    def figure(self, title: str, description: str, picture: bytes) -> None:
        """A picture (PNG) as wide as the text, above its number and title."""
        image, number = Image.from_blob(picture), next(self._picture_ids)
        name = PackURI(f"/word/media/chart{number}.png")
        relation = self._template.document.part.relate_to(
            ImagePart.from_image(image, name), RELATIONSHIP_TYPE.IMAGE
        )
        size = image.scaled_dimensions(Twips(self._room), None)
        shape = CT_Inline.new_pic_inline(number, relation, name.filename, *size)
        shape.docPr.set("title", without_forbidden(title))
        shape.docPr.set("descr", without_forbidden(description))
        self.paragraph(w("r", w("drawing", shape)), style="図")
        self._caption("図", title)

    @contextmanager
    def pages_for(self, table: Table) -> Iterator[None]:
        """Pages on which a dense table's figures have room: on their side only where they must."""
        is_wide = self._template.samples[True].least_width(table) > self._room
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
        return [*self._entries, paragraph(self._template.styles["表の注"], ended)]

    @property
    def _room(self) -> int:
        """The width of the text on a page, in twips."""
        pages = self._pages
        return int(Length(pages.page_width - pages.left_margin - pages.right_margin).twips)

    def _caption(self, kind: str, title: str) -> None:
        """A numbered title, which stands above a table (表) and below a figure (図)."""
        number = run(str(next(self._captions[kind])))
        title = f"　{title}"
        counted = (f"{kind} ", *field(rf"SEQ {kind} \* ARABIC", number), title)
        self.paragraph(*counted, style="caption", stays_with_next=kind == "表")

    def _turn_to(self, pages: Element) -> None:
        """Say that the pages so far end with the last block; a table can't say so itself."""
        if self._pages.getprevious().tag != f"{WORD}p":
            self.paragraph(style="表の注")
        last, ended = self._pages.getprevious(), self._pages
        self._pages = deepcopy(pages)
        ended.addnext(self._pages)
        last.set_sectPr(ended)
