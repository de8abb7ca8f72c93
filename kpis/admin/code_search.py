"""Finding rows by the KPI's code, which is no column of the database."""

import re
from typing import Any

from django.contrib.admin import ModelAdmin
from django.db.models import QuerySet
from django.http import HttpRequest

from common.reading.names import read_code

_CODE = re.compile(r"([A-Z]{1,2}[0-9]{1,4})-([0-9]{1,4})")


class CodeSearchMixin(ModelAdmin[Any]):
    """An admin whose search box also takes `P1-2`; `kpi_path` leads from the model to the KPI."""

    kpi_path = ""

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        code = _CODE.fullmatch(read_code(search_term))
        if code is None:
            return super().get_search_results(request, queryset, search_term)
        found = {
            f"{self.kpi_path}project__code": code.group(1),
            f"{self.kpi_path}number": int(code.group(2)),
        }
        return queryset.filter(**found), False
