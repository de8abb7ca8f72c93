"""指標と取組を加える・終える・差し替える・移す: drawn."""

from random import Random
from typing import TypeVar

from django.db.models import Model, QuerySet

from kpis.models import FinalTarget, Kpi
from kpis.plan_changes import initiatives, lives, places
from projects.models import Initiative, InitiativeListing, Project, Strategy
from tests.law.drawing import Drawn, draws, figure
from tests.law.draws_recording import REASON
from tests.law.world import World

_Row = TypeVar("_Row", bound=Model)


def _one(rows: "QuerySet[_Row]", draw: Random) -> _Row | None:
    found = list(rows.order_by("pk"))
    return draw.choice(found) if found else None


def _project(world: World, draw: Random) -> Project:
    return draw.choice(list(world.plan(draw).projects.select_related("strategy").order_by("pk")))


def _first_year(world: World, plan: Strategy, draw: Random) -> int | None:
    return draw.choice([None, world.year(plan, draw)])


def _new_kpi(world: World, project: Project, draw: Random) -> tuple[Kpi, FinalTarget | None]:
    kpi = Kpi(
        project=project,
        number=draw.randint(1, 9),
        name="新しい指標",
        unit="件",
        aggregation=draw.choice(["annual", "annual", "cumulative"]),
        first_year=_first_year(world, project.strategy, draw),
    )
    target = FinalTarget(value=figure(draw), reason=REASON) if draw.random() < 0.8 else None
    return kpi, target


def _goals(world: World, draw: Random) -> Project:
    """What is to hold the 数値目標 of the plan, or of one of its pillars."""
    plan = world.plan(draw)
    pillar = draw.choice([None, *plan.pillars.order_by("pk")])
    return Project(strategy=plan, pillar=pillar, holds_goals=True)


@draws(lives.add_kpi, 2)
def _add(world: World, draw: Random) -> Drawn:
    home = _goals(world, draw) if draw.random() < 0.3 else _project(world, draw)
    (kpi, target), user = _new_kpi(world, home, draw), world.actor(draw)
    return lambda: lives.add_kpi(kpi, user=user, reason=REASON, target=target)


@draws(lives.end_kpi, 2)
def _end(world: World, draw: Random) -> Drawn:
    kpi, user = world.kpi(draw), world.actor(draw)
    last_year = world.year(kpi.project.strategy, draw)
    return lambda: lives.end_kpi(kpi, last_year, user=user, reason=REASON)


@draws(lives.resume_kpi, 2)
def _resume(world: World, draw: Random) -> Drawn:
    ended = Kpi.objects.exclude(last_year=None).select_related("project__strategy")
    kpi, user = _one(ended, draw), world.actor(draw)
    if kpi is None:
        return None
    return lambda: lives.resume_kpi(kpi, user=user, reason=REASON)


@draws(lives.replace_kpi, 2)
def _replace(world: World, draw: Random) -> Drawn:
    kpi, user = world.kpi(draw), world.actor(draw)
    last_year = world.year(kpi.project.strategy, draw)
    new, target = _new_kpi(world, kpi.project, draw)
    new.first_year = None
    if draw.random() < 0.5:
        new.number = kpi.number
    return lambda: lives.replace_kpi(kpi, last_year, new, user=user, reason=REASON, target=target)


@draws(places.move_kpi, 3)
def _move(world: World, draw: Random) -> Drawn:
    kpi, user = world.kpi(draw), world.actor(draw)
    plan = kpi.project.strategy
    project = draw.choice(list(plan.projects.select_related("strategy").order_by("pk")))
    number, year = draw.randint(1, 9), draw.choice([None, world.year(plan, draw)])
    return lambda: places.move_kpi(kpi, project, number, user=user, reason=REASON, from_year=year)


@draws(initiatives.add_initiative)
def _add_initiative(world: World, draw: Random) -> Drawn:
    project, user = _project(world, draw), world.actor(draw)
    first = _first_year(world, project.strategy, draw)
    initiative = Initiative(
        strategy=project.strategy, name="新しい取組", home_project=project, first_year=first
    )
    number = draw.randint(1, 5)
    return lambda: initiatives.add_initiative(initiative, number, user=user, reason=REASON)


@draws(initiatives.list_initiative)
def _list_initiative(world: World, draw: Random) -> Drawn:
    initiative, user = _one(Initiative.objects.select_related("strategy"), draw), world.actor(draw)
    if initiative is None:
        return None
    project = _one(Project.objects.filter(strategy=initiative.strategy_id), draw)
    listing = InitiativeListing(
        project=project,
        number=draw.randint(1, 5),
        initiative=initiative,
        first_year=_first_year(world, initiative.strategy, draw),
    )
    return lambda: initiatives.list_initiative(listing, user=user, reason=REASON)


@draws(initiatives.end_initiative)
def _end_initiative(world: World, draw: Random) -> Drawn:
    initiative, user = _one(Initiative.objects.select_related("strategy"), draw), world.actor(draw)
    if initiative is None:
        return None
    last_year = world.year(initiative.strategy, draw)
    return lambda: initiatives.end_initiative(initiative, last_year, user=user, reason=REASON)


@draws(initiatives.resume_initiative)
def _resume_initiative(world: World, draw: Random) -> Drawn:
    ended = Initiative.objects.exclude(last_year=None).select_related("strategy")
    initiative, user = _one(ended, draw), world.actor(draw)
    if initiative is None:
        return None
    return lambda: initiatives.resume_initiative(initiative, user=user, reason=REASON)


@draws(initiatives.end_listing)
def _end_listing(world: World, draw: Random) -> Drawn:
    rows = InitiativeListing.objects.select_related("project__strategy")
    listing, user = _one(rows, draw), world.actor(draw)
    if listing is None:
        return None
    last_year = world.year(listing.project.strategy, draw)
    return lambda: initiatives.end_listing(listing, last_year, user=user, reason=REASON)


@draws(initiatives.resume_listing)
def _resume_listing(world: World, draw: Random) -> Drawn:
    rows = InitiativeListing.objects.exclude(last_year=None).select_related("project__strategy")
    listing, user = _one(rows, draw), world.actor(draw)
    if listing is None:
        return None
    return lambda: initiatives.resume_listing(listing, user=user, reason=REASON)
