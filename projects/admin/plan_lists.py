"""Lists of what belongs to a plan: one plan at a time, the reader's own first."""

from collections.abc import Iterator
from functools import reduce
from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from projects.models import Project, Strategy
from projects.plans import PLAN_PARAMETER, PlansOf

ALL_PLANS = "all"


def shown_plan(request: HttpRequest) -> Strategy | None:
    """The plan whose rows a list shows; None for those of all, and without any plan.

    Raises IncorrectLookupParameters for one that the reader doesn't see.
    """
    asked = request.GET.get(PLAN_PARAMETER, "")
    if asked == ALL_PLANS:
        return None
    if not asked:
        return PlansOf.home(request)
    found = next((one for one in PlansOf.seen(request) if one.code == asked), None)
    if found is None:
        raise IncorrectLookupParameters
    return found


class PlanFilter(admin.SimpleListFilter):
    """The plan whose rows are shown; there where somebody sees more than one."""

    title = "計画"
    parameter_name = PLAN_PARAMETER

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        self.shown = shown_plan(request)
        super().__init__(request, *args, **kwargs)

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        self.path, plans = model_admin.plan_path, PlansOf.seen(request)
        return [(one.code, one.name) for one in plans] if len(plans) > 1 else []

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(**{self.path: self.shown}) if self.shown else queryset

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        for code, name in [*self.lookup_choices, (ALL_PLANS, "すべての計画")]:
            yield {
                "selected": code == (self.shown.code if self.shown else ALL_PLANS),
                "query_string": changelist.get_query_string({PLAN_PARAMETER: code}),
                "display": name,
            }


class OfPlanFilter(admin.RelatedFieldListFilter):
    """Projects or pillars of the plan that is shown; with several plans shown, none to choose."""

    def field_choices(
        self, field: Any, request: HttpRequest, model_admin: Any
    ) -> list[tuple[str, Any]]:
        plan = shown_plan(request)
        if plan is None:
            return []
        ordering = self.field_admin_ordering(field, request, model_admin)
        wanted: dict[str, Any] = {"strategy": plan}
        if (
            field.related_model is Project
            and field.model._meta.app_label == Project._meta.app_label
        ):
            # Only KPIs stand where 数値目標 do.
            wanted["holds_goals"] = False
        choices: list[tuple[str, Any]] = field.get_choices(
            include_blank=False, ordering=ordering, limit_choices_to=wanted
        )
        return choices


class PlanRows(admin.ModelAdmin[Any]):
    """The admin of what belongs to a plan; `plan_path` leads from a row to its plan.

    It has the rows of plans that somebody sees. Where those are several the list has the plan
    as its first filter, and as a column: the second one where all are shown.
    """

    plan_path = "strategy"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.filter(**{f"{self.plan_path}__in": PlansOf.seen(request)})

    def get_list_filter(self, request: HttpRequest) -> Any:
        return [PlanFilter, *super().get_list_filter(request)]

    def get_list_display(self, request: HttpRequest) -> Any:
        columns = [*super().get_list_display(request)]
        several = len(PlansOf.seen(request)) > 1
        if several and "strategy" not in columns:
            columns.append("plan")
        if several and request.GET.get(PLAN_PARAMETER) == ALL_PLANS:
            # Codes repeat from plan to plan: the rows are told apart at first sight.
            plan = "strategy" if "strategy" in columns else "plan"
            columns.remove(plan)
            columns.insert(1, plan)
        return columns

    def get_list_select_related(self, request: HttpRequest) -> Any:
        own: Any = super().get_list_select_related(request)
        return [*(own or ()), self.plan_path]

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Django's; with several plans a row is named with its own, as codes repeat."""
        row = context.get("original")
        if row is not None and len(PlansOf.seen(request)) > 1:
            plan, name = str(self.plan(row)), str(row)
            context = {**context, "subtitle": name if plan in name else f"{name}（{plan}）"}
        response: HttpResponse = super().render_change_form(request, context, *args, **kwargs)
        return response

    @admin.display(description="計画")
    def plan(self, row: Any) -> Strategy:
        """The plan that a row belongs to."""
        found: Strategy = reduce(getattr, self.plan_path.split("__"), row)
        return found
