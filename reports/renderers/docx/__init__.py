"""The annual report as a Word document that staff can go on editing.

A template gives the looks (`template`), `reports.renderers.content` the texts, which are those of
the PDF.
"""

import io
import zipfile
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from docx.document import Document
from lxml import etree

from reports.annual.document import AnnualReport
from reports.renderers.content import report_content
from reports.renderers.docx import names
from reports.renderers.docx.chapters import write_annex, write_guide, write_project, write_summary
from reports.renderers.docx.elements import WORD, Element, legal
from reports.renderers.docx.manuscript import Manuscript
from reports.renderers.docx.pictures import project_pictures
from reports.renderers.docx.template import Template, front_of, margin_parts, open_template

_FIRST_ZIP_YEAR = 1980
# Word's limit for a property.
_MOST_CHARACTERS = 255
_PROPERTIES_OF_OFFICE = (
    "http://schemas.openxmlformats.org/officedocument/2006/relationships/metadata/core-properties"
)


def render_docx(report: AnnualReport) -> bytes:
    """The report as DOCX; the same report in the same template always gives the same bytes.

    Raises TemplateUnusable where the settings' template lacks something.
    """
    texts = report_content(report)
    template = open_template()
    manuscript = Manuscript(template)
    write_guide(manuscript, texts)
    write_summary(manuscript, texts)
    for project, pictures in zip(texts["projects"], project_pictures(report), strict=True):
        write_project(manuscript, project, pictures, texts)
    write_annex(manuscript, texts)
    _fill_front(template, manuscript, texts)
    _describe(template, report, texts)
    return _packed(template.document, manuscript.finished(), report.made_at)


def _fill_front(template: Template, manuscript: Manuscript, texts: dict[str, Any]) -> None:
    """Leave cover and contents of the template, and fill them in; heads and feet, too."""
    body = template.document.element.body
    body[:] = front_of(template.document)
    place = next(block for block in body if names.CONTENTS in names.names_in(block))
    values = names.values(texts)
    for part in (body, *(margin.element for margin in margin_parts(template.document))):
        names.fill(part, values)
    for entry in manuscript.contents():
        place.addprevious(entry)
    names.fill(place, {names.CONTENTS: ""})
    # An update of fields on opening would ask a question.
    for asked in template.document.settings.element.findall(f"{WORD}updateFields"):
        asked.getparent().remove(asked)


def _describe(template: Template, report: AnnualReport, texts: dict[str, Any]) -> None:
    """Set what the file says about itself."""
    relations = template.document.part.package.rels
    # LibreOffice writes a kind of its own, by which python-docx wouldn't find the properties.
    for name in [name for name, one in relations.items() if one.reltype == _PROPERTIES_OF_OFFICE]:
        del relations[name]
    about = template.document.core_properties
    about.title = _property(f"{texts['strategy']}　{texts['title']}")
    about.author = about.last_modified_by = _property(texts["municipality"])
    about.keywords = _property(f"総合戦略、進捗状況、{texts['fiscal_year']}、{texts['edition']}")
    about.comments = ""
    about.language = "ja-JP"
    about.created = about.modified = report.made_at.astimezone(UTC)


def _property(text: str) -> str:
    return legal(text)[:_MOST_CHARACTERS]


def _packed(document: Document, text: Iterable[Element], made_at: datetime) -> bytes:
    """The document's file with a text behind what is in its body, dated to the report's making.

    python-docx would date it by the clock, and keep the text in memory until the next collection
    of garbage, as its parts refer to each other: some 60 MB for 600 KPIs.
    """
    saved, dated = io.BytesIO(), io.BytesIO()
    document.save(saved)
    made = max(made_at.timetuple()[:6], (_FIRST_ZIP_YEAR, 1, 1, 0, 0, 0))
    with zipfile.ZipFile(saved) as parts, zipfile.ZipFile(dated, "w") as archive:
        for name in parts.namelist():
            data = parts.read(name)
            if name == document.part.partname.membername:
                data = _continued(data, text)
            how = zipfile.ZIP_STORED if name.endswith(".png") else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name, made), data, how)
    return dated.getvalue()


def _continued(part: bytes, text: Iterable[Element]) -> bytes:
    root = etree.fromstring(part)
    root.find(f"{WORD}body").extend(text)
    written: bytes = etree.tostring(root, encoding="UTF-8", standalone=True)
    return written
