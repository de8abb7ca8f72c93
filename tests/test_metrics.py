"""Figures for Prometheus: off by default, and only for whom they are meant."""

from ipaddress import ip_network

import pytest

from omuta_strategy import metrics
from tests.factories import make_plan
from tests.test_settings import PRODUCTION, python

pytestmark = pytest.mark.django_db


@pytest.fixture
def measured(settings):
    settings.METRICS = True
    metrics.meters.cache_clear()
    yield settings
    metrics.meters.cache_clear()


def test_nothing_is_told_by_default(client):
    assert client.get("/metrics").status_code == 404


def test_requests_are_counted_by_view_and_status(planner, kikaku, measured):
    make_plan(kikaku)
    planner.get("/plans/mihon/kpis/")
    planner.get("/plans/mihon/kpis/P1-1/")
    planner.get("/plans/mihon/kpis/P1-2/")
    planner.get("/nothing/")
    answer = planner.get("/metrics")

    lines = answer.content.decode().splitlines()
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert 'omuta_requests_total{method="GET",status="200",view="kpis"} 1.0' in lines
    assert 'omuta_requests_total{method="GET",status="200",view="kpi"} 2.0' in lines
    assert 'omuta_requests_total{method="GET",status="404",view="none"} 1.0' in lines
    assert 'omuta_request_seconds_count{view="kpi"} 2.0' in lines


def test_others_than_the_listed_addresses_get_nothing(client, measured):
    def status(address):
        return client.get("/metrics", REMOTE_ADDR=address).status_code

    assert (status("127.0.0.1"), status("192.0.2.7"), status("")) == (200, 404, 404)
    measured.METRICS_ALLOWED = [ip_network("192.0.2.0/24")]
    assert (status("127.0.0.1"), status("192.0.2.7")) == (404, 200)


def test_processes_count_together(tmp_path):
    code = (
        "import os, django; django.setup()\n"
        "from django.test import Client\n"
        "if child := os.fork():\n"
        "    os.waitpid(child, 0)\n"
        "Client().get('/login/?next=/admin/')\n"
        "if child:\n"
        "    print(Client().get('/metrics').content.decode())\n"
        "else:\n"
        "    os._exit(0)\n"
    )
    result = python(
        "-c",
        code,
        **PRODUCTION
        | {
            "DJANGO_SETTINGS_MODULE": "omuta_strategy.settings",
            "ALLOWED_HOSTS": "testserver",
            "METRICS": "1",
            "PROMETHEUS_MULTIPROC_DIR": str(tmp_path),
        },
    )

    line = 'omuta_requests_total{method="GET",status="301",view="none"} 2.0'
    assert line in result.stdout.splitlines()
