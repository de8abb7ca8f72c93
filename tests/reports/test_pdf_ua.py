"""The PDF is accessible (PDF/UA-1): by an independent checker, and by its tags one by one."""

from collections import Counter
from itertools import pairwise

import pdfua
import pytest

from reports.renderers.pdf import render_pdf
from tests.reports.overlong_report import overlong_report
from tests.reports.pdf_reading import attribute, children, elements, reader_of
from tests.reports.sample_report import sample_report

# The checker's one rule that trips over headings whose content is a list; that no heading is
# empty is asserted below instead.
UNREADABLE_RULE = "UA-14-001"


@pytest.fixture(scope="module")
def reader():
    return reader_of(render_pdf(sample_report()))


@pytest.fixture(scope="module")
def found(reader):
    return elements(reader)


def of_kind(found, *kinds):
    return [element for element in found if element["/S"] in kinds]


def findings(data, folder):
    file = folder / "report.pdf"
    file.write_bytes(data)
    checked = pdfua.validate(str(file))
    return (
        [f"{one.rule_id} {one.message}" for one in checked.findings],
        [one.rule_id for one in checked.skipped],
    )


@pytest.mark.parametrize(
    "make",
    [sample_report, lambda: sample_report(edition=3), overlong_report],
    ids=["draft", "edition", "overlong"],
)
def test_independent_checker_finds_nothing(make, tmp_path):
    assert findings(render_pdf(make()), tmp_path) == ([], [UNREADABLE_RULE])


def test_independent_checker_finds_nothing_in_the_real_plan(real_report, tmp_path):
    assert findings(render_pdf(real_report), tmp_path) == ([], [UNREADABLE_RULE])


def test_independent_checker_finds_what_is_missing(tmp_path):
    data = render_pdf(sample_report()).replace(b"/Lang(ja)", b"/Lnag(ja)")

    told, _skipped = findings(data, tmp_path)
    assert [one.split()[0] for one in told] == ["UA-06-001"]


def test_pdf_says_its_title_author_language_and_that_it_is_tagged(reader):
    root = reader.trailer["/Root"]

    assert reader.metadata.title == "第1期見本市総合戦略　令和7年度　年次報告書"
    assert reader.metadata.author == "見本市"
    assert root["/Lang"] == "ja"
    assert root["/MarkInfo"]["/Marked"].value
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()


def test_every_page_is_tabbed_through_in_the_order_of_its_structure(reader):
    assert {page["/Tabs"] for page in reader.pages} == {"/S"}


def test_headings_are_nested_without_gaps_and_none_is_empty(found):
    headings = of_kind(found, "/H1", "/H2", "/H3")
    levels = [int(heading["/S"][-1]) for heading in headings]

    assert levels[0] == 1
    assert [(one, other) for one, other in pairwise(levels) if other > one + 1] == []
    assert [heading for heading in headings if not heading["/T"].strip()] == []
    assert [heading["/T"] for heading in headings if heading["/S"] == "/H1"] == [
        "目次",
        "この報告書の見方",
        "総括",
        "P1　地域産業応援プロジェクト",
        "A1　=1+1 <推進>",
        "資料",
    ]


def test_every_table_has_a_caption_and_heads_that_its_cells_refer_to(found):
    tables = of_kind(found, "/Table")

    assert len(tables) == 16
    for table in tables:
        parts = [str(part["/S"]) for part in children(table)]
        assert parts == ["/Caption", "/THead", "/TBody"]
        _caption, head, _body = children(table)
        cells = [cell for row in children(head) for cell in children(row)]
        assert {(cell["/S"], attribute(cell, "/Scope")) for cell in cells} == {("/TH", "/Column")}
        names = {cell["/ID"] for cell in cells}
        inner = of_kind(elements_below(table), "/TD")
        assert [cell for cell in inner if not set(attribute(cell, "/Headers")) <= names] == []
        assert [cell for cell in inner if not attribute(cell, "/Headers")] == []


def test_rows_of_a_table_have_as_many_columns_as_its_head(found):
    for table in of_kind(found, "/Table"):
        rows = [row for part in children(table) for row in children(part) if row["/S"] == "/TR"]
        first = sum(attribute(cell, "/ColSpan") or 1 for cell in children(rows[0]))
        open_below = 0
        for row in rows:
            cells = children(row)
            columns = sum(attribute(cell, "/ColSpan") or 1 for cell in cells)
            assert columns + open_below == first
            open_below = sum((attribute(cell, "/RowSpan") or 1) > 1 for cell in cells)


def test_charts_are_figures_whose_alternative_tells_every_rate(found):
    figures = of_kind(found, "/Figure")

    assert [figure["/Alt"].split("。")[:2] for figure in figures] == [
        [
            "P1の指標別の進捗率の棒グラフです",
            "P1-1 105.0%（A 順調）、P1-2 参考、P1-3 99.9%（B 概ね順調）、P1-4 △2,450.0%（D 遅れ）",
        ],
        [
            "A1の指標別の進捗率の棒グラフです",
            "A1-1 集計中、A1-2 未測定、A1-3 未入力、A1-4 算出不可",
        ],
    ]
    assert [attribute(figure, "/BBox") is not None for figure in figures] == [True, True]


def test_kinds_of_elements_are_those_of_the_report(found):
    kinds = Counter(str(element["/S"]) for element in found)

    assert kinds["/Title"] == 1
    assert kinds["/Table"] + kinds["/Figure"] == kinds["/Caption"] == 18
    assert kinds["/Link"] == kinds["/TOCI"] == 9
    assert kinds["/TH"] > 90
    assert kinds["/TD"] > 350


def elements_below(element):
    below = []
    for child in children(element):
        below += [child, *elements_below(child)]
    return below


def test_links_of_the_contents_say_where_they_lead(reader):
    annotations = [one.get_object() for one in reader.pages[1]["/Annots"]]

    assert [one["/Contents"].split() for one in annotations][:2] == [
        ["“この報告書の見方”", "ページ", "3"],
        ["“総括”", "ページ", "4"],
    ]


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
