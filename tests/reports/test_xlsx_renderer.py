"""The workbook for people: what stands in its cells, and that nothing in it runs."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest

from reports.renderers.wording import (
    actual_text,
    rate_text,
    total_text,
    value_text,
    year_rating_text,
)
from reports.renderers.xlsx import render_xlsx
from tests.reports.odd_report import (
    FORMULAS,
    LONG_NAME,
    LONG_TEXT,
    crowded_report,
    empty_report,
    named_report,
)
from tests.reports.sample_report import HARD_TEXT, kpi, sample_report, year
from tests.reports.workbooks import opened, part, row_of, shown, shown_table, texts, width_of

KPIS = ("番号", "指標名")
LISTED = ("番号", "プロジェクト", "指標名")
INITIATIVES = ("番号", "取組")


@pytest.fixture(scope="module")
def report():
    return sample_report()


@pytest.fixture(scope="module")
def content(report):
    return render_xlsx(report)


@pytest.fixture(scope="module")
def book(content):
    return opened(content)


def as_printed(kpi, report):
    """A KPI's figures in the words of the PDF, by the heads of the workbook's table."""
    now = kpi.latest
    return {
        "基準値": value_text(kpi.baseline, kpi),
        "最終目標令和10": value_text(kpi.final_target, kpi),
        "年度目安令和7": value_text(now.expected, kpi),
        **{f"令和{one.fiscal_year - 2018}実績": actual_text(one, kpi) for one in kpi.years},
        "累計": total_text(now, kpi),
        "達成率（%）": rate_text(now.achievement, report).removesuffix("%"),
        "進捗率（%）": rate_text(now.progress, report).removesuffix("%"),
        "評価": year_rating_text(now),
    }


def test_sheets_stand_in_the_order_of_reading(book):
    assert book.sheetnames == [
        "表紙", "見方", "総括", "P1", "A1", "指標一覧", "改定と変更", "指標の定義",
    ]  # fmt: skip


@pytest.mark.parametrize("code", [one.code for one in sample_report().kpis])
def test_every_figure_of_a_kpi_stands_in_its_row(code, report, book):
    (own,) = (one for one in report.kpis if one.code == code)
    expected = as_printed(own, report)
    for sheet, heads in ((book[code.split("-")[0]], KPIS), (book["指標一覧"], LISTED)):
        row = row_of(sheet, code, *heads)

        assert {label: shown(row[label]) for label in expected} == expected
        assert row["単位"].value == own.unit


def test_figures_are_numbers_as_displayed(book):
    row = row_of(book["P1"], "P1-4", *KPIS)
    hair = row_of(book["P1"], "P1-3", *KPIS)

    assert [row[head].value for head in ("基準値", "令和6実績", "令和7実績")] == [50, 55, -48]
    assert row["令和7実績"].number_format == '"速 "#,##0_ ;"速 ""△"#,##0_ '
    assert row["進捗率（%）"].number_format == '#,##0.0_ ;"△"#,##0.0_ '
    # 99.96 is not yet 100: what is written is what is displayed.
    assert [hair["達成率（%）"].value, hair["進捗率（%）"].value] == [99.9, 99.9]


def test_years_to_come_are_marked_and_a_measured_zero_is_zero(report):
    zero = replace(report.projects[0].kpis[2], years=(year(2024, "final", actual="0"),))
    only = replace(report, fiscal_year=2024,
                   projects=(replace(report.projects[0], kpis=(zero,)),))  # fmt: skip
    row = row_of(opened(render_xlsx(only))["P1"], "P1-3", *KPIS)

    assert [row[f"令和{number}実績"].value for number in (6, 7, 8, 9, 10)] == [0, *["…"] * 4]
    assert row["令和6実績"].data_type == "n"


def test_computed_value_keeps_its_two_more_decimals(report):
    thirds = kpi(
        "P1-1", "指標", "件",
        year(2025, "final", actual="1", expected="33.333333333333", final_target="-0.5"),
        decimal_places=0,
    )  # fmt: skip
    only = replace(report, projects=(replace(report.projects[0], kpis=(thirds,)),))
    row = row_of(opened(render_xlsx(only))["P1"], "P1-1", *KPIS)

    assert shown(row["年度目安令和7"]) == "33.33"
    assert shown(row["最終目標令和10"]) == "△0.50"


def test_summary_has_means_counts_and_what_moved(book):
    sheet = book["総括"]

    assert "8指標のうち、1指標が順調、1指標が概ね順調、1指標が遅れです。" in texts(sheet)
    assert shown_table(sheet, "年度", "範囲") == [
        {"年度": "令和7年度", "範囲": "全体", "達成率の平均（%）": "66.7",
         "達成率の対象指標": "8指標中3指標", "進捗率の平均（%）": "66.7",
         "進捗率の対象指標": "8指標中3指標", "評価": "C やや遅れ"},
        {"年度": "令和6年度", "範囲": "全体", "達成率の平均（%）": "120.0",
         "達成率の対象指標": "8指標中3指標", "進捗率の平均（%）": "120.0",
         "進捗率の対象指標": "8指標中3指標", "評価": "A 順調"},
    ]  # fmt: skip
    assert [list(row.values()) for row in shown_table(sheet, "年度", "指標の数")] == [
        ["令和7年度", "8", "1", "1", "0", "1", "5"],
        ["令和6年度", "8", "1", "1", "0", "1", "5"],
    ]
    assert shown_table(sheet, "年度", "取組の数（再掲を除く）") == [
        {"年度": "令和7年度", "取組の数（再掲を除く）": "2", "未着手": "0", "実施中": "1",
         "完了": "0", "見直し": "0", "中止": "0", "未入力": "1"},
    ]  # fmt: skip
    assert [list(row.values()) for row in shown_table(sheet, "番号", "プロジェクト")] == [
        ["P1", "地域産業応援プロジェクト", "66.7", "4指標中3指標", "66.7", "4指標中3指標",
         "C やや遅れ"],
        ["A1", "=1+1 <推進>", "－", "4指標中0指標", "－", "4指標中0指標", "－ 評価なし"],
    ]  # fmt: skip
    assert [list(row.values()) for row in shown_table(sheet, "比べた年度")] == [
        ["令和6年度", "評価が動いた指標の数", "0", "2", "1", "5"]
    ]
    assert [list(row.values()) for row in shown_table(sheet, "番号", "指標名")] == [
        ["P1-3", "来場者数", "下がった", "123.5", "A 順調", "99.9", "B 概ね順調"],
        ["P1-4", "転入超過数", "下がった", "250.0", "A 順調", "△2,450.0", "D 遅れ"],
    ]


def test_project_has_its_texts_and_its_standing(book):
    sheet = book["P1"]
    written = texts(sheet)

    assert written[0] == "P1　地域産業応援プロジェクト"
    assert "働く場をつくります。\n" + HARD_TEXT.replace("\x07", "") in written
    assert [one for one in written if one.startswith("（")] == [
        "（1）企業を応援する",
        "（2）起業を助ける",
    ]
    assert "おおむね目安どおりに進みました。" in written
    assert "成果を見えるようにしてほしい。\n若い世代の声も聞くとよい。" in written
    assert "注　P1-2（令和7年度）令和6年度の実績がそろっていないため、累計は参考です。" in written
    assert list(shown_table(sheet, "評価")[0].values()) == [
        "C やや遅れ", "66.7", "4指標中3指標", "66.7", "4指標中3指標",
    ]  # fmt: skip


def test_explanations_stand_beside_their_kpi(book):
    (row,) = shown_table(book["P1"], "番号", "指標名", "評価")

    assert row == {
        "番号": "P1-1",
        "指標名": "支援件数（のべ）",
        "評価": "A 順調",
        "要因分析": "相談会を早めました。\n\n物価の高騰は続いています。",
        "今後の方向性": "周知を強めます。",
    }
    assert "記載のない指標：P1-2、P1-3、P1-4" in texts(book["P1"])


def test_initiative_stands_whole_at_home_and_a_relisting_points_there(book):
    home = row_of(book["P1"], "(1)", *INITIATIVES)
    again = row_of(book["A1"], "(2)", *INITIATIVES)

    assert [shown(cell) for cell in home.values()] == [
        "(1)", "研究開発支援事業", "実施中", "12,345", "産業振興課", "再掲先\nA1",
        "3社の研究を助けました。\n<b>成果</b>は #次年度 に公表します。", "対象を広げます。",
    ]  # fmt: skip
    assert home["決算額（千円）"].value == 12345
    assert [shown(cell) for cell in again.values()] == [
        "(2)", "研究開発支援事業（再掲）", "－", "－", "産業振興課", "主な掲載先\nP1(1)",
        "P1(1)に記載しています。", "P1(1)に記載しています。",
    ]  # fmt: skip


def test_revisions_and_changes_are_listed(book):
    sheet = book["改定と変更"]

    assert [list(row.values()) for row in shown_table(sheet, "番号", "指標名", "適用年度")] == [
        ["P1-3", "来場者数", "令和7年度から", "人", "12,000", "10,000",
         "会場の改修により、定員を減らしたため。"],
    ]  # fmt: skip
    assert [list(row.values()) for row in shown_table(sheet, "番号", "名称", "年度")] == [
        ["計画全体", "－", "－", "担当課", "総務課", "企画課"],
        ["P1-3", "来場者数", "令和6年度", "実績値", "12,344人", "12,345人"],
        ["P1-4", "転入超過数", "令和6年度", "達成率", "△20.0%", "50.0%"],
        ["A1(2)", "研究開発支援事業", "－", "取組", "－", "掲載"],
    ]


def test_definitions_say_how_each_kpi_is_measured(book):
    row = row_of(book["指標の定義"], "P1-4", "番号", "指標名")

    assert [shown(cell) for cell in row.values()] == [
        "P1-4", "転入超過数", "人", "単年度", "以上を目指す", "基準値からの伸び", "50",
        "令和4年度", "産業振興課", "－", "－", "－",
    ]  # fmt: skip


def test_list_of_kpis_can_be_filtered(book):
    sheet = book["指標一覧"]

    assert sheet.auto_filter.ref == "A3:S11"
    assert row_of(sheet, "P1-4", *LISTED)["値の区分"].value == "速報"


def test_guide_explains_bands_and_marks(book):
    written = texts(book["見方"])

    for told in ("80%以上100%未満", "負の数", "この報告書の年度より後の年度のもの"):
        assert told in written


def test_plan_without_any_figure_is_told_in_words():
    book = opened(render_xlsx(empty_report()))
    row = row_of(book["P1"], "P1-1", *KPIS)

    assert [row[head].value for head in ("令和6実績", "達成率（%）", "進捗率（%）", "評価")] == [
        "未入力", "－", "－", "－ 未入力",
    ]  # fmt: skip
    assert "計画の初年度のため、前年度とは比べていません。" in texts(book["総括"])
    assert [list(one.values())[2] for one in shown_table(book["総括"], "年度", "範囲")] == ["－"]
    assert texts(book["改定と変更"])[-3:] == [
        "改定した最終目標はありません。",
        "前の報告書からの変更",
        "これより前に発行した報告書はありません。",
    ]


def test_kpis_of_a_crowded_project_are_all_there():
    sheet = opened(render_xlsx(crowded_report()))["P1"]

    assert [row["番号"] for row in shown_table(sheet, *KPIS)] == [
        f"P1-{number}" for number in range(1, 31)
    ]
    assert row_of(sheet, "P1-1", *KPIS)["指標名"].value == LONG_NAME


def test_text_of_a_whole_book_is_written_to_its_end():
    definition = "相談を受けて解決した件数を数えます。" * 12000
    (project,) = (one for one in sample_report().projects if one.code == "P1")
    told = replace(project, kpis=(replace(project.kpis[0], definition=definition),))
    sheet = opened(render_xlsx(sample_report(projects=(told,))))["指標の定義"]

    assert "".join(text for text in texts(sheet) if text.startswith("相談を受けて")) == definition


def test_long_text_goes_on_in_rows_that_excel_can_show():
    sheet = opened(render_xlsx(crowded_report()))["P1"]
    rows = [row["要因分析"] for row in row_pieces(sheet)]

    assert len(rows) > 3
    assert "".join(cell.value for cell in rows).replace("\n", "") == LONG_TEXT.replace("\n", "")
    assert max(sheet.row_dimensions[cell.row].height for cell in rows) <= 409


def row_pieces(sheet):
    """The rows of the one explanation, the first of which has its number."""
    rows = iter(sheet.iter_rows())
    head = next(row for row in rows if "要因分析" in [cell.value for cell in row])
    (column,) = (at for at, cell in enumerate(head) if cell.value == "要因分析")
    pieces = [{"要因分析": next(rows)[column]}]
    for row in rows:
        if row[0].value or not row[column].value:
            return pieces
        pieces.append({"要因分析": row[column]})
    return pieces


@pytest.mark.parametrize("made", [crowded_report, sample_report], ids=["crowded", "sample"])
def test_no_row_is_lower_than_its_texts(made):
    for sheet in opened(render_xlsx(made())):
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            if isinstance(cell.value, str) and cell.alignment.wrap_text:
                height = (
                    sheet.row_dimensions[cell.row].height or sheet.sheet_format.defaultRowHeight
                )
                assert height >= needed_height(cell), (sheet.title, cell.coordinate)


def needed_height(cell):
    """The least height in points: full-width characters are square, others half as wide."""
    size = cell.font.size
    points = 5.25 * width_of(cell)
    lines = 0
    for line in cell.value.split("\n"):
        wide = sum(size * (0.55 if character.isascii() else 1) for character in line)
        lines += max(1, -(-wide // points))
    return 1.3 * size * lines


@pytest.mark.parametrize("column", ["決算額（千円）", "令和7実績", "最終目標令和10"])
def test_column_has_room_for_its_widest_number(report, column):
    project = report.projects[0]
    wide = year(2025, "provisional", actual="-12345678901.2345", final_target="123456789012345")
    own = replace(
        project,
        kpis=(kpi("P1-1", "指標", "円", wide, decimal_places=4),),
        initiatives=(replace(project.initiatives[0], cost=10**12),),
    )
    sheet = opened(render_xlsx(replace(report, projects=(own,))))["P1"]
    heads = INITIATIVES if column == "決算額（千円）" else KPIS
    cell = row_of(sheet, "(1)" if heads is INITIATIVES else "P1-1", *heads)[column]

    assert (
        shown(cell)
        == {
            "決算額（千円）": "1,000,000,000,000",
            "令和7実績": "速△12,345,678,901.2345",
            "最終目標令和10": "123,456,789,012,345.0000",
        }[column]
    )
    assert width_of(cell) >= len(shown(cell)) + 2


def test_texts_are_never_formulas_links_or_numbers():
    book = opened(render_xlsx(named_report(*FORMULAS)))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]

    assert {cell.data_type for cell in cells} == {"s", "n"}
    assert not [cell.hyperlink.ref for cell in cells if cell.hyperlink and cell.hyperlink.target]
    for number, typed in enumerate(FORMULAS, start=1):
        row = row_of(book["P1"], f"P1-{number}", *KPIS)
        assert row["指標名"].value == typed
        assert row_of(book["指標の定義"], f"P1-{number}", *KPIS)["備考"].value == typed


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("𠮷野家の髙橋さん😀", "𠮷野家の髙橋さん😀"),
        ("<b>&amp; #$x$ @ref\\~`", "<b>&amp; #$x$ @ref\\~`"),
        ("ベル\x07と\x00半端\ud83d。", "ベルと半端。"),
        ("文字\ufffe\uffffではない", "文字ではない"),
        ("_x0041_と_x000D_", "_x0041_と_x000D_"),
    ],
    ids=["kanji and emoji", "markup", "control characters", "no characters", "escapes"],
)
def test_text_keeps_what_was_typed(typed, written):
    book = opened(render_xlsx(named_report(typed)))

    assert row_of(book["P1"], "P1-1", *KPIS)["指標名"].value == written
    assert written in texts(book["総括"])


def test_escape_like_text_is_escaped_so_that_excel_shows_it():
    strings = part(render_xlsx(named_report("_x0041_")), "xl/sharedStrings.xml")

    assert "_x005F_x0041_" in strings


def test_names_of_sheets_are_safe_and_different(report):
    codes = ("P1", "p1", "表紙", "[1]:*?/\\'", "History", "𠮷" * 40)
    projects = tuple(replace(report.projects[0], code=code) for code in codes)
    book = opened(render_xlsx(replace(report, projects=projects)))

    assert book.sheetnames[3:-3] == [
        "P1", "p1 (2)", "表紙 (2)", "1", "History (2)", "𠮷" * 15,
    ]  # fmt: skip


def test_same_report_gives_the_same_bytes(report, content):
    assert render_xlsx(report) == content


def test_properties_tell_what_the_file_is(book):
    properties = book.properties

    assert (properties.title, properties.creator) == ("令和7年度　年次報告書", "見本市")
    # 8:30 in Japan.
    assert properties.created == datetime(2026, 7, 14, 23, 30)  # noqa: DTZ001 - as openpyxl has it


def test_number_of_fifteen_digits_is_exact(report):
    precise = year(2025, "final", actual="12345678901.2345", final_target="999999999999.999")
    own = replace(report.projects[0], kpis=(kpi("P1-1", "指標", "円", precise, decimal_places=4),))
    content = render_xlsx(replace(report, projects=(own,)))

    assert "<v>12345678901.2345</v>" in part(content, "xl/worksheets/sheet4.xml")
    assert row_of(opened(content)["P1"], "P1-1", *KPIS)["令和7実績"].value == float(
        Decimal("12345678901.2345")
    )
