"""Charts as pictures for Word, which takes no SVG that its older versions could read."""

import struct
import zlib
from dataclasses import dataclass
from functools import lru_cache

from kpis.charts.svg import drawing_library
from reports.annual_report import AnnualReport
from reports.renderers.content.project import project_charts
from reports.renderers.printable import printable

# Pictures that a process keeps, of some 50 kB each.
_KEPT_PICTURES = 128
# Of a chart's pixels: some 200 dots an inch across the page.
_SCALE = 2
# Black texts must stay readable where Word shows pages in dark.
_PAPER = '<rect width="100%" height="100%" fill="#FFFFFF"/>'
_SIGNATURE = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG and its height as a share of its width."""

    png: bytes
    proportion: float


def project_pictures(report: AnnualReport) -> list[list[Picture]]:
    """The pictures of each project's charts, in the order of its `charts` in the report's texts.

    What the charts' font can't show is drawn as 〓, as in the PDF.
    """
    shown, _replaced = printable(report)
    return [
        [drawn_as_picture(chart.draw(shown).decode()) for chart in project_charts(project, shown)]
        for project in shown.projects
    ]


@lru_cache(maxsize=_KEPT_PICTURES)
def drawn_as_picture(svg: str) -> Picture:
    """A chart on white; the same chart is drawn only once."""
    head, bracket, rest = svg.partition(">")
    png = drawing_library().svg_to_png(f"{head}{bracket}{_PAPER}{rest}", scale=_SCALE)
    width, height = struct.unpack_from(">II", png, len(_SIGNATURE) + 8)
    return Picture(_packed(png), height / width)


def _packed(png: bytes) -> bytes:
    """The same picture in a third of the bytes: the library packs for speed."""
    chunks = []
    packed = b""
    at = len(_SIGNATURE)
    while at < len(png):
        length, kind = struct.unpack_from(">I4s", png, at)
        data = png[at + 8 : at + 8 + length]
        at += length + 12
        if kind == b"IDAT":
            packed += data
            continue
        if kind == b"IEND":
            chunks.append((b"IDAT", zlib.compress(zlib.decompress(packed))))
        chunks.append((kind, data))
    return _SIGNATURE + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
