"""The {{names}} of a template, which stand where something of the report comes."""

import re
from collections.abc import Mapping
from operator import itemgetter

from reports.renderers.docx.elements import WORD, Element, legal, w

CONTENTS, PLAIN_TABLE, DENSE_TABLE, DRAFT = "{{目次}}", "{{表}}", "{{指標表}}", "{{案}}"
_FICTITIOUS = "実績値はすべて架空（見本）"
# What stands for the names of cover, heads and feet, out of the report's texts.
FILLINGS = {
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
    DRAFT: lambda texts: f" {texts['edition']} " if texts["is_draft"] else "",
    "{{発行した版}}": lambda texts: "" if texts["is_draft"] else texts["edition"],
    "{{架空の注意}}": lambda texts: f"{_FICTITIOUS}です。" if texts["is_sample"] else "",
    "{{架空の印}}": lambda texts: _FICTITIOUS if texts["is_sample"] else "",
}
# Between the texts of a paragraph, over several of which Word may have split a name.
_SEAM = "\0"
_NAME = re.compile(r"\{\0*\{[^{}]*\}\0*\}")


def names_in(*parts: Element) -> list[str]:
    """The names in parts of a template, each once."""
    typed = (_typed(paragraph) for part in parts for paragraph in part.iter(f"{WORD}p"))
    found = (name.replace(_SEAM, "") for text in typed for name in _NAME.findall(text))
    return list(dict.fromkeys(found))


def fill(part: Element, values: Mapping[str, str]) -> None:
    """Put values in place of names; a name split over several runs has the looks of the first.

    A run of which nothing is left is taken out, and on the cover a paragraph.
    """

    def filled(found: re.Match[str]) -> str:
        value = values.get(found[0].replace(_SEAM, ""))
        return found[0] if value is None else legal(value) + _SEAM * found[0].count(_SEAM)

    for paragraph in list(part.iter(f"{WORD}p")):
        before = _typed(paragraph)
        after = _NAME.sub(filled, before)
        if after != before:
            _retype(paragraph, after.split(_SEAM))


def _typed(paragraph: Element) -> str:
    return _SEAM.join(one.text or "" for one in paragraph.iter(f"{WORD}t"))


def _retype(paragraph: Element, texts: list[str]) -> None:
    """Give the stretches of a paragraph's text another one each; what is left empty goes."""
    for shown, text in zip(list(paragraph.iter(f"{WORD}t")), texts, strict=True):
        run = shown.getparent()
        if text:
            run.replace(shown, w("t", text))
        else:
            run.remove(shown)
        if not run.xpath("*[not(self::w:rPr)]"):
            run.getparent().remove(run)
    if paragraph.xpath("self::*[parent::w:body][not(w:pPr/w:sectPr)][not(*[not(self::w:pPr)])]"):
        paragraph.getparent().remove(paragraph)
