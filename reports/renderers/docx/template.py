"""The template: the Word file that gives a report its looks.

Its cover, contents page, heads and feet are taken over with the report's {{names}} filled in; of
the rest its styles, its kinds of pages and two sample tables. docs/operations.md, The looks of
the Word report, tells an office what it may change.
"""

from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

import docx
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.exceptions import PackageNotFoundError
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
# The styles that a template must have: Word's own, as a Japanese Word lists them, and others.
_STYLES_OF_WORD = {
    "Normal": "標準",
    **{f"heading {level}": f"見出し {level}" for level in (1, 2, 3)},
    **{f"toc {level}": f"目次 {level}" for level in (1, 2)},
    "caption": "図表番号",
    "List Number": "段落番号",
    "Strong": "強調太字",
}
_STYLES = {name: f"{shown}（{name}）" for name, shown in _STYLES_OF_WORD.items()} | {
    name: name
    for name in (
        *("要旨", "補足", "項目", "項目の続き", "項目名"),
        *("図", "表の注", "表の補足", "主な数字"),
    )
}
_DRAFT_RULE = "案であることは、どのページにも示します"


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
        margins = (RELATIONSHIP_TYPE.HEADER, RELATIONSHIP_TYPE.FOOTER)
        relations = self.document.part.rels.values()
        found = [one.target_part.element for one in relations if one.reltype in margins]
        return [self.document.element.body, *found]


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
    if problems := _problems(template, front):
        raise TemplateUnusable(path, problems)
    document.element.body[:] = front
    return template


def list_of(document: Document, style: str) -> int | None:
    """The list that numbers the paragraphs of a style, by its id; None where none does."""
    found = document.styles.element.xpath(
        f'w:style[@w:styleId="{style}"]/w:pPr/w:numPr/w:numId/@w:val'
    )
    return int(found[0]) if found else None


def _problems(template: Template, front: list[Element]) -> list[str]:
    """What of a template is missing or unknown, each in a sentence."""
    document, styles, samples = template.document, template.styles, template.samples
    tables, directions = (PLAIN_TABLE, DENSE_TABLE), ((False, "縦"), (True, "横"))
    numbered, known = "List Number", {*FILLINGS, CONTENTS, *tables}
    needed = [
        *(
            (name in styles, f"スタイル「{shown}」がありません。")
            for name, shown in _STYLES.items()
        ),
        (
            numbered not in styles or list_of(document, styles[numbered]) is not None,
            f"スタイル「{_STYLES[numbered]}」に、番号の書式がありません。",
        ),
        *(
            (name in samples, f"左上のセルに {name} とある、2行2列の見本の表がありません。")
            for name in tables
        ),
        *(
            (
                sample.repeats_head,
                f"{name} の表の1行目が、タイトル行の繰り返しになっていません。",
            )
            for name, sample in samples.items()
        ),
        *(
            (
                is_wide in template.pages,
                f"表紙と目次の後に、用紙の向きが{direction}のセクションがありません。",
            )
            for is_wide, direction in directions
        ),
        *(
            (
                _has_draft_mark(section, document),
                f"セクション{number}に、{DRAFT} のないヘッダーがあります（{_DRAFT_RULE}）。",
            )
            for number, section in enumerate(document.sections, start=1)
        ),
        (CONTENTS in names_in(*front), f"最初のセクションに、{CONTENTS} の段落がありません。"),
        *(
            (name in known, f"{name} に入れるものはありません。")
            for name in names_in(*template.named_parts())
        ),
    ]
    return [sentence for is_met, sentence in needed if not is_met]


def _has_draft_mark(section: Section, document: Document) -> bool:
    """Whether each head that the pages of a section have says that a draft is one."""
    heads = [section.header]
    if section.different_first_page_header_footer:
        heads.append(section.first_page_header)
    if document.settings.odd_and_even_pages_header_footer:
        heads.append(section.even_page_header)
    return all(DRAFT in names_in(head.part.element) for head in heads)


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
