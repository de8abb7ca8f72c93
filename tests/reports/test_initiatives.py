"""The page of all initiatives: home, re-listings, filter, sort, export."""

import csv
import io

import openpyxl
import pytest

from projects.models import Department, InitiativeListing, Strategy
from tests.factories import assign, make_initiative, make_project, make_strategy
from tests.page_text import table_row


@pytest.fixture
def planner(client, kikaku):
    strategy = make_strategy()
    first, second = make_project(strategy, "P1"), make_project(strategy, "P2")
    shared = make_initiative(first, 1, name="イノベーション創出事業")
    make_initiative(second, 1, name="企業誘致事業")
    InitiativeListing.objects.create(
        project=second, number=2, initiative=shared, printed_name="イノベーション事業"
    )
    assign(shared)
    client.force_login(kikaku)
    return client


def rows(response):
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"), newline="")))


def test_counts_leave_out_relistings(planner):
    html = planner.get("/plans/mihon/initiatives/").content.decode()

    assert "<b>2の取組</b>を3か所に掲載しています（うち再掲1）" in html


def test_initiative_is_one_row_with_its_home_and_where_it_is_relisted(planner):
    response = planner.get("/plans/mihon/initiatives/?_export=csv")

    assert response.content.startswith(b"\xef\xbb\xbf")
    assert [list(row.values()) for row in rows(response)] == [
        ["P1 P1プロジェクト", "1", "イノベーション創出事業", "P2", "D01課"],
        ["P2 P2プロジェクト", "1", "企業誘致事業", "", ""],
    ]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("q=誘致", ["企業誘致事業"]),
        ("q=イノベーション事業", ["イノベーション創出事業"]),
        ("project=P2", ["イノベーション創出事業", "企業誘致事業"]),
        ("project=P1", ["イノベーション創出事業"]),
        ("department=D01", ["イノベーション創出事業"]),
        ("relisted=on", ["イノベーション創出事業"]),
        ("q=ない", []),
        ("sort=-home_project", ["企業誘致事業", "イノベーション創出事業"]),
    ],
)
def test_list_is_filtered_and_sorted(planner, query, names):
    exported = rows(planner.get(f"/plans/mihon/initiatives/?{query}&_export=csv"))

    assert [row["取組"] for row in exported] == names


@pytest.mark.parametrize("column", ["home_project", "home_number", "name", "department"])
def test_every_column_that_says_so_can_be_sorted(planner, column):
    html = planner.get(f"/plans/mihon/initiatives/?sort={column}").content.decode()

    assert html.count('aria-sort="ascending"') == 1
    assert f"sort=-{column}" in html


def test_excel_export_holds_the_same_rows(planner):
    response = planner.get("/plans/mihon/initiatives/?_export=xlsx")
    (sheet,) = openpyxl.load_workbook(io.BytesIO(response.content)).worksheets

    assert list(sheet.values) == [
        ("主な掲載先", "番号", "取組", "再掲先", "所管課"),
        ("P1 P1プロジェクト", 1, "イノベーション創出事業", "P2", "D01課"),
        ("P2 P2プロジェクト", 1, "企業誘致事業", None, None),
    ]


def test_formula_in_a_name_is_not_one_in_the_export(planner):
    project = make_project(Strategy.objects.get(), "P3")
    make_initiative(project, 1, name="=1+1")
    make_initiative(project, 2, name="＝1+1")
    Department.objects.update(name="@課")
    exported = rows(planner.get("/plans/mihon/initiatives/?_export=csv&sort=name"))

    assert {row["取組"] for row in exported} >= {"'=1+1", "'＝1+1"}
    assert {row["所管課"] for row in exported} == {"'@課", ""}


def test_row_names_its_cells_for_a_narrow_screen(planner):
    assert table_row(planner.get("/plans/mihon/initiatives/"), "イノベーション創出事業") == {
        "主な掲載先": "P1 P1プロジェクト",
        "番号": "1",
        "再掲先": "P2 （掲載名：イノベーション事業）",
        "所管課": "D01課",
        "状況": "未入力",
    }


def test_only_the_sorted_column_says_its_direction(planner):
    html = planner.get("/plans/mihon/initiatives/?sort=-name").content.decode()

    assert html.count("aria-sort") == 1
    assert 'aria-sort="descending"' in html
    assert html.count("▼") == 1
    assert html.count("↕") == 3


def test_pages_of_the_list_say_what_is_paged(planner):
    strategy = InitiativeListing.objects.first().project.strategy
    project = make_project(strategy, "P3")
    for number in range(1, 101):
        make_initiative(project, number)
    html = planner.get("/plans/mihon/initiatives/?page=2").content.decode()

    assert '<nav class="pagination" aria-label="取組の一覧のページ">' in html
    assert "102件のうち101件目から102件目" in html
    assert "前へ" in html
    assert "次へ" not in html
