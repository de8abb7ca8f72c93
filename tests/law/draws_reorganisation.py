"""機構改革: prepared, dropped, and done when its day has come: drawn."""

from datetime import date
from random import Random

from kpis import reorganisation
from kpis.reorganisation import Wish, WishedChange
from projects.models import Department, Reorganisation
from tests.law.drawing import Drawn, draws
from tests.law.draws_recording import REASON
from tests.law.world import World

_DAYS = (date(2020, 4, 1), date(2199, 4, 1))


def _prepared(draw: Random) -> Reorganisation | None:
    rows = list(Reorganisation.objects.filter(done_at=None).order_by("pk"))
    return draw.choice(rows) if rows else None


@draws(reorganisation.prepare_reorganisation, 0.5)
def _prepare(world: World, draw: Random) -> Drawn:
    departments = list(Department.objects.order_by("pk"))
    user, department = world.actor(draw), draw.choice(departments)
    others = [one.pk for one in departments if one != department]
    change = (
        WishedChange(department.pk, "rename", new_name="改まった課")
        if draw.random() < 0.5
        else WishedChange(department.pk, "end", successors=tuple(others[:1]))
    )
    wish = Wish(draw.choice(_DAYS), REASON, (change,))
    replaced = _prepared(draw) if draw.random() < 0.3 else None
    seen = replaced.prepared_at.isoformat() if replaced else ""
    return lambda: reorganisation.prepare_reorganisation(
        wish, user=user, replaces=replaced, seen=seen
    )


@draws(reorganisation.drop_reorganisation, 0.3)
def _drop(world: World, draw: Random) -> Drawn:
    row, user = _prepared(draw), world.actor(draw)
    if row is None:
        return None
    return lambda: reorganisation.drop_reorganisation(row, user=user)


@draws(reorganisation.carry_out_due, 0.3)
def _carry_out(world: World, draw: Random) -> Drawn:
    return lambda: reorganisation.carry_out_due(date(2199, 4, 1))
