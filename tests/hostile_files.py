"""Files made to do harm: each of the kinds by which a reader of spreadsheets was ever stopped.

`FILES` has for each its name and what makes it; all are at most as large as the app takes.
"""

import io
import os
import struct
import zipfile
import zlib
from collections.abc import Callable

from common.spreadsheets.reading import MOST_BYTES
from tests.common.xlsx_parts import MAIN, row, xlsx, zipped

_SHEET = f'<worksheet xmlns="{MAIN}"><sheetData>{{}}</sheetData>{{}}</worksheet>'
_MEGABYTE = 1024 * 1024


def _padded(sheet: str | bytes, **parts: str) -> bytes:
    """A book whose sheet may be unpacked to what the limits allow: padded with noise."""
    noise = os.urandom(2_050_000)
    content = sheet if isinstance(sheet, bytes) else sheet.encode()
    return xlsx(content, extra=[("xl/media/a.bin", noise)], **parts)


def _sheet(rows: str, after: str = "") -> str:
    return _SHEET.format(rows, after)


def _fill(unit: str, size: int) -> str:
    return unit * (size // len(unit))


def _doctype(encoding: str, body: str) -> bytes:
    text = (
        f'<?xml version="1.0" encoding="{encoding}"?>'
        f"<!DOCTYPE worksheet [{body}]>{_sheet(row('<c><v>&a9;</v></c>'))}"
    )
    return xlsx(text.encode(encoding))


def _billion_laughs() -> str:
    return '<!ENTITY a0 "ha">' + "".join(
        f'<!ENTITY a{n} "' + f"&a{n - 1};" * 10 + '">' for n in range(1, 10)
    )


def _bomb() -> bytes:
    """A part of 4 GB that says it has 100 bytes."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(b"\0" * 200 * _MEGABYTE) + packer.flush()
    content = bytearray(
        zipped({"[Content_Types].xml": "<Types/>", "xl/worksheets/s.xml": "a" * 100})
    )
    honest = zlib.compressobj(9, zlib.DEFLATED, -15)
    small = honest.compress(b"a" * 100) + honest.flush()
    at = content.index(small)
    grown = content[:at] + packed + content[at + len(small) :]
    # The local header and the table of contents keep the small size; the offset moves.
    end = grown.rindex(b"PK\x05\x06")
    (offset,) = struct.unpack_from("<L", grown, end + 16)
    struct.pack_into("<L", grown, end + 16, offset + len(packed) - len(small))
    entry = grown.rindex(b"PK\x01\x02")
    struct.pack_into("<L", grown, entry + 20, len(packed))
    return bytes(grown)


def _overlapping() -> bytes:
    """A hundred names for one and the same packed megabytes."""
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("a.xml", b"\0" * 10 * _MEGABYTE)
    content = inner.getvalue()
    start = content.index(b"PK\x01\x02")
    end = content.rindex(b"PK\x05\x06")
    last = content.rindex(b"PK\x01\x02")
    entries = content[start:end]
    more = b"".join(content[last:end].replace(b"a.xml", f"b{n:03}x".encode()) for n in range(100))
    tail = bytearray(content[end:])
    struct.pack_into("<HHL", tail, 8, 102, 102, len(entries) + len(more))
    return content[:start] + entries + more + bytes(tail)


def _sheets(count: int) -> bytes:
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    return xlsx(
        row("<c><v>1</v></c>"),
        extra=[
            ("xl/media/a.bin", os.urandom(_MEGABYTE)),
            ("xl/workbook.xml", (
                f'<workbook xmlns="{MAIN}" xmlns:r="{relations}"><sheets>'
                + "".join(f'<sheet name="S{n}" r:id="r{n}"/>' for n in range(count))
                + "</sheets></workbook>"
            )),
            ("xl/_rels/workbook.xml.rels", (
                f'<Relationships xmlns="{package}">'
                + "".join(
                    f'<Relationship Id="r{n}" Type="{relations}/worksheet"'
                    ' Target="worksheets/s.xml"/>'
                    for n in range(count)
                )
                + "</Relationships>"
            )),
        ],
    )  # fmt: skip


def _attributes(size: int) -> str:
    return _sheet("<row " + " ".join(f'a{n}=""' for n in range(size // 11)) + "/>")


_TEXT = '<c t="inlineStr"><is><t>あ</t></is></c>'
_RUNS = "<c t='inlineStr'><is>" + "<r><t>a</t></r>" * 16_000 + "</is></c>"

FILES: dict[str, Callable[[], bytes]] = {
    # XML
    "entities in UTF-8": lambda: _doctype("utf-8", _billion_laughs()),
    "entities in UTF-16": lambda: _doctype("utf-16", _billion_laughs()),
    "entities in UTF-16 without a mark": lambda: _doctype("utf-16-le", _billion_laughs()),
    "entities in UTF-32": lambda: _doctype("utf-32", _billion_laughs()),
    "entities in EBCDIC": lambda: _doctype("cp037", _billion_laughs()),
    "entities in UTF-7": lambda: _doctype("utf-7", _billion_laughs()),
    "an external entity": lambda: _doctype("utf-8", '<!ENTITY a9 SYSTEM "file:///etc/passwd">'),
    "endless nesting": lambda: _padded(_sheet("<a>" * 12_000_000)),
    "a million attributes": lambda: xlsx(_attributes(11 * _MEGABYTE).encode()),
    "one endless attribute": lambda: _padded(_sheet('<row a="' + "x" * 36 * _MEGABYTE + '"/>')),
    "one endless text": lambda: _padded(_sheet(f"<row><c><v>{'1' * 36 * _MEGABYTE}</v></c></row>")),
    "one endless name": lambda: _padded(_sheet(f"<{'x' * 36 * _MEGABYTE}/>")),
    "one endless comment": lambda: _padded(_sheet(f"<!--{'x' * 36 * _MEGABYTE}-->")),
    "endless instructions": lambda: _padded(_sheet(_fill("<?a b?>", 36 * _MEGABYTE))),
    "endless namespaces": lambda: _padded(
        _sheet("".join(f'<a xmlns="u{n}"/>' for n in range(700_000)))
    ),
    "endless different names": lambda: _padded(
        _sheet("".join(f"<a{n}/>" for n in range(900_000)))
    ),
    "endless attributes of different names": lambda: _padded(
        _sheet("".join(f'<a b{n}=""/>' for n in range(500_000)))
    ),
    "endless prefixes": lambda: _padded(
        _sheet("".join(f'<a xmlns:p{n}="u"/>' for n in range(500_000)))
    ),
    "endless line ends between elements": lambda: _padded(_sheet("\n" * 36 * _MEGABYTE)),
    # Archives
    "a bomb of zeros": lambda: zipped({"[Content_Types].xml": b"\0" * 400 * _MEGABYTE}),
    "a bomb that lies about its size": _bomb,
    "names that share one content": _overlapping,
    "an archive in an archive": lambda: zipped(
        {"[Content_Types].xml": "<Types/>", "a.zip": zipped({"b": b"\0" * 100 * _MEGABYTE})}
    ),
    "30,000 parts": lambda: _many_parts(30_000),
    "an endless table of contents": lambda: b"PK\x03\x04" + b"PK\x01\x02" * (MOST_BYTES // 4 - 2),
    # Workbooks
    "a million empty cells": lambda: _padded(_sheet(f"<row>{'<c/>' * 290_000}</row>" * 4)),
    "a million styled empty cells": lambda: _padded(
        _sheet(("<row>" + '<c s="1"/>' * 16_000 + "</row>") * 200)
    ),
    "200,000 rows": lambda: _padded(
        _sheet("".join(f'<row r="{n}">{_TEXT}</row>' for n in range(1, 200_001)))
    ),
    "200,000 empty rows": lambda: _padded(
        _sheet("".join(f'<row r="{n}" hidden="1"/>' for n in range(1, 200_001)))
    ),
    "a million styles": lambda: _padded(
        _sheet(row("<c><v>1</v></c>")), styles=f"<cellXfs>{'<xf/>' * 5_000_000}</cellXfs>"
    ),
    "a million number formats": lambda: _padded(
        _sheet(row("<c><v>1</v></c>")),
        styles="<numFmts>"
        + "".join(f'<numFmt numFmtId="{n}" formatCode="0"/>' for n in range(290_000))
        + "</numFmts>",
    ),
    "one format of a million brackets": lambda: _padded(
        _sheet(row('<c s="0"><v>1</v></c>')),
        styles='<numFmts><numFmt numFmtId="200" formatCode="' + "[" * 1_000_000 + '"/></numFmts>'
        '<cellXfs><xf numFmtId="200"/></cellXfs>',
    ),
    "shared strings that lie about their count": lambda: xlsx(
        f'<worksheet xmlns="{MAIN}"><sheetData/></worksheet>'.encode(),
        extra=[("xl/strings.xml", f'<sst xmlns="{MAIN}" count="999999999" uniqueCount="9999"/>')],
    ),
    "400,000 shared strings": lambda: _padded(
        _sheet(row('<c t="s"><v>0</v></c>')), strings="<si><t>abc</t></si>" * 400_000
    ),
    "shared strings of endless runs": lambda: _padded(
        _sheet(row('<c t="s"><v>0</v></c>')),
        strings=f"<si>{'<r><t>a</t></r>' * 16_000}</si>" * 100,
    ),
    "one long string in 190,000 cells": lambda: _padded(
        _sheet("".join(
            row('<c t="s"><v>0</v></c>' * 100, number=n) for n in range(1, 1_900)
        )),
        strings=f"<si>{'<r><t>a</t></r>' * 16_000}</si>",
    ),
    "a struck string in 190,000 cells": lambda: _padded(
        _sheet("".join(
            row('<c t="s"><v>0</v></c>' * 100, number=n) for n in range(1, 1_900)
        )),
        strings=f"<si>{'<r><rPr><strike/></rPr><t>a1</t></r>' * 16_000}</si>",
    ),
    "200,000 merged ranges": lambda: _padded(
        _sheet(row("<c><v>1</v></c>"), _fill('<mergeCell ref="A1:B2"/>', 30 * _MEGABYTE))
    ),
    "merged ranges of a million cells": lambda: _padded(
        _sheet(row("<c><v>1</v></c>"), '<mergeCell ref="A1:XFD1048576"/>' * 900)
    ),
    "formulas calculated into everything": lambda: _padded(
        _sheet(
            "".join(row(_TEXT * 9, number=n) for n in range(1, 20_000))
            + "<row>"
            + '<c><f t="array" ref="A1:XFD1048576">1</f></c>' * 990
            + "</row>"
        )
    ),
    "hidden columns of everything": lambda: _padded(
        _sheet(f"<row>{_TEXT * 16_000}</row>", '<col min="1" max="16384" hidden="1"/>' * 990)
    ),
    "a dimension that lies": lambda: _padded(
        f'<worksheet xmlns="{MAIN}"><dimension ref="A1:XFD1048576"/><sheetData>'
        + row("<c><v>1</v></c>") + "</sheetData></worksheet>"
    ),
    "16,384 columns": lambda: _padded(_sheet(f"<row>{_TEXT * 16_384}</row>" * 12)),
    "a column of nine letters": lambda: xlsx(row('<c r="ZZZZZZZZZ1"><v>1</v></c>')),
    "a row with 400 digits": lambda: xlsx('<row r="' + "9" * 400 + '"><c><v>1</v></c></row>'),
    "a row with 40,000 digits": lambda: xlsx('<row r="' + "9" * 40_000 + '"><c><v>1</v></c></row>'),
    "numbers with 400 digits": lambda: _padded(
        _sheet("".join(row(f"<c><v>{'9' * 400}</v></c>" * 4, number=n) for n in range(1, 20_000)))
    ),
    "numbers beyond all measure": lambda: xlsx(row("<c><v>1e308</v></c><c><v>1e-320</v></c>" * 99)),
    "a string's number with 40,000 digits": lambda: xlsx(
        row('<c t="s"><v>' + "9" * 40_000 + "</v></c>")
    ),
    "texts as long as a cell takes": lambda: _padded(
        _sheet("".join(
            row(f"<c t='inlineStr'><is><t>{'a' * 32_000}</t></is></c>", number=n)
            for n in range(1, 1_100)
        ))
    ),
    "texts of endless runs": lambda: _padded(
        _sheet("".join(row(_RUNS, number=n) for n in range(1, 150)))
    ),
    "escapes for half a character": lambda: _padded(
        _sheet("".join(
            row(f"<c t='inlineStr'><is><t>{'_xD800_' * 4_600}</t></is></c>", number=n)
            for n in range(1, 1_000)
        ))
    ),
    "3,000 sheets": lambda: _sheets(3_000),
    "all cells that a book may have": lambda: _padded(
        _sheet("".join(row("<c><v>1.5</v></c>" * 10, number=n) for n in range(1, 20_001)))
    ),
    # CSV
    "5 MB of commas": lambda: b"a" + b"," * (MOST_BYTES - 1),
    "5 MB of commas in lines": lambda: (b"," * 16_000 + b"\n") * 327,
    "5 MB of cells in lines": lambda: (b"1," * 10 + b"1\n") * 238_000,
    "5 MB of lines": lambda: b"a\n" * (MOST_BYTES // 2),
    "5 MB of empty lines": lambda: b"\n" * MOST_BYTES,
    "5 MB of carriage returns": lambda: b"\r" * MOST_BYTES,
    "5 MB of quotes": lambda: b'"' * MOST_BYTES,
    "5 MB of quoted line ends": lambda: b'"' + b"\n" * (MOST_BYTES - 2) + b'"',
    "5 MB of pairs of quotes": lambda: b'"",' * (MOST_BYTES // 3),
    "one line of 5 MB": lambda: b"a" * MOST_BYTES,
    "one quoted cell of 5 MB": lambda: b'"' + b"a" * (MOST_BYTES - 2) + b'"',
    "5 MB in no encoding": lambda: b"\x81\xff" * (MOST_BYTES // 2),
    "5 MB in Shift_JIS": lambda: ("あ,い\r\n" * 700_000).encode("cp932"),
    "5 MB of noise": lambda: b"a" + os.urandom(MOST_BYTES - 1),
    "5 MB of equals signs": lambda: b"=1,\n" * (MOST_BYTES // 4),
    "5 MB in UTF-16": lambda: ("a,b\n" * 600_000).encode("utf-16"),
    "5 MB of old Excel": lambda: b"\xd0\xcf\x11\xe0" + b"\0" * (MOST_BYTES - 4),
}  # fmt: skip


def _many_parts(count: int) -> bytes:
    return zipped({"[Content_Types].xml": "<Types/>"} | {f"{n}": "" for n in range(count)})
