"""The list of KPIs in the admin, actuals that are only read there, and closings."""

from datetime import date

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from kpis.models import ActualState, YearlyActual
from kpis.recording import ActualEntry, close_years_through
from projects.models import FiscalYearClosing, Strategy
from tests.admin_forms import errors_of, inline_code
from tests.factories import (
    final,
    make_department,
    make_kpi,
    make_project,
    make_strategy,
    record,
)
from tests.rated_otherwise import rate_otherwise


def url(name, *args):
    return reverse(f"admin:kpis_{name}", args=args)


def cells(page):
    """{"P1-1": {"actual": "9", …}} from the list of KPIs, as a person reads it."""
    admin = page.context["cl"].model_admin
    names = ("final_target", "actual", "achievement", "progress", "rating")
    return {
        row.code: {name: getattr(admin, name)(row) for name in names}
        for row in page.context["cl"].result_list
    }


def test_list_shows_the_figures_of_the_opening_year(planner, kikaku, kpi, project):
    unknown = make_kpi(project, 2)
    total = make_kpi(project, 3, aggregation="cumulative")
    record(kpi, {2024: 40, 2025: 45}, kikaku)
    record(total, {2024: 12, 2025: 9}, kikaku)

    page = planner.get(url("kpi_changelist"))

    assert "重要業績評価指標（令和7年度の実績と評価）" in page.content.decode()
    assert cells(page) == {
        "P1-1": {
            "final_target": "50",
            "actual": "45",
            "achievement": "90.0%",
            "progress": "90.0%",
            "rating": "B 概ね順調",
        },
        "P1-2": {
            "final_target": "50",
            "actual": "－（未入力）",
            "achievement": "－",
            "progress": "－",
            "rating": "－（未入力）",
        },
        "P1-3": {
            "final_target": "50",
            "actual": "9（21）",
            "achievement": "42.0%",
            "progress": "105.0%",
            "rating": "A 順調",
        },
    }
    assert unknown.code in page.content.decode()


def test_list_shows_the_year_asked_for_and_links_to_its_entry(planner, kikaku, kpi):
    record(kpi, {2024: 40, 2025: 45}, kikaku)

    page = planner.get(url("kpi_changelist"), {"fy": "2024"})

    assert cells(page)["P1-1"]["actual"] == "40"
    assert '<a href="/plans/mihon/entry/2024/P1-1/">入力</a>' in page.content.decode()
    assert '<a href="/plans/mihon/kpis/P1-1/">指標</a>' in page.content.decode()


def test_list_asks_as_often_for_30_kpis_as_for_3(
    planner, kikaku, project, django_assert_num_queries, django_assert_max_num_queries
):
    for number in range(1, 4):
        record(make_kpi(project, number), {2024: number}, kikaku)
    planner.get(url("kpi_changelist"))
    with django_assert_max_num_queries(20) as few:
        planner.get(url("kpi_changelist"))
    for number in range(4, 31):
        record(make_kpi(project, number), {2024: number}, kikaku)

    with django_assert_num_queries(len(few)):
        page = planner.get(url("kpi_changelist"))

    assert len(cells(page)) == 30


@pytest.mark.parametrize("typed", ["P1-2", "ｐ１-２", "支援"])
def test_search_takes_a_code_or_a_name(planner, project, kpi, typed):
    make_kpi(project, 2, name="支援企業数" if typed == "支援" else "別の指標")

    found = [
        row.code
        for row in planner.get(url("kpi_changelist"), {"q": typed}).context["cl"].result_list
    ]

    assert found == (["P1-1", "P1-2"] if typed == "支援" else ["P1-2"])


def test_filters_find_what_a_planner_looks_for(planner, project, kpi):
    department = make_department("D01")
    odd = make_kpi(project, 2, note="要確認：「のべ」の読み方", department=department)

    for query in (
        {"note": "unconfirmed"},
        {"department__id__exact": department.pk},
    ):
        page = planner.get(url("kpi_changelist"), query)
        assert [row.pk for row in page.context["cl"].result_list] == [odd.pk]


def test_kpi_of_another_plan_is_rated_in_its_own_year(planner, kikaku, kpi):
    record(kpi, {2025: 45}, kikaku)
    former = make_strategy(code="former", first_year=2019, last_year=2023, is_current=False)
    make_kpi(make_project(former), 1)

    page = planner.get(url("kpi_changelist"), {"plan": "all"})

    assert sorted(row.assessment.fiscal_year for row in page.context["cl"].result_list) == [
        2019,
        2025,
    ]
    assert "重要業績評価指標（各計画の最新の年度の実績と評価）" in page.content.decode()


def test_manager_reads_the_list_and_changes_nothing(manager, kanri, kpi):
    kanri.is_staff = True
    kanri.save()

    page = manager.get(url("kpi_change", kpi.pk))
    answer = manager.post(url("kpi_change", kpi.pk), {"name": "別名"})

    assert "支援件数" in page.content.decode()
    assert answer.status_code == 403


@pytest.fixture
def superuser(client, db):
    client.force_login(User.objects.create_superuser("root", password="only-for-tests-2024"))
    return client


def test_actuals_are_read_only_even_for_a_superuser(superuser, kikaku, kpi):
    record(kpi, {2024: 9}, kikaku)
    actual = YearlyActual.objects.get()
    past = actual.history.get()

    answers = [
        superuser.get(url("yearlyactual_add")),
        superuser.post(url("yearlyactual_add"), {"kpi": kpi.pk, "fiscal_year": 2025}),
        superuser.post(
            url("yearlyactual_change", actual.pk), {"value": "10", "decided_place": "1"}
        ),
        superuser.post(url("yearlyactual_delete", actual.pk), {"post": "yes"}),
        superuser.post(url("yearlyactual_simple_history", actual.pk, past.pk), {"value": "10"}),
    ]

    assert [answer.status_code for answer in answers] == [403] * 5
    saved = YearlyActual.objects.get()
    assert (saved.value, saved.decided_place) == (9, None)
    listed = superuser.get(url("yearlyactual_changelist"))
    assert listed.context["cl"].model_admin.get_actions(listed.wsgi_request) == {}


def test_actuals_show_state_value_and_the_way_to_the_entry_page(planner, kikaku, kpi):
    pending = ActualEntry(ActualState.PENDING, expected_on=date(2026, 8, 20))
    record(kpi, {2024: 1234, 2025: pending}, kikaku)

    page = planner.get(url("yearlyactual_changelist")).content.decode()

    assert "1,234件" in page
    assert "集計中" in page
    assert '<a href="/plans/mihon/entry/2025/P1-1/">入力のページ</a>' in page


def test_actuals_show_what_was_proposed_and_decided_in_words(planner, kikaku, kpi):
    rate_otherwise(kpi.project.strategy, "by people")
    judged = {"proposed_place": 2, "proposal_reason": "見込みどおり", "decided_place": 2}
    record(kpi, {2025: final(9, **judged)}, kikaku)
    YearlyActual.objects.update(decided_place=9)

    page = planner.get(url("yearlyactual_change", YearlyActual.objects.get().pk)).content.decode()

    assert "A 期待どおり" in page
    assert "上から9番目の評価区分" in page


def test_past_actual_is_shown_as_it_was(planner, kikaku, kpi):
    record(kpi, {2024: 9}, kikaku)
    actual = YearlyActual.objects.get()
    past = actual.history.get()

    page = planner.get(url("yearlyactual_simple_history", actual.pk, past.pk))

    assert "9件" in page.content.decode()
    assert inline_code(page) == []


def closing_url(name, *args):
    return reverse(f"admin:projects_fiscalyearclosing_{name}", args=args)


def test_year_is_closed_through_the_one_function_that_closes(planner, kikaku, strategy):
    planner.post(closing_url("add"), {"strategy": strategy.pk, "fiscal_year": "令和6年度"})

    closing = FiscalYearClosing.objects.get()
    assert (closing.fiscal_year, closing.closed_by) == (2024, kikaku)
    assert closing.history.get().history_user == kikaku


@pytest.mark.parametrize(
    ("year", "sentence"),
    [
        ("2023", "2023年度は計画期間（令和6年度から令和10年度まで）の外です。"),
        ("2024", "この年度はすでに締めてあります。"),
        ("2026", "先に令和7年度を締めてください。"),
        ("来年", "年度「来年」を読み取れません。"),
    ],
)
def test_year_that_cannot_be_closed_is_refused(planner, kikaku, strategy, year, sentence):
    close_years_through(strategy, 2024, user=kikaku)

    page = planner.post(closing_url("add"), {"strategy": strategy.pk, "fiscal_year": year})

    assert sentence in errors_of(page)
    assert FiscalYearClosing.objects.count() == 1


def test_closing_is_neither_changed_nor_deleted_here(planner, kikaku, strategy):
    (closing,) = close_years_through(strategy, 2024, user=kikaku)

    page = planner.get(closing_url("change", closing.pk))
    changed = planner.post(closing_url("change", closing.pk), {"fiscal_year": "2025"})
    deleted = planner.post(closing_url("delete", closing.pk), {"post": "yes"})

    assert "令和6年度の締め" in page.content.decode()
    assert (changed.status_code, deleted.status_code) == (403, 403)
    assert FiscalYearClosing.objects.get().fiscal_year == 2024


def test_who_may_not_close_a_year_does_not_get_the_form(editor, tantou, strategy):
    tantou.is_staff = True
    tantou.save()

    assert editor.get(closing_url("add")).status_code == 403
    assert Strategy.objects.get().closings.count() == 0
