"""Rules of closed years, each taken out of the product: the property test has to notice.

`pytest tests/law/test_weakened.py --law-weakened 200` runs sequences under each until one breaks
the law, 200 at most, and says how many it took. docs/decisions.md has the table.
"""

from collections.abc import Callable
from typing import Any

import pytest

from kpis import project_rules, rules, sharing, target_rules
from kpis.plan_changes import acting, initiatives, kpi_rules, lives, period, places, rating_rules
from kpis.plan_changes import targets as target_acts
from kpis.recording import closing, correction, engine, putting_back, shared_figures
from projects import rules as plan_rules
from reports.annual import kept

Patch = pytest.MonkeyPatch


def _nothing(*_args: Any, **_named: Any) -> tuple[()]:
    return ()


def _no_closed_year(*_args: Any, **_named: Any) -> None:
    return None


def figures_of_closed_years(patch: Patch) -> None:
    """Figures, progress and reviews are recorded in closed years too."""
    patch.setattr(engine, "refuse_year", _nothing)


def shared_figures_of_closed_years(patch: Patch) -> None:
    """A source's figure changes while a taker's plan has the year closed."""
    open_ones = shared_figures.counting_kpis

    def counting(*args: Any) -> list[Any]:
        takers = open_ones(*args)
        for one in takers:
            one.is_closed = False
        return takers

    patch.setattr(shared_figures, "counting_kpis", counting)


def value_years_of_shared_figures(patch: Patch) -> None:
    """値の年度 of a source's figure is nothing that a taker's closed year keeps."""
    patch.setattr(
        shared_figures,
        "_FIGURE",
        tuple(one for one in shared_figures._FIGURE if one != "value_year"),
    )
    patch.setattr(
        shared_figures,
        "_NOTHING",
        (*shared_figures._NOTHING[:2], *shared_figures._NOTHING[3:]),
    )


def targets_of_closed_years(patch: Patch) -> None:
    """Targets, baselines and yearly targets change what closed years were measured by."""
    patch.setattr(target_rules, "closed_years_faults", _nothing)
    patch.setattr(target_acts, "closed_years_faults", _nothing)


def measure_of_kpis(patch: Patch) -> None:
    """Aggregation, direction, formula and unit change whatever is closed or recorded."""
    patch.setattr(rules, "_FIXED", {})


def measure_but_unit(patch: Patch) -> None:
    """The same of all but the unit."""
    patch.setattr(rules, "_FIXED", {"unit": "単位"})


def measure_but_unit_and_targets(patch: Patch) -> None:
    """The same, and a KPI's change asks no longer what was due in a closed year."""
    measure_but_unit(patch)
    patch.setattr(target_rules, "closed_years_faults", _nothing)


def deleting_kpis(patch: Patch) -> None:
    """A KPI that lived in a closed year is deleted."""
    patch.setattr(rules, "closed_years_lived", _nothing)


def lives_by_acts(patch: Patch) -> None:
    """Adding, ending, going on and moving ask for no closed year; the model's rules stand."""
    for module in (acting, lives, initiatives):
        patch.setattr(module, "last_closed_year", _no_closed_year)


def lives_by_rules(patch: Patch) -> None:
    """The models' rules of lives and places know no closed year; the acts still ask."""
    patch.setattr(rules, "closed_life_faults", _nothing)
    patch.setattr(plan_rules, "check_closed_years_keep", _nothing)


def lives_by_acts_and_rules(patch: Patch) -> None:
    """Neither asks."""
    lives_by_acts(patch)
    lives_by_rules(patch)


def no_former_places(patch: Patch) -> None:
    """A move keeps no former place, and the model's rule doesn't ask."""
    patch.setattr(places, "_keep_former_place", _no_closed_year)
    patch.setattr(rules, "closed_life_faults", _nothing)


def no_former_ends(patch: Patch) -> None:
    """An end is known to years that were closed before it was set."""
    patch.setattr(lives, "_keep_former_end", _no_closed_year)


def listings_of_closed_years(patch: Patch) -> None:
    """Listings and homes of initiatives change in closed years."""
    patch.setattr(plan_rules, "check_closed_years_keep", _nothing)
    patch.setattr(plan_rules, "check_lived_deletable", _nothing)


def places_of_projects(patch: Patch) -> None:
    """A project that a closed year lists gets another code or order."""
    patch.setattr(project_rules, "_closed_years_in", _nothing)


def closing_in_any_order(patch: Patch) -> None:
    """A year is closed while an earlier one is open."""
    patch.setattr(closing, "earlier_open_years", _nothing)


def no_former_periods(patch: Patch) -> None:
    """Another last year of the plan is known to closed years; the model's rule doesn't ask."""
    patch.setattr(period, "_keep_last_year", _no_closed_year)
    patch.setattr(plan_rules, "check_period_change", _no_closed_year)


def period_of_a_source(patch: Patch) -> None:
    """A source's plan takes in and leaves out years that a taker's plan has closed."""
    from projects.models import Strategy  # noqa: PLC0415

    rest = [check for check in Strategy.period_checks if check is not sharing.check_period]
    patch.setattr(Strategy, "period_checks", rest)


def source_of_closed_years(patch: Patch) -> None:
    """A source is chosen, or taken away, with which a closed year was measured."""
    patch.setattr(sharing, "_change_faults", _nothing)


def rating_rules_of_closed_years(patch: Patch) -> None:
    """The rules of rating are revised from a closed year on."""
    patch.setattr(rating_rules, "closed_years_of", _nothing)


def own_rules_of_closed_years(patch: Patch) -> None:
    """A KPI's own rules of rating are revised from a closed year on."""
    patch.setattr(kpi_rules, "check_year", _nothing)


def later_years_stay_closed(patch: Patch) -> None:
    """A correction reopens its first year alone."""
    patch.setattr(
        correction,
        "closed_from",
        lambda plan, year: [
            one for one in plan.closings.values_list("fiscal_year", flat=True) if one == year
        ],
    )


def giving_up_puts_nothing_back(patch: Patch) -> None:
    """Giving up closes the years again as they stand, and asks nothing."""
    patch.setattr(correction, "put_back", _nothing)
    _ask_nothing_when_put_back(patch)


def giving_up_leaves_the_plan(patch: Patch) -> None:
    """Giving up puts back what was entered alone, and asks nothing."""
    put_back = putting_back.put_back

    def entered_alone(*args: Any, **_named: Any) -> None:
        put_back(*args, with_plan=False)

    patch.setattr(correction, "put_back", entered_alone)
    _ask_nothing_when_put_back(patch)


def closing_keeps_nothing(patch: Patch) -> None:
    """Nothing is kept of a year that is closed."""
    rest = [follow for follow in closing.when_closed if follow is not kept.keep_contents]
    patch.setattr(closing, "when_closed", rest)


def _ask_nothing_when_put_back(patch: Patch) -> None:
    from reports.annual import law  # noqa: PLC0415

    rest = [follow for follow in closing.when_closed if follow is not law.refuse_other_contents]
    patch.setattr(closing, "when_closed", rest)


WEAKENINGS: tuple[Callable[[Patch], None], ...] = (
    figures_of_closed_years, shared_figures_of_closed_years, value_years_of_shared_figures,
    targets_of_closed_years, measure_of_kpis, measure_but_unit, measure_but_unit_and_targets,
    deleting_kpis, lives_by_acts, lives_by_rules, lives_by_acts_and_rules, no_former_places,
    no_former_ends, listings_of_closed_years, places_of_projects, closing_in_any_order,
    no_former_periods,
    period_of_a_source, source_of_closed_years, rating_rules_of_closed_years,
    own_rules_of_closed_years, later_years_stay_closed, giving_up_puts_nothing_back,
    giving_up_leaves_the_plan, closing_keeps_nothing,
)  # fmt: skip
