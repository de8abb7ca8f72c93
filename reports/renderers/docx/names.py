"""The {{names}} of a template, which stand where something of the report comes."""

import re
from collections.abc import Iterable
from typing import Any

from reports.renderers.docx.elements import SPACE, WORD, Element, legal

CONTENTS, PLAIN_TABLE, DENSE_TABLE = "目次", "表", "指標表"
DRAFT, ISSUED, SAMPLE_NOTICE, SAMPLE_MARK = "案", "発行した版", "架空の注意", "架空の印"
_FROM_TEXTS = {
    "総合戦略": "strategy",
    "題名": "title",
    "年度": "fiscal_year",
    "報告書名": "name",
    "対象年度": "full_year",
    "計画期間": "period",
    "版": "edition",
    "作成日": "date",
    "団体名": "municipality",
    "担当課": "office",
}
# What the cover, heads and feet may name.
FILLED = (*_FROM_TEXTS, DRAFT, ISSUED, SAMPLE_NOTICE, SAMPLE_MARK)
_NAME = re.compile(r"\{\{(.*?)\}\}")


def values(texts: dict[str, Any]) -> dict[str, str]:
    """What stands for each of `FILLED` in a report, by its texts."""
    edition, is_draft = texts["edition"], texts["is_draft"]
    fictitious = "実績値はすべて架空（見本）" if texts["is_sample"] else ""
    return {name: texts[key] for name, key in _FROM_TEXTS.items()} | {
        DRAFT: f" {edition} " if is_draft else "",
        ISSUED: "" if is_draft else edition,
        SAMPLE_NOTICE: fictitious and f"{fictitious}です。",
        SAMPLE_MARK: fictitious,
    }


def written(name: str) -> str:
    """A name as it stands in a template."""
    return f"{{{{{name}}}}}"


def names_in(part: Element) -> list[str]:
    """The names in a part of a template."""
    paragraphs = part.iter(f"{WORD}p")
    return [name for one in paragraphs for name in _NAME.findall(_text(one.iter(f"{WORD}t")))]


def fill(part: Element, values: dict[str, str]) -> None:
    """Put values in place of the names of a cover, head or foot.

    Word may split a name over several runs: its value has the looks of the first. A run of which
    nothing is left is taken out, and on the cover a paragraph.
    """
    for paragraph in list(part.iter(f"{WORD}p")):
        shown = list(paragraph.iter(f"{WORD}t"))
        found = [match for match in _NAME.finditer(_text(shown)) if match[1] in values]
        for match in reversed(found):
            _replace(shown, match.start(), match.end(), legal(values[match[1]]))
        for empty in [one for one in shown if found and not one.text]:
            run = empty.getparent()
            run.remove(empty)
            if all(left.tag == f"{WORD}rPr" for left in run):
                run.getparent().remove(run)
        is_bare = len(paragraph) == 1 and paragraph[0].find(f"{WORD}sectPr") is None
        if found and is_bare and paragraph.getparent().tag == f"{WORD}body":
            paragraph.getparent().remove(paragraph)


def _replace(shown: Iterable[Element], start: int, end: int, text: str) -> None:
    """Put a text in place of characters that may be spread over several elements."""
    at = 0
    for one in shown:
        own = one.text or ""
        first, last = max(start - at, 0), max(end - at, 0)
        at += len(own)
        if first < len(own) and last:
            one.text = own[:first] + text + own[last:]
            one.set(SPACE, "preserve")
            text = ""


def _text(shown: Iterable[Element]) -> str:
    return "".join(one.text or "" for one in shown)
