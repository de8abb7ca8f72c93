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

from accounts.audit import Kind, note_reading
from common.asked import asked_number
from common.fiscal_year import fiscal_year_of
from common.spreadsheets.writing import csv_file
from common.spreadsheets.xlsx_writing import XLSX_TYPE, data_workbook
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
_TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": XLSX_TYPE}


@method_decorator(with_strategy, name="dispatch")
class InitiativeList(SingleTableMixin, FilterView):  # type: ignore[misc]  # untyped
    """All initiatives: home, re-listings and department; filter, sort, export."""

    table_class = InitiativeTable
    filterset_class = InitiativeFilter
    template_name = "reports/initiatives.html"

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

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponseBase:
        """The page, or the file that is asked for; 422 where a filter can't be taken."""
        if self.filterset.form.errors:
            # No file: one of nothing would look like an answer.
            return self._page(context, status=422)
        extension = self.request.GET.get("_export")
        if extension is None:
            return self._page(context, **kwargs)
        return self._file(context["table"], extension)

    def _page(self, context: dict[str, Any], **kwargs: Any) -> HttpResponseBase:
        page: HttpResponseBase = super().render_to_response(context, **kwargs)
        return page

    def _file(self, table: InitiativeTable, extension: str) -> HttpResponse:
        """The rows that are filtered, as CSV or XLSX, which the audit has too.

        Http404 for any other kind of file.
        """
        if extension not in _TYPES:
            raise Http404("この形式では出力できません。CSVかExcel（xlsx）を選んでください。")
        headings, *rows = table.as_values()
        if extension == "csv":
            content = csv_file(headings, rows)
        else:
            title = str(Initiative._meta.verbose_name_plural)
            content = data_workbook(title, headings, rows, made_at=timezone.now())
        name = f"initiatives{plan_in_file_names(self.request, self.strategy)}.{extension}"
        things = f"{self.strategy.name}の{self.strategy.words.initiative}"
        note_reading(Kind.EXPORT, f"{things} {name}", user=self.request.user)
        return HttpResponse(
            content,
            content_type=_TYPES[extension],
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

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
