"""The annual report as a Word document that staff can go on editing.

A template gives the looks (`template`), `reports.renderers.content` the texts, which are those of
the PDF.
"""

from reports.annual.document import AnnualReport
from reports.renderers.content import report_content
from reports.renderers.docx.chapters import (
    write_annex,
    write_goals,
    write_guide,
    write_project,
    write_summary,
)
from reports.renderers.docx.manuscript import Manuscript
from reports.renderers.docx.packing import describe, packed
from reports.renderers.docx.pictures import project_pictures
from reports.renderers.docx.template import open_template


def render_docx(report: AnnualReport) -> bytes:
    """The report as DOCX; the same report in the same template always gives the same bytes.

    Raises TemplateUnusable where the settings' template lacks something.
    """
    texts = report_content(report)
    template = open_template()
    manuscript = Manuscript(template)
    write_guide(manuscript, texts["guide"])
    write_summary(manuscript, texts["summary"], has_goals_alone=report.has_goals_alone)
    if texts["goals"]:
        write_goals(manuscript, texts["goals"], report.words)
    for project, pictures in zip(texts["projects"], project_pictures(report), strict=True):
        write_project(manuscript, project, pictures, report.words)
    write_annex(manuscript, texts["annex"])
    template.fill(texts, manuscript.contents())
    describe(template.document, texts, report.made_at)
    return packed(template.document, report.made_at)
