"""What is still to be entered, over all plans: one's own, or everybody's."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from kpis.open_work.after_closing import unsettled_in
from kpis.open_work.by_plan import work_in_plans
from kpis.open_work.own_work import own_departments, plans_to_record
from kpis.permissions import closes_years, may_remind, may_reorganise, may_see_overview
from kpis.plan_pages import plans_of, running_plans
from kpis.reorganisation import left_behind


@require_GET
def work(request: HttpRequest) -> HttpResponse:
    """An editor's open KPIs and initiatives; for who sees the overviews what each plan lacks."""
    plans = plans_of(request)
    if not plans:
        return render(request, "projects/no_strategy.html")
    sees_all = may_see_overview(request.user)
    if sees_all:
        running = running_plans(request)
        departments = None
    else:
        running = plans_to_record(request.user, plans)
        departments = own_departments(request.user)
    unsettled = unsettled_in(running) if sees_all else {}
    found = work_in_plans(running, timezone.localdate(), departments)
    return render(
        request,
        "entry/work.html",
        {
            "work": [one for one in found if one.has_ended],
            "not_ended": [one for one in found if not one.has_ended],
            "unsettled": [(one, unsettled[one.pk]) for one in running if one.pk in unsettled],
            "may_correct": closes_years(request.user),
            "sees_all": sees_all,
            "left_behind": left_behind(timezone.localdate()) if sees_all else {},
            "may_reorganise": may_reorganise(request.user),
            "may_remind": any(may_remind(request.user, one) for one in running),
        },
    )
