"""A plan that has ended, or has not begun: what every door says, and that no page offers it."""

import re
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import resolve, reverse

from entry.assignment import save_assignment
from kpis.models import Kpi, YearlyActual, YearlyTarget
from kpis.plan_acts import end_plan, resume_plan
from kpis.recording import (
    Kind,
    RecordingRefused,
    ReviewEntry,
    close_years_through,
    record_actual,
    record_project_review,
)
from kpis.recording.closing import refuse_year
from kpis.recording.deadlines import set_deadline
from projects.models import PlanState, Strategy
from reports.annual.editions import issue_edition
from tests.admin_forms import errors_of, messages_of, shown
from tests.entry.actuals_files import csv_bytes
from tests.entry.actuals_files import preview as preview_actuals
from tests.entry_forms import typed, typed_progress, typed_reviews
from tests.factories import correct_from, final, make_plan, make_strategy
from tests.made_once import made_once
from tests.page_text import main_of, words
from tests.url_patterns import example, patterns
from tests.writing_urls import PLAN

SENTENCE = (
    "「見本市総合戦略」は終了した計画です。"
    "直すときは、企画担当に「計画の一覧」で実施中へ戻してもらってください。"
)
NOT_YET = "企画担当が「計画の一覧」で「見本市総合戦略」を実施中にしてからです。"


@pytest.fixture
@made_once
def ended(kikaku) -> Strategy:
    """A plan in use, with every year closed, that has ended."""
    plan = make_plan(kikaku)
    for year in plan.years:
        close_years_through(plan, year, user=kikaku)
    return end_plan(plan, user=kikaku)


@pytest.fixture
@made_once
def preparing(kikaku) -> Strategy:
    """The same plan in preparation."""
    plan = make_plan(kikaku, is_current=False)
    plan.state = PlanState.PREPARING
    plan.save()
    return plan


def kpi_of(plan: Strategy) -> Kpi:
    return Kpi.objects.get(project__strategy=plan, number=1)


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("entry/2025/", typed(P1_1={"value": "9", "version": "1"})),
        ("entry/2025/P1-1/", typed(P1_1={"value": "9", "version": "1"})),
        ("entry/2025/paste/", typed(P1_1={"value": "9"})),
        ("entry/2025/import/", {}),
        ("entry/2025/initiatives/", typed_progress(P1_1={"status": "done"})),
        ("entry/2025/initiatives/P1-1/", typed_progress(P1_1={"status": "done"})),
        ("entry/2025/reviews/", typed_reviews(P1={"summary": "よい"})),
        ("entry/2025/overview/", {"due_on": "2026-06-30"}),
        ("entry/2025/reminders/D01/", {"subject": "お願い", "body": "入力を"}),
        ("entry/2025/close/", {}),
        ("entry/2025/correct/", {"reason": "訂正"}),
        ("reports/2025/issue/", {}),
        ("departments/", {}),
    ],
)
def test_every_page_refuses_an_ended_plan_with_its_state_and_the_remedy(planner, ended, path, data):
    answer = planner.post(f"/plans/mihon/{path}", data)

    assert answer.status_code == 403
    assert SENTENCE in words(main_of(answer))


@pytest.mark.parametrize("path", ["entry/2025/", "entry/2025/paste/", "entry/2025/reviews/"])
def test_script_is_told_the_same_in_plain_words(planner, ended, path):
    data = typed(P1_1={"value": "9", "version": "1"})
    answer = planner.post(f"/plans/mihon/{path}", data, headers={"HX-Request": "true"})

    assert (answer.status_code, answer.content.decode()) == (403, SENTENCE)


def test_file_of_actuals_is_neither_taken_nor_given(planner, ended):
    file = csv_bytes(["KPI番号", "年度", "実績値", "版"], ["P1-1", "2025", "9", "1"])

    assert SENTENCE in preview_actuals(planner, file).content.decode()
    assert SENTENCE in planner.get("/plans/mihon/entry/2025/actuals.csv").content.decode()


def record_one(plan, user):
    record_actual(kpi_of(plan), 2025, final(9), user=user, version=1)


def record_review(plan, user):
    record_project_review(plan.projects.get(), 2025, ReviewEntry("よい"), user=user, version=0)


ACTS = {
    "record": record_one,
    "review": record_review,
    "close": lambda plan, user: close_years_through(plan, 2025, user=user),
    "reopen": lambda plan, user: correct_from(plan, 2025, user=user, reason="訂正"),
    "deadline": lambda plan, user: set_deadline(plan, 2025, date(2026, 6, 30), user=user),
    "issue": lambda plan, user: issue_edition(plan, 2025, user=user),
    "assign": lambda plan, user: save_assignment(plan, {}, user=user),
}


@pytest.mark.parametrize("name", ACTS)
def test_every_function_that_writes_refuses_an_ended_plan(ended, kikaku, name):
    with pytest.raises((PermissionDenied, RecordingRefused)) as refused:
        ACTS[name](ended, kikaku)

    assert SENTENCE in str(refused.value)


@pytest.mark.parametrize("name", ["close", "reopen", "issue", "assign"])
def test_act_goes_by_the_state_that_stands_now(ended, kikaku, name):
    """Not by the one of the page that was opened before the plan ended."""
    seen_before = Strategy.objects.get()
    seen_before.state = PlanState.RUNNING

    with pytest.raises((PermissionDenied, RecordingRefused)) as refused:
        ACTS[name](seen_before, kikaku)
    assert SENTENCE in str(refused.value)


def test_figure_is_refused_by_the_state_that_stands_now_for_each_kpi(ended):
    seen_before = Strategy.objects.get()
    seen_before.state = PlanState.RUNNING

    with pytest.raises(RecordingRefused) as refused:
        refuse_year(seen_before, 2025, ["P1-1", "P1-2"])
    assert [(one.code, one.kind, one.message) for one in refused.value.refusals] == [
        ("P1-1", Kind.CLOSED, SENTENCE),
        ("P1-2", Kind.CLOSED, SENTENCE),
    ]


def test_reports_do_not_send_to_whoever_issues_those_of_a_running_plan(planner, ended):
    page = words(main_of(planner.get("/plans/mihon/reports/")))

    assert page.count("まだ発行していません。終了した計画の報告書は発行できません。") == len(
        ended.years
    )
    assert "発行するのは" not in page


def test_plan_taken_back_is_written_again(planner, ended, kikaku):
    plan = resume_plan(ended, user=kikaku, reason="訂正")
    correct_from(plan, 2025, user=kikaku, reason="訂正")
    record_one(plan, kikaku)

    assert YearlyActual.objects.get(kpi=kpi_of(plan), fiscal_year=2025).value == 9


# The admin


def rows_of(plan: Strategy) -> dict[str, object]:
    """A row of each model of a plan, by the admin's name of the model."""
    project = plan.projects.get()
    kpi = kpi_of(plan)
    return {
        "projects_strategy": plan,
        "projects_pillar": plan.pillars.get(),
        "projects_project": project,
        "projects_initiative": plan.initiatives.first(),
        "projects_initiativelisting": project.listings.first(),
        "projects_entrydeadline": plan.deadlines.get(),
        "kpis_kpi": kpi,
        "kpis_finaltarget": kpi.final_targets.get(),
        "kpis_yearlytarget": kpi.yearly_targets.get(),
    }


@pytest.fixture
@made_once
def rows(kikaku) -> dict[str, object]:
    """A row of each model of a plan that has ended."""
    plan = make_plan(kikaku)
    YearlyTarget.objects.create(kpi=kpi_of(plan), fiscal_year=2025, value=10)
    set_deadline(plan, 2025, date(2026, 6, 30), user=kikaku)
    for year in plan.years:
        close_years_through(plan, year, user=kikaku)
    end_plan(plan, user=kikaku)
    return rows_of(Strategy.objects.get())


def test_admin_only_shows_the_rows_of_an_ended_plan(planner, rows):
    for name, row in rows.items():
        at = reverse(f"admin:{name}_change", args=[row.pk])
        page = planner.get(at)
        assert SENTENCE in page.content.decode(), name
        assert 'name="_save"' not in page.content.decode(), name
        assert planner.post(at, {"name": "新"}).status_code == 403, name
        deletion = reverse(f"admin:{name}_delete", args=[row.pk])
        assert planner.post(deletion, {"post": "yes"}).status_code == 403, name


def test_admin_leads_to_no_entry_in_an_ended_plan(planner, rows):
    kpi = rows["kpis_kpi"]
    for name in ("kpi", "yearlyactual"):
        html = planner.get(reverse(f"admin:kpis_{name}_changelist")).content.decode()
        assert f"/kpis/{name}/" in html
        assert "/entry/2025/P1-1/" not in html
    page = planner.get(reverse("admin:kpis_kpi_change", args=[kpi.pk])).content.decode()
    assert "/entry/2025/P1-1/" not in page


def test_models_refuse_the_rows_of_an_ended_plan_too(rows):
    for name, row in rows.items():
        with pytest.raises(ValidationError) as refused:
            row.full_clean()
        assert SENTENCE in refused.value.messages, name
        with pytest.raises(ValidationError) as refused:
            row.delete()
        # A closed year may be what a rule of its own says first.
        assert refused.value.messages == [SENTENCE] or "締め済み" in refused.value.messages[0], name
        assert type(row).objects.filter(pk=row.pk).exists(), name


def test_admin_adds_no_row_to_an_ended_plan(planner, ended):
    plan, project = ended.pk, ended.projects.get().pk
    wanted = {
        "projects_pillar": {"strategy": plan, "number": 9, "name": "新"},
        "projects_project": {"strategy": plan, "pillar": ended.pillars.get().pk, "code": "P9",
                             "kind": "core", "name": "新", "position": 9},
        "projects_initiative": {"strategy": plan, "name": "新", "home_project": project},
        "projects_entrydeadline": {"strategy": plan, "fiscal_year": 2025, "due_on": "2026-06-30"},
        "projects_fiscalyearclosing": {"strategy": plan, "fiscal_year": 2025},
        "kpis_kpi": {"project": project, "number": 9, "name": "新", "unit": "件"},
    }  # fmt: skip
    for name, fields in wanted.items():
        at = reverse(f"admin:{name}_add")
        page = planner.post(at, shown(planner, at) | fields)
        assert "候補から選んでください。終了した計画には加えられません。" in errors_of(page), name
    # Targets are added by an act alone.
    for name in ("kpis_finaltarget", "kpis_yearlytarget"):
        assert planner.get(reverse(f"admin:{name}_add")).status_code == 403, name


def test_plan_with_a_closed_year_is_not_deleted_and_says_why(planner, strategy, kikaku):
    close_years_through(strategy, 2024, user=kikaku)
    answer = planner.post(
        reverse("admin:projects_strategy_delete", args=[strategy.pk]), {"post": "yes"}
    )

    (said,) = messages_of(answer)
    assert said == (
        "削除していません。「見本市総合戦略」には締め済みの年度があるため、削除できません。"
        "使い終えた計画は、「計画の一覧」で終了にしてください。"
    )
    assert Strategy.objects.filter(pk=strategy.pk).exists()


def test_main_plan_is_not_deleted_while_another_is_running(strategy):
    make_strategy(code="next", name="次の計画", is_current=False)

    with pytest.raises(ValidationError) as refused:
        strategy.delete()
    assert refused.value.message == (
        "「見本市総合戦略」は主たる計画です。"
        "先に、ほかの実施中の計画（「次の計画」）を主たる計画にしてください。"
    )
    Strategy.objects.get(code="next").delete()
    strategy.delete()
    assert not Strategy.objects.exists()


# A plan in preparation


@pytest.mark.parametrize(
    ("path", "act"),
    [
        ("entry/2025/close/", "年度の締め"),
        ("entry/2025/correct/", "年度の締め"),
        ("entry/2025/reminders/D01/", "入力のお願い"),
        ("reports/2025/issue/", "報告書の発行"),
    ],
)
def test_what_waits_for_a_running_plan_is_said_so(planner, preparing, path, act):
    answer = planner.post(f"/plans/mihon/{path}", {"reason": "訂正"})

    assert answer.status_code == 403
    assert f"準備中の計画では、{act}はできません。{NOT_YET}" in words(main_of(answer))


def test_planner_enters_what_is_known_before_a_plan_begins(planner, preparing):
    data = typed(P1_1={"value": "9", "version": "1"})

    assert planner.post("/plans/mihon/entry/2025/", data).status_code == 302
    assert YearlyActual.objects.get(kpi=kpi_of(preparing), fiscal_year=2025).value == 9


# No page offers what the state forbids


@pytest.mark.asked_once
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("state", "user"),
    [("ended", "kikaku"), ("ended", "tantou"), ("ended", "kanri"), ("preparing", "kikaku")],
)
def test_pages_offer_nothing_that_the_state_forbids(request, client, state, user):
    """Every link of every page leads somewhere; an ended plan has no form but for what follows."""
    request.getfixturevalue(state)
    client.force_login(request.getfixturevalue(user))
    links, forms = {}, []
    for path in (example(one) for one in patterns() if one.startswith(PLAN)):
        answer = client.get(path)
        if answer.status_code == 200 and not answer.streaming and b"<main" in answer.content:
            main = main_of(answer)
            forms += [path for _form in re.findall(r'<form[^>]*method="post"', main)]
            for link in re.findall(r'href="(/plans/mihon/[^"#?]*)', main):
                links.setdefault(resolve(link).url_name, link)
    refused = {name: link for name, link in links.items() if client.get(link).status_code == 403}

    assert {"entry", "initiative", "kpi", "project", "report"} <= set(links)
    assert refused == {}
    follows = [reverse("next_plan", args=["mihon"])] if user == "kikaku" else []
    assert state != "ended" or forms == follows
