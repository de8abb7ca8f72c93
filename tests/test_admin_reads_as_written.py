"""Figures, fiscal years and days in every form of the admin: read as everywhere else."""

from datetime import date
from decimal import Decimal

import pytest
from django.contrib import admin
from django.db import models
from django.urls import reverse

from common.reading.form_fields import DayField, FigureField, FiscalYearField
from kpis.models import Kpi
from projects.models import FISCAL_YEAR_RANGE, EntryDeadline, FiscalYearClosing, Strategy
from tests.admin_forms import errors_of, shown
from tests.change_screens import carry_out, look_over
from tests.factories import make_department, make_kpi

OURS = ("projects", "kpis", "reports")
YEARS = ["令和12", "R12", "２０３０年度", " 令和　１２年度 ", "\u200b2030"]
COUNTS = ["60 件", "６０件", "６０", "60.0", "60\u200b件"]


def url(name, *args):
    return reverse(f"admin:{name}", args=args)


def reading_of(field):
    """The form field that a column of a model has to be read by; None for any other."""
    if getattr(field, "_validators", None) == FISCAL_YEAR_RANGE:
        return FiscalYearField
    if isinstance(field, models.DecimalField):
        return FigureField
    is_day = isinstance(field, models.DateField) and not isinstance(field, models.DateTimeField)
    return DayField if is_day else None


def test_every_year_figure_and_day_of_the_admin_is_read_as_written(rf, planner, kikaku):
    request = rf.get("/")
    request.user = kikaku
    read = {}
    for model_admin in admin.site._registry.values():
        if model_admin.opts.app_label not in OURS or not model_admin.has_add_permission(request):
            continue
        forms = [model_admin.get_form(request)]
        forms += [
            one.get_formset(request).form for one in model_admin.get_inline_instances(request)
        ]
        for form in forms:
            for name, field in form.base_fields.items():
                columns = {column.name: column for column in form._meta.model._meta.fields}
                wanted = reading_of(columns[name]) if name in columns else None
                if wanted is not None:
                    read[form._meta.model.__name__, name] = isinstance(field, wanted)
    assert [place for place, is_read in read.items() if not is_read] == []
    assert {name for _model, name in read} == {
        "first_year", "last_year", "average_cap", "baseline", "baseline_year",
        "fiscal_year", "due_on", "valid_from", "valid_until",
    }  # fmt: skip


@pytest.mark.parametrize("written", YEARS)
def test_year_of_a_plan_is_read(planner, strategy, written):
    at = url("projects_strategy_add")
    named = {"code": "next", "name": "次", "municipality": "見本市", "municipality_code": "402028"}

    planner.post(at, shown(planner, at) | named | {"first_year": "2026", "last_year": written})

    plan = Strategy.objects.get(code="next")
    assert (plan.first_year, plan.last_year) == (2026, 2030)


@pytest.mark.parametrize("written", YEARS)
def test_year_of_a_target_is_read(planner, kpi, written):
    Strategy.objects.update(last_year=2031)

    page = look_over(
        planner,
        "/plans/mihon/changes/targets/P1-1/",
        target_year=written,
        baseline_year=written,
        baseline="5",
        reason="改定",
    )

    assert (page.context["form"].target.target_year, page.context["form"].target.baseline_year) == (
        2030,
        2030,
    )


def test_year_and_day_of_a_deadline_are_read(planner, strategy):
    planner.post(
        url("projects_entrydeadline_add"),
        {"strategy": strategy.pk, "fiscal_year": "令和７年度", "due_on": "令和8年6月30日"},
    )

    deadline = EntryDeadline.objects.get()
    assert (deadline.fiscal_year, deadline.due_on) == (2025, date(2026, 6, 30))


def test_year_of_a_closing_is_read(planner, strategy):
    planner.post(
        url("projects_fiscalyearclosing_add"), {"strategy": strategy.pk, "fiscal_year": "R6"}
    )

    assert FiscalYearClosing.objects.get().fiscal_year == 2024


def test_day_that_a_department_ends_on_is_read(planner):
    department = make_department()
    at = url("projects_department_change", department.pk)

    planner.post(at, shown(planner, at) | {"valid_until": "令和９年３月３１日"})

    department.refresh_from_db()
    assert department.valid_until == date(2027, 3, 31)


def test_footnote_mark_in_the_admin_is_refused_by_name(planner, strategy, kpi):
    at = url("projects_strategy_add")
    year = planner.post(at, shown(planner, at) | {"last_year": "令和⑫年度"})
    cap = planner.post(at, shown(planner, at) | {"average_cap": "120¹"})
    at = url("kpis_kpi_change", kpi.pk)
    baseline = planner.post(at, shown(planner, at) | {"baseline": "6⁰件"})

    assert "年度「令和⑫年度」の「⑫」は数字ではありません。" in errors_of(year)
    assert "「120¹」の「¹」は数字ではありません。" in errors_of(cap)
    assert "「6⁰件」の「⁰」は数字ではありません。" in errors_of(baseline)


def test_upper_limit_of_means_may_carry_its_percent_sign(planner, strategy):
    at = url("projects_strategy_add")
    named = {"code": "next", "name": "次", "municipality": "見本市", "municipality_code": "402028"}
    years = {"first_year": "2026", "last_year": "2030"}

    planner.post(at, shown(planner, at) | named | years | {"average_cap": "１２０％"})

    assert Strategy.objects.get(code="next").average_cap == 120


@pytest.mark.parametrize("written", COUNTS)
def test_figure_in_the_unit_of_its_kpi_is_read(planner, kpi, written):
    at = url("kpis_kpi_change", kpi.pk)
    planner.post(at, shown(planner, at) | {"baseline": written})
    carry_out(
        planner,
        "/plans/mihon/changes/targets/P1-1/",
        value=written,
        yearly_2025=written,
        reason="改定",
    )

    kpi.refresh_from_db()
    assert kpi.baseline == 60
    assert kpi.final_targets.get().value == 60
    assert kpi.yearly_targets.get().value == 60


def test_figure_may_carry_the_unit_that_is_given_to_a_new_kpi(planner, project):
    data = shown(planner, url("kpis_kpi_add")) | {
        "project": project.pk, "number": 1, "name": "新しい指標", "unit": "千人",
        "decimal_places": 1, "baseline": "12.5 千人", "baseline_year": "R5",
    }  # fmt: skip

    planner.post(url("kpis_kpi_add"), data)

    assert Kpi.objects.get().baseline == Decimal("12.5")


def test_figure_in_another_unit_is_refused(planner, kpi):
    at = url("kpis_kpi_change", kpi.pk)

    page = planner.post(at, shown(planner, at) | {"baseline": "60人"})

    assert "「60人」を数字として読み取れません。単位は「件」です。" in errors_of(page)


@pytest.mark.parametrize("written", ["%", "％", "﹪", "パーセント", " ％ "])
def test_percent_sign_is_kept_as_one_however_it_is_written(planner, project, written):
    kpi = make_kpi(project, unit="件", target=None)
    at = url("kpis_kpi_change", kpi.pk)

    planner.post(at, shown(planner, at) | {"unit": written})

    kpi.refresh_from_db()
    assert kpi.unit == "%"


def test_texts_are_kept_without_radicals_and_control_characters(planner, kpi):
    at = url("kpis_kpi_change", kpi.pk)

    planner.post(at, shown(planner, at) | {"name": "市⺠満⾜度\x0b", "note": "⽀援\r\n二行目\x07 "})

    kpi.refresh_from_db()
    assert (kpi.name, kpi.note) == ("市民満足度", "支援\n二行目")
