"""Omuta's plan with other rules of rating from 令和8年度 on: 令和6 and 7 stay as they were."""

import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from django.test import Client, override_settings

from entry.demo import seed_demo
from entry.plan_file.loading import load_plan
from kpis.models import ActualState, Kpi
from kpis.plan_changes.kpi_rules import revise_kpi_rules
from kpis.plan_changes.rating_rules import revise_rating_rules
from kpis.progress import load_progress
from kpis.recording import ActualEntry, close_years_through, record_actual
from projects.models import Strategy
from reports.annual.assembly import assemble_report
from reports.annual.serialisation import to_json
from tests.made_once import made_once
from tests.page_text import main_of
from tests.rated_otherwise import RATED_OTHERWISE

CLOSED = (2024, 2025)
MADE = datetime(2029, 7, 1, tzinfo=UTC)
CODE = "omuta-2024-2028"
PLAN = f"/plans/{CODE}/"


@pytest.fixture
@made_once
def omuta(db):
    """The real plan with the figures of the demo: 令和6 and 7 closed, 令和8 begun."""
    load_plan("omuta_2024_2028")
    with override_settings(DEMO=True):
        assert seed_demo() == ""
    plan, kikaku = Strategy.objects.get(code=CODE), planner()
    close_years_through(plan, 2025, user=kikaku)
    kpi = kpi_of("P1")
    figure = ActualEntry(ActualState.FINAL, Decimal(14))
    record_actual(kpi, 2026, figure, user=kikaku, version=0)
    return plan


def planner():
    """The demo's 企画担当."""
    return User.objects.get(username="kikaku")


def kpi_of(project):
    """The first KPI of a project."""
    return Kpi.objects.get(project__strategy__code=CODE, project__code=project, number=1)


def assessed(plan):
    """What every page takes the closed years' figures and ratings from."""
    found = {}
    for year in CLOSED:
        progress = load_progress(plan, year, with_texts=True)
        found[year] = (
            [(one.rating, one.computed, one.why_nothing, one.progress) for one in progress.kpis],
            [(one.standing.rating, one.standing.by_band) for one in progress.projects],
            (progress.standing, progress.previous),
            [(one.direction, one.why_not_compared) for one in progress.movements or ()],
            [one.definition.code for one in progress.behind],
            json.loads(to_json(assemble_report(plan, progress, made_at=MADE))),
        )
    return found


def pages(client):
    """The pages of the closed years on which ratings stand; a KPI's has its later years, too."""
    at = ["", "projects/", "projects/P1/", "projects/A1/", "kpis/"]
    return {
        (one, year): main_of(client.get(f"{PLAN}{one}", {"fy": year}))
        for one in at
        for year in CLOSED
    }


@override_settings(DEMO=True)
@pytest.mark.parametrize("how", ["ten marks", "by people"])
def test_closed_years_stay_as_they_were(omuta, how):
    client, kikaku = Client(), planner()
    client.force_login(kikaku)
    before, seen = assessed(omuta), pages(client)
    (was,) = (one for one in load_progress(omuta, 2026).kpis if one.definition.code == "P1-1")
    assert (was.rating.symbol, was.scale.method) == ("A", "rate")

    revise_rating_rules(
        omuta, effective_from=2026, user=kikaku, reason="見直し", **RATED_OTHERWISE[how]
    )
    beside = kpi_of("P3")
    own = RATED_OTHERWISE["by position"]
    scale = {name: own[name] for name in ("rating_method", "bands", "rating_steps")}
    revise_kpi_rules(beside, effective_from=2026, user=kikaku, reason="見直し", **scale)

    omuta = Strategy.objects.get(code=CODE)
    assert assessed(omuta) == before
    assert pages(client) == seen
    now = {one.definition.code: one for one in load_progress(omuta, 2026).kpis}
    stated = RATED_OTHERWISE[how]
    assert now["P1-1"].scale.method == stated.get("rating_method", "rate")
    assert now["P3-1"].scale.method == "position"
    named = now["P1-1"].rating.name if now["P1-1"].rating else None
    assert named == {"ten marks": "目標どおり", "by people": None}[how]
