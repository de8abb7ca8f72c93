"""The overview of a year: who may see it, what it counts, its deadline, what is not set yet."""

from datetime import date
from decimal import Decimal

import pytest

from kpis.models import ActualState
from kpis.open_work.by_department import load_overview
from kpis.plan_notices import notices
from kpis.recording import (
    ActualEntry,
    ProgressEntry,
    close_years_through,
    record_initiative_progress,
)
from projects.models import EntryDeadline, Initiative, InitiativeStatus
from tests.factories import (
    final,
    make_department,
    make_initiative,
    make_kpi,
    make_plan,
    make_plans_beside,
    make_project,
    make_strategy,
    record,
)
from tests.made_once import made_once

PAGE = "/plans/mihon/entry/2025/overview/"
PENDING = ActualEntry(ActualState.PENDING, expected_on=date(2026, 8, 20))
PROVISIONAL = ActualEntry(ActualState.PROVISIONAL, Decimal(7))
UNMEASURED = ActualEntry(ActualState.UNMEASURED, unmeasured_reason="調査が隔年のため")
TEXT_ALONE = ActualEntry(ActualState.MISSING, analysis="数字はこれから")


@pytest.fixture
@made_once
def plan(kikaku):
    """D01 owns a KPI in each state and an initiative; D02 a final KPI; the rest is nobody's."""
    strategy = make_strategy()
    project = make_project(strategy)
    first, second = make_department("D01"), make_department("D02")
    entries = [final(5), PROVISIONAL, PENDING, UNMEASURED, None, TEXT_ALONE]
    for number, entry in enumerate(entries, 1):
        kpi = make_kpi(project, number, department=first)
        if entry is not None:
            record(kpi, {2025: entry}, kikaku)
    record(make_kpi(project, 7, department=second), {2025: 0}, kikaku)
    make_kpi(project, 8)
    done = make_initiative(project, 1)
    make_initiative(project, 2)
    Initiative.objects.filter(pk=done.pk).update(department=first)
    done.refresh_from_db()
    record_initiative_progress(
        done, 2025, ProgressEntry(InitiativeStatus.DONE), user=kikaku, version=0
    )
    return strategy


def codes(lines):
    return [line.code for line in lines]


def test_overview_counts_each_state_by_department(plan):
    overview = load_overview(plan, 2025)
    first, second, nobody = overview.departments

    assert (first.name, second.name, nobody.name) == ("D01課", "D02課", "所管課 未設定")
    assert codes(first.final) == ["P1-1"]
    assert codes(first.provisional) == ["P1-2"]
    assert codes(first.pending) == ["P1-3"]
    assert codes(first.unmeasured) == ["P1-4"]
    assert codes(first.missing) == ["P1-5", "P1-6"]
    assert (first.progress_count, len(first.initiatives)) == (1, 1)
    assert codes(second.final) == ["P1-7"]
    assert second.is_complete
    assert codes(nobody.missing) == ["P1-8"]
    assert codes(nobody.without_progress) == ["P1-2"]
    assert codes(overview.total.missing) == ["P1-5", "P1-6", "P1-8"]


def test_overview_names_who_changed_a_department_last(plan):
    first, _second, nobody = load_overview(plan, 2025).departments

    assert first.last_change.by == "kikaku"
    assert first.last_change.at == first.initiatives[0].change.at
    assert nobody.last_change is None


def test_page_shows_the_counts_and_where_to_remind(planner, plan):
    html = planner.get(PAGE).content.decode()

    assert "8指標のうち、<b>未入力は3指標</b>、集計中は1指標、速報は1指標です" in html
    assert "取組の進捗は、2のうち1が入っています" in html
    assert 'href="/plans/mihon/entry/2025/reminders/D01/"' in html
    assert 'href="/plans/mihon/entry/2025/reminders/D02/"' not in html
    assert '<a href="/plans/mihon/departments/?unset=1">所管課を決める</a>' in html


def test_relisted_initiative_counts_once(kikaku):
    strategy = make_plan(kikaku, projects=3)

    assert len(load_overview(strategy, 2025).total.initiatives) == 6


@pytest.mark.parametrize(("projects", "others"), [(1, 0), (3, 4)])
@pytest.mark.parametrize(
    ("path", "queries"),
    [
        (PAGE, 23),
        ("/plans/mihon/entry/2025/reminders/D01/", 19),
        ("/plans/mihon/entry/2025/close/", 15),
        ("/plans/mihon/entry/2024/correct/", 11),
        ("/plans/mihon/departments/", 10),
    ],
)
def test_page_takes_a_constant_number_of_queries(
    planner, kikaku, django_assert_num_queries, path, queries, projects, others
):
    strategy = make_plan(kikaku, projects=projects)
    make_plans_beside(others)
    close_years_through(strategy, 2024, user=kikaku)

    with django_assert_num_queries(queries):
        response = planner.get(path)
    assert response.status_code == 200


PAGES = {
    PAGE: ("kikaku", "kanri"),
    "/plans/mihon/entry/2025/reminders/D01/": ("kikaku",),
    "/plans/mihon/entry/2025/close/": ("kikaku", "kanri"),
    "/plans/mihon/entry/2024/correct/": ("kikaku", "kanri"),
    "/plans/mihon/departments/": ("kikaku",),
}


@pytest.mark.asked_once
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("path", PAGES)
def test_page_is_for_planner_and_manager(client, kikaku, kanri, tantou, path, method):
    strategy = make_plan(kikaku)
    close_years_through(strategy, 2024, user=kikaku)
    ask = getattr(client, method)
    stranger = ask(path)
    answers = {}
    for person in (tantou, kanri, kikaku):
        client.force_login(person)
        answers[person.username] = ask(path)

    assert stranger.url == f"/login/?next={path}"
    for name, answer in answers.items():
        if name in PAGES[path] and not (method == "post" and (name, path) == ("kanri", PAGE)):
            assert answer.status_code != 403
        else:
            assert answer.status_code == 403
            assert "企画担当" in answer.content.decode()
            assert "何も書き込んでいません" in answer.content.decode()


def test_manager_reads_without_the_planners_tools(manager, plan):
    html = manager.get(PAGE).content.decode()

    assert "D01課" in html
    assert "締める前に確かめる" in html
    assert "締切を決める" not in html
    assert "reminders" not in html
    assert "/admin/" not in html


@pytest.mark.parametrize("typed", ["2026-06-30", "令和8年6月30日", "Ｒ８．６．３０", "2026/6/30"])
def test_deadline_is_read_in_any_spelling(planner, kikaku, typed):
    make_plan(kikaku)
    html = planner.post(PAGE, {"due_on": typed}, follow=True).content.decode()

    assert "令和7年度の締切を令和8年6月30日にしました。" in html
    assert 'value="2026-06-30"' in html
    row = EntryDeadline.history.get()
    assert (row.due_on, row.history_user) == (date(2026, 6, 30), kikaku)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("6月末", "日付「6月末」を読み取れません。2026-08-20 のように入力してください。"),
        ("2026-06-31", "日付「2026-06-31」を確かめてください。6月31日はありません。"),
        ("2062-06-30", "令和7年度の締切は、令和7年4月1日から令和10年3月31日までの日にして"),
        ("2025-03-31", "令和7年度の締切は、令和7年4月1日から令和10年3月31日までの日にして"),
    ],
)
def test_deadline_that_can_not_be_is_refused_beside_the_field(planner, kikaku, typed, sentence):
    make_plan(kikaku)
    response = planner.post(PAGE, {"due_on": typed})
    html = response.content.decode()

    assert response.status_code == 422
    assert f"＊{sentence}" in html
    assert f'value="{typed}"' in html
    assert 'aria-invalid="true" aria-describedby="due_on-error"' in html
    assert "<title>エラー：" in html
    assert not EntryDeadline.objects.exists()


@pytest.mark.parametrize("posted", [{"due_on": "2026-06-30", "remove": "1"}, {"due_on": " "}])
def test_deadline_is_taken_away(planner, kikaku, posted):
    strategy = make_plan(kikaku)
    EntryDeadline.objects.create(strategy=strategy, fiscal_year=2025, due_on=date(2026, 6, 30))
    html = planner.post(PAGE, posted, follow=True).content.decode()

    assert "令和7年度の締切を外しました。" in html
    assert not EntryDeadline.objects.exists()
    assert EntryDeadline.history.first().history_type == "-"


def test_deadline_that_stands_already_writes_nothing(planner, kikaku):
    make_plan(kikaku)
    planner.post(PAGE, {"due_on": "2026-06-30"})
    html = planner.post(PAGE, {"due_on": "令和8年6月30日"}, follow=True).content.decode()

    assert "締切は変わっていません。" in html
    assert EntryDeadline.history.count() == 1


def test_deadline_of_a_closed_year_stays(planner, kikaku):
    close_years_through(make_plan(kikaku), 2025, user=kikaku)
    response = planner.post(PAGE, {"due_on": "2026-06-30"})

    assert response.status_code == 422
    assert not EntryDeadline.objects.exists()


def test_page_names_what_is_not_set_with_where_to_set_it(planner, plan):
    found = {one.heading: (one.detail, one.url) for one in notices(plan)}
    html = planner.get(PAGE).content.decode()

    assert found["所管課がない指標（1件）"] == (
        "P1-8。企画担当だけが実績を入力できます。",
        "/plans/mihon/departments/?unset=1",
    )
    assert found["所管課がない取組（1件）"][1] == "/plans/mihon/departments/?unset=1"
    assert found["基準値がない指標（8件）"][1] == "/plans/mihon/changes/targets/"
    for label, (places, url) in found.items():
        assert label in html
        assert places in html
        assert f'href="{url}"' in html
        assert planner.get(url).status_code == 200


def test_every_notice_of_the_plan_is_shown(planner, kikaku):
    strategy = make_plan(kikaku)
    project = strategy.projects.get()
    make_kpi(project, 9, target=None, note="【要確認】読み方")
    strategy.pillars.create(number=2, name="空の柱")
    make_project(strategy, "P5")

    pages = {one.label: one.url for one in notices(strategy)}
    html = planner.get(PAGE).content.decode()
    for notice in notices(strategy):
        assert f"<b>{notice.heading}</b>" in html
        assert f'<span class="note">{notice.detail}</span>' in html
    assert pages["プロジェクトがない柱"] == "/admin/projects/project/?plan=mihon"
    assert pages["取組の掲載がないプロジェクト"] == "/admin/projects/initiative/?plan=mihon"
    assert pages["備考に「要確認」がある指標"].startswith("/admin/kpis/kpi/?plan=mihon&q=")


def test_plan_without_anything_explains_itself(planner):
    make_strategy()

    assert "指標も取組もまだ登録されていません" in planner.get(PAGE).content.decode()
    assert "課がまだ登録されていません" in planner.get("/plans/mihon/departments/").content.decode()
