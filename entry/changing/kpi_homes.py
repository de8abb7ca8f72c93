"""Where a KPI may stand: in a project, or among the 数値目標 of a pillar or of the whole plan."""

from typing import Any

from django import forms

from projects.goals import GOALS, goal_holders, goals_name, holder_of
from projects.models import Pillar, Project, Strategy

_EMPTY = ("", "選んでください")


def goals_key(pillar: Pillar | None) -> str:
    """By what the 数値目標 of a pillar, or of the plan, are chosen: `goals-2`, `goals`."""
    return "goals" if pillar is None else f"goals-{pillar.number}"


class KpiHomeField(forms.ChoiceField):
    """A choice among a plan's projects, or its 数値目標; cleans to a `Project`.

    That is one not saved yet where nothing holds the 数値目標 chosen.
    """

    def offer(self, strategy: Strategy, *, of_goals: bool) -> None:
        """Offer the plan's and its pillars' 数値目標, or its projects."""
        self.strategy = strategy
        projects = strategy.projects.filter(holds_goals=False).order_by("position", "code")
        self.homes = _goal_homes(strategy) if of_goals else {str(one.pk): one for one in projects}
        self.choices = [_EMPTY, *((key, str(home).strip()) for key, home in self.homes.items())]
        what = GOALS if of_goals else strategy.words.project
        self.error_messages["invalid_choice"] = f"この計画の{what}から選んでください。"

    def prepare_value(self, value: Any) -> Any:
        """The key of a home that is offered at first."""
        if not isinstance(value, Project):
            return value
        return goals_key(value.pillar) if value.holds_goals else value.pk

    def clean(self, value: Any) -> Project | None:
        """The home of a key."""
        key = super().clean(value)
        if not key:
            return None
        home = self.homes[key]
        # A new one gets its code only now.
        found: Project = home if home.pk else holder_of(self.strategy, home.pillar)
        return found


def _goal_homes(strategy: Strategy) -> dict[str, Project]:
    """By key: what holds the 数値目標 of the plan and of each pillar, or what would."""
    held = {goals_key(one.pillar): one for one in reversed(goal_holders(strategy))}
    pillars: list[Pillar | None] = [None, *strategy.pillars.order_by("number")]
    return {
        goals_key(pillar): held.get(goals_key(pillar))
        or Project(strategy=strategy, pillar=pillar, name=goals_name(pillar), holds_goals=True)
        for pillar in pillars
    }
