"""Charts as pictures for Word, which takes no SVG that older versions could read."""

from functools import lru_cache

from kpis.charts.svg import drawing_library
from reports.annual_report import AnnualReport
from reports.renderers.content.project import project_charts
from reports.renderers.printable import printable

# Pictures that a process keeps, each of some 70 kB.
_KEPT_PICTURES = 128
# Of a chart's pixels: some 200 dots an inch across the page.
_SCALE = 2
# Black texts must stay readable where Word shows pages in dark.
_PAPER = '<rect width="100%" height="100%" fill="#FFFFFF"/>'


def project_pictures(report: AnnualReport) -> list[list[bytes]]:
    """The PNGs of each project's charts, in the order of its `charts` in the report's texts.

    What the charts' font can't show is drawn as 〓, as in the PDF.
    """
    shown, _replaced = printable(report)
    return [
        [as_png(chart.draw(shown).decode()) for chart in project_charts(project, shown)]
        for project in shown.projects
    ]


@lru_cache(maxsize=_KEPT_PICTURES)
def as_png(svg: str) -> bytes:
    """A chart on white; the same chart is drawn only once."""
    head, bracket, rest = svg.partition(">")
    return drawing_library().svg_to_png(f"{head}{bracket}{_PAPER}{rest}", scale=_SCALE)
