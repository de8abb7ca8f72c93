"""Reads an XLSX: which sheets it has, and their cells with what their formatting means.

By expat and the local names of elements (`xml_parts`): docs/decisions.md says why by no library.
"""

import posixpath
from typing import NamedTuple

from common.spreadsheets.archive import Archive
from common.spreadsheets.refusals import BROKEN, FileRefused
from common.spreadsheets.rich_text import shared_strings
from common.spreadsheets.sheet import Sheet
from common.spreadsheets.sheet_part import Context, read_sheet_part
from common.spreadsheets.styles import cell_styles
from common.spreadsheets.xml_parts import Attributes, is_on, local_name, walk

_CONTENTS = "[Content_Types].xml"
# Types of the part that names the sheets: of a workbook, of a template, of one for macros.
_WORKBOOK_TYPES = (
    "spreadsheetml.sheet.main+xml",
    "spreadsheetml.template.main+xml",
    "ms-excel.sheet.macroenabled.main+xml",
)


class SheetName(NamedTuple):
    """A sheet of cells by its name, whether people see its tab, and its part in the archive."""

    name: str
    is_visible: bool
    part: str


class _Relation(NamedTuple):
    """What a part refers to: by which id, as what (the last word of its type), which part."""

    id: str
    kind: str
    part: str


class Workbook:
    """The sheets of an XLSX, in the order of their tabs. Raises FileRefused."""

    def __init__(self, content: bytes) -> None:
        self._archive = Archive(content)
        part = _part_of(_relations(self._archive, ""), "officeDocument")
        if part is None or not _is_workbook(self._archive, part):
            raise FileRefused(BROKEN)
        self._relations = _relations(self._archive, part)
        self._since_1904 = False
        self.sheets: list[SheetName] = []
        starts = {"workbookPr": self._start_properties, "sheet": self._start_sheet}
        walk(self._archive.pieces(part), starts, {})
        strings = _part_of(self._relations, "sharedStrings")
        styles = _part_of(self._relations, "styles")
        self._context = Context(
            shared_strings(self._archive.pieces(strings)) if strings else [],
            cell_styles(self._archive.pieces(styles)) if styles else [],
            self._since_1904,
        )

    def read(self, sheet: SheetName) -> Sheet:
        """The cells of one of `sheets`; where there are several, a refusal names it."""
        try:
            found = read_sheet_part(sheet.name, self._archive.pieces(sheet.part), self._context)
        except FileRefused as refused:
            if len(self.sheets) == 1:
                raise
            raise FileRefused(f"シート「{sheet.name}」：{refused}") from None
        if len(self.sheets) > 1:
            found.where = f"シート「{sheet.name}」の"
        return found

    def _start_properties(self, attributes: Attributes) -> None:
        self._since_1904 = is_on(attributes, "date1904", default="0")

    def _start_sheet(self, attributes: Attributes) -> None:
        named = {local_name(name): value for name, value in attributes.items()}
        # Sheets of charts and of old macros have no cells.
        parts = [
            one.part
            for one in self._relations
            if one.id == named.get("id") and one.kind == "worksheet"
        ]
        if parts:
            is_visible = named.get("state", "visible") == "visible"
            self.sheets.append(SheetName(named.get("name", ""), is_visible, parts[0]))


def _relations(archive: Archive, part: str) -> list[_Relation]:
    """What a part refers to, by the part beside it; `part` empty for the whole archive."""
    folder, name = posixpath.split(part)
    found: list[_Relation] = []

    def start(attributes: Attributes) -> None:
        target = attributes.get("Target", "")
        if attributes.get("TargetMode") != "External":
            found.append(
                _Relation(
                    attributes.get("Id", ""),
                    attributes.get("Type", "").rpartition("/")[2],
                    posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/"),
                )
            )

    walk(
        archive.pieces(posixpath.join(folder, "_rels", f"{name}.rels")), {"Relationship": start}, {}
    )
    return found


def _part_of(relations: list[_Relation], kind: str) -> str | None:
    """The part referred to as `kind`; None where there is none."""
    return next((one.part for one in relations if one.kind == kind), None)


def _is_workbook(archive: Archive, part: str) -> bool:
    """Whether the archive's table of contents says that a part names the sheets of a workbook."""
    types: dict[str, str] = {}

    def start(attributes: Attributes) -> None:
        name = attributes.get("PartName", "").lstrip("/").lower()
        types[name] = attributes.get("ContentType", "").lower()

    walk(archive.pieces(_CONTENTS), {"Override": start}, {})
    return types.get(part.lower(), "").endswith(_WORKBOOK_TYPES)
