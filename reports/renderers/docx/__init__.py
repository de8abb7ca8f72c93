"""The annual report as a Word document that staff can go on editing.

A template gives the looks (`template`), `reports.renderers.content` the texts, which are those of
the PDF.
"""

import io
import zipfile
from datetime import UTC, datetime
from typing import Any

from docx.document import Document

from reports.annual.document import AnnualReport
from reports.renderers.content import report_content
from reports.renderers.docx.chapters import write_annex, write_guide, write_project, write_summary
from reports.renderers.docx.manuscript import Manuscript
from reports.renderers.docx.pictures import project_pictures
from reports.renderers.docx.template import open_template

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
    write_guide(manuscript, texts["guide"])
    write_summary(manuscript, texts["summary"])
    for project, pictures in zip(texts["projects"], project_pictures(report), strict=True):
        write_project(manuscript, project, pictures, report.words)
    write_annex(manuscript, texts["annex"])
    template.fill(texts, manuscript.contents())
    _describe(template.document, texts, report.made_at)
    return _packed(template.document, report.made_at)


def _describe(document: Document, texts: dict[str, Any], made_at: datetime) -> None:
    """Set what the file says about itself, and that it asks nothing when it is opened."""
    relations = document.part.package.rels
    # LibreOffice writes a kind of its own, by which python-docx wouldn't find the properties.
    for name in [name for name, one in relations.items() if one.reltype == _PROPERTIES_OF_OFFICE]:
        del relations[name]
    about = document.core_properties
    about.title = f"{texts['strategy']}　{texts['title']}"
    about.author = about.last_modified_by = texts["municipality"]
    about.keywords = f"総合戦略、進捗状況、{texts['fiscal_year']}、{texts['edition']}"
    about.comments = ""
    about.language = "ja-JP"
    about.created = about.modified = made_at.astimezone(UTC)
    # Word would ask whether to update the fields.
    document.settings.element.remove_all("w:updateFields")


def _packed(document: Document, made_at: datetime) -> bytes:
    """The document's file, dated to the report's making: python-docx dates it by the clock."""
    saved, dated = io.BytesIO(), io.BytesIO()
    document.save(saved)
    # python-docx's parts refer to each other, so that the text (some 60 MB for 600 KPIs) would
    # stay until the next collection of garbage.
    document.element.body.clear()
    with zipfile.ZipFile(saved) as parts, zipfile.ZipFile(dated, "w") as archive:
        for name in parts.namelist():
            how = zipfile.ZIP_STORED if name.endswith(".png") else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name, made_at.timetuple()[:6]), parts.read(name), how)
    return dated.getvalue()
