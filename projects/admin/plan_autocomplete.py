"""What a field offers while somebody types: choices of what belongs to a plan."""

from typing import Any

from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.db.models import QuerySet

from projects.models import PlanState
from projects.plans import PLAN_PARAMETER, PlansOf


class PlanAutocomplete(AutocompleteJsonView):
    """The choices of a field: of one plan where the field says which, and else by plan.

    What an ended plan has is offered for that plan's own rows alone, but for the fields that its
    admin names in `fields_of_ended_plans`.
    """

    def get_queryset(self) -> QuerySet[Any]:
        found: QuerySet[Any] = super().get_queryset()
        path = getattr(self.model_admin, "plan_path", None)
        if path is None:
            return found
        code = self.request.GET.get(PLAN_PARAMETER)
        if code:
            return found.filter(**{f"{path}__code": code})
        if self.source_field.name not in getattr(self.model_admin, "fields_of_ended_plans", ()):
            found = found.exclude(**{f"{path}__state": PlanState.ENDED})
        return found.select_related(path)

    def serialize_result(self, obj: Any, to_field_name: str) -> dict[str, str]:
        result: dict[str, str] = super().serialize_result(obj, to_field_name)
        plan_of = getattr(self.model_admin, "plan", None)
        if plan_of is None or PLAN_PARAMETER in self.request.GET:
            return result
        several = len(PlansOf.seen(self.request)) > 1
        return result | {"text": f"{result['text']}（{plan_of(obj)}）"} if several else result
