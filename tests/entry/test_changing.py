"""An act on a plan: tried out, carried out, kept with what it changed."""

import re

import pytest

from accounts.models import AuditEntry
from common.history import sign_change
from common.written_once import RowIsFixed
from entry.changing.acting import ChangesOtherwise, carry_out, preview_of
from kpis.models import FinalTarget, Kpi
from kpis.recording import RecordingRefused, close_fiscal_year
from projects.models import Strategy
from reports.annual.year_changes import fingerprint, from_text
from reports.models import PlanChange
from tests.entry.example_screen import revise_target
from tests.factories import make_plan, make_user
from tests.page_text import said


@pytest.fixture
def plan(kikaku):
    """P1-1 of 50件 by 2028, 21 of 2024 and 31 of 2025; 2024 and 2025 are closed."""
    strategy = make_plan(kikaku, kpis=1)
    for year in (2024, 2025):
        close_fiscal_year(strategy, year, user=kikaku)
    return strategy


def _revised(plan, value=80, year=2026):
    """An act that gives P1-1 another target from a year on."""
    return lambda: revise_target(plan, value, year)


def _in_short(years):
    return [
        f"{year.fiscal_year}: {one.code} {one.fiscal_year} {one.item} {one.before}→{one.after}"
        for year in years
        for one in year.changes
    ]


RAISED = [
    "2026: P1-1 None 最終目標の改定 →令和8年度から80件（見直し）",
    "2026: P1-1 2026 年度目安 50件→80件",
    "2026: P1-1 2026 最終目標 50件→80件",
    "2027: P1-1 2027 年度目安 50件→80件",
    "2027: P1-1 2027 最終目標 50件→80件",
    "2028: P1-1 2028 年度目安 50件→80件",
    "2028: P1-1 2028 最終目標 50件→80件",
]


def test_preview_lists_what_differs_in_open_years_and_writes_nothing(plan):
    assert _in_short(preview_of(plan, _revised(plan))) == RAISED
    assert FinalTarget.objects.get().value == 50
    assert not PlanChange.objects.exists()


def test_year_that_joins_the_period_lists_what_is_due_in_it(plan):
    def extend():
        Strategy.objects.filter(pk=plan.pk).update(last_year=2029)

    assert _in_short(preview_of(plan, extend)) == [
        "2026:  None 計画期間 令和6年度から令和10年度まで→令和6年度から令和11年度まで",
        "2029:  2029 計画期間 →計画期間の内",
        "2029: P1-1 2029 年度目安 →50件",
        "2029: P1-1 2029 最終目標 →50件",
    ]


def test_act_is_kept_with_its_reason_and_what_it_changed(plan, kikaku):
    change = carry_out(plan, "目標の見直し", "上振れ", kikaku, _revised(plan), subject="P1-1")
    second = carry_out(plan, "目標の見直し", "再び", None, _revised(plan, 90, 2027))

    assert (change.label, change.kind, change.subject) == ("第1回の変更", "目標の見直し", "P1-1")
    assert (change.reason, change.made_by, change.made_by_name) == ("上振れ", kikaku, "kikaku")
    assert _in_short(from_text(change.differences)) == RAISED
    assert (second.number, second.made_by, second.made_by_name) == (2, None, "")
    with pytest.raises(RowIsFixed):
        change.save()


def test_act_that_changes_other_things_by_now_is_not_carried_out(plan, kikaku):
    looked_over = fingerprint(preview_of(plan, _revised(plan)))
    _revised(plan, 60, 2027)()

    with pytest.raises(ChangesOtherwise) as otherwise:
        carry_out(plan, "見直し", "上振れ", kikaku, _revised(plan), expected=looked_over)

    assert [one for one in _in_short(otherwise.value.years) if " None " not in one] == RAISED[1:3]
    assert sorted(FinalTarget.objects.values_list("value", flat=True)) == [50, 60]
    assert not PlanChange.objects.exists()


def test_refused_act_leaves_nothing(plan, kikaku):
    with pytest.raises(RecordingRefused):
        carry_out(plan, "見直し", "上振れ", kikaku, _revised(plan, -1))

    assert FinalTarget.objects.get().value == 50
    assert not PlanChange.objects.exists()


@pytest.fixture
def revise(planner, plan, settings):
    """The example of a screen (tests/entry/example_screen.py), as somebody posts to it."""
    settings.ROOT_URLCONF = "tests.entry.example_screen"
    return lambda **typed: planner.post("/plans/mihon/changes/revise/", typed)


def test_screen_shows_what_changes_and_does_it_when_confirmed(revise, planner, plan):
    looked_over = revise(value="80", reason="上振れのため")

    assert looked_over.status_code == 200
    assert "令和8年度の内容" in said(looked_over)
    # The first year stands open, those after it say how much there is.
    folds = re.findall(r'<details class="year-changes"( open)?>', looked_over.content.decode())
    assert folds == [" open", "", ""]
    assert "令和8年度 最終目標 50件 80件" in said(looked_over)
    assert FinalTarget.objects.get().value == 50

    done = revise(confirmed=looked_over.context["signed"])
    change = PlanChange.objects.get()
    assert (done.status_code, done.url) == (302, "/plans/mihon/changes/")
    assert (change.kind, change.subject, change.reason, change.made_by_name) == (
        "目標の見直し", "P1-1「指標1」", "上振れのため", "kikaku",
    )  # fmt: skip
    listed = said(planner.get(done.url))
    assert "目標の見直しを記録しました。" in listed
    assert "第1回の変更 目標の見直し P1-1「指標1」。" in listed
    page = planner.get("/plans/mihon/changes/1/")
    assert "理由 上振れのため" in said(page)
    assert "令和8年度 最終目標 50件 80件" in said(page)


@pytest.mark.asked_once
@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"value": "たくさん", "reason": "上振れ"}, "目標値：数値を入力してください。"),
        ({"value": "-1", "reason": "上振れ"}, "目標値：目標値は0以上にしてください。"),
        ({"value": "80", "reason": " "}, "理由：計画を変える理由を書いてください。"),
    ],
)
def test_screen_says_at_the_field_what_is_wrong_and_keeps_what_was_typed(revise, typed, sentence):
    answer = revise(**typed)

    assert answer.status_code == 422
    assert sentence in said(answer)
    assert f'value="{typed["value"]}"' in answer.content.decode()
    assert not PlanChange.objects.exists()


@pytest.mark.asked_once
@pytest.mark.parametrize(("extension", "begins"), [("docx", b"PK"), ("xlsx", b"PK")])
def test_new_beside_old_can_be_had_before_and_after(revise, planner, plan, extension, begins):
    signed = revise(value="80", reason="上振れ").context["signed"]

    draft = revise(confirmed=signed, file=extension)
    assert draft.content.startswith(begins)
    assert f"old-and-new.{extension}" in draft["Content-Disposition"]
    assert not PlanChange.objects.exists()

    revise(confirmed=signed)
    made = planner.get(f"/plans/mihon/changes/1/old-and-new.{extension}")
    assert made.content.startswith(begins)
    assert made.content != draft.content
    assert AuditEntry.objects.latest("pk").what.startswith(
        "見本市総合戦略の新旧対照表（第1回の変更"
    )


@pytest.mark.asked_once
def test_new_beside_old_has_no_other_format(planner, plan, kikaku):
    carry_out(plan, "目標の見直し", "上振れ", kikaku, _revised(plan))

    assert planner.get("/plans/mihon/changes/1/old-and-new.pdf").status_code == 404


@pytest.mark.asked_once
def test_screen_goes_back_with_what_was_typed(revise):
    signed = revise(value="80", reason="上振れ").context["signed"]

    form = revise(confirmed=signed, edit="1")

    assert form.status_code == 200
    assert form.context["form"]["value"].value() == "80"


def test_screen_shows_anew_what_changes_otherwise_by_now(revise, plan):
    signed = revise(value="80", reason="上振れ").context["signed"]
    _revised(plan, 60, 2027)()

    again = revise(confirmed=signed)

    assert again.status_code == 409
    assert "今の内容で確かめてください" in said(again)
    assert not PlanChange.objects.exists()
    assert revise(confirmed=again.context["signed"]).status_code == 302


def test_confirmation_of_another_page_or_forged_is_not_taken(revise):
    answer = revise(confirmed="forged")

    assert answer.status_code == 422
    assert "確認の画面が古くなっています。" in said(answer)


@pytest.mark.asked_once
def test_changes_are_read_by_all_and_made_by_planners(client, plan, kikaku):
    carry_out(plan, "目標の見直し", "上振れ", kikaku, _revised(plan), subject="P1-1「指標1」")
    client.force_login(make_user("tantou"))

    assert "第1回の変更 目標の見直し" in said(client.get("/plans/mihon/changes/"))
    assert client.get("/plans/mihon/changes/1/").status_code == 200
    assert client.get("/plans/mihon/changes/2/").status_code == 404


def test_history_tells_an_act_as_one_thing_with_its_reason(planner, plan, kikaku):
    kpi = Kpi.objects.get(project__strategy=plan)

    def revise():
        for year, value in ((2026, 60), (2027, 80)):
            row = FinalTarget(kpi=kpi, effective_from=year, value=value)
            sign_change(row, kikaku, "同じ理由")
            row.save()

    carry_out(plan, "目標の見直し", "国の改定に合わせた", kikaku, revise, subject="P1-1「指標1」")
    FinalTarget.objects.get(effective_from=2027).delete()

    page = said(planner.get("/plans/mihon/history/"))
    assert "目標の見直し （第1回の変更） P1-1「指標1」 － 2件の記録" in page
    assert page.count("国の改定に合わせた") == 1
    assert page.count("最終目標値 （削除）") == 1
    assert "目標の見直し （第1回の変更）" in said(planner.get("/plans/mihon/kpis/P1-1/"))
