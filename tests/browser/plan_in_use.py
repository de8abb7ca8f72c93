"""A small plan with something of everything that a page can show, and who looks at it."""

import re
from datetime import date
from decimal import Decimal

from playwright.sync_api import Page

from entry.changing.acting import carry_out
from kpis.models import ActualState, FinalTarget, Kpi, YearlyActual, YearlyTarget
from kpis.recording import (
    ActualEntry,
    ProgressEntry,
    ReviewEntry,
    close_years_through,
    end_correction,
    record_actual,
    record_initiative_progress,
    record_project_review,
)
from kpis.recording.deadlines import set_deadline
from kpis.reorganisation import Wish, WishedChange, pieces_of, prepare_reorganisation
from projects.models import Department, Initiative, InitiativeStatus, Project, Strategy
from reports.annual.editions import issue_edition
from tests.factories import (
    PASSWORD,
    correct_from,
    final,
    make_department,
    make_kpi,
    make_plan,
    make_user,
)

# As long as the longest of the real plan.
LONG_NAME = "家族以外にも不安や困りごとを相談できる人がいると思う市民の割合（人口1,000人当たり）"
LONG_TEXT = "周知が進み、前の年度を上回った。" * 12


def make_plan_in_use() -> Strategy:
    """2024 is closed and has two editions, 2025 holds every state of an actual, 2026 nothing.

    `tantou` belongs to D01, which owns most of it and has D02, without members, beside it in P1-5.
    D03 was ended by the first 機構改革; by the second, still to come, D01 is to be split.
    """
    kikaku, tantou = make_user("kikaku"), make_user("tantou")
    make_user("kanri")
    tantou.email = "tantou@example.invalid"
    tantou.save()
    strategy = make_plan(kikaku, projects=2)
    own = Department.objects.get(code="D01")
    own.members.add(tantou)
    Initiative.objects.update(department=own)
    first = Project.objects.get(code="P1")
    make_department("D02")
    make_kpi(first, 3, name=LONG_NAME, unit="％", department=Department.objects.get(code="D02"))
    running = make_kpi(first, 4, target=100, aggregation="cumulative", department=own)
    make_kpi(first, 5, department=own)
    YearlyTarget.objects.create(kpi=running, fiscal_year=2026, value=Decimal(60))
    record_actual(running, 2024, final(20), user=kikaku, version=0)
    _issue_twice(strategy, kikaku)
    _record_each_state(kikaku)
    initiative = Initiative.objects.get(name="P1の取組1")
    progress = ProgressEntry(InitiativeStatus.ONGOING, LONG_TEXT, "続ける", cost=1250)
    record_initiative_progress(initiative, 2025, progress, user=kikaku, version=0)
    review = ReviewEntry(LONG_TEXT, "広げてほしい。")
    record_project_review(first, 2025, review, user=kikaku, version=0)
    set_deadline(strategy, 2025, date(2026, 6, 30), user=kikaku)
    _revise_a_target(strategy, kikaku)
    _reorganise(kikaku)
    return strategy


def _reorganise(kikaku) -> None:
    first, second = Department.objects.order_by("code")
    third, fourth = make_department("D03"), make_department("D04")
    Kpi.objects.get(project__code="P1", number=5).related_departments.add(second)
    ended = WishedChange(third.pk, "end")
    prepare_reorganisation(Wish(date(2025, 4, 1), "行政組織規則の改正", (ended,)), user=kikaku)
    answers: dict[str, dict[str, int]] = {}
    for at, piece in enumerate(pieces_of([first.pk])[first.pk]):
        answers.setdefault(piece.kind, {})[str(piece.pk)] = (second, fourth)[at % 2].pk
    split = WishedChange(first.pk, "end", successors=(second.pk, fourth.pk), answers=answers)
    prepare_reorganisation(Wish(date(2199, 4, 1), "", (split,)), user=kikaku)


def _revise_a_target(strategy, kikaku) -> None:
    kpi = Kpi.objects.get(project__code="P1", number=5)
    carry_out(
        strategy,
        "目標の見直し",
        LONG_TEXT,
        kikaku,
        lambda: FinalTarget.objects.create(kpi=kpi, effective_from=2028, value=Decimal(60)),
        subject="P1-5「指標5」",
    )


def _record_each_state(kikaku) -> None:
    entries = {
        ("P1", 1): final(31, analysis=LONG_TEXT, next_steps="続ける"),
        ("P1", 2): ActualEntry(ActualState.PENDING, expected_on=date(2026, 8, 20)),
        ("P1", 3): ActualEntry(ActualState.UNMEASURED, unmeasured_reason="調査を休んだ"),
        ("P1", 4): final(60),  # a doubt: at or above the sum so far
        ("P2", 1): ActualEntry(ActualState.PROVISIONAL, final(32).value),
    }
    for (project, number), entry in entries.items():
        kpi = Kpi.objects.get(project__code=project, number=number)
        saved = YearlyActual.objects.filter(kpi=kpi, fiscal_year=2025).first()
        version = saved.version if saved else 0
        record_actual(kpi, 2025, entry, user=kikaku, version=version, reason="速報の訂正")


def _issue_twice(strategy, kikaku) -> None:
    close_years_through(strategy, 2024, user=kikaku, reason="議会に報告済み")
    issue_edition(strategy, 2024, user=kikaku)
    correct_from(strategy, 2024, user=kikaku, reason="確定値が届いたため")
    kpi = Kpi.objects.get(project__code="P1", number=1)
    record_actual(kpi, 2024, final(22), user=kikaku, version=1, reason="確定値")
    end_correction(strategy, user=kikaku)
    issue_edition(strategy, 2024, user=kikaku, reason="P1-1の実績値の訂正")


def log_in(
    page: Page, base: str, user: str = "kikaku", path: str = "/", *, password: str = PASSWORD
) -> None:
    """Log in on the way to a page, as somebody new if somebody is logged in."""
    page.context.clear_cookies()
    page.goto(f"{base}/login/?next={path}")
    page.get_by_label("利用者名").fill(user)
    page.get_by_label("パスワード").fill(password)
    page.get_by_role("button", name="ログイン").click()
    # The home page leads on to a plan's, where there is one.
    page.wait_for_url(re.compile(rf"{base}(/plans/[^/]+)?/") if path == "/" else f"{base}{path}")
