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

from reports.renderers.docx import names, styles
from reports.renderers.docx.elements import WORD, Element
from reports.renderers.docx.samples import read_sample, sample_tables
from reports.renderers.docx.tables import Sample

OWN = Path(__file__).with_name("template.docx")


class TemplateUnusable(ImproperlyConfigured):
    """A template lacks what the report needs; the message says what, in Japanese."""

    def __init__(self, path: Path, problems: list[str]) -> None:
        told = "".join(f"\n・{problem}" for problem in problems)
        super().__init__(f"Wordのひな型 {path} は使えません（REPORT_TEMPLATE）。{told}")


@dataclass(frozen=True, slots=True)
class Pages:
    """A kind of pages: the properties of a section of them, and their text's width in twips."""

    section: Element
    room: int


@dataclass(frozen=True, slots=True)
class Template:
    """An opened template, which a report fills.

    `styles` are the ids of its styles by name, `plain` and `dense` its sample tables, `upright`
    and `wide` the pages behind cover and contents.
    """

    document: Document
    styles: dict[str, str]
    plain: Sample
    dense: Sample
    upright: Pages
    wide: Pages


def open_template() -> Template:
    """The template of the settings, else our own. Raises TemplateUnusable."""
    path = settings.REPORT_TEMPLATE or OWN
    try:
        document = docx.Document(str(path))
    except (PackageNotFoundError, ValueError, KeyError) as error:
        raise TemplateUnusable(path, ["Wordの文書（.docx）として開けません。"]) from error
    if problems := list(_problems(document)):
        raise TemplateUnusable(path, problems)
    tables, sections = sample_tables(document), _later_sections(document)
    return Template(
        document=document,
        styles=_style_ids(document),
        plain=read_sample(tables[names.PLAIN_TABLE], document),
        dense=read_sample(tables[names.DENSE_TABLE], document),
        upright=_pages(sections[False]),
        wide=_pages(sections[True]),
    )


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


def _problems(document: Document) -> Iterator[str]:
    """What of a template is missing or unknown, each in a sentence."""
    there = _style_ids(document)
    for name in (*styles.PARAGRAPHS, *styles.CHARACTERS):
        if name not in there:
            yield f"スタイル「{styles.shown(name)}」がありません。"
    if styles.DIRECTION in there and list_of(document, there[styles.DIRECTION]) is None:
        yield f"スタイル「{styles.shown(styles.DIRECTION)}」に、番号の書式がありません。"
    tables = sample_tables(document)
    for name in (names.PLAIN_TABLE, names.DENSE_TABLE):
        if name not in tables:
            yield f"左上のセルに {names.written(name)} とある、2行2列の見本の表がありません。"
        elif tables[name].find(f"{WORD}tr/{WORD}trPr/{WORD}tblHeader") is None:
            yield f"{names.written(name)} の表の1行目が、タイトル行の繰り返しになっていません。"
    sections = _later_sections(document)
    for is_wide, name in ((False, "縦"), (True, "横")):
        if is_wide not in sections:
            yield f"表紙と目次の後に、用紙の向きが{name}のセクションがありません。"
    yield from _problems_of_names(document)


def _problems_of_names(document: Document) -> Iterator[str]:
    for number, section in enumerate(document.sections, start=1):
        if any(
            names.DRAFT not in names.names_in(head.part.element)
            for head in _heads(section, document)
        ):
            yield (
                f"セクション{number}に、{names.written(names.DRAFT)} のないヘッダーがあります"
                "（案であることは、どのページにも示します）。"
            )
    if not any(names.CONTENTS in names.names_in(block) for block in front_of(document)):
        yield f"最初のセクションに、{names.written(names.CONTENTS)} の段落がありません。"
    in_body = names.names_in(document.element.body)
    named = [name for part in margin_parts(document) for name in names.names_in(part.element)]
    for name in dict.fromkeys([*in_body, *named]):
        if name not in (*names.FILLED, names.CONTENTS, names.PLAIN_TABLE, names.DENSE_TABLE):
            yield f"{names.written(name)} に入れるものはありません。"


def _style_ids(document: Document) -> dict[str, str]:
    """The ids by name. A program other than Word may write a name of Word's in capitals."""
    found = {
        style.find(f"{WORD}name").get(f"{WORD}val").lower(): style.get(f"{WORD}styleId")
        for style in document.styles.element.iter(f"{WORD}style")
    }
    needed = (*styles.PARAGRAPHS, *styles.CHARACTERS)
    return {name: found[name.lower()] for name in needed if name.lower() in found}


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
    return {_is_wide(section): section for section in reversed(later)}


def _is_wide(section: Element) -> bool:
    size = section.find(f"{WORD}pgSz")
    return int(size.get(f"{WORD}w")) > int(size.get(f"{WORD}h"))


def _pages(section: Element) -> Pages:
    width = int(section.find(f"{WORD}pgSz").get(f"{WORD}w"))
    margins = section.find(f"{WORD}pgMar")
    sides = (int(margins.get(WORD + side)) for side in ("left", "right"))
    return Pages(section, width - sum(sides))
