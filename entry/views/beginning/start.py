"""計画を始める: the ways to begin a plan, and the workbooks to fill in."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_safe

from entry.plan_workbook.exporting import example_workbook, template_workbook
from entry.views.beginning.template_years import chosen_years, year_choices
from entry.views.beginning.workbook import NOT_A_PLANNER, as_download
from kpis.permissions import may_begin_next, may_prepare
from kpis.plan_pages import plans_of


@require_safe
def ways(request: HttpRequest) -> HttpResponse:
    """Every way to begin a plan."""
    if not may_prepare(request.user):
        raise PermissionDenied(NOT_A_PLANNER)
    followed = [plan for plan in plans_of(request) if may_begin_next(request.user, plan)]
    return render(request, "entry/beginning/ways.html", {"followed": followed} | year_choices())


@require_GET
def template_file(request: HttpRequest) -> HttpResponse:
    """The empty workbook, with columns for the years that are chosen."""
    if not may_prepare(request.user):
        raise PermissionDenied(NOT_A_PLANNER)
    return as_download(template_workbook(chosen_years(request.GET)), "plan-template.xlsx")


@require_GET
def example_file(request: HttpRequest) -> HttpResponse:
    """A real plan as a workbook, to look up how it is written."""
    if not may_prepare(request.user):
        raise PermissionDenied(NOT_A_PLANNER)
    return as_download(example_workbook(), "plan-example.xlsx")
