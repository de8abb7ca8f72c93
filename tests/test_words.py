"""One name for each thing, on every page and in every format of the report (docs/domain.md)."""

import pytest

from kpis.recording import close_fiscal_year
from reports.annual.editions import issue_edition
from tests.factories import make_plan
from tests.page_text import text_of, words
from tests.reports import docx_reading, pdf_reading, workbooks

# What is said instead → what may not be.
BANNED = {
    "年次報告書": ("進捗状況報告書", "進捗報告書", "年次報告「"),
    "主な掲載先": ("掲載元",),
    "取組": ("取組・事業", "主な取組", "主な事業"),
    "指標": ("重要業績評価指標（KPI）", "業績指標", "KPI指標"),
}
_OF_PLAN = (
    "", "?view=meeting", "projects/", "projects/P1/", "initiatives/", "initiatives/P1-1/",
    "kpis/", "kpis/P1-1/", "history/", "entry/2025/", "entry/2025/initiatives/",
    "entry/2025/reviews/", "entry/2025/overview/", "entry/2025/close/", "reports/",
    "reports/2025/", "reports/2024/issue/", "reports/2024/editions/1/", "reports/compare/",
)  # fmt: skip
PAGES = [f"/plans/mihon/{page}" for page in _OF_PLAN]
READERS = {
    "pdf": lambda data: "\n".join(pdf_reading.pages_by_pdfium(data)),
    "docx": lambda data: docx_reading.all_text(docx_reading.opened(data)),
    "xlsx": lambda data: "\n".join(
        text for sheet in workbooks.opened(data) for text in workbooks.texts(sheet)
    ),
    "csv": lambda data: data.decode(),
}


@pytest.fixture
def planner(client, kikaku):
    strategy = make_plan(kikaku)
    close_fiscal_year(strategy, 2024, user=kikaku)
    issue_edition(strategy, 2024, user=kikaku)
    client.force_login(kikaku)
    return client


def banned_words(text):
    return [word for others in BANNED.values() for word in others if word in text]


@pytest.mark.parametrize("path", PAGES)
def test_page_has_one_name_for_each_thing(planner, path):
    response = planner.get(path)

    assert response.status_code == 200
    assert banned_words(words(text_of(response))) == []


@pytest.mark.parametrize("extension", READERS)
def test_report_has_one_name_for_each_thing(planner, extension):
    response = planner.get(f"/plans/mihon/reports/2025/annual-report.{extension}")

    assert banned_words(READERS[extension](response.content)) == []


def test_paper_is_called_what_the_page_calls_it(planner):
    paper = READERS["pdf"](
        planner.get("/plans/mihon/reports/2024/editions/1/annual-report.pdf").content
    )
    page = words(text_of(planner.get("/plans/mihon/reports/2024/editions/1/")))

    assert "令和6年度　年次報告書" in paper or "令和6年度 年次報告書" in paper
    assert "令和6年度（2024年度） 年次報告書 第1版" in page
