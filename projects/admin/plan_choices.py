"""Choices of pillars and projects, in forms of every model that belongs to one."""

from typing import Any

from django.contrib.admin.options import BaseModelAdmin
from django.db.models import ForeignKey
from django.forms import ModelChoiceField
from django.http import HttpRequest

from projects.forms import PlanChoiceField
from projects.models import Pillar, Project


class PlanChoicesMixin(BaseModelAdmin[Any]):
    """Choices of pillars and projects name the plan where they are not the current one's."""

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField[Any] | None:
        model = db_field.remote_field.model
        if model in (Pillar, Project):
            kwargs.setdefault("form_class", PlanChoiceField)
            kwargs.setdefault("queryset", model.objects.select_related("strategy"))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)
