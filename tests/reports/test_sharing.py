"""Where a figure is another plan's, pages and papers say so."""

import csv
import io
import zipfile
from datetime import timedelta

import openpyxl
import pytest
from django.utils import timezone

from kpis.models import Kpi
from kpis.recording import close_years_through
from projects.models import PlanState, Strategy
from reports.annual.comparison import changes_between
from reports.annual.editions import draft_report, issue_edition
from reports.annual.serialisation import from_json
from reports.formats import FORMATS
from reports.renderers.csv import render_csv
from reports.renderers.open_data import render_open_data
from tests.factories import final, make_kpi, make_project, make_strategy, record
from tests.reports.docx_reading import all_text, opened
from tests.reports.pdf_reading import pages_by_pdfium
from tests.reports.verifying import problems

YEAR = 2025
SOURCE = "見本市総合計画のP1-2「相談件数」（令和6年度から令和7年度まで）"
MARK = f"数値を共有する元の指標：{SOURCE}"


@pytest.fixture(autouse=True)
def figures(source, kikaku):
    record(
        source, {2024: 10, 2025: final(20, analysis="元の要因", next_steps="元の方向性")}, kikaku
    )


def table(archive, name):
    with zipfile.ZipFile(io.BytesIO(archive)) as files:
        text = files.read(name).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


# The KPI's page


def test_takers_page_names_its_source_and_whose_words_stand_in(planner, kpi):
    html = planner.get(f"/plans/mihon/kpis/P1-1/?fy={YEAR}").content.decode()

    assert '共有する指標：<a href="/plans/sogo/kpis/P1-2/?fy=2025">見本市総合計画のP1-2</a>' in html
    assert '<a href="/plans/sogo/kpis/P1-2/">見本市総合計画のP1-2「相談件数」</a>' in html
    assert "令和6年度から令和9年度までの数値は、そこで入力します。" in html
    assert "元の指標（見本市総合計画のP1-2）の説明です。" in html
    assert "令和7年度の実績は20件で、" in html
    assert "令和7年度の説明を書く" in html


def test_sources_page_lists_its_takers_in_plans_that_somebody_sees(client, planner, tantou, source):
    coming = make_strategy(code="next", name="次の計画", is_current=False)
    make_kpi(make_project(coming), 1, name="先の指標", source=source)
    Strategy.objects.filter(pk=coming.pk).update(state=PlanState.PREPARING)
    page = "/plans/sogo/kpis/P1-2/"
    own, coming = "見本市総合戦略のP1-1「支援件数」</a>", "次の計画のP1-1「先の指標」</a>"

    seen = planner.get(page).content.decode()
    assert own in seen
    assert coming in seen
    client.force_login(tantou)
    seen = client.get(page).content.decode()
    assert own in seen
    assert coming not in seen


def test_past_page_has_the_sources_figures_of_that_day(planner, kpi, source, kikaku):
    yesterday = timezone.localdate() - timedelta(days=1)
    long_ago = timezone.now() - timedelta(days=9)
    for model in (Kpi, Strategy, *(type(one) for one in (kpi.final_targets.get(), kpi.project))):
        model.history.update(history_date=long_ago)
    source.actuals.model.history.filter(fiscal_year=2024).update(history_date=long_ago)

    html = planner.get(f"/plans/mihon/kpis/P1-1/?as_of={yesterday}").content.decode()
    assert "令和6年度の実績は10件で、" in html
    assert "20件" not in html
    assert "見本市総合計画のP1-2" in html


# The report


def test_document_says_whose_figures_a_kpi_has(strategy):
    (kpi,) = draft_report(strategy, YEAR).kpis

    assert kpi.source == SOURCE
    assert (kpi.latest.actual, kpi.latest.analysis) == (20, "元の要因")
    assert kpi.latest.remarks == ("要因分析と今後の方向性は、見本市総合計画のP1-2のものです。",)


def test_sources_own_report_says_nothing_of_it(source):
    (kpi,) = draft_report(source.project.strategy, YEAR).kpis

    assert (kpi.source, kpi.latest.remarks) == ("", ())


def test_every_format_marks_the_source(planner, strategy):
    report = draft_report(strategy, YEAR)
    page = planner.get(f"/plans/mihon/reports/{YEAR}/").content.decode()
    book = openpyxl.load_workbook(io.BytesIO(FORMATS["annual-report.xlsx"].render(report)))
    cells = [cell.value for row in book["指標の定義"] for cell in row]

    assert MARK in page
    assert MARK in all_text(opened(FORMATS["annual-report.docx"].render(report)))
    pdf = "".join(pages_by_pdfium(FORMATS["annual-report.pdf"].render(report)))
    assert MARK in "".join(pdf.split())
    assert MARK in cells
    assert "要因分析と今後の方向性は、見本市総合計画のP1-2のものです。" in (
        render_csv(report).decode("utf-8-sig")
    )


def test_open_data_has_a_column_more_only_where_figures_are_shared(strategy, source):
    shared = render_open_data(draft_report(strategy, YEAR))
    own = render_open_data(draft_report(source.project.strategy, YEAR))

    head, row = table(shared, "kpi_indicators.csv")
    assert (head[-2:], row[-1]) == (["前の指標", "元の指標"], SOURCE)
    assert table(own, "kpi_indicators.csv")[0] == head[:-1]
    assert [len(one) for one in table(own, "kpi_indicators.csv")] == [22, 22]


def test_comparison_tells_of_a_source_that_was_chosen(kpi, strategy):
    Kpi.objects.filter(pk=kpi.pk).update(source=None)
    before = draft_report(strategy, YEAR)
    Kpi.objects.filter(pk=kpi.pk).update(source=Kpi.objects.get(number=2))
    changes = changes_between(before, draft_report(strategy, YEAR))

    assert [(one.code, one.after) for one in changes if one.item == "元の指標"] == [
        ("P1-1", SOURCE)
    ]


def test_a_year_more_of_the_same_source_is_no_difference(strategy):
    changes = changes_between(draft_report(strategy, YEAR - 1), draft_report(strategy, YEAR))

    assert [one.item for one in changes if one.item == "元の指標"] == []


def test_another_source_is_a_difference_of_reports_of_different_years(kpi, strategy):
    before = draft_report(strategy, YEAR - 1)
    Kpi.objects.filter(number=2).update(name="面談件数")
    changes = changes_between(before, draft_report(strategy, YEAR))

    assert [(one.before, one.after) for one in changes if one.item == "元の指標"] == [
        ("見本市総合計画のP1-2「相談件数」", "見本市総合計画のP1-2「面談件数」")
    ]


def test_edition_is_issued_verified_and_read_again(strategy, kikaku):
    close_years_through(strategy, YEAR, user=kikaku)
    edition = issue_edition(strategy, YEAR, user=kikaku)

    assert problems() == []
    assert from_json(edition.document).kpis[0].source == SOURCE
    older = edition.document.replace(f',"source":"{SOURCE}"', "")
    assert older != edition.document
    assert from_json(older).kpis[0].source == ""


def test_dashboard_counts_the_figure_and_says_when_it_came(planner, source):
    page = planner.get(f"/plans/mihon/?fy={YEAR}")

    ((now, _years),) = page.context["kpis"]
    assert now.actual == 20
    assert page.context["updated_at"] == source.actuals.get(fiscal_year=YEAR).updated_at
