"""Projects with their KPIs, and in their list where they stand in a fiscal year."""

from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest

from common.read_only_admin import ReadOnlyMixin
from kpis.achievement import Absence
from kpis.admin.years import YearChangeList, YearFilter, rating_text
from kpis.models import Kpi
from kpis.progress import StrategyProgress, standing_of
from projects.admin.project import ProjectAdmin
from projects.models import Project, Strategy


class KpiInline(ReadOnlyMixin, admin.TabularInline[Kpi, Project]):
    """A project's KPIs, to read and to go on to."""

    model = Kpi
    fields = ["number", "name", "unit", "aggregation", "department"]
    show_change_link = True
    verbose_name_plural = "重要業績評価指標（行の「表示」から開いて直せます）"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Kpi]:
        return super().get_queryset(request).select_related("project", "department")


class ProjectChangeList(YearChangeList):
    """The projects of a page, each with its `standing` and its plan's `rules`."""

    def strategy_of(self, row: Project) -> Strategy:
        return row.strategy

    def rates_in(self, progress: StrategyProgress) -> bool:
        return progress.rules.project_scale.rates

    def add_figures(self, row: Any, progress: StrategyProgress) -> None:
        row.rules = progress.rules
        # One that does not stand in the year has nothing to be counted.
        nothing = standing_of((), progress.rules)
        own = (one.standing for one in progress.projects if one.project == row)
        row.standing = next(own, nothing)


admin.site.unregister(Project)


@admin.register(Project)
class ProjectWithKpisAdmin(ProjectAdmin):
    """The plan's page of a project, its KPIs, and in the list their means and rating."""

    inlines = [*ProjectAdmin.inlines, KpiInline]
    # Short heads, and figures first: they stay in sight on a narrow screen.
    list_display = [
        "short_code", "name", "rating", "progress", "achievement", "kpis_with_rate", "kind",
        "pillar", "listing_count", "strategy",
    ]  # fmt: skip
    list_display_links = ["short_code", "name"]
    list_filter: ClassVar[list[Any]] = [YearFilter, *ProjectAdmin.list_filter]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return ProjectChangeList

    @admin.display(description="番号", ordering="position")
    def short_code(self, project: Project) -> str:
        return project.code

    @admin.display(description="評価")
    def rating(self, project: Any) -> str:
        standing, scale = project.standing, project.rules.project_scale
        why = Absence.UNDECIDED if scale.is_by_people else None
        return rating_text(standing.rating, standing.computed, scale, why)

    @admin.display(description="進捗率")
    def progress(self, project: Any) -> str:
        text: str = project.rules.rate_text(project.standing.progress_mean)
        return text

    @admin.display(description="達成率")
    def achievement(self, project: Any) -> str:
        text: str = project.rules.rate_text(project.standing.achievement_mean)
        return text

    @admin.display(description="指標")
    def kpis_with_rate(self, project: Any) -> str:
        """How many are in the mean of 進捗率, of all; as on the dashboard."""
        counter = project.rules.words.kpi_counter
        return f"{project.standing.progress_count}／{project.standing.kpi_count}{counter}"
