"""XLSX files put together from their XML, as no library would write them."""

import io
import zipfile

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT_RELATIONS = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def xlsx(
    sheet,
    *,
    strings="",
    styles="",
    properties="",
    is_strict=False,
    prefix="",
    state="visible",
    extra=(),
):
    """A workbook of one sheet; `sheet` is what stands within <sheetData>, or a whole part."""
    main, relations = (STRICT, _STRICT_RELATIONS) if is_strict else (MAIN, _RELATIONS)

    def part(root, content):
        if not prefix:
            return f'<{root} xmlns="{main}">{content}</{root}>'
        named = (
            content.replace("</", "\0").replace("<", f"<{prefix}:").replace("\0", f"</{prefix}:")
        )
        return f'<{prefix}:{root} xmlns:{prefix}="{main}">{named}</{prefix}:{root}>'

    parts = {
        "[Content_Types].xml": (
            f'<Types xmlns="{_PACKAGE}/content-types">'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/></Types>'
        ),
        "_rels/.rels": (
            f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1"'
            f' Type="{relations}/officeDocument" Target="/xl/workbook.xml"/></Relationships>'
        ),
        "xl/workbook.xml": (
            f'<workbook xmlns="{main}" xmlns:r="{relations}">{properties}<sheets>'
            f'<sheet name="表" sheetId="1" state="{state}" r:id="rId1"/></sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{_PACKAGE}/relationships">'
            f'<Relationship Id="rId1" Type="{relations}/worksheet" Target="worksheets/s.xml"/>'
            f'<Relationship Id="rId2" Type="{relations}/sharedStrings" Target="strings.xml"/>'
            f'<Relationship Id="rId3" Type="{relations}/styles" Target="styles.xml"/>'
            "</Relationships>"
        ),
        "xl/worksheets/s.xml": (
            sheet
            if isinstance(sheet, bytes)
            else part("worksheet", f"<sheetData>{sheet}</sheetData>")
        ),
        "xl/strings.xml": part("sst", strings),
        "xl/styles.xml": part("styleSheet", styles),
        **dict(extra),
    }
    return zipped(parts)


def zipped(parts):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return content.getvalue()


def row(*cells, number=1):
    """A row of cells, each as its XML without a reference."""
    return f'<row r="{number}">{"".join(cells)}</row>'


def formats(*codes):
    """Styles of which the n-th cell format has the n-th number format."""
    numbered = list(enumerate(codes, start=164))
    return (
        "<numFmts>"
        + "".join(f'<numFmt numFmtId="{at}" formatCode="{code}"/>' for at, code in numbered)
        + "</numFmts><cellXfs>"
        + "".join(f'<xf numFmtId="{at}"/>' for at, _code in numbered)
        + "</cellXfs>"
    )
