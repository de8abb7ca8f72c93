"""新旧対照表 as a Word document, in the looks of the report's template and on wide pages."""

from common.fiscal_year import wareki, wareki_date, wareki_with_western
from reports.annual.old_and_new import OldAndNew
from reports.renderers.clean_text import clean_line
from reports.renderers.content.old_and_new import facts_of, lead_of, table_of
from reports.renderers.docx.manuscript import Manuscript
from reports.renderers.docx.packing import describe, packed
from reports.renderers.docx.template import open_template


def render_old_and_new_docx(document: OldAndNew) -> bytes:
    """The document as DOCX; the same document in the same template always gives the same bytes.

    Raises TemplateUnusable where the settings' template lacks something.
    """
    template = open_template()
    manuscript = Manuscript(template, is_wide=True)
    manuscript.heading(1, document.title)
    for label, lines in facts_of(document):
        manuscript.item(label, lines)
    manuscript.table(table_of(document), lead=lead_of(document))
    texts = _texts(document)
    template.fill_without_front(texts)
    describe(template.document, texts, document.made_at)
    return packed(template.document, document.made_at)


def _texts(document: OldAndNew) -> dict[str, str | bool]:
    """What a template may name in its heads and feet."""
    years = [one.fiscal_year for one in document.years]
    return {
        "title": document.title,
        "name": document.title,
        "strategy": clean_line(document.strategy_name),
        "municipality": clean_line(document.municipality),
        "office": clean_line(document.office),
        "fiscal_year": "、".join(map(wareki, years)),
        "full_year": "、".join(map(wareki_with_western, years)),
        "period": "",
        "date": wareki_date(document.made_at.date()),
        "edition": document.edition_label,
        "is_draft": document.is_draft,
        "fictitious": "実績値はすべて架空（見本）" if document.is_sample else "",
    }
