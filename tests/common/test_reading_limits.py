"""Files made to do harm, or too large to be meant, are refused in words and in good time."""

import io
import os
import random
import zipfile

import pytest

from common.spreadsheets.reading import MOST_BYTES, read_book, read_sheet
from common.spreadsheets.refusals import BROKEN, FileRefused
from tests.common.xlsx_parts import MAIN, row, xlsx, zipped

DOCTYPE = '<?xml version="1.0"{}?><!DOCTYPE worksheet [<!ENTITY a "{}">]>'
SHEET = f'<worksheet xmlns="{MAIN}"><sheetData>{{}}</sheetData></worksheet>'


def refusal(content):
    with pytest.raises(FileRefused) as refused:
        read_sheet(content)
    return str(refused.value)


def parts_of(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def padded(sheet):
    """A book whose sheet may be large: what compresses badly stands beside it."""
    return xlsx(sheet, extra={"xl/media/a.bin": os.urandom(2_200_000)}.items())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize(
    "part",
    ["xl/worksheets/s.xml", "xl/strings.xml", "xl/styles.xml", "xl/workbook.xml", "_rels/.rels",
     "[Content_Types].xml", "xl/_rels/workbook.xml.rels", "xl/theme/theme1.xml"],
)  # fmt: skip
def test_document_type_is_refused_in_every_part_and_encoding(part, encoding):
    parts = parts_of(xlsx(row("<c><v>1</v></c>"))) | {"xl/theme/theme1.xml": b"<theme/>"}
    declared = "" if encoding == "utf-8" else ' encoding="utf-16"'
    content = DOCTYPE.format(declared, "b") + parts[part].decode()
    parts[part] = content.encode(encoding)

    assert refusal(zipped(parts)) == BROKEN


def test_part_in_utf_16_is_read():
    sheet = SHEET.format(row('<c t="inlineStr"><is><t>市民</t></is></c>'))
    declared = f'<?xml version="1.0" encoding="utf-16"?>{sheet}'

    assert read_sheet(xlsx(declared.encode("utf-16"))).rows[1][1].text == "市民"


@pytest.mark.parametrize("encoding", ["cp932", "utf-7", "x-unknown", "cp037"])
def test_part_in_an_encoding_that_no_spreadsheet_writes_is_refused(encoding):
    declared = f'<?xml version="1.0" encoding="{encoding}"?>{SHEET.format("あ")}'

    assert refusal(xlsx(declared.encode())) == BROKEN


@pytest.mark.parametrize(
    "unit",
    ["<row/>", "<c/>", "<c><f/></c>", '<mergeCell ref="A1"/>', '<c><f t="array" ref="A1:B2"/></c>'],
)
def test_part_of_endless_elements_is_refused(unit):
    times = 30_000_000 // len(unit)

    assert refusal(padded(SHEET.format(unit * times).encode()))


def test_part_of_endless_depth_is_refused():
    assert refusal(padded(f'<worksheet xmlns="{MAIN}">'.encode() + b"<a>" * 5_000_000)) == BROKEN


def test_endless_text_is_refused():
    cell = f'<row><c t="inlineStr"><is><t>{"a" * 32_768}</t></is></c></row>'

    assert "32,767字まで" in refusal(padded(SHEET.format(cell).encode()))


def test_endless_table_of_strings_is_refused():
    content = xlsx("", strings="<si/>" * 600_000, extra={"a.bin": os.urandom(200_000)}.items())

    assert refusal(content).startswith("展開すると")


def test_more_cells_than_anybody_means_are_refused_in_both_kinds_of_files():
    line = ",".join("1" * 20)
    cells = "<c><v>1</v></c>" * 20
    sheet = "".join(row(cells, number=at) for at in range(1, 10_002))
    sentence = (
        "内容のあるセルが200,000個を超えています。"
        "必要な行と列だけのファイルにして、保存し直してください。"
    )

    assert refusal((f"{line}\r\n" * 10_001).encode()) == sentence
    assert refusal(padded(SHEET.format(sheet).encode())) == sentence
    assert read_sheet((f"{line}\r\n" * 10_000).encode()).cells == 200_000


def test_cells_of_all_sheets_together_are_limited(monkeypatch):
    monkeypatch.setattr("common.spreadsheets.reading.MOST_CELLS", 0)

    with pytest.raises(FileRefused, match="個を超えています。"):
        read_book(xlsx(row("<c><v>1</v></c>")))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("KPI番号".encode() + b"," * (MOST_BYTES - 10), "1行目に列が16,384を超えてあります。"),
        (b"a\n" * (MOST_BYTES // 2), "20,001行目にも内容があります。"),
        (b"\n" * 600_000 + b"a", "内容のあるセルが200,000個を超えています。"),
        (b'"' * MOST_BYTES, "引用符"),
        (b"x" * (MOST_BYTES + 1), "ファイルが大きすぎます。5MBまで"),
    ],
)
def test_five_megabytes_of_nothing_are_refused(content, sentence):
    assert sentence in refusal(content)


def test_corrupted_file_is_read_or_refused_and_nothing_else():
    seed = random.Random(1)  # noqa: S311 - the same corruptions each time
    good = xlsx(
        row('<c r="A1" t="s"><v>0</v></c>', '<c r="B1" s="0"><v>0.5</v></c>', "<c><f>A1</f></c>"),
        strings="<si><r><t>あ</t></r><r><rPr><strike/></rPr><t>い</t></r></si>",
        styles="<fonts><font/></fonts><cellXfs><xf numFmtId='9'/></cellXfs>",
    )
    parts = parts_of(good)
    outcomes = {"read": 0, "refused": 0}
    for _time in range(300):
        changed = dict(parts)
        name = seed.choice(sorted(changed))
        part = bytearray(changed[name])
        for _change in range(seed.randint(1, 4)):
            part[seed.randrange(len(part))] = seed.randrange(256)
        changed[name] = bytes(part)
        try:
            read_sheet(zipped(changed))
            outcomes["read"] += 1
        except FileRefused:
            outcomes["refused"] += 1

    assert sum(outcomes.values()) == 300
    assert min(outcomes.values()) > 20
