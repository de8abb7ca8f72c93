"""Where the PDF's pages end: never between a heading and what it heads, nor within a row."""

from dataclasses import replace

import pytest

from reports.renderers.pdf import render_pdf
from tests.reports.pdf_reading import lines, pages_by_pdfium
from tests.reports.sample_report import sample_report, with_first_project


@pytest.mark.parametrize("directions", range(0, 30, 4))
def test_heading_and_title_stay_with_their_table(directions):
    report = with_first_project(directions=("方向性",) * directions)
    pages = [lines([page]) for page in pages_by_pdfium(render_pdf(report))]
    (own,) = (
        page for page in pages if "(1) 研究開発支援事業 再掲先 A1 実施中 12,345 産業振興課" in page
    )

    first = own.index("番号 取組 掲載先 状況 決算額（千円） 所管課")
    assert own[first - 1].endswith("取組の状況と決算額")
    assert own[first - 2] == "取組は1件です。状況は、実施中1件です。"
    assert own[first - 3] == "取組"


@pytest.mark.parametrize("directions", range(0, 30, 4))
def test_project_begins_on_a_page_that_holds_it_down_to_its_chart(directions):
    report = with_first_project(directions=("方向性",) * directions)
    pages = [lines([page]) for page in pages_by_pdfium(render_pdf(report))]
    (own,) = (page for page in pages if "A1 =1+1 <推進>" in page and "目次" not in page[0])

    assert "A1-4 件 － － － 60.5 速1,234.5 … … … － － － － 算出不可" in own
    assert "図2 A1の指標別の進捗率（令和7年度）" in own


def test_table_over_several_pages_repeats_its_head_and_keeps_rows_whole():
    plain = sample_report().projects[0].kpis[0]
    many = tuple(replace(plain, code=f"P1-{number}") for number in range(1, 61))
    pages = [lines([page]) for page in pages_by_pdfium(render_pdf(with_first_project(kpis=many)))]

    rows = [f"{one.code} 件 － 50 20 12 9 … … … 21 42.0% 105.0% A 順調" for one in many]
    holding = [page for page in pages if not set(rows).isdisjoint(page)]
    assert [line for page in holding for line in page if line in rows] == rows
    assert len(holding) > 1
    for page in holding:
        assert any(line.startswith("番号 単位 基準値 最終目標 年度目安") for line in page)
        # A KPI's name is never left behind on the page before.
        assert page.count("支援件数（のべ）") >= len(set(rows) & set(page))


def test_page_where_one_project_ends_and_another_begins_names_both():
    report = with_first_project(directions=("方向性",) * 6)
    (page,) = (
        page for page in map(str.splitlines, pages_by_pdfium(render_pdf(report)))
        if "A1　=1+1 <推進>" in page and "外部有識者の意見" in page
    )  # fmt: skip

    assert " ".join(page[0].split()) == "令和7年度 年次報告書 P1・A1 案"
