"""Where initiatives are at home, and the codes they have there and elsewhere."""

from django.db.models import OuterRef, QuerySet, Subquery

from projects.models import Initiative, InitiativeListing


def with_home_number(initiatives: QuerySet[Initiative]) -> QuerySet[Initiative]:
    """Annotate each with `home_number`, its number in its home's list (None if not listed)."""
    home = InitiativeListing.objects.filter(
        initiative=OuterRef("pk"), project=OuterRef("home_project")
    )
    return initiatives.annotate(home_number=Subquery(home.values("number")[:1]))


def code_at_home(initiative: Initiative) -> str:
    """`P1-3`, of an initiative from `with_home_number`; the home's code alone if not listed."""
    project = initiative.home_project.code
    return f"{project}-{initiative.home_number}" if initiative.home_number else project


def code_of(listing: InitiativeListing) -> str:
    """`P2-3`: the code of an initiative's place in a project's list."""
    return f"{listing.project.code}-{listing.number}"
