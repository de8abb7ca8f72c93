"""Every rule of the plan that the database can't guarantee, broken behind its back."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import User

from kpis.plan_check import counts_text
from projects.models import (
    FiscalYearClosing,
    Initiative,
    InitiativeListing,
    Pillar,
    Project,
    ProjectDirection,
    Strategy,
)
from projects.plan_check import check_plan

pytestmark = pytest.mark.django_db


def make_plan(code):
    """A plan of two projects: 起業相談 is at home in P1 and re-listed in P2."""
    strategy = Strategy.objects.create(
        code=code,
        name=f"総合戦略{code}",
        municipality="大牟田市",
        municipality_code="402028",
        first_year=2024,
        last_year=2028,
    )
    pillar = Pillar.objects.create(strategy=strategy, number=1, name="しごとの創生")
    one, two = (
        Project.objects.create(
            strategy=strategy,
            pillar=pillar,
            code=code,
            kind="コアプロジェクト",
            name=name,
            position=position,
        )
        for position, (code, name) in enumerate([("P1", "産業"), ("P2", "雇用")])
    )
    initiative = Initiative.objects.create(strategy=strategy, name="起業相談", home_project=one)
    for project in (one, two):
        InitiativeListing.objects.create(project=project, number=1, initiative=initiative)
    return strategy


@pytest.fixture
def strategy():
    return make_plan("third")


def test_sound_plan_has_no_problems(strategy):
    assert check_plan(strategy) == []
    assert counts_text(strategy) == "柱1、プロジェクト2、取組1、掲載2（うち再掲1）、指標0"


def test_relisting_without_home_listing_names_where_it_is_and_where_it_belongs(strategy):
    InitiativeListing.objects.filter(project__code="P1").delete()

    assert check_plan(strategy) == [
        (
            "取組「起業相談」：P2に再掲されていますが、主な掲載先「P1 産業」の一覧に"
            "載っていません。P1に掲載を加えるか、主な掲載先を改めてください。"
        )
    ]


def test_initiative_listed_nowhere_is_a_problem(strategy):
    InitiativeListing.objects.all().delete()

    assert check_plan(strategy) == [
        (
            "取組「起業相談」：どのプロジェクトの一覧にも載っていません。"
            "主な掲載先「P1 産業」に掲載を加えるか、取組を消してください。"
        )
    ]


def test_rows_that_belong_to_another_plan_are_problems(strategy):
    other = make_plan("fourth")
    pillar = other.pillars.get()
    project = other.projects.get(code="P1")
    initiative = other.initiatives.get()
    Project.objects.filter(strategy=strategy, code="P1").update(pillar=pillar)
    Initiative.objects.filter(strategy=strategy).update(home_project=project)
    InitiativeListing.objects.filter(project__strategy=strategy, project__code="P2").update(
        initiative=initiative
    )

    assert check_plan(strategy) == [
        (
            "プロジェクト「P1 産業」：創生の柱「しごとの創生」は別の計画「総合戦略fourth」の"
            "ものです。この計画の柱を選んでください。"
        ),
        (
            "取組「起業相談」：主な掲載先「P1 産業」は別の計画「総合戦略fourth」の"
            "ものです。この計画のプロジェクトを選んでください。"
        ),
        (
            "取組の掲載「P2 (1) 起業相談」：この取組は別の計画「総合戦略fourth」のものです。"
            "この計画の取組を選ぶか、掲載を消してください。"
        ),
    ]


def test_closing_outside_the_plan_is_a_problem(strategy):
    FiscalYearClosing.objects.create(
        strategy=strategy,
        fiscal_year=2023,
        closed_at=datetime(2024, 6, 30, tzinfo=UTC),
        closed_by=User.objects.create_user("kikaku"),
    )

    assert check_plan(strategy) == [
        (
            "総合戦略「総合戦略third」：締め済みの2023年度が、"
            "計画期間（2024年度から2028年度まで）の外です。計画期間を直してください。"
        )
    ]


def test_values_that_no_form_would_take_are_problems(strategy):
    Strategy.objects.update(municipality_code="402029", bands=[])
    Project.objects.filter(code="P2").update(code="1-2")
    ProjectDirection.objects.create(
        project=Project.objects.get(code="P1"), number=0, text="企業を後押しする"
    )
    strategy.refresh_from_db()

    assert check_plan(strategy) == [
        "総合戦略「総合戦略third」の評価区分：このフィールドは空ではいけません。",
        (
            "総合戦略「総合戦略third」の団体コード：団体コード402029は検査数字（6桁目）が"
            "合いません。番号を確かめてください。"
        ),
        (
            "プロジェクト「1-2 雇用」のプロジェクトコード：英大文字で始まる10字以内の英大文字・"
            "数字・ハイフンで書いてください（例：P1、SHISAKU-12）。"
        ),
        "プロジェクトの方向性「P1 方向性0」の番号：この値は 1 以上でなければなりません。",
    ]


@pytest.mark.parametrize("projects", [2, 20])
def test_checking_takes_eight_queries_whatever_the_number_of_projects(
    strategy, projects, django_assert_num_queries
):
    pillar = strategy.pillars.get()
    for number in range(3, projects + 1):
        project = Project.objects.create(
            strategy=strategy,
            pillar=pillar,
            code=f"P{number}",
            kind="コアプロジェクト",
            name="雇用",
        )
        InitiativeListing.objects.create(
            project=project, number=1, initiative=strategy.initiatives.get()
        )

    with django_assert_num_queries(8):
        assert check_plan(strategy) == []
