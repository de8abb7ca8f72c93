"""年度目安 never pass the final target in force for their year, by any door."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.urls import reverse

from kpis.models import FinalTarget, YearlyTarget
from kpis.plan_check import check_kpis
from kpis.recording import close_years_through
from tests.admin_forms import add_row, delete_row, errors_of, messages_of, shown
from tests.factories import make_kpi
from tests.kpi_files import csv_file, preview, problems

REMEDY = "年度目安を直すか消すか、最終目標値を改めてください。"
PASSED = f"年度目安が最終目標値を超えています：令和8年度の100（最終目標値80）。{REMEDY}"


@pytest.fixture
def kpi(project):
    """100 by the plan's end, 75 by FY2025 and 100 already by FY2026."""
    kpi = make_kpi(project, target=100)
    for year, value in ((2025, 75), (2026, 100)):
        YearlyTarget.objects.create(kpi=kpi, fiscal_year=year, value=value)
    return kpi


def refused(row) -> list[str]:
    with pytest.raises(ValidationError) as caught:
        row.full_clean()
    return caught.value.messages


def page_of(kpi) -> str:
    return reverse("admin:kpis_kpi_change", args=[kpi.pk])


def test_lowered_final_target_names_the_yearly_targets_beyond_it(kpi):
    target = kpi.final_targets.get()
    target.value = Decimal(80)

    assert refused(target) == [PASSED]


def test_every_yearly_target_beyond_is_named(kpi):
    target = kpi.final_targets.get()
    target.value = Decimal(70)

    assert refused(target) == [
        (
            "年度目安が最終目標値を超えています：令和7年度の75（最終目標値70）、"
            f"令和8年度の100（最終目標値70）。{REMEDY}"
        )
    ]


def test_revision_is_held_against_the_years_from_which_it_holds(kpi):
    FinalTarget(kpi=kpi, effective_from=2027, value=80, reason="改定").full_clean()

    assert refused(FinalTarget(kpi=kpi, effective_from=2026, value=80, reason="改定")) == [PASSED]


def test_revision_that_yearly_targets_rest_on_is_not_deleted(kpi):
    FinalTarget.objects.create(kpi=kpi, effective_from=2025, value=150, reason="改定")
    YearlyTarget.objects.create(kpi=kpi, fiscal_year=2027, value=120)

    with pytest.raises(ValidationError, match="令和9年度の120（最終目標値100）"):
        kpi.final_targets.get(effective_from=2025).delete()
    kpi.yearly_targets.get(fiscal_year=2027).delete()
    kpi.final_targets.get(effective_from=2025).delete()


@pytest.mark.parametrize("aggregation", ["annual", "cumulative"])
def test_yearly_target_beyond_the_final_one_is_refused(project, aggregation):
    kpi = make_kpi(project, target=80, aggregation=aggregation)

    YearlyTarget(kpi=kpi, fiscal_year=2025, value=80).full_clean()
    assert refused(YearlyTarget(kpi=kpi, fiscal_year=2026, value=100)) == [PASSED]


def test_lower_is_beyond_where_less_is_better(project):
    kpi = make_kpi(project, target=40, direction="decrease")

    YearlyTarget(kpi=kpi, fiscal_year=2025, value=60).full_clean()
    assert refused(YearlyTarget(kpi=kpi, fiscal_year=2025, value=30)) == [
        f"年度目安が最終目標値を下回っています：令和7年度の30（最終目標値40）。{REMEDY}"
    ]


def test_direction_that_turns_yearly_targets_beyond_the_final_one_is_refused(kpi):
    kpi.direction = "decrease"

    assert refused(kpi) == [
        f"年度目安が最終目標値を下回っています：令和7年度の75（最終目標値100）。{REMEDY}"
    ]


def test_page_refuses_a_final_target_lowered_below_a_yearly_one(planner, kpi):
    at = page_of(kpi)

    page = planner.post(at, shown(planner, at) | {"final_targets-0-value": "80"})

    assert PASSED in errors_of(page)
    assert kpi.final_targets.get().value == 100


def test_page_takes_both_kinds_changed_together(planner, kpi):
    at = page_of(kpi)

    page = planner.post(
        at, shown(planner, at) | {"final_targets-0-value": "80", "yearly_targets-1-value": "78"}
    )

    assert errors_of(page) == ""
    assert kpi.final_targets.get().value == 80
    assert list(kpi.yearly_targets.values_list("value", flat=True)) == [75, 78]


def test_page_takes_a_revision_away_with_the_yearly_target_that_rests_on_it(planner, kpi):
    FinalTarget.objects.create(kpi=kpi, effective_from=2025, value=150, reason="改定")
    YearlyTarget.objects.create(kpi=kpi, fiscal_year=2027, value=120)
    at = page_of(kpi)
    data = shown(planner, at)
    delete_row(data, "final_targets", "value", "150")

    assert "令和9年度の120（最終目標値100）" in errors_of(planner.post(at, dict(data)))
    delete_row(data, "yearly_targets", "value", "120")
    assert errors_of(planner.post(at, data)) == ""
    assert (kpi.final_targets.count(), kpi.yearly_targets.count()) == (1, 2)


def test_page_refuses_a_yearly_target_beyond_the_final_one_of_a_new_kpi(planner, project):
    at = reverse("admin:kpis_kpi_add")
    data = shown(planner, at) | {"project": project.pk, "number": 1, "name": "x", "unit": "件"}
    add_row(data, "final_targets", effective_from="2024", value="80", reason="")
    add_row(data, "yearly_targets", fiscal_year="2026", value="100")

    assert PASSED in errors_of(planner.post(at, data))
    assert not project.kpis.exists()


def test_page_without_the_final_targets_refuses_too(client, tantou, kpi):
    """Somebody who was given the right to change KPIs and yearly targets, and no others."""
    tantou.is_staff = True
    tantou.save()
    tantou.groups.clear()
    may = ["view_kpi", "change_kpi", "view_yearlytarget", "change_yearlytarget"]
    tantou.user_permissions.set(Permission.objects.filter(codename__in=may))
    client.force_login(tantou)
    at = page_of(kpi)

    page = client.post(at, shown(client, at) | {"yearly_targets-0-value": "120"}, follow=True)

    assert "令和7年度の120（最終目標値100）" in messages_of(page)[0]
    assert kpi.yearly_targets.get(fiscal_year=2025).value == 75


@pytest.mark.parametrize(
    ("name", "model", "typed"),
    [("finaltarget", FinalTarget, "80"), ("yearlytarget", YearlyTarget, "120")],
)
def test_list_of_targets_refuses_it(planner, kpi, name, model, typed):
    row = model.objects.filter(kpi=kpi).last()
    at = reverse(f"admin:kpis_{name}_change", args=[row.pk])

    page = planner.post(at, shown(planner, at) | {"value": typed})

    assert "年度目安が最終目標値を超えています：令和8年度の" in errors_of(page)
    assert model.objects.get(pk=row.pk).value == row.value


def test_kpi_file_refuses_a_first_target_below_a_yearly_one(planner, kpi):
    kpi.final_targets.all().delete()

    page = preview(planner, csv_file(["KPI番号", "最終目標値"], ["P1-1", "80"]))

    assert problems(page) == [("2", "最終目標値", PASSED)]


def test_check_plan_names_it(kpi):
    FinalTarget.objects.update(value=80)

    assert check_kpis(kpi.project.strategy) == [f"年度目安「P1-1 2026年度の目安」：{PASSED}"]


def test_closed_year_is_still_said_first(kpi, kikaku):
    close_years_through(kpi.project.strategy, 2026, user=kikaku)
    target = kpi.final_targets.get()
    target.value = Decimal(80)

    assert "令和8年度は締め済みのため、最終目標値は変えられません。" in refused(target)[0]
