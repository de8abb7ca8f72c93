"""数値目標 of pillars and of the plan: apart from projects and KPIs, and rated as they are."""

from decimal import Decimal
from importlib import import_module

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from kpis.models import FinalTarget, Kpi
from kpis.plan_changes.lives import add_kpi, end_kpi, replace_kpi
from kpis.plan_changes.places import move_kpi
from kpis.plan_check import check_everything, counts_text
from kpis.progress import load_progress
from kpis.recording import RecordingRefused, close_fiscal_year, record_project_review
from kpis.recording.reviews import ReviewEntry
from projects.goals import goals_name, holder_of
from projects.models import Initiative, InitiativeListing, Pillar, Project
from tests.factories import (
    final,
    make_goal,
    make_kpi,
    make_source,
    make_strategy,
    record,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def pillar(project):
    return project.pillar


@pytest.fixture
def measured(strategy, project, pillar, kikaku):
    """P1-1 at 80 and P1-2 at 120 of 100, the plan's goal at 0 and the pillar's at 50 of 100."""
    for number, value in ((1, 80), (2, 120)):
        record(make_kpi(project, number, 100), {2024: value - 20, 2025: value}, kikaku)
    record(make_goal(strategy), {2025: 0}, kikaku)
    record(make_goal(strategy, pillar), {2024: 90, 2025: 50}, kikaku)
    return strategy


def new_kpi(home, number=1, **fields):
    return Kpi(project=home, number=number, name="新しい目標", unit="件", **fields)


def refusal(act, *args, **kwargs):
    with pytest.raises(RecordingRefused) as refused:
        act(*args, **kwargs)
    (one,) = refused.value.refusals
    return one.field, one.message


def test_goals_are_in_no_mean_and_no_count(measured):
    progress = load_progress(measured, 2025)

    # (80 + 100) / 2, the second capped.
    assert (progress.standing.progress_mean, progress.standing.kpi_count) == (90, 2)
    assert [one.definition.code for one in progress.kpis] == ["P1-1", "P1-2"]
    assert [one.project.code for one in progress.projects] == ["P1"]
    assert progress.projects[0].standing.progress_mean == 90
    # (60 + 100) / 2 in the year before; the goals move nothing.
    assert progress.previous.progress_mean == 80
    assert {one.after.definition.code for one in progress.movements} == {"P1-1", "P1-2"}
    assert not progress.behind
    assert not progress.without_rating


def test_goals_are_rated_by_the_plans_rules_and_counted_by_themselves(measured):
    progress = load_progress(measured, 2025)

    rated = [(one.definition.code, one.progress, one.rating.symbol) for one in progress.goal_kpis]
    assert rated == [("G0-1", 0, "D"), ("G1-1", 50, "D")]
    counts = {band and band.symbol: count for band, count in progress.goal_standing.by_band}
    assert counts == {"A": 0, "B": 0, "C": 0, "D": 2, None: 0}
    assert [holder.project.name for holder in progress.goals] == [
        "計画全体の数値目標", "しごとの創生の数値目標",
    ]  # fmt: skip
    assert not progress.has_goals_alone


def test_holder_is_made_with_the_first_goal_and_used_by_the_next(strategy, pillar, kikaku):
    wanted = Project(strategy=strategy, pillar=pillar, holds_goals=True)
    first = add_kpi(
        new_kpi(wanted), user=kikaku, reason="計画の改定", target=FinalTarget(value=Decimal(10))
    )
    second = add_kpi(
        new_kpi(Project(strategy=strategy, pillar=pillar, holds_goals=True), 2), user=kikaku
    )

    assert (first.code, second.code) == ("G1-1", "G1-2")
    holder = Project.objects.get(holds_goals=True)
    assert (holder.pillar, holder.name) == (pillar, "しごとの創生の数値目標")
    made = holder.history.get()
    assert (made.history_change_reason, made.acted_by) == ("計画の改定", "kikaku")


def test_code_of_a_holder_is_its_pillars_number(strategy, pillar):
    Pillar.objects.filter(pk=pillar.pk).update(number=12)
    pillar.refresh_from_db()

    assert holder_of(strategy, None).code == "G0"
    assert holder_of(strategy, pillar).code == "G12"


def test_codes_of_goals_are_theirs_alone(strategy, pillar):
    named = Project(strategy=strategy, pillar=pillar, code="G7", name="広報")
    with pytest.raises(ValidationError) as refused:
        named.full_clean()
    assert refused.value.message_dict == {
        "code": [
            (
                "「G7」のような、G と数字だけのコードは、数値目標が使います。"
                "別のコードにしてください（例：P1）。"
            )
        ]
    }

    named.save()
    assert [one for one in check_everything(strategy) if "広報" in one] == [
        "プロジェクト「G7 広報」：" + refused.value.messages[0]
    ]
    other = Project(strategy=strategy, pillar=pillar, code="P9", name="目標", holds_goals=True)
    with pytest.raises(ValidationError) as refused:
        other.full_clean()
    assert refused.value.message_dict == {
        "code": ["この数値目標をまとめるもののコードは G1 です。"]
    }


def test_pillar_keeps_its_number_once_a_closed_year_has_goals_of_it(strategy, pillar, kikaku):
    make_goal(strategy, pillar)
    close_fiscal_year(strategy, 2024, user=kikaku)

    pillar.number = 4
    with pytest.raises(ValidationError) as refused:
        pillar.full_clean()

    assert refused.value.message_dict == {
        "number": [
            (
                "番号を変えると、数値目標の番号（G1-1 など）が変わります。"
                "令和6年度は締め済みのため、プロジェクトコードは変えられません。"
                "締めた年度を改めるときに直してください。"
            )
        ]
    }


def test_refused_goal_leaves_no_holder(strategy, kikaku):
    home = Project(strategy=strategy, holds_goals=True)

    field, _message = refusal(
        add_kpi, new_kpi(home, aggregation="cumulative", direction="decrease"), user=kikaku
    )

    assert field == ""
    assert not Project.objects.filter(holds_goals=True).exists()


def test_goal_moves_among_goals_alone(strategy, project, pillar, kikaku):
    goal, kpi = make_goal(strategy), make_kpi(project)
    of_pillar = Project(strategy=strategy, pillar=pillar, holds_goals=True)

    moved = move_kpi(goal, of_pillar, 3, user=kikaku, reason="柱の目標とする")

    assert moved.code == "G1-3"
    stays = (
        "プロジェクトの指標と数値目標は、たがいに移せません（締めた年度の数と平均が変わります）。"
        "今のものを終えて、新しく加えてください。"
    )
    kind_stays = ("project", stays)
    assert refusal(move_kpi, moved, project, 5, user=kikaku, reason="指標とする") == kind_stays
    assert refusal(move_kpi, kpi, moved.project, 5, user=kikaku, reason="目標とする") == kind_stays


def test_goal_is_replaced_by_a_goal(strategy, project, kikaku):
    goal = make_goal(strategy)
    close_fiscal_year(strategy, 2024, user=kikaku)

    _field, message = refusal(
        replace_kpi, goal, 2025, new_kpi(project), user=kikaku, reason="別の指標にする"
    )
    assert message.startswith("プロジェクトの指標と数値目標は、たがいに差し替えられません。")
    after = replace_kpi(goal, 2025, new_kpi(goal.project), user=kikaku, reason="測り方を変える")
    assert (after.code, after.first_year) == ("G0-1", 2026)


def test_ended_goal_is_in_the_years_of_its_life_alone(measured, kikaku):
    end_kpi(Kpi.objects.get(project__code="G0"), 2025, user=kikaku, reason="終える")

    assert [one.definition.code for one in load_progress(measured, 2026).goal_kpis] == ["G1-1"]
    assert len(load_progress(measured, 2025).goal_kpis) == 2
    assert len(load_progress(measured, 2026).goals_ever) == 2


def test_initiatives_and_reviews_have_no_place_among_goals(strategy, initiative, pillar, kikaku):
    goal = make_goal(strategy, pillar)
    sentence = (
        "「G1 しごとの創生の数値目標」は数値目標だけのもので、取組は載せられません。"
        "プロジェクトを選んでください。"
    )

    listing = InitiativeListing(project=goal.project, number=1, initiative=initiative)
    with pytest.raises(ValidationError) as refused:
        listing.full_clean()
    assert refused.value.message_dict["project"] == [sentence]
    at_home = Initiative(strategy=strategy, name="新しい取組", home_project=goal.project)
    with pytest.raises(ValidationError) as refused:
        at_home.full_clean()
    assert refused.value.message_dict["home_project"] == [sentence]
    with pytest.raises(PermissionDenied, match="この計画のプロジェクトではありません。"):
        record_project_review(goal.project, 2025, ReviewEntry("総括"), user=kikaku, version=0)
    InitiativeListing.objects.bulk_create([listing])
    assert f"取組の掲載「G1 (1) 創業支援事業」：{sentence}" in check_everything(strategy)


def test_last_goal_takes_its_holder_along(strategy, pillar):
    goal = make_goal(strategy, pillar)
    make_goal(strategy, pillar, 2).delete()
    assert Project.objects.filter(holds_goals=True).exists()

    goal.delete()

    assert not Project.objects.filter(holds_goals=True).exists()


def test_goal_takes_another_plans_figure(strategy, kikaku):
    goal = make_goal(strategy)
    record(make_source(goal), {2025: 40}, kikaku)

    (shown,) = load_progress(strategy, 2025).goal_kpis

    assert (shown.value, shown.progress) == (40, 40)
    assert load_progress(strategy, 2025).standing.kpi_count == 0


def test_plan_is_told_with_its_goals_apart(measured):
    assert counts_text(measured) == (
        "柱1、プロジェクト1、取組0、掲載0（うち再掲0）、指標2、数値目標2"
    )
    assert check_everything(measured) == []


def test_goals_follow_the_number_and_name_of_their_pillar(planner, strategy, pillar):
    goal = make_goal(strategy, pillar)
    url = f"/admin/projects/pillar/{pillar.pk}/change/"

    planner.post(url, {"number": "３", "name": "しごとづくり", "slogan": ""})

    renamed = Pillar.objects.get(pk=pillar.pk)
    assert (renamed.number, renamed.name) == (3, "しごとづくり")
    holder = Project.objects.get(holds_goals=True)
    assert (holder.code, holder.name) == ("G3", goals_name(renamed))
    assert Kpi.objects.get(pk=goal.pk).code == "G3-1"
    # Another slogan is no reason to write the holder again.
    planner.post(url, {"number": "3", "name": "しごとづくり", "slogan": "ともに"})
    assert holder.history.count() == 2


def test_goals_alone_are_a_plan(strategy, kikaku):
    record(make_goal(strategy), {2024: final(30)}, kikaku)

    progress = load_progress(strategy)

    assert progress.has_goals_alone
    assert (progress.fiscal_year, progress.standing.kpi_count) == (2024, 0)
    assert progress.standing.progress_mean is None


def test_goals_take_one_query_more_whatever_their_number(
    strategy, project, pillar, django_assert_num_queries
):
    make_kpi(project)
    with django_assert_num_queries(8):
        load_progress(strategy, 2025)
    make_goal(strategy)
    with django_assert_num_queries(9):
        load_progress(strategy, 2025)
    for number in range(1, 6):
        make_goal(strategy, pillar, number)
    with django_assert_num_queries(9):
        load_progress(strategy, 2025)


def test_codes_of_goals_from_before_become_those_of_their_pillars(strategy, pillar, kikaku):
    second = Pillar.objects.create(strategy=strategy, number=2, name="ひとの創生")
    plan, *of_pillars = (make_goal(strategy, one).project for one in (None, pillar, second))
    closed = make_strategy(code="closed", is_current=False)
    kept = make_goal(closed).project
    close_fiscal_year(closed, 2024, user=kikaku)
    # In this order, as no two may have one code at any time.
    for holder, code in zip((kept, plan, *of_pillars), ("G1", "X1", "GP1", "GP2"), strict=True):
        Project.objects.filter(pk=holder.pk).update(code=code)
    Project.objects.filter(pk=plan.pk).update(code="G1")

    migration = import_module("projects.migrations.0008_any_citys_plan")
    migration.rename_goals(apps, connection.schema_editor())

    renamed = Project.objects.filter(strategy=strategy, holds_goals=True).order_by("code")
    assert [(one.code, one.pillar) for one in renamed] == [
        ("G0", None), ("G1", pillar), ("G2", second),
    ]  # fmt: skip
    assert [one.history.latest().history_change_reason for one in renamed] == [
        "数値目標のコードを、柱の番号によるものにしました。"
    ] * 3
    # What a closed year's report calls so.
    kept.refresh_from_db()
    assert kept.code == "G1"
