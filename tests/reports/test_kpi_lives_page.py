"""Pages of KPIs that begin, end, move and follow each other: which KPI has an address in a year."""

import re

import pytest

from kpis.models import Kpi
from kpis.plan_changes.lives import add_kpi, end_kpi, replace_kpi
from kpis.plan_changes.places import move_kpi
from kpis.plan_check import check_everything
from kpis.recording import close_fiscal_year
from tests.clock import on
from tests.factories import make_kpi, make_project, record
from tests.page_text import main_of, said, words

PAGE = "/plans/mihon/kpis/P1-1/"


def title_of(page) -> str:
    """The name that heads a KPI's page."""
    return words(re.search(r"<h1.*?</h1>", main_of(page), re.DOTALL)[0])


@pytest.fixture
def replaced(strategy, project, kikaku):
    """P1-1 of 2024 and 2025, and the KPI that has its place from 2026 on."""
    old = make_kpi(project, 1, name="相談件数")
    record(old, {2024: 40, 2025: 45}, kikaku)
    close_fiscal_year(strategy, 2024, user=kikaku)
    new = Kpi(project=project, number=1, name="支援件数", unit="件")
    return old, replace_kpi(old, 2025, new, user=kikaku, reason="調査の見直し")


def test_year_decides_which_kpi_an_address_means(replaced, client, kikaku):
    client.force_login(kikaku)
    titles = [title_of(client.get(f"{PAGE}?fy={year}")) for year in (2024, 2025, 2026, 2027)]
    assert titles == ["相談件数", "相談件数", "支援件数", "支援件数"]


def test_page_without_a_year_is_of_the_kpi_that_has_the_place_today(replaced, client, kikaku):
    named = {}
    for moment in ("2025-10-01 09:00", "2027-10-01 09:00"):
        with on(moment):
            client.force_login(kikaku)
            named[moment[:4]] = title_of(client.get(PAGE))
    assert named == {"2025": "相談件数", "2027": "支援件数"}


def test_pages_say_what_ended_why_and_what_followed(replaced, client, kikaku):
    client.force_login(kikaku)
    before = said(client.get(f"{PAGE}?fy=2025"))
    assert "令和7年度で終わる指標です。 理由：調査の見直し" in before
    assert "令和8年度から P1-1 支援件数 に差し替えました。" in before
    page = client.get(f"{PAGE}?fy=2026")
    after = said(page)
    assert "令和8年度に始まった指標です。理由：調査の見直し" in after
    assert "P1-1 相談件数 から差し替えた指標です。前の指標の実績は、率や平均に入りません。" in after
    assert "差し替え前の実績 令和7年度まで" in after
    assert f'href="{PAGE}?fy=2025"' in main_of(page)


def test_ended_kpi_without_a_successor_keeps_its_page(strategy, project, client, kikaku):
    end_kpi(make_kpi(project, 3), 2025, user=kikaku, reason="事業の終了")
    with on("2027-10-01 09:00"):
        client.force_login(kikaku)
        there = client.get("/plans/mihon/kpis/P1-3/")
        assert there["Location"] == "/plans/mihon/kpis/P1-3/?fy=2025"
        assert "令和7年度で終わる指標です。" in said(client.get(there["Location"]))
    client.force_login(kikaku)
    listed = said(client.get("/plans/mihon/kpis/?fy=2026"))
    assert "P1-3" not in listed
    assert "P1-3" in said(client.get("/plans/mihon/kpis/?fy=2025"))


def test_old_address_of_a_moved_kpi_leads_to_its_new_one(strategy, project, client, kikaku):
    kpi = make_kpi(project, 1)
    move_kpi(kpi, make_project(strategy, "P2"), 4, user=kikaku, reason="再編", from_year=2025)
    with on("2026-10-01 09:00"):
        client.force_login(kikaku)
        assert client.get(PAGE)["Location"] == "/plans/mihon/kpis/P2-4/"
    client.force_login(kikaku)
    before = said(client.get(f"{PAGE}?fy=2024"))
    assert "P1-1 ／ P1プロジェクト 指標1" in before
    assert "令和7年度からP2-4（P2プロジェクト）に移ります。" in before
    assert "でした。" not in before
    moved = said(client.get("/plans/mihon/kpis/P2-4/?fy=2025"))
    assert "令和6年度まではP1-1（P1プロジェクト）でした。" in moved
    there = client.get("/plans/mihon/entry/2025/P1-1/")
    assert there["Location"] == "/plans/mihon/entry/2025/P2-4/"


def test_kpi_of_old_years_is_not_found_where_none_ever_was(strategy, project, client, kikaku):
    client.force_login(kikaku)
    assert client.get("/plans/mihon/kpis/P1-8/").status_code == 404


def test_entry_page_and_file_have_the_kpis_of_their_year_by_its_codes(replaced, client, kikaku):
    client.force_login(kikaku)
    named = {}
    for year in (2025, 2026):
        page = said(client.get(f"/plans/mihon/entry/{year}/"))
        file = client.get(f"/plans/mihon/entry/{year}/actuals.csv").content.decode("utf-8-sig")
        named[year] = [name in page and name in file for name in ("相談件数", "支援件数")]
    assert named == {2025: [True, False], 2026: [False, True]}


def test_check_plan_finds_nothing_wrong_with_lives_and_two_kpis_on_one_place(
    replaced, strategy, project, kikaku
):
    assert check_everything(strategy) == []
    Kpi.objects.filter(pk=replaced[1].pk).update(first_year=2025)
    problems = "\n".join(check_everything(strategy))
    assert "同じ年度に同じ番号です" in problems
    assert "この指標が始まる前に終わっていません" in problems


def test_later_kpi_is_missing_nowhere_before_it_begins(strategy, project, kpi, client, kikaku):
    close_fiscal_year(strategy, 2024, user=kikaku)
    new = Kpi(project=project, number=2, name="新しい指標", unit="件", first_year=2026)
    add_kpi(new, user=kikaku, reason="追加")
    client.force_login(kikaku)
    assert "新しい指標" not in said(client.get("/plans/mihon/?fy=2025"))
    assert "新しい指標" in said(client.get("/plans/mihon/?fy=2026"))
    assert "新しい指標" not in said(client.get("/plans/mihon/overview/2025/"))
