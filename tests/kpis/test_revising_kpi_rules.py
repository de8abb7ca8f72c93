"""評価のきまり of one KPI: from which year, what the plan's others keep, what is refused."""

from datetime import date
from decimal import Decimal

import pytest

from entry.next_plan.beginning import begin_next_plan, look_over
from entry.next_plan.contents import Choice
from entry.next_plan.offer import Baseline
from kpis.as_of import kpi_as_of
from kpis.models import Kpi, KpiRatingRules
from kpis.plan_changes.kpi_rules import revise_kpi_rules
from kpis.plan_changes.lives import end_kpi
from kpis.plan_changes.period import change_period
from kpis.plan_check import check_everything
from kpis.progress import load_progress
from kpis.recording import RecordingRefused, close_fiscal_year
from projects.bands import Band, bands_to_data
from projects.models import Strategy
from projects.scales import Step, steps_to_data
from reports.history.changes import history_of_kpi, history_of_plan
from tests.clock import on
from tests.factories import make_kpi, make_project, make_strategy, record

ARROWS = bands_to_data((Band("↗", "", None), Band("→", "", None), Band("↘", "", None)))
SINCE_LAST = steps_to_data((Step(1, "previous", "better"), Step(2, "previous", "similar"), Step(3)))
BY_POSITION = {"rating_method": "position", "bands": ARROWS, "rating_steps": SINCE_LAST}


@pytest.fixture
def kpi(project, kikaku):
    """At 90, 91 and 91 of 100, 2024 closed; another KPI stands beside it."""
    kpi, beside = (make_kpi(project, number, target=100) for number in (1, 2))
    for one in (kpi, beside):
        record(one, {2024: 90, 2025: 91, 2026: 91}, kikaku)
    close_fiscal_year(project.strategy, 2024, user=kikaku)
    return kpi


def revise(kpi, user, year, **said):
    said = {"reason": "性質が違うため"} | (said or BY_POSITION)
    return revise_kpi_rules(kpi, effective_from=year, user=user, **said)


def refusal(kpi, user, year, **said):
    with pytest.raises(RecordingRefused) as caught:
        revise(kpi, user, year, **said)
    (one,) = caught.value.refusals
    return one.field, one.message


def marks(plan):
    """By year the marks of both KPIs."""
    found = {year: load_progress(plan, year).kpis for year in (2024, 2025, 2026)}
    return {year: [one.rating.symbol for one in kpis] for year, kpis in found.items()}


def test_kpi_alone_is_rated_by_its_own_rules_from_the_year_on(kpi, kikaku):
    revise(kpi, kikaku, 2025)

    assert marks(kpi.project.strategy) == {
        2024: ["B", "B"], 2025: ["↗", "B"], 2026: ["→", "B"],
    }  # fmt: skip
    row = KpiRatingRules.objects.get()
    assert (row.effective_from, row.reason, row.is_plans) == (2025, "性質が違うため", False)
    assert row.history.get().history_user == kikaku
    first, second = load_progress(kpi.project.strategy, 2025).movements
    assert (first.direction, second.direction) == ("", "same")
    assert first.why_not_compared == "評価のきまりが変わったため"


def test_plans_rules_hold_again_and_a_revision_is_taken_back(kpi, kikaku):
    revise(kpi, kikaku, 2025)
    revise(kpi, kikaku, 2026, is_plans=True)
    assert marks(kpi.project.strategy)[2026] == ["B", "B"]

    revise(kpi, kikaku, 2025, is_plans=True)

    (left,) = KpiRatingRules.objects.all()
    assert (left.effective_from, left.is_plans) == (2026, True)
    assert marks(kpi.project.strategy)[2025] == ["B", "B"]


def test_what_is_not_said_stays_as_it_is_in_force(kpi, kikaku):
    revise(kpi, kikaku, 2025)
    revise(kpi, kikaku, 2026, rating_method="people", rating_steps=[])

    row = KpiRatingRules.objects.get(effective_from=2026)
    assert (row.rating_method, row.bands, row.rating_basis) == ("people", ARROWS, "progress")


@pytest.mark.parametrize(
    ("year", "said", "expected"),
    [
        (2024, {}, ("effective_from", "令和6年度は締め済みです。令和6年度より後の年度に")),
        (2029, {}, ("effective_from", "計画期間（令和6年度から令和10年度まで）の年度に")),
        (2025, {"is_plans": True}, ("", "P1-1の令和7年度の評価のきまりは、今もこのとおりです。")),
        (2025, {"rating_method": "position"}, ("bands", "率で評価しないときは、評価区分に下限を")),
        (
            2025,
            {"rating_method": "luck"},
            ("rating_method", "'luck' は有効な選択肢では"),
        ),
        (2025, BY_POSITION | {"rating_steps": []}, ("rating_steps", "条件の行がひとつと")),
        (2025, BY_POSITION | {"reason": " "}, ("reason", "変える理由を書いてください")),
    ],
)
def test_what_can_not_be_is_refused(kpi, kikaku, year, said, expected):
    field, sentence = refusal(kpi, kikaku, year, **said)

    assert field == expected[0]
    assert expected[1] in sentence
    assert not KpiRatingRules.objects.exists()


def test_year_in_which_the_kpi_is_not_there_is_refused_and_its_rules_end_with_it(kpi, kikaku):
    revise(kpi, kikaku, 2026)
    leaving = end_kpi(kpi, 2025, user=kikaku, reason="事業が終わるため")

    assert leaving.own_rules == (2026,)
    assert str(leaving) == "令和8年度の実績、令和8年度からの評価のきまり"
    assert not KpiRatingRules.objects.exists()
    kpi = Kpi.objects.get(pk=kpi.pk)
    assert refusal(kpi, kikaku, 2026)[1] == "P1-1「指標1」は、令和8年度にはありません。"


def test_rules_of_years_that_leave_the_plan_go_with_them(kpi, kikaku):
    revise(kpi, kikaku, 2028)

    change_period(kpi.project.strategy, first_year=2024, last_year=2027, user=kikaku, reason="短縮")

    assert not KpiRatingRules.objects.exists()


def test_plan_that_begins_later_begins_with_the_rules_of_that_year(project, kikaku):
    plan, kpi = project.strategy, make_kpi(project, target=100)
    revise(kpi, kikaku, 2024)
    revise(kpi, kikaku, 2025, is_plans=True)

    change_period(plan, first_year=2026, last_year=2028, user=kikaku, reason="始まりが延びた")

    (row,) = KpiRatingRules.objects.all()
    assert (row.effective_from, row.is_plans) == (2026, True)
    assert check_everything(Strategy.objects.get()) == []


def test_history_tells_of_it_in_words(kpi, kikaku):
    revise(kpi, kikaku, 2025)

    change = history_of_plan(kpi.project.strategy)[:1][0]
    own = history_of_kpi(kpi.project.strategy, kpi)[:1][0]

    assert (change.kind, change.action) == ("指標ごとの評価のきまり", "登録")
    assert (change.code, change.fiscal_year, own.kind) == ("P1-1", 2025, change.kind)
    written = {one.label: one.new for one in change.fields}
    assert written["評価の方法"].startswith("位置による")
    assert written["評価区分"] == "↗,\n→,\n↘,"
    assert written["評価の条件"] == (
        "前の値より良い：上から1番目\n前の値と同程度：上から2番目\nその他：上から3番目"
    )


def test_kpi_of_a_day_has_the_rules_of_that_day(kikaku):
    with on("2026-07-01 09:00"):
        kpi = make_kpi(make_project(make_strategy()), target=100)
        record(kpi, {2024: 90, 2025: 91}, kikaku)
    with on("2026-08-01 09:00"):
        revise(kpi, kikaku, 2025)

    days = (date(2026, 7, 31), date(2026, 8, 2))
    past = [kpi_as_of(kpi.project.strategy, kpi, day).series for day in days]

    assert [one.assess(2025).rating.symbol for one in past] == ["B", "↗"]


def test_check_finds_rules_that_no_form_would_take(kpi, kikaku):
    revise(kpi, kikaku, 2025)
    KpiRatingRules.objects.update(rating_method="rate", effective_from=2030)

    place = "指標ごとの評価のきまり「P1-1 評価のきまり（令和12年度から）」："
    assert check_everything(kpi.project.strategy) == [
        f"{place}P1-1「指標1」は、令和12年度にはありません。",
        f"{place}下限のない評価区分は、いちばん下のひとつだけにしてください。",
    ]


def test_next_plan_rates_it_by_the_rules_that_held_in_the_end(kpi, kikaku):
    plan = kpi.project.strategy
    revise(kpi, kikaku, 2026)
    taken = {one.code: Baseline(Decimal(91), 2026) for one in Kpi.objects.all()}
    chosen = Choice(
        "next", "次", 2029, 2033, "策定",
        frozenset({1}), frozenset({"P1"}), frozenset(), taken,
    )  # fmt: skip

    seen = look_over(plan, chosen, user=kikaku).fingerprint
    begin_next_plan(plan, chosen, seen, user=kikaku)

    (row,) = KpiRatingRules.objects.filter(kpi__project__strategy__code="next")
    assert (row.kpi.code, row.effective_from, row.bands) == ("P1-1", 2029, ARROWS)
    assert (row.rating_steps, row.reason) == (SINCE_LAST, "性質が違うため")
    assert check_everything(Strategy.objects.get(code="next")) == []
