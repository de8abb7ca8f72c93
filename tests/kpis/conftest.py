"""What the tests of the numbers' pages share."""

import pytest

from projects.models import InitiativeListing
from tests.factories import make_initiative, make_project


@pytest.fixture
def initiative(project):
    """The initiative at home as P1-1."""
    return make_initiative(project, 1, name="創業支援事業")


@pytest.fixture
def relisted(project, initiative):
    """The initiative's second place, as number 3 of P2."""
    return InitiativeListing.objects.create(
        project=make_project(project.strategy, "P2"),
        number=3,
        initiative=initiative,
        printed_name="創業支援",
    )
