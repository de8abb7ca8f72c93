"""指標を加える・終える・差し替える: what a KPI's life does to its years, closed and open."""

from decimal import Decimal
from fractions import Fraction

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import AuditEntry
from kpis.models import FinalTarget, FormerEnd, Kpi, YearlyTarget
from kpis.plan_changes.lives import add_kpi, end_kpi, replace_kpi, resume_kpi
from kpis.plan_changes.places import move_kpi
from kpis.progress import load_progress
from kpis.recording import RecordingRefused, close_fiscal_year, record_actual
from kpis.series import load_series
from tests.factories import final, make_kpi, make_project, make_source, make_strategy, record

CUMULATIVE = {"aggregation": "cumulative"}


def new_kpi(project, number=2, **fields):
    return Kpi(
        **{"project": project, "number": number, "name": f"新指標{number}", "unit": "件"} | fields
    )


def close(strategy, *years, user):
    for year in years:
        close_fiscal_year(strategy, year, user=user)


def refusal_of(act, *args, **kwargs):
    with pytest.raises(RecordingRefused) as caught:
        act(*args, **kwargs)
    (refusal,) = caught.value.refusals
    return refusal.field, refusal.message


def codes_in(strategy, year):
    return [one.definition.code for one in load_progress(strategy, year).kpis]


def test_kpi_added_in_the_third_year_is_in_no_year_before_and_due_a_third(
    strategy, project, kpi, kikaku
):
    record(kpi, {2024: 40, 2025: 45}, kikaku)
    close(strategy, 2024, 2025, user=kikaku)
    target = FinalTarget(value=Decimal(30))
    added = add_kpi(new_kpi(project, **CUMULATIVE), user=kikaku, reason="議会の意見", target=target)

    assert (added.first_year, added.begin_reason, target.effective_from) == (
        2026, "議会の意見", 2026,
    )  # fmt: skip
    assert [codes_in(strategy, year) for year in (2024, 2025, 2026)] == [
        ["P1-1"], ["P1-1"], ["P1-1", "P1-2"],
    ]  # fmt: skip
    before = load_progress(strategy, 2025)
    assert (before.standing.kpi_count, before.standing.achievement_mean) == (1, Fraction(90))
    record(added, {2026: 10}, kikaku)
    now = load_progress(strategy, 2026).kpis[1]
    assert (now.expected, now.progress, now.value) == (10, 100, 10)
    assert added.history.first().history_change_reason == "議会の意見"
    assert (
        "指標P1-2「新指標2」を加えた（理由：議会の意見）"
        in AuditEntry.objects.order_by("pk").last().what
    )


def test_kpi_of_a_plan_without_closed_years_begins_with_it_and_needs_no_reason(
    strategy, project, kikaku
):
    added = add_kpi(new_kpi(project, 1), user=kikaku)
    assert (added.first_year, codes_in(strategy, 2024)) == (None, ["P1-1"])


def test_kpi_is_not_added_to_a_closed_year_or_without_a_reason(strategy, project, kpi, kikaku):
    close(strategy, 2024, user=kikaku)
    assert refusal_of(add_kpi, new_kpi(project, first_year=2024), user=kikaku, reason="追加") == (
        "first_year",
        "令和6年度は締め済みです。令和6年度より後の年度にしてください。",
    )
    assert refusal_of(add_kpi, new_kpi(project), user=kikaku) == (
        "reason", "加える理由を書いてください（報告書に載ります）。",
    )  # fmt: skip
    assert refusal_of(add_kpi, new_kpi(project, 1), user=kikaku, reason="追加") == (
        "number", "この番号の指標は、このプロジェクトにすでにあります。",
    )  # fmt: skip


def test_acts_are_the_planners_alone(project, kpi, tantou, kanri):
    for user in (tantou, kanri):
        with pytest.raises(PermissionDenied):
            add_kpi(new_kpi(project), user=user)
        with pytest.raises(PermissionDenied):
            end_kpi(kpi, 2025, user=user, reason="終了")
        with pytest.raises(PermissionDenied):
            move_kpi(kpi, project, 5, user=user, reason="移動")


def test_ended_kpi_leaves_with_its_later_figures_and_targets(strategy, project, kpi, kikaku):
    make_kpi(project, 2)
    record(kpi, {2024: 40, 2025: 45, 2026: 48}, kikaku)
    YearlyTarget.objects.create(kpi=kpi, fiscal_year=2027, value=49)
    close(strategy, 2024, user=kikaku)
    leaving = end_kpi(kpi, 2025, user=kikaku, reason="調査の廃止")

    assert str(leaving) == "令和8年度の実績、令和9年度の年度目安"
    assert list(kpi.actuals.values_list("fiscal_year", flat=True)) == [2024, 2025]
    assert not kpi.yearly_targets.exists()
    assert kpi.actuals.model.history.first().history_change_reason == "調査の廃止"
    assert [codes_in(strategy, year) for year in (2025, 2026)] == [["P1-1", "P1-2"], ["P1-2"]]
    assert list(FormerEnd.objects.values_list("held_until", "last_year")) == [(2024, None)]
    (series,) = load_series(strategy, Kpi.objects.filter(pk=kpi.pk))
    # What was closed before the end was set looks at the plan's last year, as it did.
    assert (series.outlook_year(2024), series.outlook_year(2025)) == (2028, 2025)


def test_end_is_not_before_the_last_closed_year(strategy, kpi, kikaku):
    close(strategy, 2024, 2025, user=kikaku)
    assert refusal_of(end_kpi, kpi, 2024, user=kikaku, reason="廃止") == (
        "last_year",
        "令和7年度は締め済みで、P1-1「支援件数」が載っています。最後の年度は令和7年度か、その後にしてください。",
    )
    assert refusal_of(end_kpi, kpi, 2028, user=kikaku, reason="廃止")[0] == "last_year"


def test_end_is_taken_back_until_a_year_without_it_is_closed(strategy, project, kpi, kikaku):
    make_kpi(project, 2)
    close(strategy, 2024, user=kikaku)
    end_kpi(kpi, 2025, user=kikaku, reason="廃止")
    resumed = resume_kpi(kpi, user=kikaku, reason="調査を続ける")
    assert (resumed.last_year, resumed.end_reason, FormerEnd.objects.count()) == (None, "", 0)
    assert codes_in(strategy, 2026) == ["P1-1", "P1-2"]

    end_kpi(kpi, 2025, user=kikaku, reason="廃止")
    close(strategy, 2025, 2026, user=kikaku)
    assert refusal_of(resume_kpi, kpi, user=kikaku, reason="続ける") == (
        "",
        (
            "令和8年度は、P1-1「支援件数」がないものとして締め済みです。"
            "終わりは取りやめられません。新しい指標を加えてください。"
        ),
    )


def test_nothing_is_recorded_outside_a_life(strategy, project, kpi, kikaku):
    end_kpi(kpi, 2025, user=kikaku, reason="廃止")
    kpi.refresh_from_db()
    later = add_kpi(new_kpi(project, first_year=2026), user=kikaku, reason="追加")
    assert refusal_of(record_actual, kpi, 2026, final(1), user=kikaku, version=0) == (
        "value", "令和7年度に終わりました。令和8年度にはありません。",
    )  # fmt: skip
    assert refusal_of(record_actual, later, 2025, final(1), user=kikaku, version=0) == (
        "value", "令和8年度に始まります。令和7年度には、まだありませんでした。",
    )  # fmt: skip


def test_replacement_has_the_place_and_begins_a_year_later(strategy, project, kikaku):
    old = make_kpi(project, 1, 50, **CUMULATIVE)
    record(old, {2024: 12, 2025: 9}, kikaku)
    close(strategy, 2024, 2025, user=kikaku)
    new = replace_kpi(
        old, 2025, new_kpi(project, 1, **CUMULATIVE), user=kikaku, reason="定義の見直し",
        target=FinalTarget(value=Decimal(29)),
    )  # fmt: skip
    assert (new.code, new.first_year, new.successor_of_id) == ("P1-1", 2026, old.pk)
    names = [load_progress(strategy, year).kpis[0].definition.name for year in (2025, 2026)]
    assert names == ["指標1", "新指標1"]
    record(new, {2026: 10}, kikaku)
    # Of its own three years alone: what was before is in no rate.
    assert load_progress(strategy, 2026).kpis[0].expected == Fraction(29, 3)
    field, message = refusal_of(resume_kpi, old, user=kikaku, reason="続ける")
    assert (field, message) == (
        "",
        "P1-1「指標1」は、P1-1「新指標1」に差し替えられています。先にP1-1を削除してください。",
    )


def test_moved_kpi_keeps_its_old_place_in_the_years_before(strategy, project, kpi, kikaku):
    other = make_project(strategy, "P2")
    record(kpi, {2024: 40, 2025: 45}, kikaku)
    close(strategy, 2024, user=kikaku)
    moved = move_kpi(kpi, other, 3, user=kikaku, reason="所管の変更")
    assert moved.code == "P2-3"
    assert [codes_in(strategy, year) for year in (2024, 2025)] == [["P1-1"], ["P2-3"]]
    progress = load_progress(strategy, 2025)
    # A project in which nothing is left does not stand in the year.
    assert [(one.project.code, one.standing.kpi_count) for one in progress.projects] == [("P2", 1)]
    assert progress.movements[0].before.definition.code == "P1-1"
    # The place that it left is free from then on, and only from then on.
    add_kpi(new_kpi(project, 1), user=kikaku, reason="追加")
    assert codes_in(strategy, 2025) == ["P1-1", "P2-3"]
    field, _message = refusal_of(
        move_kpi, kpi, project, 1, user=kikaku, reason="戻す", from_year=2025
    )
    assert field == "number"
    assert refusal_of(move_kpi, kpi, project, 7, user=kikaku, reason="移す", from_year=2024) == (
        "from_year", "令和6年度は締め済みです。令和6年度より後の年度にしてください。",
    )  # fmt: skip


def test_move_taken_back_leaves_no_trace(strategy, project, kpi, kikaku):
    other = make_project(strategy, "P2")
    move_kpi(kpi, other, 3, user=kikaku, reason="所管の変更", from_year=2026)
    assert kpi.former_places.count() == 1
    move_kpi(kpi, project, 1, user=kikaku, reason="誤り", from_year=2026)
    assert (kpi.former_places.count(), codes_in(strategy, 2027)) == (0, ["P1-1"])


def test_closed_year_fixes_place_and_presence_by_every_door(strategy, project, kpi, kikaku):
    close(strategy, 2024, user=kikaku)
    kpi.number = 9
    with pytest.raises(ValidationError, match="令和6年度は締め済みのため、番号とプロジェクトは"):
        kpi.full_clean()
    kpi.refresh_from_db()
    kpi.first_year = 2025
    with pytest.raises(ValidationError, match="令和6年度は締め済みのため、指標の年度は"):
        kpi.full_clean()
    with pytest.raises(ValidationError, match="令和6年度は締め済みのため、指標とその目標値は削除"):
        Kpi.objects.get(pk=kpi.pk).delete()
    added = add_kpi(new_kpi(project), user=kikaku, reason="追加")
    assert added.delete()[0] == 1


def test_taker_enters_its_own_figures_after_its_source_ended(strategy, kpi, kikaku):
    source = make_source(kpi)
    record(source, {2024: 30}, kikaku)
    end_kpi(source, 2025, user=kikaku, reason="廃止")
    kpi.refresh_from_db()
    record(kpi, {2026: 33}, kikaku)
    (series,) = load_series(strategy)
    assert series.source is not None
    assert (series.takes(2025), series.takes(2026)) == (True, False)
    assert {year: one.value for year, one in series.actuals.items()} == {2024: 30, 2026: 33}
    assert refusal_of(resume_kpi, source, user=kikaku, reason="続ける") == (
        "last_year",
        (
            "数値を渡している見本市総合戦略のP1-1に、令和8年度の実績が入力されています。"
            "先にその実績を「未入力に戻す」で取り消してください。"
        ),
    )


def test_source_does_not_end_before_a_year_that_a_taker_has_closed(strategy, kpi, kikaku):
    source = make_source(kpi)
    record(source, {2024: 30, 2025: 31}, kikaku)
    close(strategy, 2024, 2025, user=kikaku)
    _field, message = refusal_of(end_kpi, source, 2024, user=kikaku, reason="廃止")
    assert "見本市総合戦略" in message
    assert "締め" in message
    assert Kpi.objects.get(pk=source.pk).last_year is None
    assert source.actuals.count() == 2


def test_ended_plan_is_not_changed(kikaku):
    plan = make_strategy(code="old", is_current=False, state="ended")
    with pytest.raises((RecordingRefused, PermissionDenied)):
        add_kpi(new_kpi(make_project(plan)), user=kikaku)
