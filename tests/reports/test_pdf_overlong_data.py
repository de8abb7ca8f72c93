"""Data that is hard to set: nothing is cut, nothing runs off a page, nothing is executed."""

from dataclasses import replace

import pytest

from projects.words import LONGEST_WORD, PlanWords
from reports.renderers.pdf import render_pdf
from tests.reports.overlong_report import (
    ADDRESS,
    FORMULA,
    LONG_DEPARTMENT,
    LONG_NAME,
    LONG_UNIT,
    MARKS,
    PRINTED_HARD_TEXT,
    WIDEST,
    many_lines,
    overlong_marks,
    overlong_report,
    report_of_overlong_marks,
)
from tests.reports.pdf_reading import (
    body_text,
    lines,
    outside_margins,
    pages_by_pdfium,
    reader_of,
)
from tests.reports.sample_report import sample_report, standing, year

# As long as a plan's words may be.
LONGEST_WORDS = PlanWords(*(mark * LONGEST_WORD for mark in "柱章策値書"))


@pytest.fixture(scope="module")
def data():
    return render_pdf(overlong_report())


@pytest.fixture(scope="module")
def text(data):
    return body_text(data)


@pytest.fixture(scope="module")
def found(data):
    return lines(pages_by_pdfium(data))


def squeezed(text):
    return "".join(text.split())


@pytest.mark.parametrize("label", ["総括", "要因分析", "取組実績", "意見", "変更前", "変更後"])
def test_long_text_with_line_breaks_is_printed_whole_and_in_order(text, label):
    lines_of_it = many_lines(label)
    places = [text.find(line) for line in lines_of_it]

    assert sum(map(len, lines_of_it)) >= 2800
    assert [line for line, at in zip(lines_of_it, places, strict=True) if at < 0] == []
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("mark", "count"),
    [
        *[("鯨", 500), ("鱈", 500), ("鰹", 500), ("鮪", 500), ("鰯", 500), ("鯖", 500)],
        *[("鮎", 100), ("鯛", 100)],
    ],
)
def test_long_text_without_line_breaks_is_printed_whole(text, mark, count):
    assert text.count(mark) == count


@pytest.mark.parametrize(
    "typed",
    [LONG_NAME, LONG_DEPARTMENT, ADDRESS, MARKS, FORMULA, PRINTED_HARD_TEXT, "𠮷野家の髙橋さん"],
)
def test_hard_text_is_printed_as_typed(text, typed):
    assert squeezed(typed) in text


def test_no_letter_runs_over_a_margin(data):
    assert outside_margins(data, sides=16, ends=7) == []


@pytest.mark.parametrize("words", [PlanWords(), LONGEST_WORDS], ids=["own", "longest"])
def test_no_letter_of_an_ordinary_report_runs_over_a_margin(words):
    assert outside_margins(render_pdf(sample_report(words=words)), sides=16, ends=7) == []


def test_twelve_overlong_marks_leave_everything_on_the_page():
    data = render_pdf(report_of_overlong_marks())
    text = body_text(data)
    summary = next(page for page in pages_by_pdfium(data) if "プロジェクト別の状況" in page)

    assert outside_margins(data, sides=16, ends=7) == []
    # In the guide (twice), in the counts, below each of four tables with ratings.
    assert [band for band in overlong_marks() if text.count(squeezed(band.text)) < 7] == []
    assert [text.count(mark) for mark in "鮭鱒鯉"] == [240, 240, 60]
    # Between number and means there is still room for the project's name.
    assert any(line.startswith("P1 地域産業") for line in lines([summary]))


def test_each_of_30_kpis_keeps_its_figures(found):
    rows = [
        f"P2-{number} 人 － 3,000 2,000 未入力 {1000 + number:,} … … … － "
        f"{33 + number}.0% {50 + number}.0% D 遅れ"
        for number in range(1, 31)
    ]

    assert [line for line in found if line in rows] == rows


def test_figures_of_15_digits_stand_apart_on_one_line(data):
    shown = "△12,345,678,901.2345"
    figures = f"{shown} {shown} {shown} 速{shown} 速{shown} … … … {shown}"
    line = f"{figures} 123,456,789.1% △123,456,789.1% D 遅れ"
    (at,) = (
        at
        for at, page in enumerate(pages_by_pdfium(data))
        if any(line in one for one in lines([page]))
    )
    page = reader_of(data).pages[at]

    assert len(WIDEST.as_tuple().digits) == 15
    assert page.mediabox.width > page.mediabox.height


def test_unit_of_20_characters_breaks_its_line_and_loses_nothing(text):
    assert len(LONG_UNIT) == 20
    assert text.count(LONG_UNIT) >= 3


def test_greatest_cost_is_printed_with_separators(found):
    assert any("1,000,000,000,000" in line for line in found)


def test_project_without_anything_still_has_its_section(found):
    start = len(found) - found[::-1].index("P4 まだ何もないプロジェクト")

    assert found[start : start + 5] == [
        "加速 加速",
        "指標",
        "指標はありません。",
        "取組",
        "取組はありません。",
    ]


def test_long_name_gives_the_pages_its_number_alone(data):
    report = "令和7年度 年次報告書 "
    heads = [lines([page])[0] for page in pages_by_pdfium(data)[1:]]

    assert {head.removeprefix(report).removesuffix(" 案") for head in heads} == {
        "目次",
        "この報告書の見方",
        "総括",
        "P1",
        "P1・P2",
        "P2 指標の多いプロジェクト",
        "P3 桁の多いプロジェクト",
        "P4 まだ何もないプロジェクト",
        "資料",
    }


def test_report_without_any_actual_says_so_of_every_kpi():
    def without_actuals(one):
        missing = (year(2024 + at, "missing", absence=(1, "未入力")) for at in range(2))
        return replace(one, years=tuple(missing))

    plain = sample_report(previous=None, movements=None, changes=(), revisions=())
    nothing = standing(4, None, 0, ("－", "評価なし"))
    projects = tuple(
        replace(project, kpis=tuple(map(without_actuals, project.kpis)), standing=nothing)
        for project in plain.projects
    )
    report = replace(plain, projects=projects, standing=nothing)
    found = lines(pages_by_pdfium(render_pdf(report)))

    assert "P1-3 人 － 10,000 － 未入力 未入力 … … … － － － － 未入力" in found
    assert sum(line.endswith("… … … － － － － 未入力") for line in found) == 8


def test_report_without_projects_says_so():
    report = sample_report(projects=(), changes=(), revisions=())
    found = lines(pages_by_pdfium(render_pdf(report)))

    assert found.count("指標はありません。") == 2
    assert "最終目標の改定はありません。" in found


def test_formula_and_markup_become_neither_links_nor_actions(data):
    annotations = [
        annotation.get_object()
        for page in reader_of(data).pages
        for annotation in page.get("/Annots", [])
    ]

    # Those of the contents, each to a place in the report.
    assert len(annotations) >= 11
    assert [one for one in annotations if "/Dest" not in one or "/A" in one] == []
