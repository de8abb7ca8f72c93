"""Initiatives: all of them, and the page of one."""

from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_GET
from django_filters.views import FilterView
from django_tables2 import SingleTableMixin
from django_tables2.export.export import TableExport
from django_tables2.export.views import ExportMixin

from accounts.audit import Kind, note_reading
from common.asked import asked_number
from common.fiscal_year import fiscal_year_of
from common.spreadsheets.writing import csv_file
from common.spreadsheets.xlsx_writing import data_workbook
from kpis.permissions import may_change_plan, may_record
from kpis.plan_pages import plan_in_file_names, with_strategy
from kpis.series import closed_years
from projects.initiative_codes import code_of, home_and_relistings, with_home_number
from projects.models import (
    Initiative,
    InitiativeListing,
    InitiativeProgress,
    Strategy,
    living_in,
)
from reports.filters import InitiativeFilter
from reports.tables import InitiativeTable

_ROWS = 100
_MOST_ROWS = 1000


class OfficeExport(TableExport):  # type: ignore[misc]  # untyped
    """An export that opens in Excel with Japanese intact, and in which nothing runs."""

    @classmethod
    def is_valid_format(cls, export_format: str | None) -> bool:
        """Whether the format is offered; Http404 for any other that is asked for."""
        if export_format is None:
            return False
        if export_format not in InitiativeList.export_formats:
            raise Http404("この形式では出力できません。CSVかExcel（xlsx）を選んでください。")
        return True

    def export(self) -> bytes:
        """The table's rows as the chosen format."""
        if self.format == self.CSV:
            return csv_file(self.dataset.headers, self.dataset)
        return data_workbook(
            self.dataset.title, self.dataset.headers, self.dataset, made_at=timezone.now()
        )


@method_decorator(with_strategy, name="dispatch")
class InitiativeList(ExportMixin, SingleTableMixin, FilterView):  # type: ignore[misc]  # untyped
    """All initiatives: home, re-listings and department; filter, sort, export."""

    table_class = InitiativeTable
    filterset_class = InitiativeFilter
    template_name = "reports/initiatives.html"
    export_class = OfficeExport
    export_formats = ("csv", "xlsx")

    def dispatch(
        self, request: HttpRequest, strategy: Strategy, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        self.strategy = strategy
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    @property
    def year(self) -> int:
        """Today's fiscal year, or the plan's nearest."""
        today = fiscal_year_of(timezone.localdate())
        return min(max(today, self.strategy.first_year), self.strategy.last_year)

    def get_table_kwargs(self) -> dict[str, Any]:
        return {
            **super().get_table_kwargs(),
            "plan_code": self.strategy.code,
            "words": self.strategy.words,
        }

    def get_table_pagination(self, table: InitiativeTable) -> dict[str, int]:
        """The page, and how many rows it has; BadRequest for a number that is none."""
        page = asked_number(self.request, "page", "ページ")
        rows = asked_number(self.request, "per_page", "1ページの行数", most=_MOST_ROWS)
        return {"page": page or 1, "per_page": rows or _ROWS}

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        """The page, or the file that is asked for; 422 where a filter can't be taken."""
        if self.filterset.form.errors:
            # Past the export: a file of nothing would look like an answer.
            refused: HttpResponse = super(ExportMixin, self).render_to_response(context, status=422)
            return refused
        response: HttpResponse = super().render_to_response(context, **kwargs)
        return response

    def get_queryset(self) -> QuerySet[Initiative]:
        """The plan's initiatives with home number and latest status, in a few queries."""
        latest = InitiativeProgress.objects.filter(initiative=OuterRef("pk")).order_by(
            "-fiscal_year"
        )
        own = Initiative.objects.filter(strategy=self.strategy)
        if not self.request.GET.get("ended"):
            own = own.exclude(last_year__lt=self.year)
        initiatives: QuerySet[Initiative] = (
            with_home_number(own)
            .annotate(
                latest_year=Subquery(latest.values("fiscal_year")[:1]),
                latest_status=Subquery(latest.values("status")[:1]),
            )
            .select_related("home_project", "department")
            .prefetch_related("listings__project")
        )
        return initiatives

    def get_filterset_kwargs(self, filterset_class: type[InitiativeFilter]) -> dict[str, Any]:
        return {**super().get_filterset_kwargs(filterset_class), "strategy": self.strategy}

    def get_export_filename(self, export_format: str) -> str:
        return f"initiatives{plan_in_file_names(self.request, self.strategy)}.{export_format}"

    def create_export(self, export_format: str) -> HttpResponse:
        """Django-tables2's file of the rows that are filtered, which the audit has too."""
        response: HttpResponse = super().create_export(export_format)
        things = f"{self.strategy.name}の{self.strategy.words.initiative}"
        what = f"{things} {self.get_export_filename(export_format)}"
        note_reading(Kind.EXPORT, what, user=self.request.user)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now = living_in(self.year)
        counts = Initiative.objects.filter(strategy=self.strategy).aggregate(
            total=Count("pk", filter=now),
            coming=Count("pk", filter=Q(first_year__gt=self.year)),
        )
        listings = InitiativeListing.objects.filter(now, project__strategy=self.strategy)
        listed = listings.count()
        context: dict[str, Any] = super().get_context_data(
            **kwargs,
            **counts,
            listed=listed,
            relisted=listed - counts["total"],
            may_change=may_change_plan(self.request.user, self.strategy),
        )
        return context


@require_GET
@with_strategy
def initiative_detail(request: HttpRequest, strategy: Strategy, code: str) -> HttpResponse:
    """One initiative at its home: where it is listed, and what was done year by year.

    The code of a re-listing leads here too, to the place that names it.
    """
    home, relistings = home_and_relistings(strategy, code)
    if code != code_of(home):
        return redirect(f"{reverse('initiative', args=[strategy.code, code_of(home)])}#{code}")
    initiative = home.initiative
    progress = {one.fiscal_year: one for one in initiative.progress.all()}
    closed = closed_years(strategy)
    living = [year for year in strategy.years if initiative.lives_in(year)]
    newest_first = [year for year in reversed(living) if year in progress]
    return render(
        request,
        "reports/initiative.html",
        {
            "initiative": initiative,
            "code": code,
            "home": home,
            "relistings": [(code_of(one), one) for one in relistings],
            "latest": progress[newest_first[0]] if newest_first else None,
            "years": [(year, progress[year], year in closed) for year in newest_first],
            "missing": [(year, year in closed) for year in living if year not in progress],
            "may_record": may_record(request.user, strategy, initiative),
            "may_change": may_change_plan(request.user, strategy),
        },
    )
