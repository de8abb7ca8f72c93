"""What every row of a plan's structure obeys, and how rows say when they hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from projects import rules

if TYPE_CHECKING:
    from projects.models.strategy import Strategy

FISCAL_YEAR_RANGE = [MinValueValidator(1926), MaxValueValidator(2199)]


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


class DatedRow(PlanRow):
    """A change of something in a plan, which holds from a fiscal year on.

    What the plan begins with stands in the columns of what is changed. Such rows are written by
    acts alone, none of which changes what is in force for a closed year.
    """

    effective_from = models.PositiveSmallIntegerField(
        "適用する最初の年度", validators=FISCAL_YEAR_RANGE, help_text="西暦（令和6年度は2024）"
    )
    reason = models.TextField("理由", blank=True)

    class Meta:
        abstract = True


class FormerRow(PlanRow):
    """How something stood that was changed since: what held until the end of a fiscal year.

    How it stands now is in the columns of what was changed. `reason` is why it was changed then.
    """

    held_until = models.PositiveSmallIntegerField(
        "当時の最後の年度",
        validators=FISCAL_YEAR_RANGE,
        help_text="西暦（令和6年度は2024）",
    )
    reason = models.TextField("変えた理由", blank=True)

    class Meta:
        abstract = True


class Lived(PlanRow):
    """A row that stands in the plan from a fiscal year to another: None is the plan's own."""

    first_year = models.PositiveSmallIntegerField(
        "最初の年度", null=True, blank=True, validators=FISCAL_YEAR_RANGE
    )
    begin_reason = models.TextField("加えた理由", blank=True)
    last_year = models.PositiveSmallIntegerField(
        "最後の年度", null=True, blank=True, validators=FISCAL_YEAR_RANGE
    )
    end_reason = models.TextField("終えた理由", blank=True)

    class Meta:
        abstract = True

    def lives_in(self, fiscal_year: int) -> bool:
        """Whether it stands in the plan in one of the plan's years."""
        begun = self.first_year is None or self.first_year <= fiscal_year
        return begun and (self.last_year is None or fiscal_year <= self.last_year)


def living_in(fiscal_year: int, prefix: str = "") -> models.Q:
    """The condition under which a `Lived` row stands in the plan in a year.

    `prefix` leads to the row from what is asked (`initiative__`).
    """
    return living_within(fiscal_year, fiscal_year, prefix)


def living_within(since: int, until: int, prefix: str = "") -> models.Q:
    """The same for one of the years from the first to the last, both included."""
    first, last = f"{prefix}first_year", f"{prefix}last_year"
    begun = models.Q(**{f"{first}__isnull": True}) | models.Q(**{f"{first}__lte": until})
    goes_on = models.Q(**{f"{last}__isnull": True}) | models.Q(**{f"{last}__gte": since})
    return begun & goes_on
