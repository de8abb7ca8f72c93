"""The KPIs' side of the plan check, its notices, and `manage.py check_plan`."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from entry.plan_file.loading import load_plan
from kpis.models import FinalTarget, Kpi, YearlyActual, YearlyTarget
from kpis.plan_check import check_everything, check_kpis
from kpis.plan_notices import notices
from projects.models import InitiativeListing, Pillar, PlanState, Project, Strategy
from tests.factories import make_strategy

pytestmark = pytest.mark.django_db

ALL_KPIS = (
    "P1-1、P1-2、P2-1、P2-2、P3-1、P3-2、P3-3、P4-1、P4-2、P5-1、P5-2、P5-3、P6-1、A1-1、A1-2、A2-1"
)
REAL_PLAN = "第3期大牟田市まち・ひと・しごと創生総合戦略"


@pytest.fixture
def kpi():
    """A cumulative KPI without decimals: 50 by 2028."""
    strategy = Strategy.objects.create(
        code="third",
        name="総合戦略",
        municipality="大牟田市",
        municipality_code="402028",
        first_year=2024,
        last_year=2028,
    )
    project = Project.objects.create(
        strategy=strategy,
        pillar=Pillar.objects.create(strategy=strategy, number=1, name="しごとの創生"),
        code="P1",
        kind="コアプロジェクト",
        name="産業",
    )
    kpi = Kpi.objects.create(
        project=project, number=1, name="支援件数", unit="件", aggregation="cumulative"
    )
    FinalTarget.objects.create(kpi=kpi, effective_from=2024, value=Decimal(50))
    return kpi


def problems(kpi):
    return check_kpis(Strategy.objects.get())


def record_behind_the_back(kpi, fiscal_year, value):
    YearlyActual.objects.create(
        kpi=kpi,
        fiscal_year=fiscal_year,
        state="final",
        value=value,
        updated_at=datetime(2025, 5, 1, tzinfo=UTC),
    )


def test_sound_kpi_has_no_problems(kpi):
    YearlyTarget.objects.create(kpi=kpi, fiscal_year=2027, value=40)
    FinalTarget.objects.create(kpi=kpi, effective_from=2026, value=60, reason="制度の拡充")
    record_behind_the_back(kpi, 2024, 0)

    assert problems(kpi) == []


def test_baseline_finer_than_the_unit_is_a_problem(kpi):
    Kpi.objects.update(baseline=Decimal("1.5"))

    assert problems(kpi) == [
        (
            "重要業績評価指標「P1-1 支援件数」：基準値は整数で入力してください。"
            "この指標は小数を使いません。"
        )
    ]


def test_targets_that_the_formula_or_the_unit_cannot_bear_are_problems(kpi):
    FinalTarget.objects.update(value=0)
    YearlyTarget.objects.create(kpi=kpi, fiscal_year=2025, value=Decimal("20.5"))

    assert problems(kpi) == [
        (
            "最終目標値「P1-1 最終目標値（2024年度から）」："
            "算式「実績÷目標」では、目標値を0より大きくしてください。"
        ),
        (
            "年度目安「P1-1 2025年度の目安」：年度目安値は整数で入力してください。"
            "この指標は小数を使いません。"
        ),
    ]


def test_target_on_the_wrong_side_of_the_baseline_is_a_problem(kpi):
    Kpi.objects.update(aggregation="annual", formula="from_baseline", baseline=60)

    assert problems(kpi) == [
        (
            "最終目標値「P1-1 最終目標値（2024年度から）」："
            "算式「基準値からの伸び」では、目標値を基準値より大きくしてください。"
        )
    ]


def test_targets_outside_the_plan_are_problems(kpi):
    FinalTarget.objects.create(kpi=kpi, effective_from=2029, value=60, reason="延長")
    YearlyTarget.objects.create(kpi=kpi, fiscal_year=2023, value=5)

    assert problems(kpi) == [
        (
            "最終目標値「P1-1 最終目標値（2029年度から）」："
            "計画期間（2024年度から2028年度まで）の外です。適用する最初の年度を直してください。"
        ),
        (
            "年度目安「P1-1 2023年度の目安」："
            "計画期間（2024年度から2028年度まで）の外です。年度を直すか、年度目安を消してください。"
        ),
    ]


def test_revised_target_without_reason_is_a_problem(kpi):
    FinalTarget.objects.create(kpi=kpi, effective_from=2026, value=60, reason=" ")

    assert problems(kpi) == [
        (
            "最終目標値「P1-1 最終目標値（2026年度から）」："
            "目標を改めた理由を書いてください（報告書に載ります）。"
        )
    ]


def test_yearly_target_of_the_last_year_is_a_problem(kpi):
    YearlyTarget.objects.create(kpi=kpi, fiscal_year=2028, value=50)

    assert problems(kpi) == [
        (
            "年度目安「P1-1 2028年度の目安」："
            "最終年度の目安は最終目標値です。年度目安を消してください。"
        )
    ]


def test_actuals_outside_the_plan_or_finer_than_the_unit_are_problems(kpi):
    record_behind_the_back(kpi, 2023, 3)
    record_behind_the_back(kpi, 2024, Decimal("2.5"))
    record_behind_the_back(kpi, 2025, -1)

    assert problems(kpi) == [
        (
            "実績値「P1-1 2023年度の実績」："
            "計画期間（2024年度から2028年度まで）の外です。計画期間を直してください。"
        ),
        (
            "実績値「P1-1 2024年度の実績」：実績値は整数で入力してください。"
            "この指標は小数を使いません。"
        ),
        "実績値「P1-1 2025年度の実績」：算式「実績÷目標」の指標では、実績値は0以上です。",
    ]


def test_kpi_field_that_no_form_would_take_is_a_problem(kpi):
    Kpi.objects.update(name="")

    assert problems(kpi) == [
        "重要業績評価指標「P1-1 」の指標名：このフィールドは空ではいけません。"
    ]


def test_missing_final_target_is_a_notice_and_no_problem(kpi):
    FinalTarget.objects.update(effective_from=2025)

    strategy = Strategy.objects.get()
    assert check_everything(strategy) == []
    assert [str(notice) for notice in notices(strategy)] == [
        "2024年度から使える最終目標値がない指標（1件）：P1-1。達成率を計算できません。",
        "所管課がない指標（1件）：P1-1。企画担当だけが実績を入力できます。",
        "取組の掲載がないプロジェクト（1件）：P1。",
        "年度目安がない指標（1件）：P1-1。集計方法と算式から決まる目安を使います。",
    ]


def test_a_baseline_is_missed_where_something_is_compared_with_it(kpi):
    def told():
        return [str(one) for one in notices(Strategy.objects.get()) if "基準値" in one.label]

    assert told() == []  # a sum begins at nought
    Kpi.objects.update(aggregation="annual")
    assert told() == ["基準値がない指標（1件）：P1-1。"]
    FinalTarget.objects.update(value=None, words="増加", met_by="better")
    assert told() == [
        "基準値と比べる目標なのに、基準値がない指標（1件）：P1-1。達成を判定できません。"
    ]


def test_notices_take_nine_queries(kpi, django_assert_num_queries):
    strategy = Strategy.objects.get()

    with django_assert_num_queries(9):
        notices(strategy)


def test_command_prints_counts_and_what_the_printed_plan_does_not_say(capsys):
    load_plan("omuta_2024_2028")

    call_command("check_plan")

    assert capsys.readouterr().out.splitlines() == [
        f"{REAL_PLAN}（omuta-2024-2028）",
        "問題はありません（柱4、プロジェクト8、取組51、掲載60（うち再掲9）、指標16）",
        "お知らせ（まだ決まっていないこと）",
        f"・所管課がない指標（16件）：{ALL_KPIS}。企画担当だけが実績を入力できます。",
        (
            "・所管課がない取組（51件）：「イノベーション創出促進事業」、「研究開発等支援事業」、"
            "「地域企業支援事業」、「新規創業促進事業」、「商品開発・販路開拓支援事業」、ほか46件。"
        ),
        (
            "・基準値がない指標（12件）：P3-1、P3-2、P3-3、P4-1、P4-2、P5-1、P5-2、P5-3、P6-1、"
            "A1-1、A1-2、A2-1。"
        ),
        f"・備考に「要確認」がある指標（16件）：{ALL_KPIS}。確かめたら備考を直してください。",
        (
            "・目的や方向性が【要約】のままのプロジェクト（8件）：P1、P2、P3、P4、P5、P6、A1、A2。"
            "計画書の文言に置き換えてください。"
        ),
        f"・年度目安がない指標（16件）：{ALL_KPIS}。集計方法と算式から決まる目安を使います。",
    ]


def test_command_prints_each_problem_and_fails(capsys):
    load_plan("omuta_2024_2028")
    InitiativeListing.objects.filter(initiative__name="新規創業促進事業", number=4).exclude(
        project__code="P2"
    ).delete()
    FinalTarget.objects.filter(kpi__project__code="P6").update(value=Decimal("335.55"))

    with pytest.raises(CommandError, match=r"^問題が2件あります。$") as failed:
        call_command("check_plan", strategy="omuta-2024-2028")

    assert failed.value.returncode == 1
    assert capsys.readouterr().out.splitlines()[:3] == [
        f"{REAL_PLAN}（omuta-2024-2028）",
        (
            "・取組「新規創業促進事業」：P2に再掲されていますが、主な掲載先「P1 地域産業応援・"
            "魅力化プロジェクト」の一覧に載っていません。P1に掲載を加えるか、主な掲載先を改めてください。"
        ),
        (
            "・最終目標値「P6-1 最終目標値（2024年度から）」："
            "最終目標値は小数第1位までで入力してください。"
        ),
    ]


@pytest.mark.parametrize(
    ("state", "wrong"),
    [
        (PlanState.RUNNING, "主たる計画がありません。"),
        (PlanState.ENDED, "主たる計画「見本市総合計画」は終了しています。"),
    ],
)
def test_command_names_running_plans_of_which_none_is_the_main_one(state, wrong, capsys):
    make_strategy(is_current=False)
    make_strategy(
        code="sogo", name="見本市総合計画", is_current=state == PlanState.ENDED, state=state
    )
    running = [one.name for one in Strategy.objects.filter(state=PlanState.RUNNING)]

    with pytest.raises(CommandError, match=r"^問題が1件あります。$"):
        call_command("check_plan")

    assert capsys.readouterr().out.splitlines()[-2:] == [
        "すべての計画",
        (
            f"・{wrong}企画担当が「計画の一覧」で、実施中の計画のひとつを主たる計画にしてください"
            f"（実施中：{'、'.join(f'「{name}」' for name in running)}）。"
        ),
    ]
    call_command("check_plan", strategy="mihon")
    assert "主たる計画" not in capsys.readouterr().out


@pytest.mark.parametrize("state", [PlanState.PREPARING, PlanState.ENDED])
def test_no_plan_need_be_the_main_one_while_none_is_running(state, capsys):
    make_strategy(is_current=False, state=state)

    call_command("check_plan")

    assert "主たる計画" not in capsys.readouterr().out


def test_command_without_plan_says_how_to_load_one():
    with pytest.raises(CommandError) as failed:
        call_command("check_plan")

    assert str(failed.value) == (
        "計画がありません。python manage.py load_plan omuta_2024_2028 で読み込んでください。"
    )


def test_command_for_unknown_plan_names_those_there_are(kpi):
    with pytest.raises(CommandError) as failed:
        call_command("check_plan", strategy="forth")

    assert str(failed.value) == "計画コード「forth」の計画はありません。あるのは third です。"
