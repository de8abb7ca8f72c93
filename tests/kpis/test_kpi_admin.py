"""A KPI with its targets in the admin: what its formula or a closed year can't bear is refused."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from kpis.models import FinalTarget, Formula, Kpi, YearlyTarget
from kpis.recording import close_years_through
from projects.models import InitiativeListing
from tests.admin_forms import add_row, delete_row, errors_of, messages_of, shown
from tests.factories import make_kpi, make_project, make_strategy, record


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


def test_kpi_is_added_with_its_targets(planner, project):
    data = new_kpi(
        planner, project, decimal_places=1, baseline="１，２３４．５", baseline_year="R5"
    )
    add_row(data, "final_targets", effective_from="令和6年度", value="2,000", reason="")
    add_row(data, "yearly_targets", fiscal_year="2025", value="1500.5")

    planner.post(url("kpi_add"), data)

    kpi = Kpi.objects.get()
    assert (kpi.baseline, kpi.baseline_year) == (Decimal("1234.5"), 2023)
    assert list(kpi.final_targets.values_list("effective_from", "value")) == [(2024, 2000)]
    assert list(kpi.yearly_targets.values_list("fiscal_year", "value")) == [
        (2025, Decimal("1500.5"))
    ]
    assert kpi.history.get().history_user.username == "kikaku"


def test_figures_are_shown_without_idle_decimals(planner, kpi):
    assert shown(planner, url("kpi_change", kpi.pk))["final_targets-0-value"] == "50"


def test_empty_form_with_a_target_is_refused_and_does_not_break(planner, project):
    data = shown(planner, url("kpi_add"))
    add_row(data, "final_targets", effective_from="2024", value="50", reason="")

    page = planner.post(url("kpi_add"), data)

    assert page.status_code == 200
    assert "このフィールドは必須です。" in errors_of(page)


@pytest.mark.parametrize(
    ("kpi_fields", "target", "sentence"),
    [
        ({}, "0", "算式「実績÷目標」では、目標値を0より大きくしてください。"),
        (
            {"formula": "from_baseline", "baseline": "60"},
            "50",
            "算式「基準値からの伸び」では、目標値を基準値より大きくしてください。",
        ),
        (
            {"aggregation": "cumulative", "formula": "deviation"},
            "50",
            "累計の指標は「以上を目指す」と「実績÷目標」だけです。",
        ),
        ({"formula": "from_baseline"}, "50", "基準値が要ります。"),
        ({}, "50.5", "最終目標値は整数で入力してください。"),
        ({}, "五十", "「五十」を数字として読み取れません。"),
    ],
)
def test_target_that_the_formula_cannot_bear_is_refused(
    planner, project, kpi_fields, target, sentence
):
    data = new_kpi(planner, project, **kpi_fields)
    add_row(data, "final_targets", effective_from="2024", value=target, reason="")

    page = planner.post(url("kpi_add"), data)

    assert sentence in errors_of(page)
    assert not Kpi.objects.exists()


def test_formula_that_a_standing_target_cannot_bear_is_refused(planner, kpi):
    at = url("kpi_change", kpi.pk)

    page = planner.post(at, shown(planner, at) | {"formula": "from_baseline", "baseline": "50"})

    assert "目標値を基準値より大きくしてください。" in errors_of(page)
    kpi.refresh_from_db()
    assert kpi.formula == Formula.RATIO


def test_formula_is_judged_by_targets_that_the_user_only_reads(client, tantou, kpi):
    tantou.is_staff = True
    tantou.save()
    may = ["view_kpi", "change_kpi", "view_finaltarget"]
    tantou.groups.clear()
    tantou.user_permissions.set(Permission.objects.filter(codename__in=may))
    client.force_login(tantou)
    at = url("kpi_change", kpi.pk)

    page = client.post(at, shown(client, at) | {"formula": "from_baseline", "baseline": "50"})

    assert "目標値を基準値より大きくしてください。" in errors_of(page)


def test_formula_and_target_change_together(planner, kpi):
    at = url("kpi_change", kpi.pk)
    data = shown(planner, at) | {"formula": "from_baseline", "baseline": "50"}

    planner.post(at, data | {"final_targets-0-value": "80"})

    kpi.refresh_from_db()
    assert (kpi.formula, kpi.final_targets.get().value) == (Formula.FROM_BASELINE, 80)


def test_way_of_measuring_is_fixed_once_an_actual_exists(planner, kikaku, kpi):
    record(kpi, {2024: 9}, kikaku)
    at = url("kpi_change", kpi.pk)

    page = planner.post(
        at, shown(planner, at) | {"formula": "deviation", "aggregation": "cumulative"}
    )

    assert "実績が入力されているため、達成率の算式は変えられません。" in errors_of(page)
    assert "実績が入力されているため、集計方法は変えられません。" in errors_of(page)


def test_revision_needs_its_reason(planner, kpi):
    at = url("kpi_change", kpi.pk)
    data = shown(planner, at)
    add_row(data, "final_targets", effective_from="2026", value="80", reason="")

    page = planner.post(at, data)

    assert "目標を改めた理由を書いてください" in errors_of(page)
    assert kpi.final_targets.count() == 1


def test_revision_entered_with_a_new_kpi_needs_its_reason_too(planner, project):
    data = new_kpi(planner, project)
    add_row(data, "final_targets", effective_from="2026", value="80", reason="")
    add_row(data, "final_targets", effective_from="2024", value="50", reason="")

    page = planner.post(url("kpi_add"), data)

    assert "目標を改めた理由を書いてください" in errors_of(page)


def test_yearly_target_of_the_last_year_is_refused(planner, kpi):
    at = url("kpi_change", kpi.pk)
    data = shown(planner, at)
    add_row(data, "yearly_targets", fiscal_year="2028", value="50")

    page = planner.post(at, data)

    assert "最終年度（令和10年度）の目安は最終目標値です。" in errors_of(page)


@pytest.fixture
def closed(kpi, strategy, kikaku):
    """FY2024, closed with a target of 50 and a yearly target of 10."""
    YearlyTarget.objects.create(kpi=kpi, fiscal_year=2024, value=10)
    close_years_through(strategy, 2024, user=kikaku)
    return strategy


@pytest.mark.usefixtures("closed")
@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        (
            {"final_targets-0-value": "60"},
            "令和6年度は締め済みのため、最終目標値は変えられません。",
        ),
        (
            {"final_targets-0-DELETE": "on"},
            "令和6年度は締め済みのため、最終目標値は変えられません。",
        ),
        ({"yearly_targets-0-value": "11"}, "令和6年度は締め済みのため、年度目安は変えられません。"),
        (
            {"yearly_targets-0-DELETE": "on"},
            "令和6年度は締め済みのため、年度目安は変えられません。",
        ),
        ({"baseline": "1"}, "令和6年度は締め済みのため、基準値は変えられません。"),
    ],
)
def test_closed_year_keeps_what_it_was_measured_against(planner, kpi, changed, sentence):
    at = url("kpi_change", kpi.pk)

    page = planner.post(at, shown(planner, at) | changed)

    assert sentence in errors_of(page)
    assert kpi.final_targets.get().value == 50
    assert kpi.yearly_targets.get().value == 10


@pytest.mark.usefixtures("closed")
def test_revision_from_an_open_year_is_taken_after_a_closing(planner, kpi):
    at = url("kpi_change", kpi.pk)
    data = shown(planner, at)
    add_row(data, "final_targets", effective_from="2025", value="80", reason="制度の変更")

    planner.post(at, data)

    assert sorted(kpi.final_targets.values_list("effective_from", "value")) == [
        (2024, 50),
        (2025, 80),
    ]


@pytest.mark.usefixtures("closed")
def test_replacing_the_target_of_a_closed_year_in_one_save_is_refused(planner, kpi):
    at = url("kpi_change", kpi.pk)
    data = shown(planner, at)
    delete_row(data, "final_targets", "value", "50")
    add_row(data, "final_targets", effective_from="2025", value="80", reason="制度の変更")

    page = planner.post(at, data)

    assert "令和6年度は締め済みのため、最終目標値は変えられません。" in errors_of(page)
    assert kpi.final_targets.get().value == 50


@pytest.mark.usefixtures("closed")
@pytest.mark.parametrize(
    ("name", "model"), [("finaltarget", FinalTarget), ("yearlytarget", YearlyTarget)]
)
def test_deleting_a_closed_years_target_is_refused_in_words(planner, kpi, name, model):
    row = model.objects.get(kpi=kpi)

    alone = planner.post(url(f"{name}_delete", row.pk), {"post": "yes"}, follow=True)
    together = planner.post(
        url(f"{name}_changelist"),
        {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"},
        follow=True,
    )

    assert "令和6年度は締め済みのため" in messages_of(alone)[0]
    assert "1件も削除していません。" in messages_of(together)[0]
    assert model.objects.filter(pk=row.pk).exists()


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


def test_year_twice_among_a_kpis_targets_is_refused(planner, kpi):
    at = url("kpi_change", kpi.pk)
    data = shown(planner, at)
    add_row(data, "final_targets", effective_from="R6", value="60", reason="x")
    add_row(data, "yearly_targets", fiscal_year="2025", value="10")
    add_row(data, "yearly_targets", fiscal_year="令和7年度", value="20")

    page = planner.post(at, data)

    assert "適用する最初の年度が同じ行が2つ以上あります。" in errors_of(page)
    assert "年度が同じ行が2つ以上あります。" in errors_of(page)
    assert (kpi.final_targets.count(), kpi.yearly_targets.count()) == (1, 0)


def test_target_in_the_list_keeps_its_kpi_and_its_year_to_itself(planner, project, kpi):
    other = make_kpi(project, 2)
    later = FinalTarget.objects.create(kpi=kpi, effective_from=2026, value=80, reason="x")
    at = url("finaltarget_change", later.pk)

    page = planner.post(at, shown(planner, at) | {"effective_from": "令和6年度", "kpi": other.pk})

    assert "この年度から適用する最終目標値はすでにあります。" in errors_of(page)
    later.refresh_from_db()
    assert (later.kpi, later.effective_from) == (kpi, 2026)


def test_second_kpi_of_a_number_is_refused(planner, project, kpi):
    page = planner.post(url("kpi_add"), new_kpi(planner, project))

    assert "この番号の指標は、このプロジェクトにすでにあります。" in errors_of(page)


def test_deleted_row_that_is_half_filled_in_lets_nothing_through(planner, kpi):
    at = url("kpi_change", kpi.pk)
    data = shown(planner, at)
    add_row(data, "final_targets", effective_from="2026", value="80", reason="")
    add_row(data, "final_targets", effective_from="", value="x", reason="", DELETE="on")

    page = planner.post(at, data)

    assert "目標を改めた理由を書いてください" in errors_of(page)
    assert kpi.final_targets.count() == 1


@pytest.mark.parametrize("name", ["finaltarget", "yearlytarget"])
def test_target_without_a_kpi_is_refused_in_words(planner, kpi, name):
    page = planner.post(
        url(f"{name}_add"), {"effective_from": "2024", "fiscal_year": "2025", "value": "5"}
    )

    assert "このフィールドは必須です。" in errors_of(page)
