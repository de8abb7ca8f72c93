"""The report's first pages: its cover and its contents."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from reports.renderers.docx import styles
from reports.renderers.docx.fields import closed, link, opened, page_of
from reports.renderers.docx.manuscript import Heading
from reports.renderers.docx.markup import Element, line_break, paragraph, run, set_text, tab

_CONTENTS_FIELD = r'TOC \o "1-2" \h \z \u'


def cover(texts: dict[str, Any]) -> list[Element]:
    """Whose report on what, which edition, and when it was made."""
    facts = [
        ("対象年度", texts["full_year"]),
        ("計画期間", texts["period"]),
        ("版", texts["edition"]),
    ]
    blocks = [
        paragraph(styles.SUBTITLE, texts["strategy"]),
        paragraph(styles.TITLE, texts["fiscal_year"], line_break(), texts["name"]),
        *(paragraph(styles.COVER_FACT, label, tab(), text) for label, text in facts),
    ]
    if texts["is_sample"]:
        blocks.append(paragraph(styles.COVER_NOTICE, "実績値はすべて架空（見本）です。"))
    blocks += [
        paragraph(styles.COVER_DATE, texts["date"]),
        paragraph(styles.COVER_CITY, texts["municipality"]),
    ]
    if texts["office"]:
        blocks.append(paragraph(styles.COVER_OFFICE, texts["office"]))
    return blocks


@dataclass(frozen=True, slots=True)
class Contents:
    """The table of contents, and the runs that show the page of each bookmark."""

    blocks: list[Element]
    numbers: dict[str, Element]

    def number(self, pages: dict[str, int]) -> None:
        """Fill in the pages once they are known."""
        for mark, shown in self.numbers.items():
            set_text(shown, str(pages[mark]))


def contents(headings: Sequence[Heading]) -> Contents:
    """The table of contents, filled in but for its page numbers.

    Word can bring it up to date after editing. It is not marked as out of date: Word would
    ask on opening whether it may read other files.
    """
    numbers: dict[str, Element] = {}
    entries: list[Element] = []
    for heading in headings:
        if heading.level > len(styles.CONTENTS):
            continue
        shown = numbers[heading.mark] = run("")
        entry = link(heading.mark, run(heading.text), tab(), *page_of(heading.mark, shown))
        begun = () if entries else opened(_CONTENTS_FIELD)
        entries.append(paragraph(styles.CONTENTS[heading.level - 1], *begun, entry))
    blocks = [
        paragraph(styles.CONTENTS_HEADING, "目次"),
        *entries,
        paragraph(styles.NOTE, closed()),
        # The section ends with this one: within the field its footers would lose their own.
        paragraph(styles.NOTE),
    ]
    return Contents(blocks, numbers)
