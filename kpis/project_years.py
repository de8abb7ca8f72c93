"""Which projects a plan has in each of its years, worked out from rows that are loaded once.

`kpis.lookup.projects_in` asks the database the same of one year.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from kpis.series import KpiSeries
from projects.models import InitiativeListing, Project, ProjectReview, Strategy


@dataclass(frozen=True, slots=True)
class ProjectYears:
    """A plan's projects with what decides in which years each is one of them.

    `projects` are all, with their pillars, in printed order, but what holds 数値目標. `listings`
    are each one's project by its id, with the first and the last year of its life (None: the
    plan's); `reviewed` are ids and years.
    """

    projects: tuple[Project, ...]
    ever: tuple[KpiSeries, ...]
    listings: tuple[tuple[int, int | None, int | None], ...]
    reviewed: frozenset[tuple[int, int]]
    closed: frozenset[int]

    def shown_in(self, fiscal_year: int) -> list[Project]:
        """Those of a year, in printed order."""
        codes = {one.placed_in(fiscal_year).project_code for one in self._living(fiscal_year)}
        ids = {pk for pk, *life in self.listings if _lives(fiscal_year, *life)}
        ids |= {pk for pk, year in self.reviewed if year == fiscal_year}
        if fiscal_year not in self.closed:
            ids |= self._never_had_anything()
        return [one for one in self.projects if one.code in codes or one.pk in ids]

    def _living(self, fiscal_year: int) -> Iterable[KpiSeries]:
        for one in self.ever:
            if _lives(fiscal_year, one.definition.first_year, one.definition.last_year):
                yield one

    def _never_had_anything(self) -> set[int]:
        """The ids of the projects in which nothing ever stood."""
        listed = {pk for pk, *_life in self.listings}
        codes = {one.definition.project_code for one in self.ever}
        codes |= {past.project_code for one in self.ever for past in one.definition.former_places}
        return {one.pk for one in self.projects if one.code not in codes and one.pk not in listed}


def load_project_years(
    strategy: Strategy, ever: tuple[KpiSeries, ...], closed: frozenset[int]
) -> ProjectYears:
    """Load a plan's projects for several years (three queries); `ever` are all its KPIs."""
    projects = strategy.projects.filter(holds_goals=False).select_related("pillar")
    listings = InitiativeListing.objects.filter(project__strategy=strategy).order_by()
    reviews = ProjectReview.objects.filter(project__strategy=strategy).order_by()
    return ProjectYears(
        tuple(projects.order_by("position", "code")),
        ever,
        tuple(listings.values_list("project_id", "first_year", "last_year")),
        frozenset(reviews.values_list("project_id", "fiscal_year")),
        closed,
    )


def _lives(fiscal_year: int, first: int | None, last: int | None) -> bool:
    """The same as `projects.models.living_in`: what is known today of the life's end."""
    return (first is None or first <= fiscal_year) and (last is None or fiscal_year <= last)
