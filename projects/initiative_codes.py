"""Where initiatives are at home, and the codes they have there and elsewhere."""

from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.http import Http404

from projects.models import Initiative, InitiativeListing, Strategy
from projects.project_codes import parts_of


def with_home_number(initiatives: QuerySet[Initiative]) -> QuerySet[Any]:
    """Annotate each with `home_number`, its number in its home's list (None if not listed)."""
    home = InitiativeListing.objects.filter(
        initiative=OuterRef("pk"), project=OuterRef("home_project")
    )
    return initiatives.annotate(home_number=Subquery(home.values("number")[:1]))


def code_at_home(initiative: Any) -> str:
    """`P1-3`, of an initiative from `with_home_number`; the home's code alone if not listed."""
    project = initiative.home_project.code
    return f"{project}-{initiative.home_number}" if initiative.home_number else project


def code_of(listing: InitiativeListing) -> str:
    """`P2-3`: the code of an initiative's place in a project's list."""
    return f"{listing.project.code}-{listing.number}"


def home_and_relistings(
    strategy: Strategy, code: str
) -> tuple[InitiativeListing, list[InitiativeListing]]:
    """The home listing and the others of the initiative that stands at a code; or Http404."""
    project_code, number = parts_of(code)
    # Of several that had the place one after the other, the one that has it last.
    here = InitiativeListing.objects.filter(
        project__strategy=strategy, project__code=project_code, number=number
    ).order_by(F("last_year").desc(nulls_first=True))
    listings = list(
        InitiativeListing.objects.filter(initiative=Subquery(here.values("initiative")[:1]))
        .select_related("project", "initiative__home_project__pillar", "initiative__department")
        .order_by("project__position", "project__code")
    )
    home = next((one for one in listings if not one.is_relisted), None)
    if home is None:
        raise Http404(f"{strategy.words.initiative}{code}は見つかりません。")
    return home, [one for one in listings if one.is_relisted]
