"""Charts as pictures for Word, which takes no SVG that its older versions could read.

Typst draws them: it is there for the PDF, and has the charts' font and no other.
"""

from collections.abc import Callable
from functools import lru_cache

from common.fonts import typst_fonts
from reports.annual.document import AnnualReport
from reports.renderers.content.project import project_charts
from reports.renderers.printable import printable

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
    import typst  # noqa: PLC0415 (heavy: loaded with the first PDF or Word file)

    # Its own types don't know yet that it takes several files.
    draw: Callable[..., bytes] = typst.compile
    return draw(
        {"main.typ": _PAGE, "chart.svg": svg},
        font_paths=typst_fonts(),
        ignore_system_fonts=True,
        format="png",
        ppi=_DOTS_AN_INCH,
    )
