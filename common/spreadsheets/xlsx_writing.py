"""Writes a table as an XLSX of one sheet: texts and numbers, the same bytes for the same table.

The few parts that such a file needs are written here: docs/decisions.md says why by no library.
"""

import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

from common.spreadsheets.escapes import as_written
from common.spreadsheets.sheet import column_letters
from common.spreadsheets.writing import Value, written_text

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
# Cell formats by number: of bare values; of a form's texts, headings, and both filled in.
_BARE, _TEXT = 0, 1
_HEADING, _FILLED = 1, 2
_FORMATS = (
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>',
    *(
        f'<xf numFmtId="49" fontId="{font}" fillId="{fill}" borderId="0" xfId="0"'
        ' applyNumberFormat="1" applyFont="1" applyFill="1" applyAlignment="1">'
        '<alignment vertical="top" wrapText="1"/></xf>'
        for fill in (0, 2)
        for font in (0, 1)
    ),
)
# The parts that are the same in every file.
_PARTS = {
    "[Content_Types].xml": (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/>'
        '<Override PartName="/docProps/core.xml"'
        ' ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
        "</Types>"
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
        '<Relationship Id="rId2"'
        f' Type="{_PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/>'
        "</Relationships>"
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/>'
        "</Relationships>"
    ),
    "xl/styles.xml": (
        f'<styleSheet xmlns="{_MAIN}">'
        '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
        '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
        '<fills count="3"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill>'
        '<fill><patternFill patternType="solid"><fgColor rgb="FFE8F1FE"/></patternFill></fill>'
        "</fills>"
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'
        "</cellStyleXfs>"
        f'<cellXfs count="5">{"".join(_FORMATS)}</cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
        "</styleSheet>"
    ),
}


class Column(NamedTuple):
    """A column of a form: its heading, its width in characters, and whether to fill it in."""

    heading: str
    width: int = 12
    is_filled_in: bool = False


def data_workbook(
    title: str, header: Sequence[str], rows: Iterable[Sequence[Value]], *, made_at: datetime
) -> bytes:
    """A table for machines: bare values, numbers as numbers, no formats."""
    lines = (
        _row(number, row, [_BARE] * len(row)) for number, row in enumerate((header, *rows), start=1)
    )
    return _package(title, f"<sheetData>{''.join(lines)}</sheetData>", made_at)


def form_workbook(
    title: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Value]],
    *,
    made_at: datetime,
    frozen_columns: int = 2,
) -> bytes:
    """A table for people to change: all cells are text, so that nothing typed becomes a date."""
    formats = [_TEXT + _FILLED * column.is_filled_in for column in columns]
    lines = [_row(1, [one.heading for one in columns], [_HEADING + one for one in formats])]
    lines += [_row(number, row, formats) for number, row in enumerate(rows, start=2)]
    widths = "".join(
        f'<col min="{at}" max="{at}" width="{column.width}" customWidth="1"/>'
        for at, column in enumerate(columns, start=1)
    )
    pane = (
        f'<pane xSplit="{frozen_columns}" ySplit="1" activePane="bottomRight" state="frozen"'
        f' topLeftCell="{column_letters(frozen_columns + 1)}2"/>'
    )
    return _package(
        title,
        f'<sheetViews><sheetView workbookViewId="0">{pane}</sheetView></sheetViews>'
        f"<cols>{widths}</cols><sheetData>{''.join(lines)}</sheetData>",
        made_at,
    )


def _row(number: int, values: Sequence[Value], formats: Sequence[int]) -> str:
    cells = "".join(
        _cell(f"{column_letters(at)}{number}", value, number_of_format)
        for at, (value, number_of_format) in enumerate(zip(values, formats, strict=True), start=1)
    )
    return f'<row r="{number}">{cells}</row>'


def _cell(reference: str, value: Value, number_of_format: int) -> str:
    """A cell; blank ones of a form are written too, for their format."""
    at = f'<c r="{reference}"' + (f' s="{number_of_format}"' if number_of_format else "")
    text = written_text(value)
    if not text:
        return f"{at}/>" if number_of_format else ""
    if number_of_format == _BARE and not isinstance(value, str):
        return f"{at}><v>{text}</v></c>"
    shown = escape(as_written(text))
    return f'{at} t="inlineStr"><is><t xml:space="preserve">{shown}</t></is></c>'


def _package(title: str, content: str, made_at: datetime) -> bytes:
    """The archive: the sheet with its title, and the parts that every file has."""
    parts = {
        **_PARTS,
        "docProps/core.xml": (
            f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties"'
            ' xmlns:dcterms="http://purl.org/dc/terms/"'
            ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
            '<dcterms:created xsi:type="dcterms:W3CDTF">'
            f"{made_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}</dcterms:created>"
            "</cp:coreProperties>"
        ),
        "xl/workbook.xml": (
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
            f'<sheet name={quoteattr(title)} sheetId="1" r:id="rId1"/></sheets></workbook>'
        ),
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_MAIN}">{content}</worksheet>',
    }
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            part = zipfile.ZipInfo(name)
            part.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(part, _DECLARATION + text)
    return target.getvalue()
