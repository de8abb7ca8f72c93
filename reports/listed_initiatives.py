"""A project's initiatives with what was done in a year, wherever each is at home."""

from dataclasses import dataclass

from django.db.models import Prefetch

from projects.initiative_codes import code_of
from projects.models import InitiativeListing, InitiativeProgress, Project, living_in


@dataclass(frozen=True, slots=True)
class ListedInitiative:
    """A place in a project's list, and the year's progress recorded at the initiative's home."""

    listing: InitiativeListing
    home: InitiativeListing | None
    progress: InitiativeProgress | None

    @property
    def home_code(self) -> str:
        """The code under which the initiative has its page."""
        return code_of(self.home or self.listing)

    @property
    def elsewhere(self) -> list[InitiativeListing]:
        """The other places that list the initiative."""
        listings = self.listing.initiative.listings.all()
        return [one for one in listings if one.project_id != self.listing.project_id]


def listed_initiatives(project: Project, fiscal_year: int) -> list[ListedInitiative]:
    """The project's list of the year in printed order, in three queries."""
    listings = (
        project.listings.filter(living_in(fiscal_year))
        .select_related("project", "initiative__home_project", "initiative__department")
        .prefetch_related(
            Prefetch(
                "initiative__listings",
                InitiativeListing.objects.filter(living_in(fiscal_year)).select_related(
                    "project", "initiative"
                ),
            )
        )
        .order_by("number")
    )
    done = InitiativeProgress.objects.filter(
        initiative__listings__project=project, fiscal_year=fiscal_year
    )
    progress = {one.initiative_id: one for one in done}
    return [
        ListedInitiative(
            listing,
            next((one for one in listing.initiative.listings.all() if not one.is_relisted), None),
            progress.get(listing.initiative_id),
        )
        for listing in listings
    ]
