"""Reads an XLSX: which sheets it has, and their cells with what their formatting means.

Part by part with the standard library: docs/decisions.md says why by no library.
"""

import posixpath
from collections.abc import Iterator
from typing import IO, NamedTuple

from common.spreadsheets.archive import TOO_LARGE, Archive, broken_refused
from common.spreadsheets.refusals import BROKEN, FileRefused
from common.spreadsheets.sheet import Sheet
from common.spreadsheets.sheet_part import Context, read_sheet_part
from common.spreadsheets.styles import cell_styles
from common.spreadsheets.texts import Text, text_of
from common.spreadsheets.xml_parts import elements, is_on, local_name

_CONTENTS = "[Content_Types].xml"
# Types of the part that names the sheets: of a workbook, of a template, of one for macros.
_WORKBOOK_TYPES = (
    "spreadsheetml.sheet.main+xml",
    "spreadsheetml.template.main+xml",
    "ms-excel.sheet.macroenabled.main+xml",
)
# Of all sheets; one may have 200,000 cells.
_MOST_STRINGS = 500_000


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

    @broken_refused()
    def __init__(self, content: bytes) -> None:
        self._archive = archive = Archive(content)
        part = {one.kind: one.part for one in _relations(archive, "")}["officeDocument"]
        if not _is_workbook(archive, part):
            raise FileRefused(BROKEN)
        relations = list(_relations(archive, part))
        # Sheets of charts and of old macros have no cells.
        parts = {one.id: one.part for one in relations if one.kind == "worksheet"}
        self.sheets: list[SheetName] = []
        since_1904 = False
        for found in elements(archive.part(part), ("workbookPr", "sheet")):
            named = {local_name(name): value for name, value in found.items()}
            if found.tag == "workbookPr":
                since_1904 = is_on(found, "date1904")
            elif own_part := parts.get(named.get("id", "")):
                is_visible = named.get("state", "visible") == "visible"
                self.sheets.append(SheetName(named.get("name", ""), is_visible, own_part))
        others = {one.kind: one.part for one in relations}
        strings, styles = others.get("sharedStrings"), others.get("styles")
        self._context = Context(
            _shared_strings(archive.part(strings)) if strings else [],
            cell_styles(archive.part(styles)) if styles else [],
            since_1904,
            {},
        )

    def read(self, sheet: SheetName) -> Sheet:
        """The cells of one of `sheets`; where there are several, a refusal names it."""
        try:
            with broken_refused():
                found = read_sheet_part(sheet.name, self._archive.part(sheet.part), self._context)
        except FileRefused as refused:
            if len(self.sheets) == 1:
                raise
            raise FileRefused(f"シート「{sheet.name}」：{refused}") from None
        if len(self.sheets) > 1:
            found.where = f"シート「{sheet.name}」の"
        return found


def _shared_strings(part: IO[bytes]) -> list[Text]:
    """The table of strings that cells refer to."""
    strings: list[Text] = []
    for found in elements(part, ("si",)):
        if len(strings) == _MOST_STRINGS:
            raise FileRefused(TOO_LARGE)
        strings.append(text_of(found))
    return strings


def _relations(archive: Archive, part: str) -> Iterator[_Relation]:
    """What a part refers to, by the part beside it; `part` empty for the whole archive."""
    folder, name = posixpath.split(part)
    beside = archive.part(posixpath.join(folder, "_rels", f"{name}.rels"))
    for found in elements(beside, ("Relationship",)):
        if found.get("TargetMode") != "External":
            target = posixpath.join("/", folder, found.get("Target", ""))
            yield _Relation(
                found.get("Id", ""),
                found.get("Type", "").rpartition("/")[2],
                posixpath.normpath(target).lstrip("/"),
            )


def _is_workbook(archive: Archive, part: str) -> bool:
    """Whether the archive's table of contents says that a part names the sheets of a workbook."""
    types = {
        found.get("PartName", "").lstrip("/").lower(): found.get("ContentType", "").lower()
        for found in elements(archive.part(_CONTENTS), ("Override",))
    }
    return types.get(part.lower(), "").endswith(_WORKBOOK_TYPES)
