"""XLSX files that are no honest workbook are refused in words, and unread where they may harm."""

import io
import zipfile

import pytest

from common.spreadsheets import xlsx_reading
from tests.entry.actuals_files import (
    SHORT,
    preview,
    refusal,
    rewritten,
    saved,
    workbook,
)


def plain_book():
    return saved(workbook(SHORT, ["P1-1", "2025", 5]))


def test_archive_that_unpacks_to_more_than_twenty_times_is_refused_unopened(
    planner, kpi, monkeypatch
):
    bomb = rewritten(plain_book(), lambda _name, text: text, ("xl/media/a.png", b"0" * 3_000_000))
    monkeypatch.setattr(xlsx_reading, "elements", lambda *_a, **_k: pytest.fail("opened"))

    assert refusal(preview(planner, bomb)).startswith("展開すると元の20倍か40MBを超える")


def test_archive_that_lies_about_its_sizes_is_refused_unopened(planner, kpi, monkeypatch):
    bomb = bytearray(
        rewritten(plain_book(), lambda _name, text: text, ("xl/media/a.png", b"0" * 3_000_000))
    )
    real, lie = (3_000_000).to_bytes(4, "little"), (100).to_bytes(4, "little")
    assert bomb.count(real) == 2
    bomb = bytes(bomb).replace(real, lie)
    monkeypatch.setattr(xlsx_reading, "elements", lambda *_a, **_k: pytest.fail("opened"))

    assert preview(planner, bomb).status_code == 422


@pytest.mark.parametrize(
    ("extra", "sentence"),
    [
        ("xl/vbaProject.bin", "マクロの入ったファイルは取り込めません。"),
        ("xl/externalLinks/externalLink1.xml", "ほかのファイルへのリンクが入っています。"),
    ],
)
def test_macros_and_links_are_refused_with_their_remedy(planner, kpi, extra, sentence):
    content = rewritten(plain_book(), lambda _name, text: text, (extra, b"x"))

    assert refusal(preview(planner, content)).startswith(sentence)


def test_entities_are_refused(planner, kpi):
    content = rewritten(
        plain_book(),
        lambda name, text: b'<!DOCTYPE x [<!ENTITY a "b">]>' + text if "sheet1" in name else text,
    )

    assert "読み取れません" in refusal(preview(planner, content))


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml"])
def test_broken_part_is_refused_in_words(planner, kpi, part):
    content = rewritten(
        plain_book(), lambda name, text: text[: len(text) // 2] if name == part else text
    )

    assert "読み取れません" in refusal(preview(planner, content))


def test_workbook_that_names_no_sheets_is_refused(planner, kpi):
    content = rewritten(
        plain_book(),
        lambda name, text: (
            text.replace(b"sheet.main", b"other") if name == "[Content_Types].xml" else text
        ),
    )

    assert "読み取れません" in refusal(preview(planner, content))


def test_archive_whose_directory_lies_outside_it_is_refused(planner, kpi):
    content = bytearray(plain_book())
    end = content.rindex(b"PK\x05\x06")
    content[end + 16 : end + 20] = (2**31).to_bytes(4, "little")

    assert "読み取れません" in refusal(preview(planner, bytes(content)))


def test_zip_that_is_no_workbook_is_refused(planner, kpi):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("readme.txt", "x")

    assert "読み取れません" in refusal(preview(planner, target.getvalue()))
