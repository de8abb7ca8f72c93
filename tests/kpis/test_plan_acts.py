"""What planners do with a whole plan: who may, what is refused, what history and audit say."""

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import AuditEntry
from kpis.plan_acts import end_plan, make_main, put_into_force, resume_plan
from kpis.recording import Kind, RecordingRefused, close_years_through
from projects.models import Strategy
from tests.factories import make_strategy

ACTS = {
    "start": put_into_force,
    "end": end_plan,
    "resume": lambda plan, user: resume_plan(plan, user=user, reason="訂正"),
    "main": make_main,
}


def make_plans(**states: str) -> list[Strategy]:
    """Plans of one year by code and state, none of them the main one."""
    return [
        make_strategy(code=code, name=f"計画{code}", state=state, last_year=2024, is_current=False)
        for code, state in states.items()
    ]


def standing() -> dict[str, str]:
    """The plans' states by code, the main one's with a star."""
    return {
        plan.code: plan.get_state_display() + ("＊" if plan.is_current else "")
        for plan in Strategy.objects.order_by("code")
    }


def refusal_of(act, *args, **kwargs) -> tuple[str, str]:
    """The field and the sentence of a refusal, which changed nothing."""
    before = standing(), AuditEntry.objects.count()
    with pytest.raises(RecordingRefused) as caught:
        act(*args, **kwargs)
    assert (standing(), AuditEntry.objects.count()) == before
    (refusal,) = caught.value.refusals
    assert refusal.kind is Kind.INVALID
    return refusal.field, refusal.message


def signed(plan: Strategy) -> tuple[str, str]:
    """Who signed the plan's last row of history, and why."""
    row = plan.history.first()
    return row.history_user.username, row.history_change_reason


def noted() -> list[tuple[str, str]]:
    """Whose acts on plans the audit has, and which, in order."""
    entries = AuditEntry.objects.filter(kind="plan").order_by("pk")
    return list(entries.values_list("login", "what"))


@pytest.mark.parametrize("name", ACTS)
@pytest.mark.parametrize("user", ["tantou", "kanri"])
def test_only_planners_act_on_plans(request, name, user):
    who = request.getfixturevalue(user)
    (plan,) = make_plans(a="running")

    sentence = r"^計画の状態と主たる計画を決めるのは企画担当です。$"
    with pytest.raises(PermissionDenied, match=sentence):
        ACTS[name](plan, user=who)


def test_first_plan_put_into_force_becomes_the_main_one(kikaku):
    (plan,) = make_plans(a="preparing")
    put_into_force(plan, user=kikaku)

    assert standing() == {"a": "実施中＊"}
    assert signed(plan) == ("kikaku", "計画を実施中にした")
    assert noted() == [("kikaku", "計画aを実施中にした（主たる計画）")]


def test_next_plan_put_into_force_stands_beside_the_main_one(kikaku):
    first, second = make_plans(a="preparing", b="preparing")
    put_into_force(first, user=kikaku)
    put_into_force(second, user=kikaku)

    assert standing() == {"a": "実施中＊", "b": "実施中"}
    assert noted()[-1] == ("kikaku", "計画bを実施中にした")


def test_plan_put_into_force_takes_the_mark_from_one_that_has_ended(kikaku):
    former, coming = make_plans(a="ended", b="preparing")
    Strategy.objects.filter(pk=former.pk).update(is_current=True)
    put_into_force(coming, user=kikaku)

    assert standing() == {"a": "終了", "b": "実施中＊"}
    assert signed(former) == ("kikaku", "「計画b」を主たる計画にした")


@pytest.mark.parametrize("state", ["running", "ended"])
def test_only_a_plan_in_preparation_is_put_into_force(kikaku, state):
    (plan,) = make_plans(a=state)

    assert refusal_of(put_into_force, plan, user=kikaku) == (
        "",
        "「計画a」は準備中の計画ではありません。",
    )


def test_plan_ends_when_all_its_years_are_closed(kikaku):
    (plan,) = make_plans(a="running")
    close_years_through(plan, 2024, user=kikaku)
    end_plan(plan, user=kikaku)

    assert standing() == {"a": "終了"}
    assert signed(plan) == ("kikaku", "計画を終了した")
    assert noted() == [("kikaku", "計画aを終了した")]


def test_plan_with_open_years_does_not_end_and_is_told_which(strategy, kikaku):
    close_years_through(strategy, 2025, user=kikaku)

    field, sentence = refusal_of(end_plan, strategy, user=kikaku)
    assert field == ""
    assert sentence == (
        "「見本市総合戦略」には、まだ締めていない年度があります"
        "（令和8年度、令和9年度、令和10年度）。すべての年度を締めてから終了してください。"
    )


def test_main_plan_ends_after_another_running_one_has_the_mark(kikaku):
    main, other, _preparing = make_plans(a="running", b="running", c="preparing")
    make_main(main, user=kikaku)
    for plan in (main, other):
        close_years_through(plan, 2024, user=kikaku)

    assert refusal_of(end_plan, main, user=kikaku)[1] == (
        "「計画a」は主たる計画です。"
        "先に、ほかの実施中の計画（「計画b」）を主たる計画にしてください。"
    )
    make_main(other, user=kikaku)
    end_plan(main, user=kikaku)
    end_plan(other, user=kikaku)
    assert standing() == {"a": "終了", "b": "終了＊", "c": "準備中"}


@pytest.mark.parametrize("state", ["preparing", "ended"])
def test_only_a_running_plan_ends(kikaku, state):
    (plan,) = make_plans(a=state)

    sentence = "「計画a」は実施中の計画ではありません。"
    assert refusal_of(end_plan, plan, user=kikaku) == ("", sentence)


def test_ended_plan_is_taken_back_for_a_reason_with_its_years_closed(kikaku):
    (plan,) = make_plans(a="running")
    close_years_through(plan, 2024, user=kikaku)
    end_plan(plan, user=kikaku)
    resume_plan(plan, user=kikaku, reason=" 確定値が届いた\n")

    assert standing() == {"a": "実施中＊"}
    assert plan.closings.count() == 1
    assert signed(plan) == ("kikaku", "確定値が届いた")
    what = "計画aを実施中に戻した（主たる計画）（理由：確定値が届いた）"
    assert noted()[-1] == ("kikaku", what)


def test_plan_taken_back_beside_the_main_one_leaves_it_the_mark(kikaku):
    ended, running = make_plans(a="ended", b="running")
    make_main(running, user=kikaku)
    resume_plan(ended, user=kikaku, reason="訂正")

    assert standing() == {"a": "実施中", "b": "実施中＊"}


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        (" \n", "戻す理由を書いてください。"),
        ("長" * 4001, "戻す理由は4000字までです（今は4001字）。短くまとめてください。"),
    ],
)
def test_plan_is_not_taken_back_without_a_fitting_reason(kikaku, reason, sentence):
    (plan,) = make_plans(a="ended")

    assert refusal_of(resume_plan, plan, user=kikaku, reason=reason) == ("reason", sentence)


@pytest.mark.parametrize("state", ["preparing", "running"])
def test_only_an_ended_plan_is_taken_back(kikaku, state):
    (plan,) = make_plans(a=state)

    assert refusal_of(resume_plan, plan, user=kikaku, reason="訂正") == (
        "",
        "「計画a」は終了した計画ではありません。",
    )


def test_mark_passes_from_one_running_plan_to_another(kikaku):
    first, second = make_plans(a="running", b="running")
    make_main(first, user=kikaku)
    make_main(second, user=kikaku)

    assert standing() == {"a": "実施中", "b": "実施中＊"}
    assert signed(first) == ("kikaku", "「計画b」を主たる計画にした")
    assert signed(second) == ("kikaku", "主たる計画にした")
    entry = AuditEntry.objects.get(what="計画bを主たる計画にした")
    assert (entry.before, entry.after) == ("計画a", "計画b")


@pytest.mark.parametrize(("state", "label"), [("preparing", "準備中"), ("ended", "終了")])
def test_only_a_running_plan_becomes_the_main_one(kikaku, state, label):
    (plan,) = make_plans(a=state)

    assert refusal_of(make_main, plan, user=kikaku)[1] == (
        f"「計画a」は実施中ではありません（{label}）。主たる計画にできるのは、実施中の計画です。"
    )


def test_main_plan_is_made_so_once(strategy, kikaku):
    assert refusal_of(make_main, strategy, user=kikaku) == (
        "",
        "「見本市総合戦略」は、すでに主たる計画です。",
    )


def test_act_goes_by_the_plan_as_it_stands_now(kikaku):
    (plan,) = make_plans(a="preparing")
    put_into_force(Strategy.objects.get(), user=kikaku)

    assert plan.state == "preparing"
    assert refusal_of(put_into_force, plan, user=kikaku)[1] == (
        "「計画a」は準備中の計画ではありません。"
    )
