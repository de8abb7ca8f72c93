"""Choices of plans and of what belongs to one, in the forms of every model that does."""

from functools import partial
from typing import Any

from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.widgets import AutocompleteMixin
from django.db.models import ForeignKey, QuerySet
from django.forms import ModelChoiceField
from django.http import HttpRequest

from projects.forms import PlanChoiceField
from projects.models import Initiative, Pillar, Project, Strategy
from projects.plans import PLAN_PARAMETER, PlansOf

# From what is chosen to its plan.
_PATHS: dict[Any, str] = {
    Strategy: "pk",
    Pillar: "strategy",
    Project: "strategy",
    Initiative: "strategy",
}
_FOREIGN = "別の計画の{}です。同じ計画のものから選んでください。"
_NOT_OFFERED = "候補から選んでください。終了した計画には加えられません。"


class PlanChoicesMixin(BaseModelAdmin[Any]):
    """A row's form offers what is of the row's plan; a new one's, of all that have not ended.

    Choices name their plan where there are several. An inline takes its parent's plan.
    """

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField[Any] | None:
        model: Any = db_field.remote_field.model
        path = _PATHS.get(model)
        plans = PlansOf.seen(request) if path else []
        if path:
            open_plans = [one.pk for one in plans if not one.has_ended]
            rows = _choices(model, None).filter(**{f"{path}__in": open_plans})
            kwargs.setdefault("queryset", rows if path == "pk" else rows.select_related(path))
            kwargs.setdefault("error_messages", {"invalid_choice": _NOT_OFFERED})
        if model in (Pillar, Project):
            kwargs.setdefault("form_class", PlanChoiceField)
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if isinstance(field, PlanChoiceField):
            field.names_plan = len(plans) > 1
        return field

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: Any = None, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change, **kwargs)  # type: ignore[misc]
        _keep_to_plan(form.base_fields, obj)
        return form

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)  # type: ignore[misc]
        _keep_to_plan(formset.form.base_fields, obj)
        return formset


def _keep_to_plan(fields: dict[str, Any], row: Any) -> None:
    """Leave the choices of the row's plan alone; a new row has none yet."""
    plan = getattr(row, "plan", None)
    if plan is None:
        return
    for field in fields.values():
        path = _PATHS.get(getattr(getattr(field, "queryset", None), "model", None))
        if path is None:
            continue
        rows = _choices(field.queryset.model, row).filter(**{path: plan.pk})
        field.queryset = rows if path == "pk" else rows.select_related(path)
        name = field.queryset.model._meta.verbose_name
        field.error_messages["invalid_choice"] = _FOREIGN.format(name)
        field.names_plan = False
        widget = getattr(field.widget, "widget", field.widget)
        if isinstance(widget, AutocompleteMixin):
            widget.get_url = partial(_url_of_plan, widget.get_url(), plan.code)  # type: ignore[method-assign]


def _choices(model: Any, row: Any) -> QuerySet[Any]:
    """What a row may be given: projects, and to a 数値目標 what holds some."""
    if model is not Project:
        return model.objects.all()  # type: ignore[no-any-return]
    now = getattr(row, "project", None)
    return Project.objects.filter(holds_goals=now is not None and now.holds_goals)


def _url_of_plan(url: str, code: str) -> str:
    return f"{url}?{PLAN_PARAMETER}={code}"
