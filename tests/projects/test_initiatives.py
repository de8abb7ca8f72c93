"""The page of all initiatives: home, re-listings, filter, sort, export."""

import io

import pytest
import tablib

from projects.models import InitiativeListing
from tests.factories import make_department, make_initiative, make_project, make_strategy


@pytest.fixture
def planner(client, kikaku):
    strategy = make_strategy()
    first, second = make_project(strategy, "P1"), make_project(strategy, "P2")
    shared = make_initiative(first, 1, name="イノベーション創出事業")
    make_initiative(second, 1, name="企業誘致事業")
    InitiativeListing.objects.create(
        project=second, number=2, initiative=shared, printed_name="イノベーション事業"
    )
    shared.department = make_department("D01")
    shared.save()
    client.force_login(kikaku)
    return client


def rows(response):
    exported = response.content
    return tablib.Dataset().load(exported.decode("utf-8-sig"), format="csv").dict


def test_counts_leave_out_relistings(planner):
    html = planner.get("/initiatives/").content.decode()

    assert "<b>2の取組</b>を3か所に掲載しています（うち再掲1）" in html


def test_initiative_is_one_row_with_its_home_and_where_it_is_relisted(planner):
    response = planner.get("/initiatives/?_export=csv")

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
    exported = rows(planner.get(f"/initiatives/?{query}&_export=csv"))

    assert [row["取組・事業"] for row in exported] == names


@pytest.mark.parametrize("column", ["home_project", "home_number", "name", "department"])
def test_every_column_that_says_so_can_be_sorted(planner, column):
    html = planner.get(f"/initiatives/?sort={column}").content.decode()

    assert html.count('aria-sort="ascending"') == 1
    assert f"sort=-{column}" in html


def test_excel_export_holds_the_same_rows(planner):
    response = planner.get("/initiatives/?_export=xlsx")
    book = tablib.Dataset().load(io.BytesIO(response.content), format="xlsx")

    assert book["取組・事業"] == ["イノベーション創出事業", "企業誘致事業"]


def test_formula_in_a_name_is_not_one_in_the_export(planner):
    make_initiative(make_project(make_strategy_of(planner), "P3"), 1, name="=1+1")
    exported = rows(planner.get("/initiatives/?_export=csv&q=%3D1"))

    assert [row["取組・事業"] for row in exported] == ["'=1+1"]


def make_strategy_of(_planner):
    return InitiativeListing.objects.first().project.strategy


def test_relisting_links_both_ways(planner):
    home = planner.get("/projects/P1/").content.decode()
    elsewhere = planner.get("/projects/P2/").content.decode()

    assert '<a href="/projects/P2/">P2</a>にも掲載' in home
    assert '<span class="tag">再掲</span> 主な掲載先：<a href="/projects/P1/">' in elsewhere
    assert "（主な掲載先での名前：イノベーション創出事業）" in elsewhere
