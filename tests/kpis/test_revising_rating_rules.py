"""評価のきまりを改める: from which year, what closed years keep, what is refused."""

from decimal import Decimal

import pytest

from entry.next_plan.contents import Choice, NextPlan
from entry.next_plan.offer import load_offer
from kpis.plan_changes.period import change_period
from kpis.plan_changes.rating_rules import revise_rating_rules
from kpis.progress import load_progress
from kpis.recording import RecordingRefused, close_fiscal_year
from projects.bands import Band, bands_to_data
from projects.models import RatingRules, Strategy
from reports.history.changes import history_of_plan
from tests.factories import make_kpi, record

MARKS = (Band("○", "良い", Decimal("87.5")), Band("×", "悪い", None))


@pytest.fixture
def plan(project, kikaku):
    """A KPI at 90% in each year, 2024 closed."""
    record(make_kpi(project, target=100), {2024: 90, 2025: 90, 2026: 90}, kikaku)
    close_fiscal_year(project.strategy, 2024, user=kikaku)
    return project.strategy


def revise(plan, user, year, **fields):
    said = {
        "rating_basis": "progress", "bands": bands_to_data(MARKS), "average_cap": Decimal(100),
        "reason": "評価の見直し",
    } | fields  # fmt: skip
    return revise_rating_rules(plan, effective_from=year, user=user, **said)


def refusal(plan, user, year, **fields):
    with pytest.raises(RecordingRefused) as caught:
        revise(plan, user, year, **fields)
    (one,) = caught.value.refusals
    return one.field, one.message


def ratings(plan):
    return {year: load_progress(plan, year).kpis[0].rating.symbol for year in (2024, 2025, 2026)}


def test_years_from_the_revision_on_are_rated_by_it(plan, kikaku):
    revise(plan, kikaku, 2026)

    assert ratings(plan) == {2024: "B", 2025: "B", 2026: "○"}
    progress = load_progress(plan, 2026)
    (moved,) = progress.movements
    assert (moved.direction, moved.why_not_compared) == ("", "評価のきまりが変わったため")
    row = RatingRules.objects.get()
    assert (row.effective_from, row.reason) == (2026, "評価の見直し")
    assert row.history.get().history_user == kikaku
    assert Strategy.objects.get().bands[0]["symbol"] == "A"


def test_rules_of_a_plan_with_nothing_closed_are_its_own(project, kikaku):
    revise(project.strategy, kikaku, 2024, average_cap=None)

    plan = Strategy.objects.get()
    assert (plan.bands, plan.average_cap) == (bands_to_data(MARKS), None)
    assert plan.history.first().history_change_reason == "評価の見直し"
    assert not RatingRules.objects.exists()


def test_revision_is_revised_and_taken_back(plan, kikaku):
    revise(plan, kikaku, 2025)
    revise(plan, kikaku, 2025, rating_basis="achievement")
    assert RatingRules.objects.get().rating_basis == "achievement"

    revise(plan, kikaku, 2025, bands=plan.bands)

    assert not RatingRules.objects.exists()
    assert ratings(plan) == {2024: "B", 2025: "B", 2026: "B"}


@pytest.mark.parametrize(
    ("year", "fields", "refused"),
    [
        (
            2024,
            {},
            (
                "effective_from",
                (
                    "令和6年度は締め済みのため、評価のきまりを変えられません。"
                    "令和7年度以後の年度から適用してください。"
                ),
            ),
        ),
        (
            2029,
            {},
            (
                "effective_from",
                "2029年度は計画期間（令和6年度から令和10年度まで）の外です。",
            ),
        ),
        (
            2025,
            {"bands": bands_to_data(MARKS[:1])},
            ("bands", "評価区分は2つから12個までにしてください。"),
        ),
        (
            2025,
            {"average_cap": Decimal(90)},
            ("average_cap", "この値は 100 以上でなければなりません。"),
        ),
        (2025, {"reason": ""}, ("reason", "変える理由を書いてください（報告書に載ります）。")),
    ],
)
def test_what_can_not_be_is_refused(plan, kikaku, year, fields, refused):
    assert refusal(plan, kikaku, year, **fields) == refused
    assert not RatingRules.objects.exists()


def test_rules_that_hold_already_are_no_revision(plan, kikaku):
    assert refusal(plan, kikaku, 2025, bands=plan.bands) == (
        "",
        "令和7年度の評価のきまりは、今もこのとおりです。",
    )


def test_history_tells_of_revisions_and_periods(plan, kikaku):
    revise(plan, kikaku, 2026)
    change_period(plan, first_year=2024, last_year=2030, user=kikaku, reason="延長")

    told = {
        one.kind: (one.action, one.fiscal_year, [field.new for field in one.fields])
        for one in reversed(history_of_plan(plan)[:3])
    }

    assert told["総合戦略"] == ("変更", None, ["令和12年度"])
    assert told["計画期間の変更"] == ("登録", 2024, ["延長", "令和10年度"])
    action, year, fields = told["評価のきまりの改定"]
    assert (action, year) == ("登録", 2026)
    assert "○,良い,87.5\n×,悪い" in fields


def test_next_plan_begins_with_the_rules_that_held_in_the_end(plan, kikaku):
    revise(plan, kikaku, 2026, average_cap=None)
    plan.refresh_from_db()
    chosen = Choice("next", "次", 2029, 2033, "策定", frozenset(), frozenset(), frozenset(), {})

    row = NextPlan(load_offer(plan), chosen).rows[0]

    assert row.fields["bands"] == bands_to_data(MARKS)
    assert row.fields["average_cap"] is None
