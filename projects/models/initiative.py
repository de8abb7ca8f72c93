"""Initiatives, and where each is listed: at its home, and again elsewhere (再掲)."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models

from common.history import History
from projects import rules
from projects.models.department import Department
from projects.models.natural_keys import NaturalKeyManager
from projects.models.plan_row import Lived
from projects.models.project import Project
from projects.models.strategy import Strategy


class Initiative(Lived):
    """取組: recorded once, under its home project."""

    strategy = models.ForeignKey(
        Strategy, models.CASCADE, related_name="initiatives", verbose_name="総合戦略"
    )
    name = models.CharField("取組名", max_length=200)
    home_project = models.ForeignKey(
        Project, models.RESTRICT, related_name="home_initiatives", verbose_name="主な掲載先"
    )
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="initiatives",
        verbose_name="所管課",
    )

    objects = NaturalKeyManager("strategy__code", "name")
    history = History()

    class Meta:
        verbose_name = verbose_name_plural = "取組"
        ordering = ["home_project", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["strategy", "name"],
                name="initiative_name_unique",
                violation_error_message=(
                    "同じ名前の取組がすでにあります。別のプロジェクトにも載せるときは、"
                    "取組を増やさずに再掲として掲載を加えてください。"
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str, str]:
        return (self.strategy.code, self.name)

    natural_key.dependencies = [  # type: ignore[attr-defined]
        "projects.strategy",
        "projects.project",
        "projects.department",
    ]

    @property
    def relistings(self) -> list["InitiativeListing"]:
        """The places that list it again, outside its home; no query where listings are fetched."""
        return [one for one in self.listings.all() if one.project_id != self.home_project_id]

    def clean(self) -> None:
        """Refuse a home that is of another plan, or that does not list an initiative in use."""
        super().clean()
        if not (self.home_project_id and self.strategy_id):
            return
        rules.refuse([*rules.home_plan_faults(self), *rules.life_faults(self, self.strategy)])
        rules.check_closed_years_keep(self, self.strategy, ("home_project_id",))
        listed = dict(self.listings.values_list("project_id", "project__code")) if self.pk else {}
        if listed:
            rules.refuse(rules.unlisted_home_faults(self, listed))

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete the initiative; ValidationError if a closed year lists it."""
        rules.check_lived_deletable(self, self.strategy)
        return super().delete(*args, **kwargs)


class InitiativeListing(Lived):
    """An initiative's numbered place in a project's list."""

    project = models.ForeignKey(
        Project, models.CASCADE, related_name="listings", verbose_name="プロジェクト"
    )
    number = models.PositiveSmallIntegerField("番号", validators=[MinValueValidator(1)])
    initiative = models.ForeignKey(
        Initiative, models.CASCADE, related_name="listings", verbose_name="取組"
    )
    printed_name = models.CharField(
        "掲載名",
        max_length=200,
        blank=True,
        help_text="計画書がこのプロジェクトで別の名前を使っているときだけ書きます。",
    )

    way_to_plan = ("project", "strategy")

    objects = NaturalKeyManager("project__strategy__code", "project__code", "number")
    history = History()

    class Meta:
        verbose_name = verbose_name_plural = "取組の掲載"
        ordering = ["project", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "number"],
                condition=models.Q(last_year__isnull=True),
                name="listing_number_unique",
                violation_error_message="この番号の取組は、このプロジェクトにすでにあります。",
            ),
            models.UniqueConstraint(
                fields=["project", "initiative"],
                name="listing_initiative_once",
                violation_error_message="この取組は、このプロジェクトにすでに掲載されています。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project.sign} ({self.number}) {self.name}"

    def natural_key(self) -> tuple[str, str, int]:
        return (*self.project.natural_key(), self.number)

    natural_key.dependencies = ["projects.project", "projects.initiative"]  # type: ignore[attr-defined]

    @property
    def is_relisted(self) -> bool:
        """Whether this is a 再掲: a listing outside the initiative's home project.

        Every count of initiatives leaves these out: an initiative counts once, at home.
        """
        return self.project_id != self.initiative.home_project_id

    @property
    def name(self) -> str:
        """The name as printed in this project's list."""
        return self.printed_name or self.initiative.name

    def clean(self) -> None:
        """Refuse a listing across plans, and a 再掲 whose home does not list the initiative."""
        super().clean()
        if not (self.project_id and self.initiative_id):
            return
        rules.check_listing_may_move(self)
        plan = self.project.strategy
        rules.refuse([*rules.listing_plan_faults(self), *rules.life_faults(self, plan)])
        rules.refuse([*rules.listing_life_faults(self), *rules.number_faults(self)])
        rules.refuse(rules.relisting_faults(self))
        rules.check_closed_years_keep(self, plan, ("project_id", "number", "initiative_id"))

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete the listing; ValidationError if it is the home of one listed elsewhere."""
        reason = rules.why_listing_stays(self)
        if reason:
            raise ValidationError(reason)
        rules.check_lived_deletable(self, self.project.strategy)
        return super().delete(*args, **kwargs)
