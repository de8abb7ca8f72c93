"""A KPI with its targets in the admin: what its formula or a closed year can't bear is refused."""

from decimal import Decimal

import pytest
from django.urls import reverse

from kpis.models import FinalTarget, Formula, Kpi, YearlyTarget
from kpis.recording import close_years_through
from projects.models import InitiativeListing
from tests.admin_forms import errors_of, shown
from tests.factories import make_project, make_strategy, record


def url(name, *args):
    return reverse(f"admin:kpis_{name}", args=args)


def new_kpi(planner, project, **fields):
    data = shown(planner, url("kpi_add")) | {
        "project": project.pk,
        "number": 1,
        "name": "新しい指標",
        "unit": "件",
    }
    return data | fields


def test_kpi_is_added_and_leads_to_its_targets(planner, project):
    data = new_kpi(
        planner, project, decimal_places=1, baseline="１，２３４．５", baseline_year="R5"
    )

    planner.post(url("kpi_add"), data)

    kpi = Kpi.objects.get()
    assert (kpi.baseline, kpi.baseline_year) == (Decimal("1234.5"), 2023)
    assert kpi.history.get().history_user.username == "kikaku"
    page = planner.get(url("kpi_change", kpi.pk)).content.decode()
    assert '<a href="/plans/mihon/changes/targets/P1-1/">目標を見直す</a>' in page


def test_empty_form_is_refused_and_does_not_break(planner, project):
    page = planner.post(url("kpi_add"), shown(planner, url("kpi_add")))

    assert page.status_code == 200
    assert "このフィールドは必須です。" in errors_of(page)


@pytest.mark.parametrize(
    ("kpi_fields", "sentence"),
    [
        (
            {"aggregation": "cumulative", "formula": "deviation"},
            "累計の指標は「以上を目指す」と「実績÷目標」だけです。",
        ),
        ({"formula": "from_baseline"}, "基準値が要ります。"),
    ],
)
def test_kpi_whose_settings_do_not_fit_is_refused(planner, project, kpi_fields, sentence):
    page = planner.post(url("kpi_add"), new_kpi(planner, project, **kpi_fields))

    assert sentence in errors_of(page)
    assert not Kpi.objects.exists()


def test_targets_are_shown_and_not_changed(planner, kpi):
    YearlyTarget.objects.create(kpi=kpi, fiscal_year=2025, value=20)
    at = url("kpi_change", kpi.pk)
    data = shown(planner, at) | {
        "final_targets-TOTAL_FORMS": 1, "final_targets-INITIAL_FORMS": 1,
        "final_targets-0-id": kpi.final_targets.get().pk, "final_targets-0-kpi": kpi.pk,
        "final_targets-0-value": "60", "yearly_targets-TOTAL_FORMS": 0,
        "yearly_targets-INITIAL_FORMS": 0,
    }  # fmt: skip

    page = planner.get(at).content.decode()
    planner.post(at, data)

    assert "50件以上" in page
    assert "20件" in page
    assert (kpi.final_targets.get().value, kpi.yearly_targets.get().value) == (50, 20)


@pytest.mark.parametrize(
    ("name", "model"), [("finaltarget", FinalTarget), ("yearlytarget", YearlyTarget)]
)
def test_lists_of_targets_are_to_read_and_lead_to_the_screen(planner, kpi, name, model):
    YearlyTarget.objects.create(kpi=kpi, fiscal_year=2025, value=20)
    row = model.objects.get()
    chosen = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}

    assert planner.get(url(f"{name}_add")).status_code == 403
    assert planner.post(url(f"{name}_change", row.pk), {"value": "60"}).status_code == 403
    assert planner.post(url(f"{name}_delete", row.pk), {"post": "yes"}).status_code == 403
    planner.post(url(f"{name}_changelist"), chosen)

    assert model.objects.get() == row
    page = planner.get(url(f"{name}_change", row.pk)).content.decode()
    assert '<a href="/plans/mihon/changes/targets/P1-1/">目標を見直す</a>' in page


def test_formula_that_a_standing_target_cannot_bear_is_refused(planner, kpi):
    at = url("kpi_change", kpi.pk)

    page = planner.post(at, shown(planner, at) | {"formula": "from_baseline", "baseline": "50"})

    assert "目標値を基準値より大きくしてください。" in errors_of(page)
    kpi.refresh_from_db()
    assert kpi.formula == Formula.RATIO


@pytest.mark.usefixtures("closed")
def test_closed_year_keeps_the_baseline_it_was_measured_against(planner, kpi):
    at = url("kpi_change", kpi.pk)

    page = planner.post(at, shown(planner, at) | {"baseline": "1"})

    assert "令和6年度は締め済みのため、基準値は変えられません。" in errors_of(page)


@pytest.mark.usefixtures("closed")
@pytest.mark.parametrize(
    ("field", "value", "label"),
    [
        ("unit", "人", "単位"),
        ("aggregation", "cumulative", "集計方法"),
        ("formula", "deviation", "達成率の算式"),
        ("direction", "decrease", "目指す方向"),
    ],
)
def test_way_of_measuring_is_fixed_once_a_year_is_closed(planner, kpi, field, value, label):
    at = url("kpi_change", kpi.pk)

    page = planner.post(at, shown(planner, at) | {field: value})

    assert (
        f"令和6年度が締め済みのため、{label}は変えられません。新しい指標として登録してください。"
        in errors_of(page)
    )


@pytest.mark.usefixtures("closed")
def test_decimals_grow_and_do_not_fall_once_a_year_is_closed(planner, kpi):
    at = url("kpi_change", kpi.pk)
    planner.post(at, shown(planner, at) | {"decimal_places": 1})
    kpi.refresh_from_db()
    assert kpi.decimal_places == 1

    page = planner.post(at, shown(planner, at) | {"decimal_places": 0})

    assert "令和6年度は締め済みのため、小数桁数は減らせません。" in errors_of(page)


def test_way_of_measuring_is_fixed_once_an_actual_exists(planner, kikaku, kpi):
    record(kpi, {2024: 9}, kikaku)
    at = url("kpi_change", kpi.pk)

    page = planner.post(
        at, shown(planner, at) | {"formula": "deviation", "aggregation": "cumulative"}
    )

    assert "実績が入力されているため、達成率の算式は変えられません。" in errors_of(page)
    assert "実績が入力されているため、集計方法は変えられません。" in errors_of(page)


@pytest.fixture
def closed(kpi, strategy, kikaku):
    """FY2024, closed with a target of 50 and a yearly target of 10."""
    YearlyTarget.objects.create(kpi=kpi, fiscal_year=2024, value=10)
    close_years_through(strategy, 2024, user=kikaku)
    return strategy


def test_kpi_with_actuals_is_not_deleted_nor_moved_to_another_plan(planner, kikaku, kpi):
    record(kpi, {2024: 9}, kikaku)
    elsewhere = make_project(make_strategy(code="next", is_current=False))
    at = url("kpi_change", kpi.pk)

    planner.post(url("kpi_delete", kpi.pk), {"post": "yes"})
    page = planner.post(at, shown(planner, at) | {"project": elsewhere.pk})

    assert "別の計画のプロジェクトです。同じ計画のものから選んでください。" in errors_of(page)
    assert Kpi.objects.get().project != elsewhere


def test_kpi_page_leads_to_its_page_and_to_the_entry_of_each_year(planner, kpi):
    page = planner.get(url("kpi_change", kpi.pk)).content.decode()

    assert 'href="/plans/mihon/kpis/P1-1/"' in page
    assert '<a href="/plans/mihon/entry/2026/P1-1/">令和8年度</a>' in page


def test_project_page_lists_its_kpis(planner, kpi):
    page = planner.get(reverse("admin:projects_project_change", args=[kpi.project_id]))

    assert "支援件数" in page.content.decode()
    assert url("kpi_change", kpi.pk) in page.content.decode()


def test_project_is_saved_though_its_kpis_are_only_shown(planner, kpi):
    at = reverse("admin:projects_project_change", args=[kpi.project_id])

    page = planner.post(at, shown(planner, at) | {"name": "改めた名称"})

    assert errors_of(page) == ""
    assert Kpi.objects.get().project.name == "改めた名称"
    assert InitiativeListing.objects.count() == 0


def test_second_kpi_of_a_number_is_refused(planner, project, kpi):
    page = planner.post(url("kpi_add"), new_kpi(planner, project))

    assert "この番号の指標は、このプロジェクトにすでにあります。" in errors_of(page)
