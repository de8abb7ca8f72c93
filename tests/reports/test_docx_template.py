"""An office's own Word template: what of it shows, and what is said where it lacks something."""

import io
import re
import zipfile

import docx
import pytest
from django.apps import apps
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.shared import Mm, Pt

from reports.renderers.docx import render_docx
from reports.renderers.docx.template import OWN, TemplateUnusable, open_template
from tests.reports.docx_reading import (
    KPI_TABLE,
    W,
    lines,
    opened,
    parts,
    tables,
    texts,
    with_first_project,
)
from tests.reports.sample_report import sample_report


@pytest.fixture
def given(settings, tmp_path):
    """Takes a change of the app's template and gives it to the settings as the office's."""

    def give(change):
        document = docx.Document(OWN)
        change(document)
        settings.REPORT_TEMPLATE = tmp_path / "ひな型.docx"
        document.save(settings.REPORT_TEMPLATE)

    return give


def heading(document, text):
    return next(one for one in document.paragraphs if one.text == text)


def style(document, name):
    (found,) = document.styles.element.xpath(f"w:style[w:name/@w:val='{name}']")
    return found


def without(element):
    element.getparent().remove(element)


def rendered(**changes):
    return opened(render_docx(sample_report(**changes)))


def test_styles_margins_and_sample_tables_of_the_office_show(given):
    def change(document):
        document.styles["Heading 1"].font.size = Pt(20)
        for section in document.sections:
            section.left_margin = section.right_margin = Mm(30)
        for table in document.tables:
            table.rows[1].cells[1]._tc.get_or_add_tcPr().append(OxmlElement("w:hideMark"))

    given(change)
    document = rendered()
    (table,) = tables(document, "評価が動いた指標")

    assert document.styles["Heading 1"].font.size == Pt(20)
    assert [round(one.left_margin.mm) for one in document.sections] == [30] * len(document.sections)
    widths = [int(one.get(f"{W}w")) for one in table._tbl.tblGrid]
    assert sum(widths) == round(Mm(210 - 60).twips)
    marked = [cell._tc.find(f"{W}tcPr/{W}hideMark") is not None for cell in table.rows[1].cells]
    assert marked == [False, False, True, False, True, False, False]


def test_larger_type_takes_wider_columns_and_then_pages_on_their_side(given):
    def change(document):
        document.styles["指標表の文字"].font.size = Pt(11)

    given(change)
    document = rendered()

    assert [one.orientation for one in document.sections][:3] == [0, 0, 1]
    first, _second = tables(document, KPI_TABLE)
    assert (
        lines(first)[0] == "P1-1　支援件数（のべ）（件） － 50 20 12 9 … … … 21 42.0% 105.0% A 順調"
    )


def test_cells_keep_the_looks_of_the_sample_and_not_its_texts_or_words_own_marks(given):
    mark = "{http://schemas.microsoft.com/office/word/2010/wordml}paraId"

    def change(document):
        cell = document.tables[0].rows[1].cells[0]
        cell.text = "文字"
        cell.paragraphs[0].runs[0].italic = True
        cell.paragraphs[0].add_run("の続き")
        cell.add_paragraph("もう一つの段落")
        cell.paragraphs[0]._p.set(mark, "1A2B3C4D")

    given(change)
    document = rendered()
    (table,) = tables(document, "評価が動いた指標")

    assert lines(table)[0] == "P1-3 来場者数 123.5% A 順調 99.9% B 概ね順調 下がった"
    runs = [cell.paragraphs[0].runs[0] for cell in table.rows[1].cells]
    assert [one.italic for one in runs] == [True, True, None, True, None, True, True]
    assert [one for one in document.element.iter() if one.get(mark)] == []


def test_cover_of_the_office_has_its_own_words_and_picture_and_the_reports(given):
    def change(document):
        document.paragraphs[0].insert_paragraph_before("議案第12号").style = "Normal"
        for text in ("{{作成日}}", "{{担当課}}"):
            without(heading(document, text)._p)

    given(change)
    document = rendered()

    assert [one.text for one in document.paragraphs[:3]] == [
        "議案第12号", "第1期見本市総合戦略", "令和7年度\n年次報告書",
    ]  # fmt: skip
    assert texts(document, "表紙の日付") == texts(document, "表紙の担当課") == []


def test_name_that_word_has_split_over_runs_is_filled_in(given):
    def change(document):
        paragraph = heading(document, "{{団体名}}")
        paragraph.clear()
        for piece in ("議会：{", "{団体", "名}", "}様"):
            paragraph.add_run(piece).bold = piece == "{団体"

    given(change)
    document = rendered()

    assert texts(document, "表紙の団体名") == ["議会：見本市様"]
    (paragraph,) = [one for one in document.paragraphs if one.style.name == "表紙の団体名"]
    assert [one.text for one in paragraph.runs] == ["議会：見本市", "様"]


def test_pages_turn_back_to_their_own_head_and_foot(given):
    """A section that goes on with the foot of the one before has it behind any other, too."""

    def change(document):
        document.styles["指標表の文字"].font.size = Pt(11)
        document.sections[1].footer.is_linked_to_previous = True

    given(change)
    feet = [one.footer.paragraphs[0].style.name for one in rendered().sections]

    assert feet[:4] == ["Footer", "Footer", "フッター（横）", "Footer"]


def test_nothing_of_the_samples_is_in_the_report(given):
    given(lambda document: None)
    for part in parts(render_docx(sample_report())).values():
        found = "".join(part.itertext(f"{W}t"))
        assert "この見出しから後は" not in found
        assert re.findall(r"\{\{.*?\}\}", found) == []


def test_name_that_somebody_has_typed_into_a_text_stays(given):
    given(lambda document: None)
    document = opened(render_docx(with_first_project(name="{{版}}", purpose="{{目次}}")))

    assert "P1　{{版}}" in texts(document, "Heading 1")
    assert "P1　{{版}}" in texts(document, "toc 1")
    assert "{{目次}}" in texts(document, "Normal")


def test_template_that_updates_its_fields_asks_nothing_on_opening(given):
    def change(document):
        document.settings.element.append(OxmlElement("w:updateFields"))

    given(change)

    assert parts(render_docx(sample_report()))["word/settings.xml"].find(f"{W}updateFields") is None


def test_properties_that_libreoffice_has_written_are_replaced(given, settings):
    given(lambda document: None)
    path = settings.REPORT_TEMPLATE
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    ours = RELATIONSHIP_TYPE.CORE_PROPERTIES.encode()
    theirs = b"http://schemas.openxmlformats.org/officedocument/2006/relationships/metadata/core-properties"
    files["_rels/.rels"] = files["_rels/.rels"].replace(ours, theirs)
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    data = render_docx(sample_report())

    assert opened(data).core_properties.author == "見本市"
    names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    assert len(names) == len(set(names))


def no_style(document):
    for name in ("heading 2", "要旨"):
        without(style(document, name))


def no_number(document):
    without(style(document, "List Number").find(f"{W}pPr/{W}numPr"))


def no_table(document):
    without(document.tables[1]._tbl)


def no_repeated_head(document):
    without(document.tables[0]._tbl.find(f"{W}tr/{W}trPr/{W}tblHeader"))


def no_wide_pages(document):
    last = document.sections[-1]
    last.page_width, last.page_height = Mm(210), Mm(297)


def no_draft_mark(document):
    document.sections[2].header.paragraphs[0].text = "報告書"


def no_draft_mark_on_even_pages(document):
    document.settings.odd_and_even_pages_header_footer = True


def no_contents(document):
    without(heading(document, "{{目次}}")._p)


def unknown_name(document):
    document.sections[1].header.paragraphs[0].add_run("{{市長}}")


@pytest.mark.parametrize(
    ("change", "sentences"),
    [
        (
            no_style,
            ["スタイル「見出し 2（heading 2）」がありません。", "スタイル「要旨」がありません。"],
        ),
        (no_number, ["スタイル「段落番号（List Number）」に、番号の書式がありません。"]),
        (no_table, ["左上のセルに {{指標表}} とある、2行2列の見本の表がありません。"]),
        (no_repeated_head, ["{{表}} の表の1行目が、タイトル行の繰り返しになっていません。"]),
        (no_wide_pages, ["表紙と目次の後に、用紙の向きが横のセクションがありません。"]),
        (no_draft_mark, ["セクション3に、{{案}} のないヘッダーがあります"]),
        (
            no_draft_mark_on_even_pages,
            [f"セクション{number}に、{{{{案}}}} のないヘッダーがあります" for number in (1, 2, 3)],
        ),
        (no_contents, ["最初のセクションに、{{目次}} の段落がありません。"]),
        (unknown_name, ["{{市長}} に入れるものはありません。"]),
    ],
)
def test_template_that_lacks_something_is_refused_with_what_it_lacks(given, change, sentences):
    given(change)

    with pytest.raises(TemplateUnusable) as refused:
        render_docx(sample_report())
    said = str(refused.value).splitlines()
    assert "ひな型.docx は使えません（REPORT_TEMPLATE）。" in said[0]
    assert len(said) == 1 + len(sentences)
    for line, sentence in zip(said[1:], sentences, strict=True):
        assert line.startswith(f"・{sentence}")


def test_file_that_is_no_word_document_is_refused(settings, tmp_path):
    settings.REPORT_TEMPLATE = tmp_path / "ひな型.docx"
    settings.REPORT_TEMPLATE.write_bytes(b"nothing")
    with pytest.raises(TemplateUnusable, match=r"Wordの文書（\.docx）として開けません。"):
        open_template()

    with zipfile.ZipFile(settings.REPORT_TEMPLATE, "w") as archive:
        archive.writestr("a.txt", "nothing")
    with pytest.raises(TemplateUnusable, match=r"Wordの文書（\.docx）として開けません。"):
        open_template()


def test_start_is_refused_with_an_unusable_template(given):
    given(no_contents)

    with pytest.raises(TemplateUnusable, match="目次"):
        apps.get_app_config("reports").ready()


def test_own_template_is_complete_and_left_as_it_is(settings):
    before = OWN.read_bytes()
    settings.REPORT_TEMPLATE = None
    render_docx(sample_report())

    assert open_template().styles["heading 1"] == "Heading1"
    assert OWN.read_bytes() == before
