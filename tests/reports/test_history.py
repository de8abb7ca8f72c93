"""Who changed which figure from what to what, when and why: on pages and in CSV."""

from datetime import UTC, datetime
from decimal import Decimal

from kpis.models import ActualState, FinalTarget, Kpi
from kpis.plan_acts import end_plan, make_main, put_into_force, resume_plan
from kpis.plan_changes.initiatives import add_initiative, end_initiative, list_initiative
from kpis.recording import (
    ActualEntry,
    ProgressEntry,
    ReviewEntry,
    close_years_through,
    delete_actual,
    record_actual,
    record_initiative_progress,
    record_project_review,
)
from projects.models import (
    EntryDeadline,
    Initiative,
    InitiativeListing,
    InitiativeStatus,
    PlanState,
)
from reports.history.changes import HistoryFilter, history_of_kpi, history_of_plan
from reports.history.words import FieldChange
from tests.factories import (
    correct_from,
    final,
    make_department,
    make_initiative,
    make_kpi,
    make_project,
    make_strategy,
    make_user,
    record,
)
from tests.history_in_short import in_short

# What a change says


def test_correction_says_who_changed_what_from_what_to_what_and_why(strategy, kpi, kikaku):
    kikaku.last_name, kikaku.first_name = "山田", "花子"
    kikaku.save()
    record(kpi, {2024: 1200}, kikaku)
    record_actual(kpi, 2024, final(1234, analysis="精査"), user=kikaku, version=1, reason="再集計")

    change = history_of_kpi(strategy, kpi)[:1][0]

    assert (change.username, change.person) == ("kikaku", "山田花子")
    assert (change.code, change.name, change.reason) == ("P1-1", "支援件数", "再集計")
    assert change.when.tzname() == "JST"
    assert in_short(change) == (
        "実績値", "変更", 2024, {"実績値": ("1,200件", "1,234件"), "要因分析": ("", "精査")},
    )  # fmt: skip


def test_first_entry_and_withdrawal_speak_of_missing(strategy, kpi, kikaku):
    record(kpi, {2024: 0}, kikaku)
    delete_actual(kpi, 2024, user=kikaku, version=1, reason="別の年度の値")

    withdrawn, entered = history_of_kpi(strategy, kpi)[:2]

    assert in_short(entered) == (
        "実績値", "登録", 2024, {"状態": ("未入力", "確定"), "実績値": ("", "0件")},
    )  # fmt: skip
    assert in_short(withdrawn) == (
        "実績値", "削除", 2024, {"状態": ("確定", "未入力"), "実績値": ("0件", "")},
    )  # fmt: skip
    assert withdrawn.reason == "別の年度の値"


def test_states_and_days_are_words(strategy, kpi, kikaku):
    pending = ActualEntry(ActualState.PENDING, expected_on=datetime(2026, 8, 20, tzinfo=UTC).date())
    record(kpi, {2025: pending}, kikaku)

    (change,) = history_of_kpi(strategy, kpi)[:1]

    assert in_short(change)[3] == {
        "状態": ("未入力", "集計中"),
        "集計中の予定日": ("", "令和8年8月20日"),
    }


def test_figure_keeps_the_unit_that_it_had(strategy, kpi, kikaku):
    record(kpi, {2024: 12000}, kikaku)
    kpi.unit, kpi.decimal_places = "千人", 1
    kpi.save()
    record_actual(kpi, 2024, final("12.3"), user=kikaku, version=1)

    corrected, redefined, entered = history_of_kpi(strategy, kpi)[:3]

    assert in_short(entered)[3]["実績値"] == ("", "12,000件")
    assert in_short(redefined)[3] == {"単位": ("件", "千人"), "小数桁数": ("0", "1")}
    assert in_short(corrected)[3]["実績値"] == ("12,000件", "12.3千人")


def test_definition_names_departments_choices_and_years(strategy, kpi):
    kpi.department = make_department("D01")
    kpi.baseline, kpi.baseline_year, kpi.formula = Decimal(5), 2023, "from_baseline"
    kpi.save()

    (change,) = history_of_kpi(strategy, kpi)[:1]

    assert in_short(change) == (
        "重要業績評価指標", "変更", None, {
            "達成率の算式": ("実績÷目標", "基準値からの伸び"),
            "基準値": ("", "5件"),
            "基準値の年度": ("", "令和5年度"),
            "所管課": ("", "D01課"),
        },
    )  # fmt: skip


def test_target_names_its_year(strategy, kpi):
    target = kpi.final_targets.get()
    target.value = Decimal(60)
    target.save()

    changed, made = history_of_kpi(strategy, kpi)[:2]

    assert in_short(changed) == ("最終目標値", "変更", 2024, {"最終目標値": ("50件", "60件")})
    assert in_short(made)[3] == {
        "最終目標値": ("", "50件"),
        "設定・改定の理由": ("", "計画策定時の目標値"),
    }


def test_initiative_is_told_with_its_places_and_its_end(strategy, project, kikaku):
    other = make_project(strategy, "P2")
    new = Initiative(strategy=strategy, home_project=project, name="創業塾", first_year=2025)
    initiative = add_initiative(new, 3, user=kikaku, reason="新年度の事業")
    again = InitiativeListing(project=other, number=1, initiative=initiative, first_year=2026)
    list_initiative(again, user=kikaku, reason="P2でも進める")
    end_initiative(initiative, 2027, user=kikaku, reason="統合した")

    changes = [one for one in history_of_plan(strategy) if one.kind in ("取組", "取組の掲載")]

    begun = {"最初の年度": ("", "令和7年度"), "加えた理由": ("", "新年度の事業")}
    ended = {"最後の年度": ("", "令和9年度"), "終えた理由": ("", "統合した")}
    assert {(one.code, one.name) for one in changes} == {("P1-3", "創業塾")}
    assert len(changes) == 6
    assert {(one.kind, one.action, one.reason): in_short(one)[3] for one in changes} == {
        ("取組", "登録", "新年度の事業"): {
            "取組名": ("", "創業塾"), "主な掲載先": ("", "P1 P1プロジェクト"), **begun,
        },
        ("取組の掲載", "登録", "新年度の事業"): {
            "プロジェクト": ("", "P1 P1プロジェクト"), "番号": ("", "3"), **begun,
        },
        ("取組の掲載", "登録", "P2でも進める"): {
            "プロジェクト": ("", "P2 P2プロジェクト"), "番号": ("", "1"),
            "最初の年度": ("", "令和8年度"), "加えた理由": ("", "P2でも進める"),
        },
        ("取組", "変更", "統合した"): ended,
        ("取組の掲載", "変更", "統合した"): ended,
    }  # fmt: skip


def test_closing_reopening_texts_and_deadlines_are_told(strategy, project, kikaku):
    initiative = make_initiative(project, 3, "創業塾")
    EntryDeadline.objects.create(
        strategy=strategy, fiscal_year=2024, due_on=datetime(2025, 6, 30, tzinfo=UTC).date()
    )
    ongoing = ProgressEntry(InitiativeStatus.ONGOING, summary="2回開いた", cost=1250)
    record_initiative_progress(initiative, 2024, ongoing, user=kikaku, version=0)
    record_project_review(project, 2024, ReviewEntry(summary="順調"), user=kikaku, version=0)
    close_years_through(strategy, 2024, user=kikaku)
    correct_from(strategy, 2024, user=kikaku, reason="誤りの訂正")

    reopened, closed, review, progress, deadline = history_of_plan(strategy)[:5]

    assert in_short(reopened) == (
        "締めた年度の改め",
        "改め始めた",
        2024,
        {"令和6年度": ("締め済み", "改めている")},
    )
    assert reopened.reason == "訂正：誤りの訂正"
    assert in_short(closed)[3] == {"状態": ("締めていない", "締め済み")}
    assert (review.code, in_short(review)[3]) == ("P1", {"総括": ("", "順調")})
    assert (progress.code, progress.name) == ("P1-3", "創業塾")
    assert in_short(progress)[3] == {
        "状況": ("", "実施中"),
        "取組実績": ("", "2回開いた"),
        "決算額（千円）": ("", "1,250"),
    }
    assert deadline.name == "見本市総合戦略"
    assert in_short(deadline)[3] == {"締切": ("", "令和7年6月30日")}


def test_acts_on_a_plan_are_told_with_their_reasons(kikaku):
    first = make_strategy(last_year=2024)
    second = make_strategy(
        code="next", name="次の計画", first_year=2025, state=PlanState.PREPARING, is_current=False
    )
    close_years_through(first, 2024, user=kikaku)
    end_plan(first, user=kikaku)
    resume_plan(first, user=kikaku, reason="誤りの訂正")
    second = put_into_force(second, user=kikaku)
    make_main(second, user=kikaku)

    def told(plan):
        acts = [one for one in history_of_plan(plan) if one.username == "kikaku"]
        assert {one.name for one in acts} == {plan.name}
        return [(*in_short(one)[1:], one.reason) for one in acts if one.kind == "総合戦略"]

    assert told(first) == [
        ("変更", None, {"主たる計画": ("はい", "いいえ")}, "「次の計画」を主たる計画にした"),
        ("変更", None, {"状態": ("終了", "実施中")}, "誤りの訂正"),
        ("変更", None, {"状態": ("実施中", "終了")}, "計画を終了した"),
    ]
    assert told(second) == [
        ("変更", None, {"主たる計画": ("いいえ", "はい")}, "主たる計画にした"),
        ("変更", None, {"状態": ("準備中", "実施中")}, "計画を実施中にした"),
    ]


def test_facts_of_a_plan_are_told_as_its_form_has_them(strategy, project):
    make_kpi(project, id=strategy.pk)  # whose unit and decimals are none of the plan's
    strategy.name, strategy.last_year, strategy.average_cap = "改定総合戦略", 2029, Decimal(120)
    strategy.rating_basis, strategy.kpi_word = "achievement", "成果指標"
    strategy.bands = [
        {"symbol": "A", "label": "順調", "lower": "80"},
        {"symbol": "B", "label": "遅れ", "lower": None},
    ]
    strategy.save()

    changed = history_of_plan(strategy)[:1][0]
    (made,) = [
        one for one in history_of_plan(strategy) if in_short(one)[:2] == ("総合戦略", "登録")
    ]

    assert (changed.code, changed.name, changed.kpi_code) == ("", "改定総合戦略", "")
    assert in_short(changed) == (
        "総合戦略", "変更", None, {
            "計画名": ("見本市総合戦略", "改定総合戦略"),
            "最終年度": ("令和10年度", "令和11年度"),
            "平均に入れる率の上限（%）": ("100.0", "120.0"),
            "評価に使う率": ("進捗率（今年度の目安に対して）", "達成率（最終目標に対して）"),
            "評価区分": (
                "A,順調,100\nB,概ね順調,80\nC,やや遅れ,60\nD,遅れ",
                "A,順調,80\nB,遅れ",
            ),
            "成果指標の呼び名": ("指標", "成果指標"),
        },
    )  # fmt: skip
    facts = in_short(made)[3]
    assert (facts["最初の年度"], facts["状態"]) == (("", "令和6年度"), ("", "実施中"))
    assert facts["主たる計画"] == ("", "はい")


def test_saving_without_a_change_is_told_as_such(strategy, kpi):
    kpi.save()

    assert history_of_kpi(strategy, kpi)[:1][0].fields == ()


def test_figure_from_before_the_record_is_not_guessed(strategy, kpi, kikaku):
    target = kpi.final_targets.get()
    target.history.all().delete()  # as loaddata leaves it
    target.value = Decimal(60)
    target.save()

    (change,) = history_of_kpi(strategy, kpi)[:1]

    assert FieldChange("最終目標値", "（記録なし）", "60件") in change.fields


def test_deleted_account_and_the_system_are_told_apart(strategy, kpi):
    gone = make_user("hanako", role="企画担当")
    record(kpi, {2024: 3}, gone)
    gone.delete()

    entered, target, _kpi = history_of_kpi(strategy, kpi)[:3]

    assert (entered.username, entered.person) == ("", "hanako")
    assert (target.username, target.person) == ("", "システム")


def test_deleted_kpi_keeps_its_history(strategy, project, kpi):
    kpi.delete()

    kpi_gone = history_of_plan(strategy, HistoryFilter(kpi_code="P1-1"))[:]

    assert [(one.kind, one.action) for one in kpi_gone if one.action == "削除"] == [
        ("重要業績評価指標", "削除"),
        ("最終目標値", "削除"),
    ]
    assert {one.name for one in kpi_gone} == {"支援件数"}


def test_another_plan_is_left_out(strategy, kpi):
    other = make_strategy(code="other", is_current=False)
    make_kpi(make_project(other), 1, name="ほかの計画の指標")

    assert {one.name for one in history_of_plan(strategy)} == {"支援件数", "見本市総合戦略"}


# The KPI's page


def test_kpi_page_shows_the_latest_changes_and_leads_to_all(planner, kpi, kikaku):
    record(kpi, {2024: 0}, kikaku)
    for version in range(1, 22):
        record_actual(kpi, 2024, final(version), user=kikaku, version=version)

    page = planner.get("/plans/mihon/kpis/P1-1/")

    assert [in_short(one)[3]["実績値"] for one in page.context["changes"]] == [
        (f"{value - 1}件", f"{value}件") for value in range(21, 1, -1)
    ]
    html = page.content.decode()
    assert "新しい20件" in html
    assert '<a href="/plans/mihon/history/?kpi=P1-1">' in html
    assert "<del>20件</del>" in html


def test_kpi_page_without_any_record_says_so(planner, kpi):
    Kpi.history.all().delete()
    FinalTarget.history.all().delete()

    assert "変更の記録はありません" in planner.get("/plans/mihon/kpis/P1-1/").content.decode()
