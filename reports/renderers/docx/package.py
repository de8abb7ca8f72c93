"""The file: a package of parts, written so that the same report always gives the same bytes."""

import io
import zipfile
from collections.abc import Iterable
from datetime import UTC, datetime

from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PACKAGE_URI, PackURI
from docx.opc.part import Part, XmlPart
from docx.package import Package as WordPackage
from lxml import etree

from reports.renderers.docx.markup import Element, legal, w
from reports.renderers.docx.numbering import numbering
from reports.renderers.docx.style_sheet import style_sheet
from reports.renderers.docx.styles import JAPANESE_FONT, LANGUAGE, LATIN_FONT

# Word's limit for a property.
_MOST_CHARACTERS = 255
_WORD_2013 = 15
_FIRST_ZIP_YEAR = 1980
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"


class Package:
    """A document with its styles, lists, fonts and settings, made from nothing.

    python-docx's own template would bring a Western theme, hundreds of styles and a thumbnail.
    """

    def __init__(self) -> None:
        self.body = w("body")
        self.lists = numbering()
        self._package = WordPackage()
        self._document = XmlPart(
            PackURI("/word/document.xml"),
            CONTENT_TYPE.WML_DOCUMENT_MAIN,
            w("document", self.body),
            self._package,
        )
        self._package.relate_to(self._document, RELATIONSHIP_TYPE.OFFICE_DOCUMENT)
        self._margins = self._pictures = 0
        for name, kind, relation, element in (
            ("styles", CONTENT_TYPE.WML_STYLES, RELATIONSHIP_TYPE.STYLES, style_sheet()),
            ("numbering", CONTENT_TYPE.WML_NUMBERING, RELATIONSHIP_TYPE.NUMBERING, self.lists),
            ("settings", CONTENT_TYPE.WML_SETTINGS, RELATIONSHIP_TYPE.SETTINGS, _settings()),
            ("fontTable", CONTENT_TYPE.WML_FONT_TABLE, RELATIONSHIP_TYPE.FONT_TABLE, _fonts()),
        ):
            self._add(name, kind, relation, element)

    def add_header(self, element: Element) -> str:
        """Add a header and return its relation's id."""
        return self._add_margin("header", element)

    def add_footer(self, element: Element) -> str:
        """Add a footer and return its relation's id."""
        return self._add_margin("footer", element)

    def add_picture(self, png: bytes) -> str:
        """Add a picture and return its relation's id."""
        self._pictures += 1
        name = PackURI(f"/word/media/image{self._pictures}.png")
        part = Part(name, CONTENT_TYPE.PNG, png, self._package)
        return self._document.relate_to(part, RELATIONSHIP_TYPE.IMAGE)

    def describe(self, *, title: str, author: str, keywords: str, made_at: datetime) -> None:
        """Set what the file says about itself."""
        about = self._package.core_properties
        about.title, about.author, about.keywords = (
            legal(text)[:_MOST_CHARACTERS] for text in (title, author, keywords)
        )
        about.last_modified_by = about.author
        about.comments = ""
        about.language = LANGUAGE
        about.created = about.modified = made_at.astimezone(UTC)

    def write(self, made_at: datetime) -> bytes:
        """The file's bytes: its parts in a fixed order, dated to the report's making.

        The package is empty afterwards.
        """
        parts = sorted(self._package.iter_parts(), key=lambda part: part.partname)
        files = [("[Content_Types].xml", _content_types(parts))]
        files.append((PACKAGE_URI.rels_uri.membername, self._package.rels.xml))
        for part in parts:
            files.append((part.partname.membername, part.blob))
            if part.rels:
                files.append((part.partname.rels_uri.membername, part.rels.xml))
        made = max(made_at.timetuple()[:6], (_FIRST_ZIP_YEAR, 1, 1, 0, 0, 0))
        written = io.BytesIO()
        with zipfile.ZipFile(written, "w") as archive:
            for name, data in files:
                entry = zipfile.ZipInfo(name, made)
                is_packed = name.endswith(".png")
                entry.compress_type = zipfile.ZIP_STORED if is_packed else zipfile.ZIP_DEFLATED
                archive.writestr(entry, data)
        # Package and parts refer to each other: without this the text stays until the next
        # collection of garbage, some 100 MB for 600 KPIs.
        self.body.clear()
        return written.getvalue()

    def _add_margin(self, kind: str, element: Element) -> str:
        self._margins += 1
        types = {
            "header": (CONTENT_TYPE.WML_HEADER, RELATIONSHIP_TYPE.HEADER),
            "footer": (CONTENT_TYPE.WML_FOOTER, RELATIONSHIP_TYPE.FOOTER),
        }
        return self._add(f"{kind}{self._margins}", *types[kind], element)

    def _add(self, name: str, content_type: str, relation: str, element: Element) -> str:
        part = XmlPart(PackURI(f"/word/{name}.xml"), content_type, element, self._package)
        return self._document.relate_to(part, relation)


def _content_types(parts: Iterable[Part]) -> bytes:
    """What kind of part each file of the package is."""
    types = etree.Element(f"{{{_TYPES}}}Types", None, {None: _TYPES})
    for extension, kind in (
        ("rels", CONTENT_TYPE.OPC_RELATIONSHIPS),
        ("png", CONTENT_TYPE.PNG),
    ):
        named = {"Extension": extension, "ContentType": kind}
        etree.SubElement(types, f"{{{_TYPES}}}Default", named)
    for part in parts:
        if part.content_type != CONTENT_TYPE.PNG:
            named = {"PartName": part.partname, "ContentType": part.content_type}
            etree.SubElement(types, f"{{{_TYPES}}}Override", named)
    written: bytes = etree.tostring(types, encoding="UTF-8", standalone=True)
    return written


def _settings() -> Element:
    """Settings of today's Word (no compatibility mode), for Japanese."""
    uri = "http://schemas.microsoft.com/office/word"
    mode = w("compatSetting", name="compatibilityMode", uri=uri, val=_WORD_2013)
    return w(
        "settings",
        w("zoom", percent=100),
        w("defaultTabStop", val=840),
        w("characterSpacingControl", val="compressPunctuation"),
        w("compat", mode),
        w("themeFontLang", val="en-US", eastAsia=LANGUAGE),
        w("decimalSymbol", val="."),
        w("listSeparator", val=","),
    )


def _fonts() -> Element:
    """The fonts with their other names, and their kind for machines that lack them."""
    return w(
        "fonts",
        w(
            "font",
            w("altName", val="Yu Gothic"), w("charset", val="80"), w("family", val="modern"),
            w("pitch", val="variable"),
            name=JAPANESE_FONT,
        ),
        w(
            "font",
            w("charset", val="00"), w("family", val="swiss"), w("pitch", val="variable"),
            name=LATIN_FONT,
        ),
    )  # fmt: skip
