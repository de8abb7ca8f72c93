"""The report's text as it grows: paragraphs, headings, tables and figures in their order."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from reports.renderers.docx import styles
from reports.renderers.docx.drawing import picture
from reports.renderers.docx.fields import bookmark, sequence
from reports.renderers.docx.markup import Element, is_paragraph, paragraph, run, tab
from reports.renderers.docx.numbering import DIRECTIONS_LIST, list_from_one
from reports.renderers.docx.package import Package
from reports.renderers.docx.pages import Pages
from reports.renderers.docx.pictures import Picture
from reports.renderers.docx.tables import USUAL, Cell, Column, Look, table

Note = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading that the contents list, and the bookmark that leads to it."""

    level: int
    text: str
    mark: str


@dataclass(slots=True)
class Manuscript:
    """The blocks so far, on pages of the kind that is set at the moment."""

    package: Package
    pages: Pages
    blocks: list[Element] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)
    _tables: int = 0
    _figures: int = 0
    _lists: int = DIRECTIONS_LIST

    def heading(self, level: int, text: str) -> None:
        """A heading of level 1 (begins a page), 2 or 3."""
        number = len(self.headings) + 1
        one = Heading(level, text, f"_Toc{number:08}")
        self.headings.append(one)
        marked = bookmark(number, one.mark, run(text))
        self.blocks.append(paragraph(styles.HEADINGS[level - 1], *marked))

    def paragraph(
        self, *content: str | Element, style: str = styles.NORMAL, stays_with_next: bool = False
    ) -> None:
        """One paragraph; one that `stays_with_next` begins no page without what it leads to."""
        self.blocks.append(paragraph(style, *content, stays_with_next=stays_with_next))

    def paragraphs(self, lines: Iterable[str], style: str = styles.NORMAL) -> None:
        """A paragraph a line."""
        self.blocks.extend(paragraph(style, line) for line in lines)

    def item(self, label: str, lines: Sequence[str]) -> None:
        """A text of several lines beside its label."""
        first, *more = lines
        self.paragraph(run(label, styles.ITEM_LABEL), tab(), first, style=styles.ITEM)
        self.paragraphs(more, styles.ITEM_MORE)

    def numbered(self, lines: Sequence[str]) -> None:
        """A list that counts from (1)."""
        if not lines:
            return
        self._lists += 1
        self.package.lists.append(list_from_one(self._lists))
        self.blocks.extend(
            paragraph(styles.LIST_NUMBER, line, numbered_by=self._lists) for line in lines
        )

    def table(
        self,
        title: str,
        columns: Sequence[Column],
        rows: Sequence[Sequence[Cell]],
        *,
        unit: str = "",
        notes: Sequence[Note] = (),
        look: Look = USUAL,
    ) -> None:
        """A table under its number and title, with its notes (label, text) below."""
        self._tables += 1
        place = [tab(), f"（単位：{unit}）"] if unit else []
        number = sequence("表", self._tables)
        self.blocks.append(
            paragraph(styles.CAPTION, "表 ", *number, f"　{title}", *place, stays_with_next=True)
        )
        self.blocks.append(
            table(
                columns, rows,
                title=title, room=self.pages.room, look=look, is_followed=bool(notes),
            )
        )  # fmt: skip
        for label, text in notes:
            self.paragraph(label, tab(), text, style=styles.NOTE)

    def figure(self, title: str, description: str, shown: Picture) -> None:
        """A picture as wide as the text, above its number and title."""
        self._figures += 1
        relation = self.package.add_picture(shown.png)
        shape = picture(
            relation, number=self._figures, title=title, description=description,
            width=self.pages.room, height=self.pages.room * shown.proportion,
        )  # fmt: skip
        self.paragraph(shape, style=styles.FIGURE)
        self.paragraph("図 ", *sequence("図", self._figures), f"　{title}", style=styles.CAPTION)

    @contextmanager
    def on(self, pages: Pages) -> Iterator[None]:
        """Write on pages of another kind, then go on with those of before."""
        before = self.pages
        self._turn_to(pages)
        yield
        self._turn_to(before)

    def _turn_to(self, pages: Pages) -> None:
        if pages is not self.pages:
            end_section(self.blocks, self.pages)
            self.pages = pages


def end_section(blocks: list[Element], pages: Pages) -> None:
    """Say that pages of this kind end with the last block; a table can't say so itself."""
    if not is_paragraph(blocks[-1]):
        blocks.append(paragraph(styles.NOTE))
    properties = blocks[-1][0]
    properties.append(pages.section())
