"""What the next plan consists of, as rows of a plan's file: pure, nothing is asked or written.

What is ticked comes if all above it does: an initiative with its home project, a project with
its pillar.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Model

from entry.next_plan.offer import Baseline, Offer, OfferedKpi
from entry.plan_file.fixture import Row
from kpis.models import KpiRatingRules
from kpis.plan_rules import plan_rules
from kpis.targets import row_in_force
from kpis.terms import as_columns, scale_columns
from projects.goals import GOALS
from projects.initiative_codes import code_at_home
from projects.models import Department, InitiativeListing, Lived, Pillar, PlanState, Project


@dataclass(frozen=True, slots=True)
class Choice:
    """What a planner wants the next plan to be.

    Pillars are named by number, projects and KPIs by code, initiatives by id; `kpis` holds
    the baseline that each brings along.
    """

    code: str
    name: str
    first_year: int
    last_year: int
    reason: str
    pillars: frozenset[int]
    projects: frozenset[str]
    initiatives: frozenset[int]
    kpis: dict[str, Baseline]


@dataclass(frozen=True)
class NextPlan:
    """The plan that follows: what of the offer is taken over, and what it becomes."""

    offer: Offer
    choice: Choice

    @cached_property
    def pillars(self) -> Sequence[Pillar]:
        """The pillars taken over."""
        return [one for one in self.offer.pillars if one.number in self.choice.pillars]

    @cached_property
    def projects(self) -> Sequence[Project]:
        """The projects taken over."""
        pillars = {one.pk for one in self.pillars}
        return [
            one
            for one in self.offer.projects
            if one.code in self.choice.projects and one.pillar_id in pillars
        ]

    @cached_property
    def goal_holders(self) -> Sequence[Project]:
        """What holds the 数値目標 taken over: a pillar's come with it, the plan's by themselves."""
        homes = {one.kpi.project_id for one in self.offer.kpis if one.code in self.choice.kpis}
        pillars = {None, *(one.pk for one in self.pillars)}
        return [
            one for one in self.offer.goal_holders if one.pk in homes and one.pillar_id in pillars
        ]

    @cached_property
    def _project_ids(self) -> set[int]:
        return {one.pk for one in self.projects}

    @cached_property
    def initiatives(self) -> Sequence[Any]:
        """The initiatives taken over."""
        return [
            one
            for one in self.offer.initiatives
            if one.pk in self.choice.initiatives and one.home_project_id in self._project_ids
        ]

    @cached_property
    def listings(self) -> Sequence[InitiativeListing]:
        """Where they are listed: in every project that comes along."""
        taken = {one.pk for one in self.initiatives}
        return [
            one
            for one in self.offer.listings
            if one.initiative_id in taken and one.project_id in self._project_ids
        ]

    @property
    def relisted(self) -> int:
        """How many of the listings are 再掲."""
        return sum(one.is_relisted for one in self.listings)

    @cached_property
    def kpis(self) -> Sequence[OfferedKpi]:
        """The KPIs carried over, 数値目標 among them."""
        homes = self._project_ids | {one.pk for one in self.goal_holders}
        return [
            one
            for one in self.offer.kpis
            if one.code in self.choice.kpis and one.kpi.project_id in homes
        ]

    @property
    def goals(self) -> Sequence[OfferedKpi]:
        """The 数値目標 among them."""
        return [one for one in self.kpis if one.kpi.project.holds_goals]

    @property
    def counts_text(self) -> str:
        """`指標12、数値目標3`: how many KPIs come along, and goals where there are any."""
        goals, word = len(self.goals), self.offer.plan.words.kpi
        return f"{word}{len(self.kpis) - goals}{f'、{GOALS}{goals}' if goals else ''}"

    @property
    def initiatives_by_project(self) -> list[tuple[Project, list[Any]]]:
        """Each project taken over, with the initiatives at home there."""
        return [
            (project, [one for one in self.initiatives if one.home_project_id == project.pk])
            for project in self.projects
        ]

    @property
    def kpis_with_baselines(self) -> list[tuple[OfferedKpi, Baseline]]:
        """The KPIs carried over, each with what it brings along."""
        return [(one, self.choice.kpis[one.code]) for one in self.kpis]

    @property
    def left_out(self) -> list[tuple[str, list[str]]]:
        """What stays behind: of each kind that has any, the names."""
        kpis = {one.code for one in self.kpis}
        kinds: list[tuple[str, Sequence[Any], Sequence[Any], Callable[[Any], str]]] = [
            ("柱", self.offer.pillars, self.pillars, str),
            ("プロジェクト", self.offer.projects, self.projects, str),
            ("取組", self.offer.initiatives, self.initiatives, _initiative_in_words),
        ]
        found = [
            (kind, [in_words(one) for one in all_of_it if one not in taken])
            for kind, all_of_it, taken, in_words in kinds
        ]
        found.append(("指標", [str(one.kpi) for one in self.offer.kpis if one.code not in kpis]))
        return [(kind, names) for kind, names in found if names]

    @cached_property
    def rows(self) -> list[Row]:
        """The rows that make it, each after what it refers to."""
        chosen, old = self.choice, self.offer.plan
        rules = plan_rules(old).in_year(old.last_year)
        plan = self._row(
            old,
            code=chosen.code,
            name=chosen.name,
            first_year=chosen.first_year,
            last_year=chosen.last_year,
            # It begins with the rules of rating that the old one had in the end.
            **as_columns(rules),
            state=PlanState.PREPARING,
            is_current=False,
        )
        directions = [one for one in self.offer.directions if one.project_id in self._project_ids]
        structure = [
            *self.pillars,
            *self.goal_holders,
            *(*self.projects, *directions),
            *(*self.initiatives, *self.listings),
        ]
        kpis = [
            self._row(
                one.kpi,
                baseline=chosen.kpis[one.code].value,
                baseline_year=chosen.kpis[one.code].year,
                carried_from=list(one.kpi.natural_key()),
                successor_of=None,
                related_departments=[
                    list(owner.natural_key()) for owner in one.kpi.related_departments.all()
                ],
            )
            for one in self.kpis
        ]
        return [plan, *map(self._row, structure), *kpis, *self._own_rules()]

    @property
    def fingerprint(self) -> str:
        """The same for the same rows: whether what was looked over is what would be written."""
        written = [[row.model._meta.label_lower, row.fields] for row in self.rows]
        return hashlib.sha256(json.dumps(written, default=str).encode()).hexdigest()

    def _own_rules(self) -> Iterator[Row]:
        """The scales of their own that KPIs had in the end, from the new plan's first year on."""
        chosen, last = self.choice, self.offer.plan.last_year
        for one in self.kpis:
            own = row_in_force(one.series.definition.own_scales, last)
            if own is not None and own.scale is not None:
                first = {"effective_from": chosen.first_year, "reason": own.reason}
                kpi = {"kpi": self._written(one.kpi), "is_plans": False}
                yield Row(0, KpiRatingRules, kpi | first | scale_columns(own.scale))

    def _row(self, row: Model, **instead: Any) -> Row:
        """A row with all columns of the old one, but for those said `instead`.

        Its life begins anew, with the plan's first year.
        """
        if isinstance(row, Lived):
            instead = {field.name: field.get_default() for field in Lived._meta.fields} | instead
        fields = {
            field.name: self._written(getattr(row, field.name))
            for field in row._meta.concrete_fields
            if not field.primary_key and field.name not in instead
        }
        return Row(0, type(row), fields | instead)

    def _written(self, value: Any) -> Any:
        """A value as a plan's file has it: what it refers to by natural key, in the next plan."""
        if not isinstance(value, Model):
            return value
        first, *others = value.natural_key()  # type: ignore[attr-defined]
        is_of_the_plan = not isinstance(value, Department) and first == self.offer.plan.code
        return [self.choice.code if is_of_the_plan else first, *others]


def _initiative_in_words(initiative: Any) -> str:
    return f"{code_at_home(initiative)} {initiative.name}"
