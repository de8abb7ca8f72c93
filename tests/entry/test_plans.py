"""The list of plans, what planners do there, the switch in the header, and notices of a state."""

import re

import pytest

from kpis.recording import close_years_through
from projects.models import PlanChoice, Strategy
from reports.annual.editions import issue_edition
from tests.admin_forms import messages_of
from tests.factories import make_plan, make_strategy
from tests.page_text import words

NEXT = {"code": "next", "name": "次の計画", "is_current": False, "first_year": 2029,
        "last_year": 2029}  # fmt: skip
SWITCH = '<details class="plans">'


@pytest.fixture
def plans(kikaku):
    """The main plan in use, one beside it, one in preparation and one that has ended."""
    make_plan(kikaku)
    make_strategy(**NEXT | {"code": "beside", "name": "並ぶ計画"})
    make_strategy(**NEXT | {"state": "preparing"})
    make_strategy(**NEXT | {"code": "former", "name": "前の計画", "state": "ended"})


def texts(response, tag: str) -> list[str]:
    """The words of each element of a kind."""
    html = response.content.decode()
    return [words(one) for one in re.findall(rf"<{tag}\b.*?</{tag}>", html, re.DOTALL)]


def html_of(client, path: str) -> str:
    return client.get(path).content.decode()


def states() -> dict[str, str]:
    return dict(Strategy.objects.values_list("code", "state"))


def test_list_says_state_period_and_main_mark_of_each_plan(planner, plans, kikaku):
    close_years_through(Strategy.objects.get(code="mihon"), 2024, user=kikaku)
    cards = texts(planner.get("/plans/"), "section")

    assert len(cards) == 4
    assert cards[3].startswith(
        "見本市総合戦略 実施中 主たる計画 令和6年度から令和10年度まで。"
        "5年度のうち1年度が締め済みです。"
    )
    assert cards[1].startswith("前の計画 終了 令和11年度から令和11年度まで。")
    assert (
        "実施中にする すべての人に見え、実績を入力できるようになります。準備中には戻せません。"
        in cards[2]
    )


def test_list_takes_the_same_queries_whatever_the_number_of_plans(
    planner, strategy, django_assert_num_queries
):
    for _round in range(2):
        with django_assert_num_queries(6):
            planner.get("/plans/")
        for number in range(4):
            make_strategy(code=f"p{_round}{number}", is_current=False)


def test_others_read_the_list_without_the_plan_in_preparation_and_without_acts(editor, plans):
    html = html_of(editor, "/plans/")

    assert "次の計画" not in html
    assert "並ぶ計画" in html
    assert "<button" not in html.split('<main id="main"')[1]


def test_planner_puts_a_plan_into_force_and_gives_it_the_mark(planner, plans):
    started = planner.post("/plans/next/state/start/", {"confirmed": "on"}, follow=True)
    marked = planner.post("/plans/next/state/main/", follow=True)

    assert started.redirect_chain == marked.redirect_chain == [("/plans/", 302)]
    assert messages_of(started) == ["「次の計画」を実施中にしました。"]
    assert messages_of(marked) == ["「次の計画」を主たる計画にしました。"]
    assert states()["next"] == "running"
    assert Strategy.objects.get(is_current=True).code == "next"


def test_first_plan_put_into_force_is_said_to_be_the_main_one(planner, kikaku):
    make_strategy(state="preparing", is_current=False)
    started = planner.post("/plans/mihon/state/start/", {"confirmed": "on"}, follow=True)

    assert messages_of(started) == ["「見本市総合戦略」を実施中にしました。主たる計画です。"]


def test_plan_that_may_end_has_the_button_and_one_that_may_not_says_why(planner, plans, kikaku):
    beside, mihon = (Strategy.objects.get(code=code) for code in ("beside", "mihon"))
    open_years = texts(planner.get("/plans/"), "section")
    close_years_through(beside, 2029, user=kikaku)
    for year in mihon.years:
        close_years_through(mihon, year, user=kikaku)
    closed = texts(planner.get("/plans/"), "section")

    assert open_years[0].endswith(
        "終了できるのは、すべての年度を締めてからです。 "
        "計画を変える 計画期間を変える ワークブックを取り込む ワークブックを書き出す "
        "次の計画を始める"
    )
    assert "主たる計画にする 終了する 終了した計画は、読むことだけができます。" in closed[0]
    assert "終了できるのは、ほかの実施中の計画を主たる計画にしてからです。" in closed[3]
    done = planner.post("/plans/beside/state/end/", follow=True)
    assert messages_of(done) == ["「並ぶ計画」を終了しました。"]
    assert states()["beside"] == "ended"


def test_closed_years_without_an_edition_are_named_where_the_plan_may_end(planner, kikaku):
    make_plan(kikaku)
    mihon = Strategy.objects.get()
    for year in mihon.years:
        close_years_through(mihon, year, user=kikaku)
    other = make_strategy(**NEXT | {"last_year": 2030, "code": "beside"})
    close_years_through(other, 2029, user=kikaku)
    issue_edition(mihon, 2025, user=kikaku)
    issue_edition(mihon, 2027, user=kikaku)

    Strategy.objects.filter(code="beside").update(state="ended")
    (ended, shown) = texts(planner.get("/plans/"), "section")
    assert (
        "終了する 終了した計画は、読むことだけができます。報告書を発行していない年度があります"
        "（令和6年度、令和8年度、令和10年度）。終了すると発行できません。"
    ) in shown
    assert "発行" not in ended  # nor where the plan can't be ended

    for year in (2024, 2026, 2028):
        issue_edition(mihon, year, user=kikaku)
    assert "発行" not in texts(planner.get("/plans/"), "section")[1]


def test_refused_act_is_told_above_the_list(planner, plans):
    answer = planner.post("/plans/beside/state/end/")

    assert answer.status_code == 409
    assert (
        "「並ぶ計画」には、まだ締めていない年度があります（令和11年度）。"
        in answer.content.decode()
    )
    assert states()["beside"] == "running"


def test_ended_plan_comes_back_with_a_reason_alone_and_what_was_typed_stays(planner, plans):
    refused = planner.post("/plans/former/state/resume/", {"reason": "長" * 4001})
    html = refused.content.decode()

    assert refused.status_code == 422
    assert "＊戻す理由は4000字までです" in html
    assert "長" * 4001 in html
    assert states()["former"] == "ended"
    done = planner.post("/plans/former/state/resume/", {"reason": "訂正"}, follow=True)
    assert messages_of(done) == ["「前の計画」を実施中に戻しました。"]
    assert states()["former"] == "running"


def test_where_there_is_one_plan_there_is_no_switch(planner, strategy):
    assert SWITCH not in html_of(planner, "/plans/mihon/")


def test_switch_lists_the_plans_that_somebody_sees_with_their_state(client, plans, kikaku, tantou):
    client.force_login(tantou)
    own = texts(client.get("/plans/former/kpis/"), "li")
    client.force_login(kikaku)
    all_of_them = texts(client.get("/plans/beside/kpis/"), "li")

    assert own[:3] == ["並ぶ計画 実施中", "前の計画 終了", "見本市総合戦略 実施中・主たる計画"]
    assert all_of_them[2:3] == ["次の計画 準備中"]


def test_choice_is_remembered_once_for_each_person(client, plans, kikaku, tantou):
    client.force_login(tantou)
    for code in ("former", "beside"):
        assert client.post(f"/plans/{code}/choose/").url == f"/plans/{code}/"

    assert list(PlanChoice.objects.values_list("user__username", "strategy__code")) == [
        ("tantou", "beside")
    ]
    assert client.get("/").url == "/plans/beside/"
    client.force_login(kikaku)
    assert client.get("/").url == "/plans/mihon/"


def test_plan_in_preparation_cannot_be_chosen_by_others(editor, plans):
    assert editor.post("/plans/next/choose/").status_code == 404
    assert not PlanChoice.objects.exists()


@pytest.mark.parametrize("others", [0, 5])
def test_dashboard_asks_the_same_whatever_the_number_of_plans(
    planner, kikaku, others, django_assert_num_queries
):
    make_plan(kikaku)
    for number in range(others):
        make_strategy(code=f"p{number}", is_current=False)

    with django_assert_num_queries(11):
        planner.get("/plans/mihon/")


@pytest.mark.asked_once
@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("next", "準備中の計画です。見えているのは、企画担当だけです。"),
        ("former", "終了した計画です。読むことだけができます。"),
    ],
)
@pytest.mark.parametrize("path", ["", "kpis/", "entry/2029/", "reports/", "history/"])
def test_every_page_of_a_plan_says_its_state(planner, plans, code, sentence, path):
    assert sentence in html_of(planner, f"/plans/{code}/{path}")
    assert sentence not in html_of(planner, f"/plans/beside/{path}")
