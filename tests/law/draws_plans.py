"""Acts on whole plans, and who owns what: drawn."""

from random import Random

from django.db import transaction

from entry import assignment, demo
from entry.next_plan import beginning
from entry.next_plan.form import NextPlanForm
from entry.next_plan.offer import load_offer
from entry.plan_file import loading
from kpis import draft, plan_acts, publication
from projects.models import Strategy
from tests.law.drawing import Drawn, draws
from tests.law.draws_recording import REASON
from tests.law.world import World


@draws(plan_acts.put_into_force, 0.5)
def _start(world: World, draw: Random) -> Drawn:
    plan, user = world.plan(draw), world.actor(draw)
    return lambda: plan_acts.put_into_force(plan, user=user)


@draws(plan_acts.end_plan, 0.5)
def _end(world: World, draw: Random) -> Drawn:
    plan, user = world.plan(draw), world.actor(draw)
    return lambda: plan_acts.end_plan(plan, user=user)


@draws(plan_acts.resume_plan, 0.5)
def _resume(world: World, draw: Random) -> Drawn:
    plan, user = world.plan(draw), world.actor(draw)
    return lambda: plan_acts.resume_plan(plan, user=user, reason=REASON)


@draws(plan_acts.make_main, 0.3)
def _main(world: World, draw: Random) -> Drawn:
    plan, user = world.plan(draw), world.actor(draw)
    return lambda: plan_acts.make_main(plan, user=user)


@draws(publication.set_terms, 0.3)
def _terms(world: World, draw: Random) -> Drawn:
    plan, user = world.plan(draw), world.actor(draw)
    licence, contact = draw.choice(["CC BY 4.0", "出典の記載", ""]), draw.choice(["企画課", ""])
    return lambda: publication.set_terms(plan, data_licence=licence, contact=contact, user=user)


@draws(beginning.begin_next_plan, 0.1)
def _next(world: World, draw: Random) -> Drawn:
    plan, user = world.plan(draw), world.actor(draw)
    offer = load_offer(plan)
    form = NextPlanForm(offer)
    typed = {field.html_name: str(field.value() or "") for field in form.facts}
    typed |= {one.key: "on" for one in [*form.pillars, *form.projects, *form.initiatives]}
    for one in form.kpis:
        typed |= {f"{one.code}-take": "on", f"{one.code}-baseline": one.value}
        typed[f"{one.code}-baseline-year"] = one.year
    typed |= {"name": "次の計画", "code": draw.choice(["next", "mihon"]), "reason": REASON}
    choice = NextPlanForm(offer, typed).choice
    if choice is None:
        return None

    def act() -> object:
        looked_over = beginning.look_over(plan, choice, user=user)
        return beginning.begin_next_plan(plan, choice, looked_over.fingerprint, user=user)

    return act


@draws(draft.drop_draft, 0.3)
def _drop(world: World, draw: Random) -> Drawn:
    """Half the time a plan in preparation, or one that is begun to be dropped."""
    user, begun = world.actor(draw), Strategy.objects.filter(state="preparing").first()
    plan = begun or world.plan(draw)
    begin = _next(world, draw) if begun is None and draw.random() < 0.5 else None
    if begin is None:
        return lambda: draft.drop_draft(plan, user=user)

    def act() -> object:
        with transaction.atomic():
            begin()
            return draft.drop_draft(Strategy.objects.get(state="preparing"), user=user)

    return act


@draws(loading.load_plan, 0.02)
def _load(world: World, draw: Random) -> Drawn:
    return lambda: loading.load_plan("omuta_2024_2028", user=world.planner)


@draws(demo.seed_demo, 0.02)
def _seed(world: World, draw: Random) -> Drawn:
    return demo.seed_demo


@draws(assignment.save_assignment)
def _assign(world: World, draw: Random) -> Drawn:
    plan, user = world.plan(draw), world.actor(draw)
    rows = assignment.owned_rows(plan)
    if not rows:
        return None
    row = draw.choice(rows)
    chosen = draw.choice([str(pk or "") for pk, _label in row.choices])
    posted = {row.key: chosen, f"{row.key}-was": str(row.saved or "")}
    return lambda: assignment.save_assignment(plan, posted, user=user)
