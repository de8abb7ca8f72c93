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
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.exceptions import PackageNotFoundError
from docx.opc.part import XmlPart
from docx.section import Section, _Header
from docx.shared import Length

from reports.renderers.docx import names, styles
from reports.renderers.docx.elements import WORD, Element, text_element
from reports.renderers.docx.tables import Sample

OWN = Path(__file__).with_name("template.docx")
# What Word takes where nothing says it: a cell's two sides in twips, type in half points.
_CELL_SIDES, _TYPE_SIZE = 216, 20
_TWIPS = 10  # half a point


class TemplateUnusable(ImproperlyConfigured):
    """A template lacks what the report needs; the message says what, in Japanese."""

    def __init__(self, path: Path, problems: list[str]) -> None:
        told = "".join(f"\n・{problem}" for problem in problems)
        super().__init__(f"Wordのひな型 {path} は使えません（REPORT_TEMPLATE）。{told}")


@dataclass(frozen=True, slots=True)
class Template:
    """An opened template, which a report fills.

    `styles` are the ids of its styles by name, `samples` its tables by theirs, `pages` the
    properties of the sections behind cover and contents: upright (False) and wide ones (True).
    """

    document: Document
    styles: dict[str, str]
    samples: dict[str, Sample]
    pages: dict[bool, Element]


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
    if problems := list(_problems(template)):
        raise TemplateUnusable(path, problems)
    return template


def room_of(section: Element) -> int:
    """The width of the text on the pages of a section, in twips."""
    return int(Length(section.page_width - section.left_margin - section.right_margin).twips)


def front_of(document: Document) -> list[Element]:
    """The blocks of the cover and the contents: those of the first section."""
    blocks = []
    for block in document.element.body:
        blocks.append(block)
        if block.find(f"{WORD}pPr/{WORD}sectPr") is not None:
            break
    return blocks


def margin_parts(document: Document) -> Iterator[XmlPart]:
    """The heads and feet of the pages."""
    for relation in document.part.rels.values():
        if relation.reltype in (RELATIONSHIP_TYPE.HEADER, RELATIONSHIP_TYPE.FOOTER):
            yield relation.target_part


def list_of(document: Document, style: str) -> int | None:
    """The list that numbers the paragraphs of a style, by its id; None where none does."""
    found = document.styles.element.xpath(
        f'w:style[@w:styleId="{style}"]/w:pPr/w:numPr/w:numId/@w:val'
    )
    return int(found[0]) if found else None


def _problems(template: Template) -> Iterator[str]:
    """What of a template is missing or unknown, each in a sentence."""
    document, there = template.document, template.styles
    for name in styles.NAMES:
        if name not in there:
            yield f"スタイル「{styles.shown(name)}」がありません。"
    if styles.DIRECTION in there and list_of(document, there[styles.DIRECTION]) is None:
        yield f"スタイル「{styles.shown(styles.DIRECTION)}」に、番号の書式がありません。"
    for name in (names.PLAIN_TABLE, names.DENSE_TABLE):
        if name not in template.samples:
            yield f"左上のセルに {names.written(name)} とある、2行2列の見本の表がありません。"
        elif not template.samples[name].head.xpath("w:trPr/w:tblHeader"):
            yield f"{names.written(name)} の表の1行目が、タイトル行の繰り返しになっていません。"
    for is_wide, direction in ((False, "縦"), (True, "横")):
        if is_wide not in template.pages:
            yield f"表紙と目次の後に、用紙の向きが{direction}のセクションがありません。"
    yield from _problems_of_names(document)


def _problems_of_names(document: Document) -> Iterator[str]:
    for number, section in enumerate(document.sections, start=1):
        heads = (names.names_in(head.part.element) for head in _heads(section, document))
        if any(names.DRAFT not in named for named in heads):
            yield (
                f"セクション{number}に、{names.written(names.DRAFT)} のないヘッダーがあります"
                "（案であることは、どのページにも示します）。"
            )
    if not any(names.CONTENTS in names.names_in(block) for block in front_of(document)):
        yield f"最初のセクションに、{names.written(names.CONTENTS)} の段落がありません。"
    parts = (document.element.body, *(margin.element for margin in margin_parts(document)))
    for name in dict.fromkeys(name for part in parts for name in names.names_in(part)):
        if name not in (*names.FILLED, names.CONTENTS, names.PLAIN_TABLE, names.DENSE_TABLE):
            yield f"{names.written(name)} に入れるものはありません。"


def _style_ids(document: Document) -> dict[str, str]:
    """The ids by name. A program other than Word may write a name of Word's in capitals."""
    found = {style.name_val.lower(): style.styleId for style in document.styles.element.style_lst}
    return {name: found[name.lower()] for name in styles.NAMES if name.lower() in found}


def _heads(section: Section, document: Document) -> Iterator[_Header]:
    """The heads that the pages of a section have."""
    yield section.header
    if section.different_first_page_header_footer:
        yield section.first_page_header
    if document.settings.odd_and_even_pages_header_footer:
        yield section.even_page_header


def _later_sections(document: Document) -> dict[bool, Element]:
    """The first section behind the cover's with upright pages (False) and with wide ones (True).

    Each with the heads and feet of the one before that it goes on with: in a report that may be
    another one.
    """
    _front, *later = sections = document.element.body.xpath(".//w:sectPr")
    margins: dict[tuple[str, str], Element] = {}
    for section in sections:
        own = section.xpath("w:headerReference | w:footerReference")
        margins |= {(one.tag, one.get(f"{WORD}type")): one for one in own}
        for one in own:
            section.remove(one)
        section[:0] = [deepcopy(one) for one in margins.values()]
    return {section.page_width > section.page_height: section for section in reversed(later)}


def _samples(document: Document) -> dict[str, Sample]:
    """The tables of two rows of two cells, by the name in their first cell."""
    found: dict[str, Sample] = {}
    for table in document.element.body.iter(f"{WORD}tbl"):
        if [len(row.tc_lst) for row in table.tr_lst] == [2, 2]:
            for name in names.names_in(table.tr_lst[0].tc_lst[0]):
                found[name] = _sample(table, document)
    return found


def _sample(table: Element, document: Document) -> Sample:
    """A sample table: the texts in it are of no matter, their looks are."""
    head, body = (deepcopy(row) for row in table.tr_lst)
    for row in (head, body):
        row.attrib.clear()
        for cell in row.tc_lst:
            _leave_one_run(cell)
    properties = deepcopy(table.tblPr)
    properties.remove_all("w:tblCaption", "w:tblDescription")
    return Sample(
        properties=properties,
        head=head,
        body=body,
        size=_type_size(body.tc_lst[1].p_lst[0], document),
        sides=_cell_sides(properties, document),
    )


def _leave_one_run(cell: Element) -> None:
    """Take all out of a cell but its first paragraph, with one run in the looks of the first."""
    paragraph = cell.p_lst[0]
    shown = paragraph.r_lst[0] if paragraph.r_lst else paragraph.add_r()
    # As in `elements.run`.
    shown.get_or_add_rPr().get_or_add_rFonts().set(f"{WORD}hint", "eastAsia")
    shown[:] = [shown.rPr, text_element("t", "")]
    paragraph[:] = [paragraph.get_or_add_pPr(), shown]
    cell[:] = [cell.get_or_add_tcPr(), paragraph]
    # The numbers by which Word knows a paragraph must not stand twice.
    paragraph.attrib.clear()
    shown.attrib.clear()


def _type_size(paragraph: Element, document: Document) -> float:
    """The type size of a paragraph in twips."""
    found = _said(paragraph, "w:r/w:rPr/w:sz | w:rPr/w:sz", document)
    if found is None:
        found = document.styles.element.find(f"{WORD}docDefaults//{WORD}sz")
    return _TWIPS * (_TYPE_SIZE if found is None else int(found.get(f"{WORD}val")))


def _cell_sides(properties: Element, document: Document) -> int:
    """What the two sides of a table's cells take, in twips."""
    found = _said(properties, "w:tblCellMar | w:tblPr/w:tblCellMar", document)
    if found is None:
        return _CELL_SIDES
    sides = (found.find(WORD + side) for side in ("left", "start", "right", "end"))
    return sum(int(side.get(f"{WORD}w")) for side in sides if side is not None)


def _said(element: Element, path: str, document: Document) -> Element | None:
    """What an element says at a path, or else its style, or one that this is based on."""
    styles = {one.get(f"{WORD}styleId"): one for one in document.styles.element}
    while element is not None:
        for found in element.xpath(path):
            return found
        named = element.xpath("(w:pPr/w:pStyle | w:tblStyle | w:basedOn)/@w:val")
        element = styles.get(named[0]) if named else None
    return None
