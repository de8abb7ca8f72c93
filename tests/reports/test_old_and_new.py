"""新旧対照表: what a change of a plan changed, in Word and Excel."""

from datetime import UTC, datetime

import pytest

from projects.words import OWN_WORDS
from reports.annual.document import ReportChange
from reports.annual.old_and_new import OldAndNew
from reports.annual.year_changes import YearChanges
from reports.old_and_new_files import OLD_AND_NEW_FORMATS
from tests.reports import docx_reading, workbooks

HEADS = ("場所", "名称", "年度", "項目", "改定前", "改定後")
ROWS = [
    ("計画全体", "", "令和8年度", "計画期間", "令和10年度まで", "令和12年度まで"),
    ("P1-1", "起業件数", "令和8年度", "最終目標", "50件", "80件"),
    ("P1-1", "起業件数", "令和9年度", "年度目安", "－", "60件"),
]
DOCUMENT = OldAndNew(
    municipality="見本市",
    office="企画課",
    strategy_name="見本市総合戦略",
    words=OWN_WORDS,
    kind="目標の見直し",
    subject="P1-1「起業件数」",
    reason="国の改定に合わせた。\n推進会議で了承。",
    edition_label="第3回の変更",
    made_at=datetime(2026, 11, 29, 3, 0, tzinfo=UTC),
    years=(
        YearChanges(
            2026,
            (
                ReportChange("", "", None, "計画期間", "令和10年度まで", "令和12年度まで"),
                ReportChange("P1-1", "起業件数", 2026, "最終目標", "50件", "80件"),
            ),
        ),
        YearChanges(2027, (ReportChange("P1-1", "起業件数", 2027, "年度目安", "", "60件"),)),
    ),
    is_sample=False,
)


def rendered(extension, document=DOCUMENT):
    return OLD_AND_NEW_FORMATS[extension].render(document)


def test_word_has_what_was_done_why_and_each_place_before_and_after():
    word = docx_reading.opened(rendered("docx"))

    assert docx_reading.texts(word, "Heading 1") == ["新旧対照表"]
    assert docx_reading.texts(word, "項目") == [
        "計画\t見本市総合戦略",
        "変更\t目標の見直し（第3回の変更）",
        "対象\tP1-1「起業件数」",
        "理由\t国の改定に合わせた。",
        "変更した日\t令和8年11月29日",
        "担当課\t企画課",
    ]
    assert docx_reading.texts(word, "項目の続き") == ["推進会議で了承。"]
    (table,) = word.tables
    assert [tuple(cell.text for cell in row.cells) for row in table.rows] == [HEADS, *ROWS]
    assert "変わるところは、次の3件です。" in docx_reading.all_text(word)
    assert [one.text for one in word.sections[0].header.paragraphs] == ["新旧対照表\t　第3回の変更"]
    assert word.sections[0].page_width > word.sections[0].page_height


def test_excel_has_the_same():
    sheet = workbooks.opened(rendered("xlsx")).active

    assert workbooks.texts(sheet)[:9] == [
        "新旧対照表",
        "第3回の変更",
        "見本市　新旧対照表",
        "計画：見本市総合戦略",
        "変更：目標の見直し（第3回の変更）",
        "対象：P1-1「起業件数」",
        "理由：国の改定に合わせた。\n推進会議で了承。",
        "変更した日：令和8年11月29日",
        "担当課：企画課",
    ]
    shown = [tuple(row.values()) for row in workbooks.shown_table(sheet, *HEADS)]
    assert shown == ROWS
    assert sheet.print_title_rows == "$11:$11"


@pytest.mark.parametrize("extension", OLD_AND_NEW_FORMATS)
def test_same_document_gives_the_same_bytes(extension):
    assert rendered(extension) == rendered(extension)
