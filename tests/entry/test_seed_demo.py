"""The demo: what it puts in, and that it never comes back over anybody's work."""

from collections import Counter
from datetime import date
from decimal import Decimal

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import override_settings
from django.utils import timezone

from entry.demo import read_demo, seed_demo
from entry.plan_file.loading import load_plan
from kpis.models import ActualState, Kpi, YearlyActual
from kpis.permissions import recordable_kpis
from kpis.recording import (
    ActualEntry,
    ProgressEntry,
    ReviewEntry,
    delete_actual,
    record_actual,
    record_initiative_progress,
    record_project_review,
)
from projects.initiative_codes import code_at_home, with_home_number
from projects.models import (
    Department,
    FiscalYearClosing,
    Initiative,
    InitiativeProgress,
    InitiativeStatus,
    Project,
    ProjectReview,
    Strategy,
)
from tests.made_once import made_once

pytestmark = pytest.mark.django_db

SEEDED = "デモの利用者と、架空の所管課・実績・進捗・総括を入れました。\n"
IN_USE = "利用者・所管課・実績・進捗・総括のどれかがすでにあるので、何もしませんでした。"
# KPI: FY2024, FY2025
FIGURES = {
    "P1-1": ("12", "9"),
    "P1-2": ("19", "22"),
    "P2-1": ("3", "4"),
    "P2-2": ("45", "41"),
    "P3-1": ("96", "118"),
    "P3-2": ("55.1", "57.3"),
    "P3-3": ("97.8", "98.9"),
    "P4-1": ("80.2", "82.1"),
    "P4-2": ("44.0", "47.5"),
    "P5-1": ("61.5", "63.0"),
    "P5-2": ("43.2", "44.8"),
    "P5-3": ("24.8", None),
    "P6-1": ("361.8", "372.4"),
    "A1-1": ("88", "93"),
    "A1-2": ("8", "6"),
    "A2-1": ("32.0", "41.5"),
}


@pytest.fixture
@made_once
def real_plan(db):
    return load_plan("omuta_2024_2028").strategy


@pytest.fixture
def plan(real_plan, settings):
    """The real plan in a database that may be a demo."""
    settings.DEMO = True
    return real_plan


@pytest.fixture
@made_once
def seeded_plan(db):
    plan = load_plan("omuta_2024_2028").strategy
    with override_settings(DEMO=True):
        assert seed_demo() == ""
    return plan


@pytest.fixture
def demo(seeded_plan, settings):
    """The real plan with the demo."""
    settings.DEMO = True
    return seeded_plan


def kpi_of(code):
    project, number = code.split("-")
    return Kpi.objects.get(project__code=project, number=number)


def initiatives():
    """The plan's initiatives by their code at home."""
    found = with_home_number(Initiative.objects.select_related("home_project"))
    return {code_at_home(initiative): initiative for initiative in found}


def contents():
    """Every row of every table of ours and every user, history included."""
    models = [User, User.groups.through]
    for app in ("projects", "kpis"):
        models += apps.get_app_config(app).get_models(include_auto_created=True)
    return {model._meta.label: list(model.objects.order_by("pk").values()) for model in models}


def test_demo_users_can_log_in_and_carry_the_name_of_their_role(demo, client):
    assert [
        (user.username, user.get_full_name(), user.is_staff, user.groups.get().name)
        for user in User.objects.order_by("pk")
    ] == [
        ("kikaku", "企画担当", True, "企画担当"),
        ("tantou", "所管課担当", False, "所管課担当"),
        ("kanri", "管理職", False, "管理職"),
    ]
    assert all(user.check_password("omuta-demo-2024") for user in User.objects.all())
    assert not User.objects.filter(is_superuser=True).exists()


def test_department_editor_may_record_exactly_three_kpis(demo):
    tantou = User.objects.get(username="tantou")

    assert [kpi.code for kpi in recordable_kpis(tantou, demo)] == ["P1-1", "P1-2", "P2-1"]


def test_planner_may_record_all_and_manager_none(demo):
    counts = {user.username: recordable_kpis(user, demo).count() for user in User.objects.all()}

    assert counts == {"kikaku": 16, "tantou": 3, "kanri": 0}


def test_every_kpi_and_initiative_has_a_department_that_says_it_is_fictitious(demo):
    assert not Kpi.objects.filter(department=None).exists()
    assert not Initiative.objects.filter(department=None).exists()
    assert [str(department) for department in Department.objects.all()] == [
        "産業振興課（架空）",
        "こども未来課（架空）",
        "学び推進課（架空）",
        "地域福祉課（架空）",
        "観光交流課（架空）",
        "企画課（架空）",
    ]


@pytest.mark.parametrize("fiscal_year", [2024, 2025])
def test_actuals_of_a_year_are_those_of_the_demo(demo, fiscal_year):
    of_plan = YearlyActual.objects.filter(kpi__project__strategy=demo)
    actuals = of_plan.filter(fiscal_year=fiscal_year).select_related("kpi__project")
    figures = {code: of_years[fiscal_year - 2024] for code, of_years in FIGURES.items()}

    assert {actual.kpi.code: actual.value for actual in actuals} == {
        code: None if figure is None else Decimal(figure) for code, figure in figures.items()
    }


def test_one_figure_is_pending_one_provisional_and_the_others_final(demo):
    special = YearlyActual.objects.exclude(state=ActualState.FINAL)

    assert [(one.kpi.code, one.fiscal_year, one.state, one.expected_on) for one in special] == [
        ("P5-3", 2025, ActualState.PENDING, date(2026, 12, 20)),
        ("A2-1", 2025, ActualState.PROVISIONAL, None),
    ]
    assert not FiscalYearClosing.objects.exists()


def test_every_text_says_at_once_that_it_is_fictitious(demo):
    texts = [
        text
        for model, fields in (
            (YearlyActual, ("analysis", "next_steps")),
            (InitiativeProgress, ("summary", "next_steps")),
            (ProjectReview, ("summary", "external_opinion")),
        )
        for texts in model.objects.values_list(*fields)
        for text in texts
        if text
    ]

    assert [text for text in texts if not text.startswith("【架空】")] == []
    # Whoever reads a 決算額 has read before it that it is made up.
    assert not InitiativeProgress.objects.filter(summary="").exists()
    assert not ProjectReview.objects.filter(summary="").exists()
    assert {
        year: YearlyActual.objects.filter(fiscal_year=year).exclude(analysis="").count()
        for year in (2024, 2025)
    } == {2024: 8, 2025: 8}


def test_work_of_the_first_year_is_complete_and_of_the_second_a_handful_is_missing(demo):
    codes = set(initiatives())
    entered = {
        year: {
            code_at_home(one)
            for one in with_home_number(Initiative.objects.filter(progress__fiscal_year=year))
        }
        for year in (2024, 2025)
    }

    assert len(codes) == 51
    assert codes - entered[2024] == set()
    assert sorted(codes - entered[2025]) == ["A2-2", "P1-6", "P3-8", "P5-4", "P5-7", "P6-8"]
    assert {
        year: sorted(
            ProjectReview.objects.filter(fiscal_year=year).values_list("project__code", flat=True)
        )
        for year in (2024, 2025)
    } == {
        2024: ["A1", "A2", "P1", "P2", "P3", "P4", "P5", "P6"],
        2025: ["A1", "A2", "P1", "P2", "P3", "P4", "P6"],
    }


@pytest.mark.parametrize(
    ("fiscal_year", "statuses", "without_cost"),
    [
        (2024, {"未着手": 2, "実施中": 47, "見直し": 2}, 1),
        (2025, {"未着手": 1, "実施中": 39, "完了": 2, "見直し": 2, "中止": 1}, 4),
    ],
)
def test_statuses_of_a_year_vary_and_most_costs_are_known(
    demo, fiscal_year, statuses, without_cost
):
    done = InitiativeProgress.objects.filter(fiscal_year=fiscal_year)

    assert Counter(one.get_status_display() for one in done) == statuses
    assert done.filter(cost=None).count() == without_cost


def test_progress_stands_at_the_initiative_whose_number_the_file_gives(demo):
    stopped = InitiativeProgress.objects.get(status=InitiativeStatus.STOPPED)

    assert (stopped.initiative.name, stopped.fiscal_year, stopped.cost) == (
        "まちなか文化芸術提供事業", 2025, 0,
    )  # fmt: skip
    assert stopped.summary == (
        "【架空】似た催しとひとつにまとめたため、単独の事業としては終えました。"
    )


def test_changes_are_shown_in_a_plan_of_its_own_that_planners_alone_see(demo):
    plan = Strategy.objects.get(code="mihon-changes")
    kpis = Kpi.objects.filter(project__strategy=plan).order_by("number", "first_year")
    lives = [(one.code, one.first_year, one.last_year, bool(one.successor_of)) for one in kpis]

    assert (plan.is_in_preparation, plan.is_current) == (True, False)
    assert sorted(lives, key=str) == [
        ("X1-1", None, None, False),
        ("X1-2", 2026, None, True),
        ("X1-2", None, 2025, False),
        ("X1-3", 2026, None, False),
    ]
    revised = kpis.get(number=1).final_targets.values_list("effective_from", "value")
    assert list(revised) == [(2024, 50), (2026, 80)]
    assert not Kpi.objects.filter(project__strategy=demo).exclude(
        first_year=None, last_year=None, successor_of=None
    )


def test_office_on_the_reports_cover_is_fictitious(demo):
    assert Strategy.objects.get(pk=demo.pk).office == "企画課（架空）"


def test_all_of_it_is_in_the_history_as_the_planners(demo):
    kikaku = User.objects.get(username="kikaku")
    by_demo = {"history_user": kikaku, "history_change_reason": "デモデータ（架空）"}

    # Two years of the real plan's KPIs, and of two in the plan that shows how one is changed.
    assert YearlyActual.history.filter(history_type="+", **by_demo).count() == 32 + 4
    assert Kpi.history.filter(history_type="~", **by_demo).count() == 16
    assert Initiative.history.filter(history_type="~", **by_demo).count() == 51
    assert Department.history.filter(history_type="+", **by_demo).count() == 6
    assert InitiativeProgress.history.filter(history_type="+", **by_demo).count() == 96
    assert ProjectReview.history.filter(history_type="+", **by_demo).count() == 15
    assert Strategy.history.filter(history_type="~", **by_demo).count() == 1


def test_running_everything_again_changes_nothing_that_users_edited(demo, capsys):
    kikaku = User.objects.get(username="kikaku")
    Project.objects.filter(code="P1").update(purpose="市の言葉で書いた目的")
    Department.objects.filter(code="D01").update(name="商工課")
    Kpi.objects.filter(pk=kpi_of("P6-1").pk).update(baseline=Decimal("350.5"), department=None)
    entry = ActualEntry(ActualState.FINAL, Decimal(15))
    record_actual(kpi_of("P1-1"), 2024, entry, user=kikaku, version=1, reason="集計の誤り")
    delete_actual(kpi_of("P3-1"), 2025, user=kikaku, version=1)
    progress = ProgressEntry(InitiativeStatus.STOPPED, "市の言葉で書いた実績")
    record_initiative_progress(initiatives()["P1-1"], 2025, progress, user=kikaku, version=1)
    review = ReviewEntry(summary="市の言葉で書いた総括")
    record_project_review(Project.objects.get(code="P1"), 2025, review, user=kikaku, version=1)
    InitiativeProgress.objects.filter(fiscal_year=2024).delete()
    Strategy.objects.update(office="総合政策課")
    User.objects.filter(username="kanri").delete()
    before = contents()

    call_command("load_plan", "omuta_2024_2028")
    call_command("seed_demo")

    assert contents() == before
    assert capsys.readouterr().out.splitlines()[1:] == [IN_USE]


def test_deleted_demo_does_not_come_back(demo):
    YearlyActual.objects.all().delete()
    InitiativeProgress.objects.all().delete()
    ProjectReview.objects.all().delete()
    Kpi.objects.update(department=None)
    Initiative.objects.update(department=None)
    Department.objects.all().delete()
    User.objects.all().delete()
    before = contents()

    assert seed_demo() == IN_USE
    assert contents() == before


@pytest.mark.parametrize(
    "make",
    [
        lambda: User.objects.create_superuser("yamada"),
        lambda: Department.objects.create(code="100", name="総務課"),
        lambda: InitiativeProgress.objects.create(
            initiative=Initiative.objects.first(),
            fiscal_year=2024,
            status=InitiativeStatus.DONE,
            updated_at=timezone.now(),
        ),
        lambda: ProjectReview.objects.create(
            project=Project.objects.first(), fiscal_year=2024, updated_at=timezone.now()
        ),
    ],
    ids=["user", "department", "progress", "review"],
)
def test_database_that_somebody_uses_is_left_alone(plan, make):
    make()
    before = contents()

    assert seed_demo() == IN_USE
    assert contents() == before


def test_without_demo_nothing_is_put_in(plan, settings, capsys):
    settings.DEMO = False
    before = contents()

    call_command("seed_demo")

    assert contents() == before
    assert capsys.readouterr().out == "DEMO=1 ではないので、何もしませんでした。\n"


def test_without_the_plan_nothing_is_put_in_and_it_says_what_to_do(settings):
    settings.DEMO = True

    assert seed_demo() == (
        "計画「omuta-2024-2028」がないので、何もしませんでした。"
        "先に python manage.py load_plan omuta_2024_2028 を実行してください。"
    )
    assert not User.objects.exists()


def test_command_says_that_the_demo_is_in(plan, capsys):
    call_command("seed_demo")

    assert capsys.readouterr().out == SEEDED


def test_each_kpi_and_project_belongs_to_one_department_of_the_file():
    departments = read_demo()["departments"]

    assert sorted(code for one in departments for code in one["kpis"]) == sorted(FIGURES)
    assert sorted(code for one in departments for code in one["projects"]) == [
        "A1", "A2", "P1", "P2", "P3", "P4", "P5", "P6",
    ]  # fmt: skip
