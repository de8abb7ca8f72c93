"""Finding rows by the KPI's code, which is no column of the database."""

from typing import Any

from django.contrib.admin import ModelAdmin
from django.db.models import QuerySet
from django.http import HttpRequest

from common.reading.names import read_code
from projects.project_codes import parts_if_any


class CodeSearchMixin(ModelAdmin[Any]):
    """An admin whose search box also takes `P1-2`; `kpi_path` leads from the model to the KPI."""

    kpi_path = ""

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        parts = parts_if_any(read_code(search_term))
        if parts is None:
            return super().get_search_results(request, queryset, search_term)
        code, number = parts
        found = {f"{self.kpi_path}project__code": code, f"{self.kpi_path}number": number}
        return queryset.filter(**found), False
