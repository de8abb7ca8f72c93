import io
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pypdf
import pypdfium2
import pytest

from kpis.charts import draw_counts, forget_charts
from reports.renderers.pdf import render_pdf
from reports.renderers.printable import printable
from tests.reports.sample_report import HARD_TEXT, LONG_NAME, kpi, sample_report, year

FIGURES = {
    "on pace": "P1-1 件 － 50 20 12 9 21 42.0% 105.0% A 順調",
    "for reference": "P1-2 件 － 50 20 未入力 9 参9 － － － 参考",
    "a hair below 100": "P1-3 人 － 10,000 10,000 12,345 9,996 － 99.9% 99.9% B 概ね順調",
    "provisional and negative": "P1-4 人 50 60 54 55 速△48 － △980.0% △2,450.0% D 遅れ",
    "pending": "A1-1 % － 65.0 65.0 60.5 集計中 － － － － 集計中",
    "unmeasured": "A1-2 % － 65.0 65.0 60.5 未測定 － － － － 未測定",
    "missing": "A1-3 % － 65.0 65.0 60.5 未入力 － － － － 未入力",
    "uncomputable": "A1-4 件 － － － 60.5 速1,234.5 － － － － 算出不可",
}
SUMMARY = [
    "P1 地域産業応援プロジェクト 66.7% 4指標中3指標 66.7% 4指標中3指標 C やや遅れ",
    "A1 =1+1 <推進> － 4指標中0指標 － 4指標中0指標 － 評価なし",
    "令和6年度 1 1 0 1 5 8",
    "P1-3 来場者数 99.9% 99.9% B 概ね順調",
]


@pytest.fixture(scope="module")
def data():
    return render_pdf(sample_report())


@pytest.fixture(scope="module")
def reader(data):
    return pypdf.PdfReader(io.BytesIO(data))


def pages_by_pdfium(data):
    return [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(data)]


def pages_by_pypdf(data):
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages]


def lines(pages):
    """All lines of all pages, their gaps made single spaces."""
    return [" ".join(line.split()) for page in pages for line in page.splitlines()]


def elements(reader):
    """Every element of the structure tree, in reading order."""
    found = []

    def walk(node):
        node = node.get_object()
        if isinstance(node, pypdf.generic.ArrayObject):
            for child in node:
                walk(child)
        elif isinstance(node, pypdf.generic.DictionaryObject) and "/S" in node:
            found.append(node)
            walk(node.get("/K", pypdf.generic.ArrayObject()))

    walk(reader.trailer["/Root"]["/StructTreeRoot"]["/K"])
    return found


def titles(outline):
    """The bookmarks with their level."""
    for entry in outline:
        if isinstance(entry, list):
            yield from ((level + 1, title) for level, title in titles(entry))
        else:
            yield 1, entry.title


def with_first_project(**changes):
    report = sample_report()
    first, second = report.projects
    return replace(report, projects=(replace(first, **changes), second))


@pytest.mark.parametrize("read", [pages_by_pdfium, pages_by_pypdf], ids=["pdfium", "pypdf"])
@pytest.mark.parametrize("line", FIGURES.values(), ids=FIGURES)
def test_kpi_and_its_figures_are_one_line_of_text(data, read, line):
    assert line in lines(read(data))


@pytest.mark.parametrize("line", SUMMARY)
def test_summary_has_means_with_counts_and_ratings_in_words(data, line):
    assert line in lines(pages_by_pdfium(data))


def test_five_years_fit_on_one_line():
    years = [
        year(2024 + number, "final", actual="361.8", expected="335.0", final_target="335.0",
             rates=("108.0", "108.0"), rating=("A", "順調"))
        for number in range(5)
    ]  # fmt: skip
    one = kpi("P1-1", "来場者数", "千人", *years, decimal_places=1)
    project = replace(sample_report().projects[0], kpis=(one,))
    data = render_pdf(sample_report(fiscal_year=2028, projects=(project,)))

    line = "P1-1 千人 － 335.0 335.0 361.8 361.8 361.8 361.8 361.8 － 108.0% 108.0% A 順調"
    assert line in lines(pages_by_pdfium(data))
    assert all(page.mediabox.width < page.mediabox.height for page in reader_of(data).pages)


def test_figures_too_wide_for_an_upright_page_get_one_on_its_side():
    years = [
        year(2024 + number, "final", actual="1234567.8", total="1234567.8", expected="1234567.8",
             final_target="1234567.8", rates=("100", "100"), rating=("A", "順調"))
        for number in range(3)
    ]  # fmt: skip
    one = kpi("P1-1", "売上高", "千円", *years, decimal_places=1, is_cumulative=True)
    project = replace(sample_report().projects[0], kpis=(one,))
    data = render_pdf(sample_report(fiscal_year=2026, projects=(project,)))

    (page,) = (page for page in reader_of(data).pages if page.mediabox.width > 600)
    figures = " ".join(["1,234,567.8"] * 6)
    assert f"P1-1 千円 － {figures} 100.0% 100.0% A 順調" in lines([page.extract_text()])
    assert "重要業績評価指標（KPI）" in lines([page.extract_text()])


def reader_of(data):
    return pypdf.PdfReader(io.BytesIO(data))


def test_pdf_says_its_title_author_language_and_that_it_is_tagged(reader):
    root = reader.trailer["/Root"]

    assert reader.metadata.title == "第1期見本市総合戦略　令和7年度　総合戦略進捗状況報告書"
    assert reader.metadata.author == "見本市"
    assert root["/Lang"] == "ja"
    assert root["/MarkInfo"]["/Marked"].value
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()


def test_structure_has_headings_tables_with_heads_and_figures_with_alternatives(reader):
    found = elements(reader)
    kinds = Counter(str(element["/S"]) for element in found)
    alternatives = [element["/Alt"] for element in found if element["/S"] == "/Figure"]

    assert kinds["/H1"] == 6
    assert kinds["/Table"] == 13
    assert kinds["/Caption"] == 13 + 2
    assert kinds["/TH"] > 60
    assert kinds["/TD"] > 150
    assert alternatives == [
        "P1-1 105.0%（A 順調）、P1-2 参考、P1-3 99.9%（B 概ね順調）、P1-4 △2,450.0%（D 遅れ）。",
        "A1-1 集計中、A1-2 未測定、A1-3 未入力、A1-4 算出不可。",
    ]


def test_bookmarks_are_the_sections(reader):
    sections = [title for level, title in titles(reader.outline) if level == 1]

    assert sections == [
        "目次",
        "この報告書の見方",
        "総括",
        "P1　地域産業応援プロジェクト",
        "A1　=1+1 <推進>",
        "指標の定義",
    ]
    assert (2, "要因分析と今後の方向性") in titles(reader.outline)


def test_only_the_wheels_fonts_are_used_and_embedded(reader):
    fonts = {}
    for page in reader.pages:
        for font in page["/Resources"].get("/Font", {}).values():
            (inner,) = font["/DescendantFonts"]
            fonts[font["/BaseFont"]] = "/FontFile3" in inner["/FontDescriptor"]

    assert sorted(name.partition("+")[2] for name in fonts) == [
        "NotoSansCJKjp-Bold-Identity-H",
        "NotoSansCJKjp-Regular-Identity-H",
    ]
    assert all(fonts.values())


def test_same_report_gives_the_same_bytes(data):
    forget_charts()
    assert render_pdf(sample_report()) == data

    later = sample_report()
    assert render_pdf(replace(later, made_at=later.made_at + timedelta(seconds=1))) != data


def test_charts_are_drawn_once_for_all_renderings(data):
    before = draw_counts().misses
    render_pdf(sample_report(edition=1))

    assert draw_counts().misses == before


def test_draft_is_marked_on_every_page(data):
    drafts = pages_by_pdfium(data)
    issued = pages_by_pdfium(render_pdf(sample_report(edition=1)))

    assert all("案" in page.split() for page in drafts)
    assert not any("案" in page.split() for page in issued)
    assert len(drafts) == len(issued) == 9


def test_every_page_but_the_cover_is_numbered_and_names_its_section(data):
    _cover, *pages = pages_by_pdfium(data)

    assert [f"{number} / 9" in page for number, page in enumerate(pages, start=2)] == [True] * 8
    assert "令和7年度 総合戦略進捗状況報告書 P1 地域産業応援プロジェクト 案" in lines(pages[3:4])


def test_cover_names_strategy_year_city_and_date(data):
    cover = lines(pages_by_pdfium(data)[:1])

    for line in (
        "案",
        "第1期見本市総合戦略",
        "令和7年度",
        "総合戦略進捗状況報告書",
        "対象年度 令和7年度（2025年度）",
        "計画期間 令和6年度（2024年度）から令和10年度（2028年度）まで",
        "実績値はすべて架空（見本）です。",
        "令和8年7月15日",
        "見本市",
    ):
        assert line in cover


def test_report_of_real_figures_does_not_call_them_fictitious():
    text = "".join(pages_by_pdfium(render_pdf(sample_report(is_sample=False))))

    assert "架空" not in text


def test_first_year_has_no_year_before(data):
    assert "前年度（令和6）120.0%" in lines(pages_by_pdfium(data))
    assert "前年度（" not in "".join(pages_by_pdfium(render_pdf(sample_report(previous=None))))


def test_guide_explains_marks_rounding_formulas_and_bands(data):
    guide = lines(pages_by_pdfium(data)[2:3])

    for line in (
        "達成率 実績 ÷ 最終目標 × 100 計画の最終年度までに達する値に対する割合",
        "進捗率 実績 ÷ その年度の目安 × 100 その年度の末までに達する値に対する割合",
        "A 順調 100%以上",
        "B 概ね順調 80%以上100%未満",
        "D 遅れ 60%未満",
        "△ 負の数",
        "速 速報値（後日、確定値に改めることがあります）",
    ):
        assert line in guide
    text = "".join(guide)
    assert "四捨五入" in text
    assert "評価の境（100%・80%・60%）" in text
    assert "取組・事業の数は、再掲を除いて数えます。" in text


def test_initiative_listed_elsewhere_names_its_home(data):
    found = lines(pages_by_pdfium(data))

    assert "(2) 研究開発支援事業（再掲） 掲載元 P1の(1) 産業振興課" in found
    assert "(1) 研究開発支援事業 再掲先 A1 産業振興課" in found


def test_remarks_and_explanations_stand_in_their_section(data):
    found = lines(pages_by_pdfium(data))

    assert "注1 P1-2（令和7年度）令和6年度の実績がそろっていないため、累計は参考です。" in found
    assert "要因分析 相談会を早めました。" in found
    assert "物価の高騰は続いています。" in found
    assert "今後の方向性 周知を強めます。" in found
    assert "P1-2、P1-3、P1-4については、要因分析と今後の方向性の記載がありません。" in found


def test_remark_that_holds_for_several_years_is_printed_once():
    unknown = {"absence": (5, "参考"), "remarks": ("累計は参考です。",)}
    years = [year(2024 + number, "final", actual="1", total="1", **unknown) for number in range(2)]
    one = kpi("P1-1", "件数", "件", *years, is_cumulative=True)

    found = lines(pages_by_pdfium(render_pdf(with_first_project(kpis=(one,)))))
    assert "注1 P1-1（令和6年度、令和7年度）累計は参考です。" in found


def test_markup_in_texts_is_printed_as_typed(data):
    shown = HARD_TEXT.replace("😀\x07", "〓")

    assert shown in lines(pages_by_pdfium(data))
    assert LONG_NAME in "".join("".join(pages_by_pdfium(data)).split())


def test_character_without_a_glyph_becomes_a_geta_and_is_listed(data):
    found = "".join(lines(pages_by_pdfium(data)))

    assert "この報告書の書体にない文字（U+1F600）は、〓に置き換えています。" in found
    plain = sample_report(projects=sample_report().projects[:0])
    assert "〓" not in "".join(pages_by_pdfium(render_pdf(plain)))


def test_hard_characters_neither_stop_the_report_nor_reach_it():
    hard = "e\u0301か\u3099葛\U000e0100\u200b\ufeff\u2028ภ\ufffe❤\ufe0fﾊﾟ\x00\t終"
    one = replace(sample_report().projects[0].kpis[0], name=hard)
    shown, replaced = printable(with_first_project(kpis=(one,), purpose=hard, name=hard))

    assert replaced == ("ภ", "❤", "\ufffe", "😀")
    assert shown.projects[0].purpose == "e\u0301か\u3099葛\U000e0100\n〓〓〓ﾊﾟ 終"
    assert "〓〓〓ﾊﾟ 終" in "\n".join(lines(pages_by_pdfium(render_pdf(shown))))


@pytest.mark.parametrize("directions", range(0, 30, 4))
def test_heading_and_title_stay_with_their_table(directions):
    report = with_first_project(directions=("方向性",) * directions)
    pages = [lines([page]) for page in pages_by_pdfium(render_pdf(report))]
    (own,) = (page for page in pages if "(1) 研究開発支援事業 再掲先 A1 産業振興課" in page)

    first = own.index("番号 取組・事業 掲載元・再掲先 所管課")
    assert own[first - 1].endswith("主な取組・事業")
    assert own[first - 2] == "主な取組・事業"


def test_table_over_several_pages_repeats_its_head_and_keeps_rows_whole():
    plain = sample_report().projects[0].kpis[0]
    many = tuple(replace(plain, code=f"P1-{number}") for number in range(1, 61))
    pages = [lines([page]) for page in pages_by_pdfium(render_pdf(with_first_project(kpis=many)))]

    rows = [f"{one.code} 件 － 50 20 12 9 21 42.0% 105.0% A 順調" for one in many]
    holding = [page for page in pages if not set(rows).isdisjoint(page)]
    assert [line for page in holding for line in page if line in rows] == rows
    assert len(holding) > 1
    for page in holding:
        assert any(line.startswith("番号 単位 基準値 最終目標 年度目安") for line in page)
        # A KPI's name is never left behind on the page before.
        assert page.count("支援件数（のべ）") >= len(set(rows) & set(page))


def test_long_explanation_runs_over_pages_without_loss():
    plain = sample_report().projects[0].kpis[0]
    latest = replace(plain.latest, analysis="鯨の説明です。" * 900)
    one = replace(plain, years=(*plain.years[:-1], latest), definition="鮪の定義です。" * 900)
    text = "".join(pages_by_pdfium(render_pdf(with_first_project(kpis=(one,)))))

    assert (text.count("鯨"), text.count("鮪")) == (900, 900)


def test_project_without_kpis_and_initiatives_says_so():
    data = render_pdf(with_first_project(kpis=(), initiatives=(), purpose="", directions=()))
    found = lines(pages_by_pdfium(data))

    assert "指標はありません。" in found
    assert "取組・事業はありません。" in found
