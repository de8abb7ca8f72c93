"""One list of what somebody has still to enter, over all plans; for planners what each lacks."""

from datetime import date

import pytest

from kpis.models import ActualState
from kpis.recording import ActualEntry, close_years_through
from projects.models import EntryDeadline, Initiative, PlanState, Strategy
from tests.factories import (
    make_department,
    make_initiative,
    make_kpi,
    make_project,
    make_strategy,
    make_user,
    record,
)
from tests.page_text import said


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda value=None: date(2026, 6, 18))


@pytest.fixture
def department(tantou):
    return make_department("D01", tantou)


def make_plan_of(department, code, name, *, kpis=2, due_on=None, **fields):
    """A plan whose KPIs from P1-1 on, and whose one initiative, are the department's."""
    plan = make_strategy(**{"code": code, "name": name, "is_current": code == "mihon"} | fields)
    project = make_project(plan)
    for number in range(1, kpis + 1):
        make_kpi(project, number, name=f"{name}の指標{number}", department=department)
    make_initiative(project)
    Initiative.objects.filter(strategy=plan).update(department=department)
    if due_on:
        EntryDeadline.objects.create(strategy=plan, fiscal_year=2025, due_on=due_on)
    return plan


@pytest.fixture
def plans(department, kikaku):
    """Two running plans, the second due first; a third that has just begun; and an ended one."""
    first = make_plan_of(department, "mihon", "総合戦略", due_on=date(2026, 7, 31))
    second = make_plan_of(department, "sougou", "総合計画", due_on=date(2026, 6, 30), kpis=3)
    make_plan_of(department, "bousai", "防災計画", first_year=2026, last_year=2030)
    make_plan_of(
        department, "former", "前の計画", first_year=2019, last_year=2023, state=PlanState.ENDED
    )
    project = first.projects.get()
    make_kpi(project, 9, name="よその課の指標", department=make_department("D02"))
    kpis = second.projects.get().kpis
    record(kpis.get(number=1), {2025: 5}, kikaku)
    pending = ActualEntry(ActualState.PENDING, expected_on=date(2026, 8, 20))
    record(kpis.get(number=2), {2025: pending}, kikaku)
    return first, second


def test_editor_sees_one_list_of_all_plans_by_deadline(editor, plans):
    response = editor.get("/work/")
    html, text = response.content.decode(), said(response)

    assert [one.strategy.code for one in response.context["work"]] == ["sougou", "mihon"]
    assert "3指標のうち<b>未入力は1</b>、集計中は1、1の取組のうち<b>未入力は1</b>です。" in html
    assert "締切 令和8年6月30日、あと12日" in text
    assert "2指標のうち<b>未入力は2</b>、1の取組のうち<b>未入力は1</b>です。" in html
    assert '<a href="/plans/sougou/entry/2025/P1-3/">総合計画の指標3</a>' in html
    assert '<a href="/plans/sougou/entry/2025/initiatives/P1-1/">P1の取組1</a>' in html
    assert '<a href="/plans/mihon/entry/2025/P1-1/">総合戦略の指標1</a>' in html
    assert "集計中（令和8年8月20日の予定）" in text
    assert "まだ年度が終わっていない計画" in text
    assert '<a href="/plans/bousai/entry/2026/">防災計画</a>' in html
    assert "総合計画の指標1" not in text
    assert "よその課の指標" not in text
    assert "前の計画" not in text


def test_planner_sees_what_each_plan_lacks_and_whom_to_ask(planner, plans):
    response = planner.get("/work/")
    html, text = response.content.decode(), said(response)

    assert "3指標のうち<b>未入力は3</b>、1の取組のうち<b>未入力は1</b>です。" in html
    assert '<a href="/plans/mihon/entry/2025/reminders/D02/">D02課</a>' in html
    assert '<a class="button" href="/plans/sougou/entry/2025/overview/">入力状況</a>' in html
    assert "指標の未入力1 集計中1 取組の未入力1" in text


def test_overview_leads_to_it_where_several_plans_are_running(planner, plans):
    link = '<a class="button" href="/work/">すべての計画で入力するもの</a>'
    page = "/plans/mihon/entry/2025/overview/"
    several = planner.get(page).content.decode()
    Strategy.objects.exclude(code="mihon").update(state=PlanState.ENDED)

    assert link in several
    assert link not in planner.get(page).content.decode()


def test_manager_sees_it_without_the_requests(manager, plans):
    html = manager.get("/work/").content.decode()

    assert "reminders" not in html
    assert "/plans/mihon/entry/2025/overview/" in html


def test_who_has_nothing_to_enter_is_told_so(client, plans, db):
    client.force_login(make_user("hanako", role="所管課担当"))

    assert "あなたが入力するものはありません" in said(client.get("/work/"))


def test_closed_year_is_no_work_any_more(editor, plans, kikaku):
    close_years_through(plans[0], 2025, user=kikaku)
    response = editor.get("/work/")

    assert [one.strategy.code for one in response.context["work"]] == ["sougou"]
    assert [one.fiscal_year for one in response.context["not_ended"]] == [2026, 2026]


def test_dashboard_leads_to_the_list_where_other_plans_have_open_work(editor, plans, kikaku):
    def page(path):
        return editor.get(path).content.decode()

    here, elsewhere = page("/plans/mihon/"), page("/plans/former/")
    close_years_through(plans[1], 2025, user=kikaku)
    alone = page("/plans/mihon/")
    own = "あなたの課の令和7年度の<b>未入力は2件</b>です（締切 令和8年7月31日、あと43日）。"

    assert f"{own}ほかの1つの計画に、あなたの課の未入力があります。" in here
    assert '<a class="button" href="/work/">すべての計画で入力するもの</a>' in here
    assert "ほかの2つの計画に、あなたの課の未入力があります。" in elsewhere
    assert "あなたの課の令和" not in elsewhere
    assert own in alone
    assert "ほかの" not in alone


def test_request_to_a_department_names_the_plan_and_leads_to_the_list(planner, plans, settings):
    settings.ALLOWED_HOSTS = ["testserver"]
    page = "/plans/{}/entry/2025/reminders/{}/"
    several = planner.get(page.format("sougou", "D01")).context["reminder"]
    one = planner.get(page.format("mihon", "D02")).context["reminder"]

    assert several.subject == "「総合計画」令和7年度の実績入力のお願い"
    assert "計画の進捗管理に御協力いただき" in several.body
    assert "「総合計画」の令和7年度の実績について" in several.body
    assert "指標：http://testserver/plans/sougou/entry/2025/\n" in several.body
    assert "ほかの計画の分も：http://testserver/work/\n" in several.body
    assert "総合戦略" not in several.body
    assert one.subject == "「総合戦略」令和7年度の実績入力のお願い"
    assert "/work/" not in one.body


@pytest.mark.parametrize("name", ["tantou", "kikaku"])
def test_list_asks_as_often_for_five_plans_as_for_one(
    client, department, tantou, kikaku, name, django_assert_num_queries
):
    client.force_login({"tantou": tantou, "kikaku": kikaku}[name])
    make_plan_of(department, "mihon", "総合戦略")
    pages = {"/work/": 12, "/plans/mihon/": 21} if name == "tantou" else {"/work/": 14}
    for more in ((), ("b", "c", "d", "e")):
        for code in more:
            make_plan_of(department, code, f"計画{code}")
        for path, queries in pages.items():
            with django_assert_num_queries(queries):
                client.get(path)
