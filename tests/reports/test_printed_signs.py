"""表記: what the plan prints for a project's code, on pages and papers; files keep the code."""

import csv
import io
import zipfile

import pytest
from django.urls import reverse

from projects.models import Initiative, InitiativeListing, Project
from reports.annual.comparison import changes_between
from reports.annual.editions import draft_report
from reports.annual.law import compare
from reports.charts.rates import RateRow, rates_chart
from reports.formats import FORMATS
from reports.renderers.open_data import render_open_data
from tests.factories import make_initiative, make_kpi, make_project, record
from tests.page_text import bare, text_of
from tests.reports import docx_reading, workbooks

pytestmark = pytest.mark.django_db

SIGN = "施策1-2-3"


@pytest.fixture
def plan(strategy, kikaku):
    """SHISAKU-12, printed as 施策1-2-3, lists an initiative of P2, which lists one of its own."""
    printed = make_project(strategy, "SHISAKU-12", name="子育て", printed_sign=SIGN)
    other = make_project(strategy, "P2", name="産業", position=99)
    record(make_kpi(printed), {2024: 30, 2025: 40}, kikaku)
    record(make_kpi(other), {2024: 30, 2025: 40}, kikaku)
    for home, again in ((printed, other), (other, printed)):
        initiative = make_initiative(home, 1)
        InitiativeListing.objects.create(project=again, number=2, initiative=initiative)
    return strategy


@pytest.fixture
def planner(client, kikaku):
    client.force_login(kikaku)
    return client


@pytest.mark.parametrize(
    ("page", "named"),
    [
        ("", "施策1-2-3子育て"),
        ("projects/", "コアプロジェクト施策1-2-3子育て"),
        ("projects/SHISAKU-12/", "施策1-2-3子育て"),
        ("projects/P2/", "主な掲載先は施策1-2-3"),
        ("projects/P2/", "施策1-2-3子育ての(1)"),
        ("initiatives/", "施策1-2-3子育て"),
        ("reports/2025/", "施策1-2-3子育て"),
        ("reports/2025/", "主な掲載先施策1-2-3子育ての"),
        ("entry/2025/initiatives/", "施策1-2-3子育て"),
        ("entry/2025/reviews/", "施策1-2-3子育て"),
        ("entry/2025/close/", "施策1-2-3子育て"),
        ("departments/", "施策1-2-3子育て"),
        ("next/", "施策1-2-3子育て"),
        ("history/", "プロジェクト：空欄→施策1-2-3子育て"),
        ("changes/kpis/SHISAKU-12-1/move/", "施策1-2-3子育て"),
    ],
)
def test_page_has_the_sign_beside_the_name(planner, plan, page, named):
    shown = planner.get(f"/plans/mihon/{page}")

    assert named in bare(shown)
    assert "SHISAKU-12子育て" not in bare(shown)


def test_addresses_and_kpi_numbers_keep_the_code(planner, plan):
    page = planner.get("/plans/mihon/projects/")

    assert f'href="{reverse("project", args=["mihon", "SHISAKU-12"])}' in text_of(page)
    assert "SHISAKU-12-1" in bare(planner.get("/plans/mihon/kpis/"))


def test_papers_have_the_sign_and_data_the_code(plan):
    report = draft_report(plan, 2025)
    files = {name: one.render(report) for name, one in FORMATS.items()}

    book = workbooks.opened(files["annual-report.xlsx"])
    assert "SHISAKU-12" in book.sheetnames
    assert f"{SIGN}　子育て" in list(workbooks.texts(book["SHISAKU-12"]))
    assert f"主な掲載先\n{SIGN}(1)" in list(workbooks.texts(book["P2"]))
    assert f"再掲先\n{SIGN}" in list(workbooks.texts(book["P2"]))
    assert f"{SIGN}　子育て" in docx_reading.all_text(
        docx_reading.opened(files["annual-report.docx"])
    )
    rows = list(csv.DictReader(io.StringIO(files["annual-report.csv"].decode("utf-8-sig"))))
    assert {one["プロジェクトコード"] for one in rows} == {"SHISAKU-12", "P2"}


def test_ratings_of_projects_end_with_the_signs_where_there_are_any(plan):
    plan.external_bands = plan.bands
    plan.save()
    assert ratings(plan)[1:] == [("SHISAKU-12", "子育て", SIGN), ("P2", "産業", "")]
    assert ratings(plan)[0][-1] == "表記"

    Project.objects.update(printed_sign="")
    assert ratings(plan)[0][-1] == "外部有識者の評価"


def ratings(plan):
    with zipfile.ZipFile(io.BytesIO(render_open_data(draft_report(plan, 2025)))) as archive:
        text = archive.read("project_ratings.csv").decode("utf-8-sig")
    return [(row[2], row[3], row[-1]) for row in csv.reader(io.StringIO(text))]


def test_sign_is_wording_of_a_closed_year_and_a_difference_between_reports(plan):
    before = draft_report(plan, 2025)
    Project.objects.filter(code="SHISAKU-12").update(printed_sign="")
    after = draft_report(plan, 2025)

    assert list(compare(before, after)) == []
    assert [one.sign for one in after.projects] == ["SHISAKU-12", "P2"]
    # Nothing but codes where a plan prints those.
    listed = [one for project in after.projects for one in project.initiatives]
    assert {(one.home_printed_sign, one.relisted_signs) for one in listed} == {("", ())}
    told = [(one.code, one.item, one.before, one.after) for one in changes_between(before, after)]
    assert told == [("SHISAKU-12", "表記", SIGN, "")]


def test_differences_are_told_at_the_sign(plan):
    before = draft_report(plan, 2025)
    Project.objects.filter(code="SHISAKU-12").update(name="こども")
    Initiative.objects.filter(home_project__code="SHISAKU-12").update(name="こどもの相談")
    InitiativeListing.objects.filter(project__code="P2", number=2).delete()
    told = changes_between(before, draft_report(plan, 2025))

    assert {(one.code, one.item, one.before, one.after) for one in told} >= {
        (SIGN, "プロジェクト名", "子育て", "こども"),
        (f"{SIGN}(1)", "再掲先", "P2", ""),
    }
    assert "SHISAKU-12" not in {one.code.partition("(")[0] for one in told}


def test_names_in_a_chart_make_room_for_long_codes():
    def names_at(code):
        chart = rates_chart([RateRow(code, "指標の名前", 50, "C")], title="率")
        return chart.split(">指標の名前<")[0].rsplit('x="', 1)[1].split('"')[0]

    assert names_at("P1-1") == "48"
    assert names_at("SHISAKU-12-12") == "122"
