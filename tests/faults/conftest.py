import resource

import pytest

from benchmarks.installation import installed
from tests.faults.serving import serving


@pytest.fixture(scope="session", autouse=True)
def many_files():
    """The attackers of one process may hold more than a thousand connections."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


@pytest.fixture(scope="session")
def environment(request):
    """What every process of an installation with the city's plan gets."""
    with installed("real", postgres=request.config.getoption("--postgres")) as installation:
        yield installation.environment | {
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
            "LOG_FORMAT": "plain",  # read by the tests
        }


@pytest.fixture
def serve(environment, tmp_path):
    """Start a server with these options and, by name, other variables."""

    def start(*options, program="manage.py", **variables):
        return serving(environment | variables, tmp_path, *options, program=program)

    return start
