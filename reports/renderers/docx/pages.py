"""Pages: sizes, what stands in their margins, and the sections that differ in them."""

from dataclasses import dataclass
from typing import Any

from reports.renderers.docx import styles
from reports.renderers.docx.fields import page_count, page_number, section_title
from reports.renderers.docx.markup import Element, paragraph, related, run, tab, twips, w
from reports.renderers.docx.package import Package

# A4, millimetres.
_SHORT, _LONG = 210, 297
_SIDE = 17
_HEADER, _FOOTER = 12, 10


@dataclass(frozen=True, slots=True)
class Pages:
    """Pages of one kind: their relations' ids by (element, type), and whether on their side."""

    margins: tuple[tuple[str, str, str], ...]
    is_wide: bool = False
    has_cover: bool = False

    @property
    def room(self) -> int:
        """The width of the text in millimetres."""
        return styles.WIDE_TEXT_WIDTH if self.is_wide else styles.TEXT_WIDTH

    def section(self) -> Element:
        """The properties of a section of such pages, which begins on a new one."""
        short, long = twips(_SHORT), twips(_LONG)
        size = (
            w("pgSz", w=long, h=short, orient="landscape")
            if self.is_wide
            else w("pgSz", w=short, h=long)
        )
        margins = w(
            "pgMar",
            top=twips(styles.MARGIN_TOP),
            right=twips(_SIDE),
            bottom=twips(styles.MARGIN_BOTTOM),
            left=twips(_SIDE),
            header=twips(_HEADER),
            footer=twips(_FOOTER),
            gutter=0,
        )
        references = [related(w(tag, type=kind), to) for tag, kind, to in self.margins]
        cover = [w("titlePg")] if self.has_cover else []
        return w(
            "sectPr", *references, w("type", val="nextPage"), size, margins, w("cols", space=720),
            *cover,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Layout:
    """The report's kinds of pages: its front (cover and contents), upright ones, wide ones."""

    front: Pages
    upright: Pages
    wide: Pages


def make_layout(package: Package, texts: dict[str, Any]) -> Layout:
    """Write the headers and footers into the package, and say which pages have which."""
    blank = package.add_footer(w("ftr", paragraph(styles.FOOTER)))
    foot = package.add_footer(_footer(styles.FOOTER, texts))
    cover = package.add_header(w("hdr", paragraph(styles.COVER_HEADER, _edition(texts))))
    contents = package.add_header(_header(styles.HEADER, texts, run("目次")))
    head = package.add_header(_header(styles.HEADER, texts, *section_title()))
    wide_head = package.add_header(_header(styles.WIDE_HEADER, texts, *section_title()))
    wide_foot = package.add_footer(_footer(styles.WIDE_FOOTER, texts))
    return Layout(
        front=Pages(
            (
                ("headerReference", "first", cover),
                ("headerReference", "default", contents),
                ("footerReference", "first", blank),
                ("footerReference", "default", foot),
            ),
            has_cover=True,
        ),
        upright=Pages((("headerReference", "default", head), ("footerReference", "default", foot))),
        wide=Pages(
            (("headerReference", "default", wide_head), ("footerReference", "default", wide_foot)),
            is_wide=True,
        ),
    )


def _header(style: str, texts: dict[str, Any], *place: Element) -> Element:
    """The report's title, where one is in it and, on the right, the edition."""
    return w("hdr", paragraph(style, texts["title"], tab(), *place, "　", _edition(texts)))


def _edition(texts: dict[str, Any]) -> Element:
    """案, framed; or the edition."""
    if texts["is_draft"]:
        return run(f" {texts['edition']} ", styles.DRAFT_MARK)
    return run(texts["edition"])


def _footer(style: str, texts: dict[str, Any]) -> Element:
    """Whether the figures are fictitious, and the page."""
    note = "実績値はすべて架空（見本）" if texts["is_sample"] else ""
    return w("ftr", paragraph(style, note, tab(), *page_number(), " / ", *page_count()))
