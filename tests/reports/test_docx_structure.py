import io
import struct
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from docx.enum.section import WD_ORIENT
from docx.table import Table
from docx.text.paragraph import Paragraph
from lxml import etree

from reports.charts.rates import forget_charts
from reports.renderers.docx import render_docx
from reports.renderers.docx.pictures import drawn_as_picture
from tests.reports.docx_reading import (
    KPI_TABLE,
    W,
    described,
    lines,
    opened,
    parts,
    tables,
)
from tests.reports.sample_report import kpi, sample_report, year

CAPTIONS = [
    "表 1　達成率と進捗率",
    "表 2　評価の区分",
    "表 3　符号と用語",
    "表 4　全体の状況",
    "表 5　評価別の指標数\t（単位：指標）",
    "表 6　状況別の取組の数\t（単位：件）",
    "表 7　プロジェクト別の状況",
    "表 8　評価が動いた指標",
    "表 9　プロジェクトの状況",
    f"表 10　{KPI_TABLE}",
    "表 11　取組の状況と決算額",
    "表 12　プロジェクトの状況",
    f"表 13　{KPI_TABLE}",
    "表 14　取組の状況と決算額",
    "表 15　指標の一覧\t（単位：各行の「単位」欄）",
    "表 16　前の報告書からの変更",
    "表 17　最終目標の改定",
    "表 18　指標の定義と資料出所",
]
HEADINGS = [
    (1, "この報告書の見方"),
    (2, "対象と年度"),
    (2, "率の算式"),
    (2, "評価"),
    (2, "符号と端数"),
    (1, "総括"),
    (2, "前年度からの動き"),
    (1, "P1　地域産業応援プロジェクト"),
    (2, "目的と方向性"),
    (2, "総括"),
    (2, "指標"),
    (2, "要因分析と今後の方向性"),
    (3, "P1-1　支援件数（のべ）　A 順調"),
    (2, "取組"),
    (3, "(1)　研究開発支援事業　実施中"),
    (2, "外部有識者の意見"),
    (1, "A1　=1+1 <推進>"),
    (2, "総括"),
    (2, "指標"),
    (2, "要因分析と今後の方向性"),
    (2, "取組"),
    (1, "資料"),
    (2, "資料1　指標の一覧"),
    (2, "資料2　前の報告書からの変更"),
    (2, "資料3　最終目標の改定"),
    (2, "資料4　指標の定義と資料出所"),
]
# The schema's order of the children that are written by hand, of those that occur.
ORDER = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore numPr pBdr tabs autoSpaceDE autoSpaceDN "
    "spacing ind jc outlineLvl rPr sectPr",
    "rPr": "rStyle rFonts b color sz szCs bdr lang",
    "pBdr": "top left bottom right",
    "tblPr": "tblStyle tblW tblInd tblBorders tblLayout tblCellMar tblLook tblCaption "
    "tblDescription",
    "tblBorders": "top left bottom right insideH insideV",
    "tblCellMar": "top left bottom right",
    "tbl": "tblPr tblGrid tr",
    "tr": "trPr tc",
    "tc": "tcPr p",
    "tcPr": "tcW shd tcMar",
    "sectPr": "headerReference type pgSz pgMar cols titlePg",
    "styles": "docDefaults latentStyles style",
    "style": "name basedOn next uiPriority semiHidden qFormat pPr rPr tblPr tblStylePr",
    "lvl": "start numFmt pStyle lvlText lvlJc pPr",
    "numbering": "abstractNum num",
    "num": "abstractNumId lvlOverride",
    "settings": "zoom defaultTabStop characterSpacingControl compat themeFontLang decimalSymbol "
    "listSeparator",
    "font": "altName charset family pitch",
    "inline": "extent docPr cNvGraphicFramePr graphic",
}


@pytest.fixture(scope="module")
def data():
    return render_docx(sample_report())


@pytest.fixture(scope="module")
def document(data):
    return opened(data)


def test_headings_are_real_and_in_order(document):
    found = [
        (int(one.style.name[-1]), one.text)
        for one in document.paragraphs
        if one.style.name.startswith("Heading")
    ]

    assert found == HEADINGS


def test_contents_list_the_headings_and_lead_to_them(document):
    entries = [one for one in document.paragraphs if one.style.name.startswith("toc")]
    marks = {
        mark.get(f"{W}name"): Paragraph(mark.getparent(), None).text
        for mark in document.element.body.iter(f"{W}bookmarkStart")
    }

    assert [(int(one.style.name[-1]), one.text) for one in entries] == [
        heading for heading in HEADINGS if heading[0] < 3
    ]
    for entry in entries:
        (link,) = entry.hyperlinks
        assert marks[link.fragment] == link.text == entry.text


def test_contents_are_a_field_that_asks_nothing_on_opening(data):
    body = parts(data)["word/document.xml"]
    instructions = [one.text.strip() for one in body.iter(f"{W}instrText")]

    assert instructions[0] == r'TOC \o "1-2" \h \z \u'
    # Whoever prints without updating the contents sees no page number rather than a wrong one.
    assert not [one for one in instructions if one.startswith("PAGEREF")]
    assert not [one for one in body.iter(f"{W}fldChar") if one.get(f"{W}dirty")]
    assert parts(data)["word/settings.xml"].find(f"{W}updateFields") is None


def test_contents_end_before_their_section_does(data):
    """Within the field the section's feet would be lost in LibreOffice."""
    body = parts(data)["word/document.xml"]
    blocks = list(body.find(f"{W}body"))
    ends = [at for at, one in enumerate(blocks) if one.find(f"{W}pPr/{W}sectPr") is not None]
    field = [
        at
        for at, block in enumerate(blocks[: ends[0] + 1])
        for mark in block.iter(f"{W}fldChar")
        if mark.get(f"{W}fldCharType") == "end"
    ]

    assert field == [ends[0] - 1]


def test_every_field_is_closed(data):
    for name, part in parts(data).items():
        kinds = [one.get(f"{W}fldCharType") for one in part.iter(f"{W}fldChar")]
        assert kinds.count("begin") == kinds.count("separate") == kinds.count("end"), name


def test_tables_stand_under_numbered_captions(document):
    blocks = list(document.iter_inner_content())
    above = [blocks[at - 1] for at, block in enumerate(blocks) if isinstance(block, Table)]

    assert [one.text for one in above] == CAPTIONS
    assert {one.style.name for one in above} == {"Caption"}
    assert all(one.paragraph_format.keep_with_next for one in above)
    assert [one.text for one in blocks if isinstance(one, Paragraph) and one.text[:2] == "図 "] == [
        "図 1　P1の指標別の進捗率（令和7年度）",
        "図 2　A1の指標別の進捗率（令和7年度）",
    ]


def test_caption_numbers_are_fields_of_their_kind(data):
    found = [
        one.text.strip()
        for one in parts(data)["word/document.xml"].iter(f"{W}instrText")
        if "SEQ" in one.text
    ]

    assert found.count(r"SEQ 表 \* ARABIC") == len(CAPTIONS)
    assert found.count(r"SEQ 図 \* ARABIC") == 2


def test_tables_repeat_their_head_keep_rows_whole_and_merge_nothing(document):
    for table in document.tables:
        heads = [row._tr.find(f"{W}trPr/{W}tblHeader") is not None for row in table.rows]
        whole = [row._tr.find(f"{W}trPr/{W}cantSplit") is not None for row in table.rows]
        assert heads == [True] + [False] * (len(table.rows) - 1)
        assert all(whole)
        assert table.style.name == "報告書の表"
        assert {len(row._tr.tc_lst) for row in table.rows} == {len(table.columns)}
        assert not list(table._tbl.iter(f"{W}gridSpan", f"{W}vMerge"))


def test_tables_and_figures_are_told_in_words(document):
    (table,) = tables(document, "最終目標の改定")
    shapes = [shape._inline.docPr for shape in document.inline_shapes]

    assert described(table, "tblDescription") == (
        "列は番号、指標名、改定した年度、改定前、改定後、理由。見出しの下に1行。"
    )
    rates = "P1-1 105.0%（A 順調）、P1-2 参考、P1-3 99.9%（B 概ね順調）、P1-4 △2,450.0%（D 遅れ）。"
    assert [shape.get("descr") for shape in shapes] == [
        f"P1の指標別の進捗率の棒グラフです。{rates}",
        "A1の指標別の進捗率の棒グラフです。A1-1 集計中、A1-2 未測定、A1-3 未入力、A1-4 算出不可。",
    ]
    assert [shape.get("id") for shape in shapes] == ["1", "2"]


def test_charts_are_whole_pictures_as_wide_as_the_text(document):
    shape = document.inline_shapes[0]
    relation = shape._inline.graphic.graphicData.pic.blipFill.blip.embed
    png = document.part.related_parts[relation].blob

    width, height = struct.unpack_from(">II", png, 16)
    assert (png[:8], width) == (b"\x89PNG\r\n\x1a\n", 1440)
    assert png.endswith(b"IEND\xaeB`\x82")
    assert round(shape.width.mm) == 176
    assert round(shape.height.mm, 1) == round(176 * height / width, 1)


def test_pages_are_numbered_and_name_their_section(data, document):
    foot = document.sections[-1].footer._element
    head = document.sections[-1].header._element

    assert [one.text for one in foot.iter(f"{W}instrText")] == [" PAGE ", " NUMPAGES "]
    assert [one.text for one in head.iter(f"{W}instrText")] == [" STYLEREF 1 "]
    assert document.sections[0].first_page_footer.paragraphs[0].text == ""


def test_pages_are_a4_and_upright_unless_figures_need_the_width():
    years = [
        year(2024 + number, "final", actual="1234567.8", total="1234567.8", expected="1234567.8",
             final_target="1234567.8", rates=("100", "100"), rating=("A", "順調"))
        for number in range(3)
    ]  # fmt: skip
    one = kpi("P1-1", "売上高", "千円", *years, decimal_places=1, is_cumulative=True)
    project = replace(sample_report().projects[0], kpis=(one,))
    document = opened(render_docx(sample_report(fiscal_year=2026, projects=(project,))))

    front, summary, wide, rest = document.sections
    assert [section.orientation for section in (front, summary, wide, rest)] == [
        WD_ORIENT.PORTRAIT, WD_ORIENT.PORTRAIT, WD_ORIENT.LANDSCAPE, WD_ORIENT.PORTRAIT,
    ]  # fmt: skip
    assert [round(wide.page_width.mm), round(wide.page_height.mm)] == [297, 210]
    assert [round(rest.page_width.mm), round(rest.page_height.mm)] == [210, 297]
    figures = " ".join(["1,234,567.8"] * 5)
    (table,) = tables(document, KPI_TABLE)
    assert lines(table) == [
        f"P1-1　売上高（千円） － {figures} … … 1,234,567.8 100.0% 100.0% A 順調"
    ]
    assert sum(int(one.get(f"{W}w")) for one in table._tbl.tblGrid) == round(263 * 1440 / 25.4)


def test_document_is_japanese_and_says_whose_it_is(data, document):
    defaults = parts(data)["word/styles.xml"].find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")
    about = document.core_properties

    assert defaults.find(f"{W}lang").get(f"{W}eastAsia") == "ja-JP"
    assert defaults.find(f"{W}rFonts").get(f"{W}eastAsia") == "游ゴシック"
    assert about.language == "ja-JP"
    assert about.title == "第1期見本市総合戦略　令和7年度　年次報告書"
    assert (about.author, about.last_modified_by) == ("見本市", "見本市")
    made = datetime(2026, 7, 14, 23, 30, tzinfo=UTC)
    assert (about.created, about.modified) == (made, made)
    assert about.comments == ""


def test_looks_come_from_styles_alone(data):
    body = parts(data)["word/document.xml"]
    known = {one.get(f"{W}styleId") for one in parts(data)["word/styles.xml"].iter(f"{W}style")}
    used = {
        one.get(f"{W}val")
        for tag in ("pStyle", "rStyle", "tblStyle")
        for one in body.iter(f"{W}{tag}")
    }

    assert used <= known
    assert {one.tag for run in body.iter(f"{W}rPr") for one in run} == {f"{W}rStyle", f"{W}rFonts"}
    assert {tuple(one.attrib) for one in body.iter(f"{W}rFonts")} == {(f"{W}hint",)}
    assert {one.tag for properties in body.iter(f"{W}pPr") for one in properties} == {
        f"{W}{tag}" for tag in ("pStyle", "keepNext", "numPr", "sectPr")
    }


def test_elements_stand_in_the_schemas_order(data):
    wide = render_docx(sample_report(edition=1, projects=sample_report().projects * 2))
    for part in [*parts(data).values(), *parts(wide).values()]:
        for element in part.iter(*(f"{{*}}{name}" for name in ORDER)):
            order = ORDER[etree.QName(element).localname].split()
            children = [etree.QName(child).localname for child in element]
            # Heads and feet may follow each other in any order.
            children = [one.replace("footerR", "headerR") for one in children]
            places = [order.index(one) for one in children]
            assert places == sorted(places), etree.tostring(element)[:300]


def test_directions_count_from_one_in_every_project():
    first, second = sample_report().projects
    both = (first, replace(second, directions=("広げる",)))
    data = render_docx(sample_report(projects=both))
    lists = [one.get(f"{W}val") for one in parts(data)["word/document.xml"].iter(f"{W}numId")]
    begun = {
        one.get(f"{W}numId"): one.find(f"{W}lvlOverride/{W}startOverride").get(f"{W}val")
        for one in parts(data)["word/numbering.xml"].iter(f"{W}num")
        if len(one) > 1
    }

    assert lists == ["2", "2", "3"]
    assert begun == {"2": "1", "3": "1"}


def test_same_report_gives_the_same_bytes(data):
    forget_charts()
    drawn_as_picture.cache_clear()
    assert render_docx(sample_report()) == data

    later = sample_report()
    assert render_docx(replace(later, made_at=later.made_at + timedelta(minutes=1))) != data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(2026, 7, 15, 8, 30, 0)}
        assert archive.namelist()[:2] == ["[Content_Types].xml", "_rels/.rels"]


def test_long_rows_may_break_over_pages():
    change = replace(sample_report().changes[1], before="前の説明です。" * 200)
    document = opened(render_docx(sample_report(changes=(change,))))
    (table,) = tables(document, "前の報告書からの変更")

    assert table.rows[0]._tr.find(f"{W}trPr/{W}cantSplit") is not None
    assert table.rows[1]._tr.find(f"{W}trPr/{W}cantSplit") is None
    assert table.rows[1].cells[4].text == "前の説明です。" * 200
