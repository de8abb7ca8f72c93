"""Lists of the admin with the figures of one fiscal year, which a filter chooses."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest

from common.fiscal_year import wareki
from kpis.plan_pages import home_plan
from kpis.progress import StrategyProgress, load_progress
from projects.admin.plan_lists import shown_plan
from projects.models import Strategy

YEAR_PARAMETER = "fy"


def asked_year(request: HttpRequest) -> int | None:
    """The fiscal year chosen in the filter; None without one."""
    text = request.GET.get(YEAR_PARAMETER, "")
    return int(text) if len(text) == 4 and text.isascii() and text.isdigit() else None


class YearFilter(admin.SimpleListFilter):
    """The year of the figures; it hides no row."""

    title = "実績の年度"
    parameter_name = YEAR_PARAMETER

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        strategy = shown_plan(request) or home_plan(request)
        return [(str(year), wareki(year)) for year in strategy.years] if strategy else []

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset

    def choices(self, changelist: ChangeList) -> Any:
        first, *years = super().choices(changelist)
        return [{**first, "display": "最新の年度"}, *years]


class YearChangeList(ChangeList):
    """The rows of a page with one year's figures, in a constant number of queries for each plan.

    It shows one plan, unless somebody asks for all. A plan that has not the year asked for
    shows its own latest. The title names the year.
    """

    shown_year: int | None = None

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(request, *args, **kwargs)
        if self.shown_year is not None and not self.is_popup:
            name = self.opts.verbose_name_plural
            self.title = f"{name}（{wareki(self.shown_year)}の実績と評価）"

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        rows: list[Any] = list(self.result_list)
        self.result_list = rows
        asked, home = asked_year(request), home_plan(request)
        found: dict[Strategy, StrategyProgress] = {}
        for strategy in {self.strategy_of(row) for row in rows}:
            year = asked if asked in strategy.years else None
            found[strategy] = progress = load_progress(strategy, year)
            if strategy == home or self.shown_year is None:
                self.shown_year = progress.fiscal_year
        for row in rows:
            self.add_figures(row, found[self.strategy_of(row)])

    def strategy_of(self, row: Any) -> Strategy:
        """The plan that a row belongs to."""
        raise NotImplementedError

    def add_figures(self, row: Any, progress: StrategyProgress) -> None:
        """Give a row what its columns show, from its plan's progress in the year."""
        raise NotImplementedError
