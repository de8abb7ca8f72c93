"""The workbook on paper and on the screen: pages, marks of a draft, charts."""

from dataclasses import replace
from decimal import Decimal

import pytest

from reports.renderers.xlsx import render_xlsx
from tests.reports.odd_report import crowded_report, empty_report
from tests.reports.sample_report import sample_report
from tests.reports.workbooks import opened, part, parts, table, texts

CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
PLACE = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
SAMPLE = "実績値はすべて架空（見本）です。"


@pytest.fixture(scope="module")
def draft():
    return render_xlsx(sample_report())


@pytest.fixture(scope="module")
def edition():
    return render_xlsx(sample_report(edition=2, is_sample=False))


def test_draft_says_so_on_every_sheet(draft):
    for sheet in opened(draft):
        assert sheet.oddHeader.right.text == "案"
        assert "案" in texts(sheet)


def test_edition_says_its_number_and_nowhere_that_it_is_a_draft(edition):
    for sheet in opened(edition):
        assert sheet.oddHeader.right.text == "第2版"
        assert "第2版" in texts(sheet)
        assert not [text for text in texts(sheet) if "案" in text]


def test_cover_tells_what_when_and_who(edition):
    written = texts(opened(edition)["表紙"])

    assert written[:14] == [
        "第2版", "第1期見本市総合戦略", "令和7年度　年次報告書",
        "対象年度", "令和7年度（2025年度）",
        "計画期間", "令和6年度（2024年度）から令和10年度（2028年度）まで",
        "版", "第2版", "発行日", "令和8年7月15日", "団体", "見本市（団体コード 999999）", "担当課",
    ]  # fmt: skip
    assert SAMPLE not in written


def test_sample_says_on_every_sheet_that_its_figures_are_made_up(draft):
    for sheet in opened(draft):
        assert sheet.oddFooter.left.text == SAMPLE
        assert [text for text in texts(sheet) if SAMPLE in text]


def test_contents_lead_to_every_sheet(draft):
    book = opened(draft)
    links = [cell for row in book["表紙"].iter_rows() for cell in row if cell.hyperlink]

    assert [cell.value for cell in links] == book.sheetnames[1:]
    assert [cell.hyperlink.location for cell in links] == [
        f"'{name}'!A1" for name in book.sheetnames[1:]
    ]
    assert "P1　地域産業応援プロジェクト" in texts(book["表紙"])


def test_every_sheet_is_set_up_for_a4(draft):
    for sheet in opened(draft):
        setup = sheet.page_setup
        # Unless it is stated, it is one page wide; 0 high is as many as it takes.
        assert (setup.paperSize, setup.fitToWidth, setup.fitToHeight) == (9, None, 0)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        # Rows below the last cell are a chart's.
        written = sheet.max_row, sheet.max_column
        area = sheet[sheet.print_area.partition("!")[2]]
        assert len(area) >= written[0]
        assert len(area[0]) == written[1]
        assert sheet.oddFooter.center.text == "&P / &N"
        assert sheet.oddHeader.center.text == "令和7年度　年次報告書"


def test_heads_stay_in_sight_and_are_repeated_on_paper(draft):
    book = opened(draft)

    assert {sheet.title: (sheet.print_title_rows, sheet.freeze_panes) for sheet in book} == {
        "表紙": (None, None),
        "見方": ("$1:$2", "A3"),
        "総括": ("$1:$2", "A3"),
        "P1": ("$1:$2", "A3"),
        "A1": ("$1:$2", "A3"),
        "指標一覧": ("$1:$3", "D4"),
        "改定と変更": ("$1:$2", "A3"),
        "指標の定義": ("$1:$3", "C4"),
    }


def test_wide_sheets_lie_sideways(draft):
    assert {sheet.title: sheet.page_setup.orientation for sheet in opened(draft)} == {
        "表紙": "portrait", "見方": "portrait", "総括": "portrait", "P1": "landscape",
        "A1": "landscape", "指標一覧": "landscape", "改定と変更": "landscape",
        "指標の定義": "landscape",
    }  # fmt: skip


def test_municipality_with_a_code_of_headers_in_its_name_is_printed_whole():
    book = opened(render_xlsx(sample_report(municipality="見本&本市" + "町" * 80)))

    assert book["P1"].oddHeader.left.text == "見本&&本市" + "町" * 55


def test_page_ends_before_a_chart_that_would_be_torn():
    sheet = opened(render_xlsx(crowded_report(12)))["P1"]
    (drawing,) = parts(render_xlsx(crowded_report(12)), "xl/drawings")[1:]
    first = int(drawing.find(f".//{PLACE}from/{PLACE}row").text)
    last = int(drawing.find(f".//{PLACE}to/{PLACE}row").text)

    assert not [one.id for one in sheet.row_breaks.brk if first < one.id <= last]
    assert sheet.row_breaks.brk


def test_page_never_ends_with_what_heads_the_next():
    for kpis in (12, 13, 14, 15, 30):
        for sheet in opened(render_xlsx(crowded_report(kpis))):
            above = [sheet.cell(one.id, 1) for one in sheet.row_breaks.brk]

            assert [cell.value for cell in above if cell.font.bold] == []


def test_every_project_has_a_chart_that_is_told_in_words(draft):
    drawings = parts(draft, "xl/drawings")
    told = [one.find(f".//{PLACE}cNvPr").get("descr").split("。") for one in drawings]

    assert told == [
        [
            "プロジェクト別の進捗率の平均（令和7年度、目安＝100%）の棒グラフ",
            "P1 66.7%（C やや遅れ）、A1 － 評価なし",
            "",
        ],
        [
            "P1の指標別の進捗率（令和7年度、目安＝100%）の棒グラフ",
            "P1-1 105.0%（A 順調）、P1-2 参考、P1-3 99.9%（B 概ね順調）、P1-4 △2,450.0%（D 遅れ）",
            "",
        ],
        [
            "A1の指標別の進捗率（令和7年度、目安＝100%）の棒グラフ",
            "A1-1 集計中、A1-2 未測定、A1-3 未入力、A1-4 算出不可",
            "",
        ],
    ]


def test_chart_reads_its_bars_from_the_table(draft):
    chart = parts(draft, "xl/charts")[1]
    texts_of_chart = [one.text for one in chart.iter(f"{DRAWING}t")]
    values = chart.find(f".//{CHART}val")

    assert chart.find(f".//{CHART}barDir").get("val") == "bar"
    assert texts_of_chart == ["P1の指標別の進捗率（令和7年度、目安＝100%）", "－ 参考"]
    first, *_, last = (row["進捗率（%）"] for row in table(opened(draft)["P1"], "番号", "指標名"))
    assert values.find(f".//{CHART}f").text == f"'P1'!$N${first.row}:$N${last.row}"
    assert [one.text for one in values.iter(f"{CHART}v")] == ["105.0", "0", "99.9", "-2450.0"]
    # 参考 has no rate: its bar of no length says so instead of 0%.
    assert [one.get("val") for one in chart.findall(f".//{CHART}dLbl/{CHART}idx")] == ["1"]


@pytest.mark.parametrize(
    ("progress", "scale"),
    [
        ("40", ("0", "150", "100")),
        ("100", ("0", "150", "100")),
        ("180", ("0", "200", "100")),
        ("1000", ("0", "1200", "200")),
        ("-20", ("-100", "150", "100")),
    ],
)
def test_scale_of_a_chart_has_a_line_at_100(progress, scale):
    report = sample_report()
    own = report.projects[0].kpis[0]
    latest = replace(own.latest, progress=Decimal(progress))
    project = replace(report.projects[0], kpis=(replace(own, years=(own.years[0], latest)),))
    chart = parts(render_xlsx(replace(report, projects=(project,))), "xl/charts")[1]
    axis = chart.find(f".//{CHART}valAx")

    assert (
        axis.find(f"{CHART}scaling/{CHART}min").get("val"),
        axis.find(f"{CHART}scaling/{CHART}max").get("val"),
        axis.find(f"{CHART}majorUnit").get("val"),
    ) == scale


def test_many_kpis_make_two_charts_and_long_names_codes():
    charts = parts(render_xlsx(crowded_report(30)), "xl/charts")[1:]
    categories = [one.find(f".//{CHART}cat//{CHART}f").text for one in charts]

    assert [one.partition("$")[2][:1] for one in categories] == ["A", "A"]
    assert [len(one.findall(f".//{CHART}cat//{CHART}pt")) for one in charts] == [15, 15]


def test_project_without_kpis_has_no_chart():
    report = empty_report()
    bare = replace(report, projects=(replace(report.projects[0], kpis=()),))
    content = render_xlsx(bare)

    assert "指標がありません。" in texts(opened(content)["P1"])
    assert len(parts(content, "xl/charts")) == 1


def test_type_is_japanese_also_in_charts(draft):
    assert 'name val="游ゴシック"' in part(draft, "xl/styles.xml")
    assert '<a:latin typeface="游ゴシック"/><a:ea typeface="游ゴシック"/>' in part(
        draft, "xl/theme/theme1.xml"
    )
