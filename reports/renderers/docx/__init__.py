"""The annual report as a Word document that staff can go on editing.

python-docx writes the package; its parts are made of the elements of `markup`, in styles of
our own (`style_sheet`). The texts are those of the PDF, written in
`reports.renderers.content`.
"""

from reports.annual.report import AnnualReport
from reports.renderers.content import report_content
from reports.renderers.docx.annex import write_annex
from reports.renderers.docx.front import contents, cover
from reports.renderers.docx.manuscript import Manuscript, end_section
from reports.renderers.docx.package import Package
from reports.renderers.docx.pages import make_layout
from reports.renderers.docx.pagination import pages_of_marks
from reports.renderers.docx.pictures import project_pictures
from reports.renderers.docx.project import write_project
from reports.renderers.docx.summary import write_guide, write_summary


def render_docx(report: AnnualReport) -> bytes:
    """The report as DOCX; the same report always gives the same bytes."""
    texts = report_content(report)
    package = Package()
    layout = make_layout(package, texts)

    manuscript = Manuscript(package, layout.upright)
    write_guide(manuscript, texts)
    write_summary(manuscript, texts)
    for project, pictures in zip(texts["projects"], project_pictures(report), strict=True):
        write_project(manuscript, project, pictures, texts, wide=layout.wide)
    write_annex(manuscript, texts, wide=layout.wide)

    listed = contents(manuscript.headings)
    front = [*cover(texts), *listed.blocks]
    end_section(front, layout.front)
    package.body.extend([*front, *manuscript.blocks, manuscript.pages.section()])
    listed.number(pages_of_marks(package.body))
    package.describe(
        title=f"{texts['strategy']}　{texts['title']}",
        author=texts["municipality"],
        keywords=f"総合戦略、進捗状況、{texts['fiscal_year']}、{texts['edition']}",
        made_at=report.made_at,
    )
    return package.write(report.made_at)
