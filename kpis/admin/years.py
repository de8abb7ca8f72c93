"""Lists of the admin with the figures of one fiscal year, which a filter chooses."""

from collections.abc import Set as AbstractSet
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest

from common.fiscal_year import wareki
from kpis.achievement import NOTHING, Absence
from kpis.plan_pages import plans_of
from kpis.progress import StrategyProgress, load_progress
from projects.admin.plan_lists import shown_plan
from projects.bands import Band
from projects.models import Strategy
from projects.scales import Scale

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
        shown = shown_plan(request)
        years = {year for plan in ([shown] if shown else plans_of(request)) for year in plan.years}
        return [(str(year), wareki(year)) for year in sorted(years)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset

    def choices(self, changelist: ChangeList) -> Any:
        first, *years = super().choices(changelist)
        return [{**first, "display": "最新の年度"}, *years]


class YearChangeList(ChangeList):
    """The rows of a page with one year's figures, in a constant number of queries for each plan.

    It shows one plan, unless somebody asks for all. A plan that has not the year asked for
    shows its own latest. The title names the year: the one asked for where a plan of the page
    has it, else the plans' latest, and where they differ only that it is each plan's.
    """

    shown_years = ""
    has_ratings = True

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(request, *args, **kwargs)
        if self.shown_years and not self.is_popup:
            shown = "実績と評価" if self.has_ratings else "実績"
            self.title = f"{self.opts.verbose_name_plural}（{self.shown_years}の{shown}）"

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        rows: list[Any] = list(self.result_list)
        self.result_list = rows
        asked = asked_year(request)
        found: dict[Strategy, StrategyProgress] = {}
        for strategy in {self.strategy_of(row) for row in rows}:
            year = asked if asked in strategy.years else None
            found[strategy] = load_progress(strategy, year)
        self.shown_years = _named({one.fiscal_year for one in found.values()}, asked)
        self.has_ratings = not found or any(map(self.rates_in, found.values()))
        if not self.has_ratings:
            self.list_display = [name for name in self.list_display if name != "rating"]
        for row in rows:
            self.add_figures(row, found[self.strategy_of(row)])

    def strategy_of(self, row: Any) -> Strategy:
        """The plan that a row belongs to."""
        raise NotImplementedError

    def rates_in(self, progress: StrategyProgress) -> bool:
        """Whether what the list has is rated in a plan's year."""
        raise NotImplementedError

    def add_figures(self, row: Any, progress: StrategyProgress) -> None:
        """Give a row what its columns show, from its plan's progress in the year."""
        raise NotImplementedError


def rating_text(
    rating: Band | None, computed: Band | None, scale: Scale, why: Absence | None
) -> str:
    """`B 不足（計算ではA）`, where people rate otherwise than is computed; without a rating why."""
    if not scale.rates:
        return NOTHING
    told = rating.text if rating else f"{NOTHING}（{why.label}）" if why else NOTHING
    differs = scale.is_by_people and computed is not None and computed != rating
    return f"{told}（計算では{computed.short}）" if differs and computed else told


def _named(years: AbstractSet[int], asked: int | None) -> str:
    """`令和6年度`, or that the years of several plans differ; empty without any."""
    if asked is not None and asked in years:
        years = {asked}
    if len(years) > 1:
        return "各計画の最新の年度"
    return "".join(map(wareki, years))
