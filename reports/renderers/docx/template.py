"""The template: the Word file that gives a report its looks.

Its cover, contents page, heads and feet are taken over with the report's {{names}} filled in; of
the rest its styles, its kinds of pages and two sample tables. docs/operations.ja.md (Word の様式)
tells an office what it may change.
"""

import re
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import Any

import docx
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from docx.document import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.parts.hdrftr import FooterPart, HeaderPart
from docx.section import Section

from common.reading.characters import without_forbidden
from reports.renderers.docx.elements import WORD, Element, w
from reports.renderers.docx.tables import Sample

OWN = Path(__file__).with_name("template.docx")
_NUMBERED = "List Number"
# The styles that it must have by their names in the file, and as people know them.
_STYLES = {
    "Normal": "標準（Normal）",
    **{f"heading {level}": f"見出し {level}（heading {level}）" for level in (1, 2, 3)},
    **{f"toc {level}": f"目次 {level}（toc {level}）" for level in (1, 2)},
    "caption": "図表番号（caption）",
    _NUMBERED: "段落番号（List Number）",
    "Strong": "強調太字（Strong）",
    "要旨": "要旨", "補足": "補足", "項目": "項目", "項目の続き": "項目の続き", "項目名": "項目名",
    "図": "図", "表の注": "表の注", "表の補足": "表の補足", "主な数字": "主な数字",
}  # fmt: skip
# The names that it may have, and what stands for them, out of a report's texts.
_CONTENTS, _DRAFT = "{{目次}}", "{{案}}"
_FILLINGS: dict[str, Callable[[dict[str, Any]], str]] = {
    "{{総合戦略}}": itemgetter("strategy"),
    "{{題名}}": itemgetter("title"),
    "{{年度}}": itemgetter("fiscal_year"),
    "{{報告書名}}": itemgetter("name"),
    "{{対象年度}}": itemgetter("full_year"),
    "{{計画期間}}": itemgetter("period"),
    "{{版}}": itemgetter("edition"),
    "{{作成日}}": itemgetter("date"),
    "{{団体名}}": itemgetter("municipality"),
    "{{担当課}}": itemgetter("office"),
    _CONTENTS: lambda _texts: "",
    _DRAFT: lambda texts: f" {texts['edition']} " if texts["is_draft"] else "",
    "{{発行した版}}": lambda texts: "" if texts["is_draft"] else texts["edition"],
    "{{架空の注意}}": lambda texts: texts["fictitious"] and f"{texts['fictitious']}です。",
    "{{架空の印}}": itemgetter("fictitious"),
}
# The tables that show how plain (False) and dense ones (True) look.
_SAMPLES = {"{{表}}": False, "{{指標表}}": True}
# Between the texts of a paragraph, over several of which Word may have split a name.
_SEAM = "\0"
_NAME = re.compile(r"\{\0*\{[^{}]*\}\0*\}")
# What may be left empty where values are put in: runs, texts and, on the cover, the paragraph.
_LEFT_EMPTY = (
    ".//w:r[w:t][not(string())][not(*[not(self::w:rPr or self::w:t)])]",
    ".//w:t[not(string())]",
    "self::*[parent::w:body][not(w:pPr/w:sectPr)][not(*[not(self::w:pPr)])]",
)


class TemplateUnusable(ImproperlyConfigured):
    """A template lacks what the report needs; the message says what, in Japanese."""

    def __init__(self, path: Path, problems: list[str]) -> None:
        told = "".join(f"\n・{problem}" for problem in problems)
        super().__init__(f"Wordのひな型 {path} は使えません（REPORT_TEMPLATE）。{told}")


@dataclass(frozen=True, slots=True)
class Template:
    """An opened template, of which only cover and contents are left: a report goes on there.

    `front` are the blocks of these, `styles` the ids of its styles by name, `samples` the looks of
    plain (False) and dense tables (True), `pages` the properties of the sections behind the front:
    upright (False) and wide ones (True).
    """

    document: Document
    front: list[Element]
    styles: dict[str, str]
    samples: dict[bool, Sample]
    pages: dict[bool, Element]

    def new_list(self) -> int:
        """Another list like that of the style 段落番号, which counts from one; its id."""
        numbering = self.document.part.numbering_part.element
        own = numbering.num_having_numId(_list_of(self.document, self.styles[_NUMBERED]))
        again: Element = numbering.add_num(own.abstractNumId.val)
        again.add_lvlOverride(ilvl=0).add_startOverride(1)
        return int(again.numId)

    def fill(self, texts: dict[str, Any], contents: list[Element]) -> None:
        """Put a report's texts and its table of contents in place of the names."""
        place = next(one for one in self.front if _CONTENTS in _names_in(one))
        for entry in contents:
            place.addprevious(entry)
        self._fill(texts, self.front)

    def fill_without_front(self, texts: dict[str, Any]) -> None:
        """Put the texts of a document that has neither cover nor contents in place of the names."""
        for block in self.front:
            block.getparent().remove(block)
        self._fill(texts, [])

    def _fill(self, texts: dict[str, Any], front: list[Element]) -> None:
        values = {name: filling(texts) for name, filling in _FILLINGS.items()}
        for part in (*front, *_margins(self.document)):
            _fill(part, values)


def open_template() -> Template:
    """The template of the settings, else our own. Raises TemplateUnusable."""
    path = settings.REPORT_TEMPLATE or OWN
    try:
        document = docx.Document(str(path))
    except (PackageNotFoundError, ValueError, KeyError) as error:
        raise TemplateUnusable(path, ["Wordの文書（.docx）として開けません。"]) from error
    # The blocks of the first section.
    front = document.element.body.xpath("*[not(preceding-sibling::w:p/w:pPr/w:sectPr)]")
    template = Template(
        document, front, _style_ids(document), _samples(document), _later_sections(document)
    )
    if problems := _problems(template):
        raise TemplateUnusable(path, problems)
    document.element.body[:] = front
    return template


def _problems(template: Template) -> list[str]:
    """What of a template is missing or unknown, each in a sentence."""
    document, styles, samples = template.document, template.styles, template.samples
    problems = []

    def need(is_met: object, otherwise: str) -> None:
        if not is_met:
            problems.append(otherwise)

    for name, shown in _STYLES.items():
        need(name in styles, f"スタイル「{shown}」がありません。")
    is_numbered = _NUMBERED not in styles or _list_of(document, styles[_NUMBERED])
    need(is_numbered, f"スタイル「{_STYLES[_NUMBERED]}」に、番号の書式がありません。")
    for name, kind in _SAMPLES.items():
        need(kind in samples, f"左上のセルに {name} とある、2行2列の見本の表がありません。")
        repeats = kind not in samples or samples[kind].table.xpath("w:tr[1]/w:trPr/w:tblHeader")
        need(repeats, f"{name} の表の1行目が、タイトル行の繰り返しになっていません。")
    for is_wide, direction in ((False, "縦"), (True, "横")):
        there = is_wide in template.pages
        need(there, f"表紙と目次の後に、用紙の向きが{direction}のセクションがありません。")
    for number, section in enumerate(document.sections, start=1):
        need(
            all(_DRAFT in _names_in(head) for head in _heads(section, document)),
            f"セクション{number}に、{_DRAFT} のないヘッダーがあります"
            "（案であることは、どのページにも示します）。",
        )
    is_there = _CONTENTS in _names_in(*template.front)
    need(is_there, f"最初のセクションに、{_CONTENTS} の段落がありません。")
    for name in _names_in(document.element.body, *_margins(document)):
        need(name in _FILLINGS | _SAMPLES, f"{name} に入れるものはありません。")
    return problems


def _heads(section: Section, document: Document) -> list[Element]:
    """The heads that the pages of a section have."""
    heads = (
        (section.header, True),
        (section.first_page_header, section.different_first_page_header_footer),
        (section.even_page_header, document.settings.odd_and_even_pages_header_footer),
    )
    return [head.part.element for head, is_shown in heads if is_shown]


def _margins(document: Document) -> list[Element]:
    """The heads and feet of all pages."""
    others = document.part.related_parts.values()
    return [one.element for one in others if isinstance(one, HeaderPart | FooterPart)]


def _style_ids(document: Document) -> dict[str, str]:
    """The ids by name. A program other than Word may write a name of Word's in capitals."""
    found = {style.name_val.lower(): style.styleId for style in document.styles.element.style_lst}
    return {name: found[name.lower()] for name in _STYLES if name.lower() in found}


def _list_of(document: Document, style: str) -> int:
    """The list that numbers the paragraphs of a style, by its id; 0 where none does."""
    named = document.styles.element.get_by_id(style)
    found = named.xpath("w:pPr/w:numPr/w:numId/@w:val")
    return int(found[0]) if found else 0


def _samples(document: Document) -> dict[bool, Sample]:
    """The tables of two rows of two cells, by what the name in their first cell says of them."""
    return {
        _SAMPLES[name]: Sample(table, document)
        for table in document.element.body.iter(f"{WORD}tbl")
        if [len(row.tc_lst) for row in table.tr_lst] == [2, 2]
        for name in _names_in(table.tr_lst[0].tc_lst[0])
        if name in _SAMPLES
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


def _names_in(*parts: Element) -> list[str]:
    """The names in parts of a template, each once."""
    typed = (_typed(paragraph) for part in parts for paragraph in part.iter(f"{WORD}p"))
    found = (name.replace(_SEAM, "") for text in typed for name in _NAME.findall(text))
    return list(dict.fromkeys(found))


def _typed(paragraph: Element) -> str:
    return _SEAM.join(one.text or "" for one in paragraph.iter(f"{WORD}t"))


def _fill(part: Element, values: Mapping[str, str]) -> None:
    """Put values in place of names; a name split over several runs has the looks of the first.

    A run of which nothing is left is taken out, and on the cover a paragraph.
    """

    def filled(found: re.Match[str]) -> str:
        value = values.get(found[0].replace(_SEAM, ""))
        return (
            found[0] if value is None else without_forbidden(value) + _SEAM * found[0].count(_SEAM)
        )

    for paragraph in list(part.iter(f"{WORD}p")):
        typed = _typed(paragraph)
        text = _NAME.sub(filled, typed)
        if text != typed:
            _retype(paragraph, text.split(_SEAM))


def _retype(paragraph: Element, texts: list[str]) -> None:
    """Give the stretches of a paragraph's text another one each; what is left empty goes."""
    for shown, text in zip(list(paragraph.iter(f"{WORD}t")), texts, strict=True):
        shown.getparent().replace(shown, w("t", text))
    for path in _LEFT_EMPTY:
        for empty in paragraph.xpath(path):
            empty.getparent().remove(empty)
