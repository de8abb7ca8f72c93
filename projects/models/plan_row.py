"""What every row of a plan's structure obeys: an ended plan is read alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models

from projects import rules

if TYPE_CHECKING:
    from projects.models.strategy import Strategy


class PlanRow(models.Model):
    """A row that belongs to a plan. `way_to_plan` are the relations that lead there, in order."""

    way_to_plan: ClassVar[tuple[str, ...]] = ("strategy",)

    class Meta:
        abstract = True

    @property
    def plan(self) -> Strategy | None:
        """The plan that the row belongs to; None while a form has yet to say."""
        found: Any = self
        for relation in self.way_to_plan:
            found = getattr(found, relation, None)
        plan: Strategy | None = found
        return plan

    def clean(self) -> None:
        """Refuse a row of an ended plan."""
        super().clean()
        rules.check_goes_on(self.plan)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete the row; ValidationError in an ended plan."""
        rules.check_goes_on(self.plan)
        return super().delete(*args, **kwargs)
