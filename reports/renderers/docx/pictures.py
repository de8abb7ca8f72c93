"""Charts as pictures for Word, which takes no SVG that its older versions could read.

Typst draws them: it is there for the PDF, and has the charts' font and no other.
"""

from functools import lru_cache

from reports.annual.document import AnnualReport
from reports.renderers.content.project import project_charts
from reports.renderers.printable import printable
from reports.renderers.typesetting import typeset

# Pictures that a process keeps, of 20 to 150 kB each.
_KEPT_PICTURES = 128
# A page as wide as a chart is drawn, which is printed 176 mm wide: 208 dots an inch there. It
# is white, for black texts must stay readable where Word shows pages in dark.
_PAGE = (
    b"#set page(width: 720pt, height: auto, margin: 0pt, fill: white)\n"
    b'#image("chart.svg", width: 100%)'
)
_DOTS_AN_INCH = 144


def project_pictures(report: AnnualReport) -> list[list[bytes]]:
    """The pictures of each project's charts, in the order of its `charts` in the report's texts.

    What the charts' font can't show is drawn as 〓, as in the PDF.
    """
    shown, _replaced = printable(report)
    return [
        [drawn_as_picture(chart.draw(shown)) for chart in project_charts(project, shown)]
        for project in shown.projects
    ]


@lru_cache(maxsize=_KEPT_PICTURES)
def drawn_as_picture(svg: bytes) -> bytes:
    """A chart as PNG; the same chart is drawn only once."""
    files = {"main.typ": _PAGE, "chart.svg": svg}
    return typeset(files, format="png", ppi=_DOTS_AN_INCH)
