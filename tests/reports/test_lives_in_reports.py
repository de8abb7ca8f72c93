"""What began, ended, was replaced and moved, as reports, their files and comparisons say it."""

from decimal import Decimal

import pytest

from kpis.models import Kpi
from kpis.plan_changes.initiatives import add_initiative
from kpis.plan_changes.lives import add_kpi, end_kpi, replace_kpi
from kpis.plan_changes.places import move_kpi
from kpis.progress import load_progress
from projects.models import Initiative
from reports.annual.assembly import assemble_report
from reports.annual.comparison import changes_between
from reports.annual.document import ReportLife
from reports.annual.serialisation import from_json, to_json
from reports.renderers.content import report_content
from reports.renderers.csv import csv_rows
from reports.renderers.open_data.indicators import indicators_csv
from tests.factories import make_kpi, make_project, record
from tests.page_text import said


def report_of(strategy, year):
    return assemble_report(strategy, load_progress(strategy, year, with_texts=True))


@pytest.fixture
def changed(strategy, project, kikaku):
    """P1-1 replaced, P1-2 ended, P1-3 moved to P2-1, P1-4 added: all from 2026 on."""
    kpis = [make_kpi(project, number, name=f"指標{number}") for number in (1, 2, 3)]
    for kpi, value in zip(kpis, (40, 45, 25), strict=True):
        record(kpi, {2024: value, 2025: value}, kikaku)
    new = Kpi(project=project, number=1, name="新指標1", unit="件")
    replace_kpi(kpis[0], 2025, new, user=kikaku, reason="調査の見直し")
    end_kpi(kpis[1], 2025, user=kikaku, reason="事業の終了")
    other = make_project(strategy, "P2")
    move_kpi(kpis[2], other, 1, user=kikaku, reason="再編", from_year=2026)
    added = Kpi(project=project, number=4, name="指標4", unit="件", first_year=2026)
    add_kpi(added, user=kikaku, reason="議会の意見")
    record(kpis[2], {2026: 50}, kikaku)
    add_initiative(
        Initiative(strategy=strategy, home_project=other, name="新取組", first_year=2026),
        5, user=kikaku, reason="新しい事業",
    )  # fmt: skip
    return strategy


def test_report_lists_what_differs_since_the_year_before_with_reasons(changed):
    assert report_of(changed, 2025).lives == ()
    assert report_of(changed, 2026).lives == (
        ReportLife("kpi", "replaced", "P1-1", "新指標1", "P1-1 指標1", "調査の見直し"),
        ReportLife("kpi", "began", "P1-4", "指標4", "", "議会の意見"),
        ReportLife("kpi", "moved", "P2-1", "指標3", "P1-3", "再編"),
        ReportLife("kpi", "ended", "P1-2", "指標2", "", "事業の終了"),
        ReportLife("initiative", "began", "P2(5)", "新取組", "", "新しい事業"),
    )
    assert report_of(changed, 2027).lives == ()


def test_movement_compares_the_moved_and_says_why_not_the_others(changed):
    report = report_of(changed, 2026)
    movements = report.movements
    assert (movements.up, movements.incomparable) == (1, 2)
    assert movements.reasons == (("この年度に始まったため", 2),)
    text = report_content(report)["summary"]["movements"]["text"]
    assert "この年度に始まった2件は、比べられません。" in text
    assert "平均は同じ指標の組み合わせではありません。" in text
    assert (
        "組み合わせ" not in report_content(report_of(changed, 2025))["summary"]["movements"]["text"]
    )


def test_pages_say_which_kpis_there_are_and_why_some_arent_compared(changed, planner):
    page = planner.get("/plans/mihon/?fy=2026").content.decode()
    assert "この年度に始まった2件は、比べられません。" in page
    meeting = planner.get("/plans/mihon/?fy=2026&view=meeting").content.decode()
    assert "この年度に始まった2件は、比べられません。" in meeting
    listed = said(planner.get("/plans/mihon/reports/"))
    assert "令和8年度（2026年度） 締めていません 3指標中1指標が入力済み" in listed
    assert "令和7年度（2025年度） 締めていません 3指標中3指標が入力済み" in listed


def test_annex_has_the_changes_where_there_are_any(changed):
    titles = [one["title"] for one in report_content(report_of(changed, 2026))["annex"]["sections"]]
    assert titles[-1] == "資料5　指標と取組の変更"
    without = report_content(report_of(changed, 2025))["annex"]["sections"]
    assert len(without) == 4


def test_data_keep_all_rows_within_lives(changed):
    rows = [(row[2], row[3], row[7]) for row in csv_rows(report_of(changed, 2026))]
    assert rows == [
        ("P1-1", "新指標1", 2026),
        ("P1-4", "指標4", 2026),
        *(("P2-1", "指標3", year) for year in (2024, 2025, 2026)),
        *(("P1-1", "指標1", year) for year in (2024, 2025)),
        *(("P1-2", "指標2", year) for year in (2024, 2025)),
    ]
    lines = indicators_csv(report_of(changed, 2026)).decode("utf-8-sig").splitlines()
    assert lines[0].endswith("備考,開始年度,終了年度,前の指標")
    assert [line.rsplit(",", 3)[1:] for line in lines[1:]] == [
        ["2026", "", "P1-1 指標1"],
        ["2026", "", ""],
        ["2024", "", ""],
        ["2024", "2025", ""],
        ["2024", "2025", ""],
    ]


def test_comparison_knows_a_moved_kpi_and_keeps_two_of_one_place_apart(changed):
    before, after = report_of(changed, 2025), report_of(changed, 2026)
    said = {
        (one.code, one.name, one.item, one.before, one.after)
        for one in changes_between(before, after)
        if one.item in ("指標", "番号", "指標名")
    }
    assert said == {
        ("P2-1", "指標3", "番号", "P1-3", "P2-1"),
        ("P1-1", "新指標1", "指標", "", "掲載"),
        ("P1-4", "指標4", "指標", "", "掲載"),
        ("P1-1", "指標1", "指標", "掲載", ""),
        ("P1-2", "指標2", "指標", "掲載", ""),
    }


def test_document_from_before_is_read_and_compared_by_codes(changed):
    report = report_of(changed, 2025)
    text = to_json(report)
    assert from_json(text) == report
    plain = text.replace('"lives":[],"ended_kpis":[]', '"x":0').replace(',"x":0', "")
    for key in (kpi.key for kpi in report.kpis):
        plain = plain.replace(f'"key":{key},', '"key":0,')
    old = from_json(plain)
    assert {kpi.key for kpi in old.kpis} == {0}
    assert [one.item for one in changes_between(old, report)] == []
    assert old.standing.achievement_mean == Decimal("73.333333333333")
