"""The whole way in a real browser: from the printed plan to the council's figures."""

import csv
import io
import re

import pypdfium2
import pytest
from playwright.sync_api import expect

from entry.plan_file.loading import load_plan
from kpis.models import YearlyActual
from projects.models import Strategy
from tests.browser.plan_in_use import log_in
from tests.factories import make_user, record

pytestmark = pytest.mark.django_db(transaction=True)

# What was reached before: KPI → FY2024, FY2025.
BEFORE = {
    "P1-1": (12, 9),
    "P1-2": (19, 22),
    "P2-1": (3, 4),
    "P2-2": (45, 41),
}

# KPI → (typed for FY2026, 実績, 累計, 達成率, 進捗率, 評価), computed by hand.
TYPED = {
    "P1-1": ("13", "13", "34", "68.0", "113.3", "A"),
    "P1-2": ("１５", "15", "56", "56.0", "93.3", "B"),
    "P2-1": ("2社", "2", "9", "36.0", "60.0", "C"),
    "P2-2": ("60", "60", "146", "48.7", "81.1", "B"),
    "P3-1": ("150", "150", "", "100.0", "100.0", "A"),
    "P3-2": ("64.9％", "64.9", "", "99.8", "99.8", "B"),
    "P3-3": ("100", "100.0", "", "100.0", "100.0", "A"),
    "P4-1": ("50.9", "50.9", "", "59.9", "59.9", "D"),
    "P4-2": ("0", "0.0", "", "0.0", "0.0", "D"),
    "P5-1": ("69.9", "69.9", "", "99.9", "99.9", "B"),
    "P5-2": ("52.5", "52.5", "", "105.0", "105.0", "A"),
    "P5-3": ("24.0", "24.0", "", "80.0", "80.0", "B"),
    "P6-1": ("334.9", "334.9", "", "99.9", "99.9", "B"),
    "A1-1": ("59", "59", "", "59.0", "59.0", "D"),
    "A1-2": ("12", "12", "", "80.0", "80.0", "B"),
    "A2-1": ("30.0", "30.0", "", "60.0", "60.0", "C"),
}
FIGURES = ("指標実績値", "指標累計値", "達成率（%）", "進捗率（%）", "評価区分")
NAMES = {
    "P1-1": "地域企業に対する研究開発等の支援件数",
    "A2-1": "住民手続きの電子化の割合",
}


@pytest.fixture
def plan():
    load_plan("omuta_2024_2028")
    kikaku = make_user("kikaku")
    strategy = Strategy.objects.get()
    for code, (first, second) in BEFORE.items():
        project, number = code.split("-")
        kpi = strategy.projects.get(code=project).kpis.get(number=number)
        record(kpi, {2024: first, 2025: second}, kikaku)
    return strategy


def pdf_lines(content: bytes) -> list[str]:
    """The PDF's text line by line, words of a line joined by single blanks."""
    document = pypdfium2.PdfDocument(content)
    text = "\n".join(page.get_textpage().get_text_bounded() for page in document)
    return [re.sub(r"\s+", " ", line) for line in text.splitlines()]


def test_sixteen_actuals_from_the_browser_to_dashboard_pdf_and_csv(page, live_server, plan):
    complaints = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on(
        "request",
        lambda asked: (
            complaints.append(asked.url) if not asked.url.startswith(live_server.url) else None
        ),
    )
    log_in(page, live_server.url)

    page.goto(f"{live_server.url}/?fy=2026")
    expect(page.get_by_role("heading", level=1)).to_have_text("令和8年度の進捗")
    expect(page.get_by_role("main")).to_contain_text("16指標中0指標の平均")

    page.goto(f"{live_server.url}/plans/omuta-2024-2028/entry/2026/")
    for code, (typed, *_figures) in TYPED.items():
        field = page.get_by_role("textbox", name=re.compile(rf"^{NAMES.get(code, '')}.*令和8年度"))
        field = field if code in NAMES else page.locator(f'[id="{code}-value"]')
        field.fill(typed)
    page.get_by_role("button", name="すべて保存").click()
    expect(page.get_by_role("status")).to_contain_text("令和8年度の実績を16件保存しました")
    assert YearlyActual.objects.filter(fiscal_year=2026).count() == 16

    page.goto(f"{live_server.url}/?fy=2026")
    main = page.get_by_role("main")
    expect(main).to_contain_text("79.6%")  # 進捗率
    expect(main).to_contain_text("71.7%")  # 達成率
    expect(main).to_contain_text(
        "16指標のうち、4指標が「順調」、7指標が「概ね順調」、2指標が「やや遅れ」、3指標が「遅れ」です。"
    )
    first_project = page.get_by_role("row").filter(has_text="P1 地域産業応援")
    expect(first_project).to_contain_text("96.7%")  # (100 + 93.3…) ÷ 2
    expect(first_project).to_contain_text("62.0%")  # (68 + 56) ÷ 2

    pdf = page.request.get(
        f"{live_server.url}/plans/omuta-2024-2028/reports/2026/annual-report.pdf"
    ).body()
    lines = pdf_lines(pdf)
    table = list(
        csv.DictReader(
            io.StringIO(
                page.request.get(
                    f"{live_server.url}/plans/omuta-2024-2028/reports/2026/annual-report.csv"
                )
                .body()
                .decode("utf-8-sig")
            )
        )
    )
    for code, (_typed, actual, total, achievement, progress, band) in TYPED.items():
        figures = [actual, *([total] if total else []), f"{achievement}%", f"{progress}%"]
        own = [line for line in lines if line.startswith(f"{code} ")]
        assert any(
            all(re.search(rf"(?<![\d.]){re.escape(figure)}(?![\d.])", line) for figure in figures)
            and re.search(rf" {band} ", line)
            for line in own
        ), (code, figures, own)
        (row,) = [
            row for row in table if row["指標コード"] == code and row["会計年度（年）"] == "2026"
        ]
        assert {name: row[name] for name in FIGURES} == dict(
            zip(FIGURES, (actual, total, achievement, progress, band), strict=True)
        )
    assert complaints == []
