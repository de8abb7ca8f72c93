"""The template: the Word file that gives a report its looks.

Its cover, contents page, heads and feet are taken over with the report's {{names}} filled in; of
the rest its styles, its kinds of pages and two sample tables. docs/operations.md, The looks of
the Word report, tells an office what it may change.
"""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

import docx
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from docx.document import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.parts.hdrftr import FooterPart, HeaderPart
from docx.section import Section

from reports.renderers.docx.elements import WORD, Element
from reports.renderers.docx.names import (
    CONTENTS,
    DENSE_TABLE,
    DRAFT,
    FILLINGS,
    PLAIN_TABLE,
    names_in,
)
from reports.renderers.docx.tables import Sample

OWN = Path(__file__).with_name("template.docx")
# The styles that it must have, by their names in the file: Word's own, as a Japanese Word lists
# them, and others.
_STYLES = {
    "Normal": "標準", "heading 1": "見出し 1", "heading 2": "見出し 2", "heading 3": "見出し 3",
    "toc 1": "目次 1", "toc 2": "目次 2", "caption": "図表番号", "List Number": "段落番号",
    "Strong": "強調太字",
    **dict.fromkeys(["要旨", "補足", "項目", "項目の続き", "項目名", "図"], ""),
    **dict.fromkeys(["表の注", "表の補足", "主な数字"], ""),
}  # fmt: skip
_NUMBERED = "List Number"


class TemplateUnusable(ImproperlyConfigured):
    """A template lacks what the report needs; the message says what, in Japanese."""

    def __init__(self, path: Path, problems: list[str]) -> None:
        told = "".join(f"\n・{problem}" for problem in problems)
        super().__init__(f"Wordのひな型 {path} は使えません（REPORT_TEMPLATE）。{told}")


@dataclass(frozen=True, slots=True)
class Template:
    """An opened template, of which the document holds cover and contents: a report goes on there.

    `styles` are the ids of its styles by name, `samples` its tables by theirs, `pages` the
    properties of the sections behind cover and contents: upright (False) and wide ones (True).
    """

    document: Document
    styles: dict[str, str]
    samples: dict[str, Sample]
    pages: dict[bool, Element]

    def named_parts(self) -> list[Element]:
        """Where names may stand: in the text, in heads and feet."""
        others = self.document.part.related_parts.values()
        margins = [one.element for one in others if isinstance(one, HeaderPart | FooterPart)]
        return [self.document.element.body, *margins]


def open_template() -> Template:
    """The template of the settings, else our own. Raises TemplateUnusable."""
    path = settings.REPORT_TEMPLATE or OWN
    try:
        document = docx.Document(str(path))
    except (PackageNotFoundError, ValueError, KeyError) as error:
        raise TemplateUnusable(path, ["Wordの文書（.docx）として開けません。"]) from error
    template = Template(
        document, _style_ids(document), _samples(document), _later_sections(document)
    )
    # Those of the first section.
    front = document.element.body.xpath("*[not(preceding-sibling::w:p/w:pPr/w:sectPr)]")
    if problems := list(_problems(template, front)):
        raise TemplateUnusable(path, problems)
    document.element.body[:] = front
    return template


def list_of(document: Document, style: str) -> int | None:
    """The list that numbers the paragraphs of a style, by its id; None where none does."""
    found = document.styles.element.xpath(
        f'w:style[@w:styleId="{style}"]/w:pPr/w:numPr/w:numId/@w:val'
    )
    return int(found[0]) if found else None


def _problems(template: Template, front: list[Element]) -> Iterator[str]:
    """What of a template is missing or unknown, each in a sentence."""
    document, styles, samples = template.document, template.styles, template.samples
    for name in _STYLES:
        if name not in styles:
            yield f"スタイル「{_shown(name)}」がありません。"
    if _NUMBERED in styles and list_of(document, styles[_NUMBERED]) is None:
        yield f"スタイル「{_shown(_NUMBERED)}」に、番号の書式がありません。"
    for name in (PLAIN_TABLE, DENSE_TABLE):
        if name not in samples:
            yield f"左上のセルに {name} とある、2行2列の見本の表がありません。"
        elif not samples[name].table.xpath("w:tr[1]/w:trPr/w:tblHeader"):
            yield f"{name} の表の1行目が、タイトル行の繰り返しになっていません。"
    for is_wide, direction in ((False, "縦"), (True, "横")):
        if is_wide not in template.pages:
            yield f"表紙と目次の後に、用紙の向きが{direction}のセクションがありません。"
    yield from _problems_of_names(template, front)


def _problems_of_names(template: Template, front: list[Element]) -> Iterator[str]:
    for number, section in enumerate(template.document.sections, start=1):
        if any(DRAFT not in names_in(head) for head in _heads(section, template.document)):
            yield (
                f"セクション{number}に、{DRAFT} のないヘッダーがあります"
                "（案であることは、どのページにも示します）。"
            )
    if CONTENTS not in names_in(*front):
        yield f"最初のセクションに、{CONTENTS} の段落がありません。"
    for name in names_in(*template.named_parts()):
        if name not in (*FILLINGS, CONTENTS, PLAIN_TABLE, DENSE_TABLE):
            yield f"{name} に入れるものはありません。"


def _shown(name: str) -> str:
    """A style's name for people: `見出し 1（heading 1）`."""
    return f"{_STYLES[name]}（{name}）" if _STYLES[name] else name


def _heads(section: Section, document: Document) -> list[Element]:
    """The heads that the pages of a section have."""
    heads = (
        (section.header, True),
        (section.first_page_header, section.different_first_page_header_footer),
        (section.even_page_header, document.settings.odd_and_even_pages_header_footer),
    )
    return [head.part.element for head, is_shown in heads if is_shown]


def _style_ids(document: Document) -> dict[str, str]:
    """The ids by name. A program other than Word may write a name of Word's in capitals."""
    found = {style.name_val.lower(): style.styleId for style in document.styles.element.style_lst}
    return {name: found[name.lower()] for name in _STYLES if name.lower() in found}


def _samples(document: Document) -> dict[str, Sample]:
    """The tables of two rows of two cells, by the name in their first cell."""
    return {
        name: Sample(table, document)
        for table in document.element.body.iter(f"{WORD}tbl")
        if [len(row.tc_lst) for row in table.tr_lst] == [2, 2]
        for name in names_in(table.tr_lst[0].tc_lst[0])
    }


def _later_sections(document: Document) -> dict[bool, Element]:
    """The first section behind the cover's with upright pages (False) and with wide ones (True).

    Each with the heads and feet of the one before that it goes on with: in a report that may be
    another one.
    """
    _front, *later = sections = document.element.body.xpath(".//w:sectPr")
    margins: dict[tuple[str, str], Element] = {}
    for section in sections:
        own = section.xpath("w:headerReference | w:footerReference")
        margins |= {(one.tag, one.type_): one for one in own}
        for one in own:
            section.remove(one)
        section[:0] = [deepcopy(one) for one in margins.values()]
    return {section.page_width > section.page_height: section for section in reversed(later)}
