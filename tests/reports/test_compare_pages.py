"""Two reports side by side, and the draft's page."""

import csv
import io
import re

import pytest

from kpis.recording import close_years_through
from projects.models import Department, Project, Strategy
from reports.annual.editions import issue_edition
from tests.factories import correct_from, make_plan
from tests.made_once import made_once
from tests.page_text import said
from tests.reports.issued import YEAR, correct_an_actual

EDITION = f"/plans/mihon/reports/{YEAR}/editions/1/"


@pytest.fixture
@made_once
def plan(kikaku):
    """A plan in use whose years 令和6年度 and 令和7年度 are closed."""
    close_years_through(make_plan(kikaku), YEAR, user=kikaku)
    return Strategy.objects.get()


def test_two_editions_stand_side_by_side(manager, plan, kikaku):
    issue_edition(plan, YEAR, user=kikaku)
    correct_an_actual(plan, kikaku)
    issue_edition(plan, YEAR, user=kikaku, reason="訂正")
    shown = said(manager.get("/plans/mihon/reports/compare/?before=2025-1&after=2025-2"))
    backwards = said(manager.get("/plans/mihon/reports/compare/?before=2025-2&after=2025-1"))

    assert "令和7年度 第1版 と 令和7年度 第2版" in shown
    assert "令和7年度 実績値 31件 99件" in shown
    assert "令和7年度 実績値 99件 31件" in backwards


def test_last_edition_and_the_draft_stand_side_by_side_unasked(manager, plan, kikaku):
    issue_edition(plan, YEAR, user=kikaku)
    same = said(manager.get("/plans/mihon/reports/compare/"))
    correct_from(plan, YEAR, user=kikaku)
    Department.objects.update(name="産業戦略課")
    changed = said(manager.get("/plans/mihon/reports/compare/"))

    assert "令和7年度 第1版 と 令和7年度 案 違いはありません。" in same
    assert "令和7年度 第1版 と 令和7年度 案 違うところは2件" in changed
    assert "P1-1 指標1 － 所管課 D01課 産業戦略課" in changed


def test_reports_of_different_years_are_compared_in_what_both_say(manager, plan, kikaku):
    issue_edition(plan, YEAR, user=kikaku)
    shown = said(manager.get("/plans/mihon/reports/compare/?before=2024-draft&after=2025-1"))

    assert "違いはありません。" in shown
    assert "令和6年度 案 と 令和7年度 第1版" in shown


def test_editions_of_a_year_that_has_no_draft_stand_side_by_side_unasked(manager, plan, kikaku):
    def compared():
        # No form takes such a period: what was issued stays readable all the same.
        Strategy.objects.update(last_year=YEAR - 1)
        page = manager.get("/plans/mihon/reports/compare/")
        Strategy.objects.update(last_year=2028)
        return page

    issue_edition(plan, YEAR, user=kikaku)
    alone = compared()
    issue_edition(plan, YEAR, user=kikaku, reason="訂正")
    both = compared()

    assert (alone.status_code, both.status_code) == (200, 200)
    assert "令和7年度 第1版 と 令和7年度 第1版 違いはありません。" in said(alone)
    assert "令和7年度 第1版 と 令和7年度 第2版 違いはありません。" in said(both)


def test_without_an_edition_drafts_can_be_chosen(manager, plan):
    response = manager.get("/plans/mihon/reports/compare/")

    assert "まだ版を発行していません。" in said(response)
    assert response.context["choices"][0] == ("2028-draft", "令和10年度 案（今の内容）")
    assert response.context["changes"] is None


@pytest.mark.parametrize(
    "path", ["/plans/mihon/reports/compare/", "/plans/mihon/reports/compare.csv"]
)
@pytest.mark.parametrize(
    "asked",
    ["2025-9", "2023-draft", "9999-draft", "2025", "abc", "", "2025-draft'--", "２０２５-1"],
)
def test_report_that_is_not_there_can_be_chosen_anew(manager, plan, path, asked):
    response = manager.get(path, {"before": asked, "after": "2025-draft"})

    assert response.status_code == 422
    assert "その報告書はありません。比べる報告書を選び直してください。" in said(response)


def test_differences_as_a_file_are_those_of_the_page(manager, plan, kikaku):
    issue_edition(plan, YEAR, user=kikaku)
    correct_from(plan, YEAR, user=kikaku)
    Strategy.objects.update(office="=HYPERLINK(1)")
    Project.objects.update(purpose="一行目\n二行目")
    response = manager.get("/plans/mihon/reports/compare.csv?before=2025-1&after=2025-draft")
    content = response.content.decode()

    assert response["Content-Disposition"] == (
        'attachment; filename="changes-2025-1-2025-draft.csv"'
    )
    assert content.startswith("\ufeff場所,名称,年度,項目,前,後\r\n")
    assert list(csv.reader(io.StringIO(content.removeprefix("\ufeff"), newline=""))) == [
        ["場所", "名称", "年度", "項目", "前", "後"],
        ["計画全体", "", "", "担当課", "", "'=HYPERLINK(1)"],
        ["P1", "P1プロジェクト", "", "目的", "【要約】目的", "一行目 二行目"],
    ]


def test_draft_page_is_the_whole_document_and_says_that_it_is_a_draft(manager, plan, kikaku):
    issue_edition(plan, YEAR, user=kikaku)
    correct_an_actual(plan, kikaku)
    response = manager.get(f"/plans/mihon/reports/{YEAR}/")
    shown = said(response)

    assert "令和7年度（2025年度） 年次報告書（案）" in shown
    assert '<p class="draft-mark" aria-hidden="true">案</p>' in response.content.decode()
    headings = re.findall(r"<h2[^>]*>([^<]+)", response.content.decode())
    assert [one.strip() for one in headings if "率" not in one and "内訳" not in one] == [
        "総括", "前年度からの動き", "プロジェクト別", "P1 P1プロジェクト", "前の報告書との違い",
        "指標の定義",
    ]  # fmt: skip
    assert "令和7年度 実績値 31件 99件" in shown


def test_edition_page_is_no_draft(manager, plan, kikaku):
    issue_edition(plan, YEAR, user=kikaku)
    html = manager.get(EDITION).content.decode()

    assert "draft-mark" not in html
    assert "案" not in said(manager.get(EDITION)).replace("提案", "")
