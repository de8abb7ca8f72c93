"""締めた年度を改める: what stands reopened, both ends, what is refused meanwhile."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import AuditEntry
from kpis.models import ActualState, FinalTarget, Kpi, YearlyActual, YearlyTarget
from kpis.open_work.after_closing import unsettled_in
from kpis.recording import (
    ActualEntry,
    RecordingRefused,
    begin_correction,
    close_fiscal_year,
    close_years_through,
    delete_actual,
    end_correction,
    give_up_correction,
    record_actual,
)
from kpis.recording.correction import counting_plans
from projects.models import Correction, CorrectionKind, FiscalYearClosing
from reports.annual.editions import IssueRefused, issue_edition
from reports.annual.law import differences_from_kept
from reports.history.changes import history_of_plan
from reports.models import KeptContent
from tests.factories import correct_from, final, make_kpi, make_source, record

TOO_LONG = "は4000字までです（今は4001字）。短くまとめてください。"


@pytest.fixture
def total(project, kikaku):
    """A cumulative KPI with 12 and 9 beside one without figures; both years are closed."""
    kpi = make_kpi(project, 3, 50, aggregation="cumulative")
    make_kpi(project, 4)
    record(kpi, {2024: 12, 2025: 9}, kikaku)
    close_years_through(project.strategy, 2025, user=kikaku)
    return kpi


def message_of(call, *args, **kwargs):
    with pytest.raises(RecordingRefused) as caught:
        call(*args, **kwargs)
    (refusal,) = caught.value.refusals
    return refusal.field, refusal.message


def closed(strategy):
    return list(strategy.closings.order_by("fiscal_year").values_list("fiscal_year", flat=True))


def corrected(total, user, value=20):
    record_actual(total, 2024, final(value), user=user, version=total.actuals.first().version)


def test_year_and_all_later_ones_stand_reopened_until_the_end(total, strategy, kikaku, kanri):
    correction = correct_from(strategy, 2024, user=kanri, reason=" 数え間違い\n")

    assert (closed(strategy), correction.years) == ([], [2024, 2025])
    assert (correction.why, correction.begun_by_name) == ("訂正：数え間違い", "kanri")
    corrected(total, kikaku)
    end_correction(strategy, user=kikaku)
    assert closed(strategy) == [2024, 2025]
    assert [f"{one}" for one in KeptContent.objects.order_by("fiscal_year", "number")] == [
        "令和6年度 第1回の締め", "令和6年度 第2回の締め",
        "令和7年度 第1回の締め", "令和7年度 第2回の締め",
    ]  # fmt: skip
    last = KeptContent.objects.get(fiscal_year=2025, number=2)
    assert (last.made_by_name, last.reason) == ("kikaku", "訂正：数え間違い")
    ended = Correction.objects.get()
    assert (ended.ending, ended.ended_by_name) == ("closed", "kikaku")


def test_later_year_alone_leaves_earlier_ones_closed(total, strategy, kikaku):
    correct_from(strategy, 2025, user=kikaku)

    assert closed(strategy) == [2024]
    with pytest.raises(RecordingRefused, match="令和6年度は締め済みです。"):
        corrected(total, kikaku)


@pytest.mark.parametrize(
    ("kind", "reason", "sentence"),
    [
        ("error", "", "何を、なぜ改めるのかを書いてください。"),
        ("other", " \n", "何を、なぜ改めるのかを書いてください。"),
        ("settled", "長" * 4001, f"改めること{TOO_LONG}"),
    ],
)
def test_correction_without_a_fitting_reason_is_refused(
    total, strategy, kikaku, kind, reason, sentence
):
    said = {"kind": CorrectionKind(kind), "reason": reason, "user": kikaku}

    assert message_of(begin_correction, strategy, 2024, **said) == ("reason", sentence)
    assert closed(strategy) == [2024, 2025]


def test_settling_is_reason_enough(total, strategy, kikaku):
    said = {"kind": CorrectionKind.SETTLED, "reason": "", "user": kikaku}

    assert begin_correction(strategy, 2025, **said).why == "速報値の確定"


def test_correcting_needs_the_permission(total, strategy, kikaku, tantou):
    with pytest.raises(PermissionDenied, match="企画担当と管理職です。"):
        correct_from(strategy, 2024, user=tantou)
    correct_from(strategy, 2024, user=kikaku)
    for end in (end_correction, give_up_correction):
        with pytest.raises(PermissionDenied, match="企画担当と管理職です。"):
            end(strategy, user=tantou)


def test_open_year_is_not_corrected_and_nothing_ends_that_has_not_begun(total, strategy, kikaku):
    assert message_of(correct_from, strategy, 2026, user=kikaku) == (
        "", "令和8年度は締められていません。",
    )  # fmt: skip
    for end in (end_correction, give_up_correction):
        assert message_of(end, strategy, user=kikaku) == ("", "改めている年度はありません。")


def test_nothing_is_closed_issued_or_corrected_meanwhile(total, strategy, kikaku):
    correct_from(strategy, 2025, user=kikaku)
    meanwhile = (
        "令和7年度を改めている途中です（訂正：訂正）。"
        "先に「締めた年度を改める」のページで、締め直すか、取りやめてください。"
    )

    for year in (2025, 2026):
        assert message_of(close_fiscal_year, strategy, year, user=kikaku) == ("", meanwhile)
    assert message_of(close_years_through, strategy, 2026, user=kikaku) == ("", meanwhile)
    assert message_of(correct_from, strategy, 2024, user=kikaku) == ("", meanwhile)
    with pytest.raises(IssueRefused) as refused:
        issue_edition(strategy, 2025, user=kikaku)
    assert refused.value.message == meanwhile
    assert issue_edition(strategy, 2024, user=kikaku).number == 1


def test_giving_up_puts_back_what_was_entered_changed_and_taken_away(total, strategy, kikaku):
    other = Kpi.objects.get(number=4)
    before = {one.pk: (one.value, one.state) for one in YearlyActual.objects.all()}
    standing = list(FiscalYearClosing.objects.order_by("pk").values("pk", "closed_at"))
    correct_from(strategy, 2024, user=kikaku)
    corrected(total, kikaku)
    delete_actual(total, 2025, user=kikaku, version=1)
    YearlyTarget.objects.create(kpi=total, fiscal_year=2024, value=Decimal(11))
    record(other, {2025: 3, 2026: 4}, kikaku)
    give_up_correction(strategy, user=kikaku)

    after = {one.pk: (one.value, one.state) for one in YearlyActual.objects.all()}
    later = other.actuals.get()
    assert after == before | {later.pk: (Decimal(4), "final")}  # an open year's stays
    assert total.yearly_targets.count() == 0
    assert list(FiscalYearClosing.objects.order_by("pk").values("pk", "closed_at")) == standing
    assert KeptContent.objects.count() == 2
    assert all(one.holds for one in differences_from_kept(strategy))
    row = total.actuals.get(fiscal_year=2024)
    assert row.history.first().history_change_reason == "改めるのをやめて、もとに戻した"
    assert row.version == 3  # a form opened meanwhile doesn't fit


def test_giving_up_puts_the_plan_back_only_where_it_matters(total, strategy, kikaku):
    correct_from(strategy, 2024, user=kikaku)
    total.name = "新しい名前"
    total.save()
    give_up_correction(strategy, user=kikaku)
    assert Kpi.objects.get(pk=total.pk).name == "新しい名前"

    correct_from(strategy, 2024, user=kikaku)
    target = FinalTarget.objects.get(kpi=total)
    target.value = Decimal(90)
    target.save()
    give_up_correction(strategy, user=kikaku)
    assert FinalTarget.objects.get(kpi=total).value == 50


def test_giving_up_is_refused_where_something_else_changed(total, strategy, kikaku):
    correct_from(strategy, 2024, user=kikaku)
    # What no act does: past every history.
    Kpi.objects.filter(pk=total.pk).update(unit="回")
    with pytest.raises(RecordingRefused) as refused:
        give_up_correction(strategy, user=kikaku)
    first, second = refused.value.refusals

    assert "令和6年度が、締めたときの内容に戻りません（projects P1 › kpis P1-3 › unit）" in (
        first.message
    )
    assert "令和7年度が、締めたときの内容に戻りません" in second.message
    assert closed(strategy) == []


def test_shared_figure_is_corrected_with_the_plans_that_count_it(kpi, strategy, kikaku):
    source = make_source(kpi)
    record(source, {2024: 5}, kikaku)
    close_years_through(strategy, 2024, user=kikaku)
    there = source.project.strategy
    close_years_through(there, 2025, user=kikaku)

    assert [(one.strategy, one.years) for one in counting_plans(there, 2024)] == [
        (strategy, (2024,))
    ]
    said = {"kind": CorrectionKind.ERROR, "reason": "訂正", "user": kikaku}
    lead = begin_correction(there, 2024, **said, other_plans=["mihon"])
    assert (closed(strategy), closed(there)) == ([], [2021, 2022, 2023])
    assert message_of(end_correction, strategy, user=kikaku)[1] == (
        "この年度は「見本市総合計画」で改めています。終えるのも「見本市総合計画」でです。"
    )
    record_actual(source, 2024, final(7), user=kikaku, version=1)
    end_correction(there, user=kikaku)
    assert (closed(strategy), closed(there)) == ([2024], [*range(2021, 2026)])
    assert [one.ending for one in Correction.objects.all()] == ["closed", "closed"]
    assert lead.followers.get().strategy == strategy

    begin_correction(there, 2024, **said, other_plans=["mihon"])
    record_actual(source, 2024, final(8), user=kikaku, version=2)
    give_up_correction(there, user=kikaku)
    assert source.actuals.get().value == 7
    assert all(one.holds for plan in (strategy, there) for one in differences_from_kept(plan))


def test_plan_that_counts_nothing_is_not_corrected_with_another(total, strategy, kikaku):
    said = {"kind": CorrectionKind.ERROR, "reason": "訂正", "user": kikaku}

    assert message_of(begin_correction, strategy, 2024, **said, other_plans=["sogo"]) == (
        "other_plans", "計画「sogo」は、この計画の値を使っていません。",
    )  # fmt: skip


def test_history_and_audit_show_each_act_as_one_thing(total, strategy, kikaku):
    correct_from(strategy, 2024, user=kikaku, reason="数え間違い")
    end_correction(strategy, user=kikaku)
    correct_from(strategy, 2025, user=kikaku, reason="念のため")
    give_up_correction(strategy, user=kikaku)
    changes = history_of_plan(strategy)[:4]

    assert [(one.kind, one.action, one.reason) for one in changes] == [
        ("締めた年度の改め", "取りやめた", "訂正：念のため"),
        ("締めた年度の改め", "改め始めた", "訂正：念のため"),
        ("締めた年度の改め", "締め直した", "訂正：数え間違い"),
        ("締めた年度の改め", "改め始めた", "訂正：数え間違い"),
    ]
    (field,) = changes[3].fields
    assert (field.label, field.old, field.new) == (
        "令和6年度、令和7年度", "締め済み", "改めている",
    )  # fmt: skip
    assert [one.what for one in AuditEntry.objects.filter(kind="closing")][:4] == [
        "見本市総合戦略の締めた年度（令和7年度）を改めるのをやめて、もとに戻した（理由：訂正：念のため）",
        "見本市総合戦略の締めた年度（令和7年度）を改め始めた（理由：訂正：念のため）",
        "見本市総合戦略の改めた年度（令和6年度、令和7年度）を締め直した（理由：訂正：数え間違い）",
        "見本市総合戦略の締めた年度（令和6年度、令和7年度）を改め始めた（理由：訂正：数え間違い）",
    ]


def test_provisional_figures_of_closed_years_are_listed_apart(
    kpi, strategy, kikaku, django_assert_num_queries
):
    source = make_source(kpi)
    provisional = ActualEntry(ActualState.PROVISIONAL, Decimal(5))
    record(source, {2024: provisional, 2025: provisional}, kikaku)
    record(make_kpi(kpi.project, 4), {2024: provisional, 2025: 3, 2026: provisional}, kikaku)
    close_years_through(strategy, 2025, user=kikaku)
    close_years_through(source.project.strategy, 2024, user=kikaku)
    with django_assert_num_queries(2):
        found = unsettled_in([strategy])[strategy.pk]

    # The source's year 2025 is open: it is corrected where the figure counts.
    assert [(one.fiscal_year, one.code, one.at_code) for one in found] == [
        (2024, "P1-4", "mihon"),
        (2024, kpi.code, "sogo"),
        (2025, kpi.code, "mihon"),
    ]
