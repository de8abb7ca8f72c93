"""Projects and their directions."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from common.history import History
from projects import rules
from projects.models.natural_keys import NaturalKeyManager
from projects.models.plan_row import PlanRow
from projects.models.strategy import Pillar, Strategy
from projects.project_codes import LONGEST_CODE, validate_project_code
from projects.words import LONGEST_WORD, validate_word


class Project(PlanRow):
    """A project of the plan: P1 … P6, A1, A2; `kind` is the plan's own word for what sort it is.

    One that `holds_goals` is none that the plan prints: the KPIs in it are the 数値目標 of its
    pillar or, without one, of the whole plan.
    """

    strategy = models.ForeignKey(
        Strategy, models.CASCADE, related_name="projects", verbose_name="総合戦略"
    )
    pillar = models.ForeignKey(
        Pillar,
        models.RESTRICT,
        null=True,
        blank=True,
        related_name="projects",
        verbose_name="創生の柱",
    )
    holds_goals = models.BooleanField(
        "数値目標",
        default=False,
        help_text="プロジェクトではなく、柱や計画全体の数値目標をまとめたもの",
    )
    code = models.CharField(
        "プロジェクトコード",
        max_length=LONGEST_CODE,
        validators=[validate_project_code],
        help_text=(
            f"例：P1、SHISAKU-12。{LONGEST_CODE}字以内の英数字とハイフン。"
            "指標番号は P1-1 の形になります。"
        ),
    )
    printed_sign = models.CharField(
        "表記",
        max_length=20,
        blank=True,
        help_text=(
            "計画書に印刷した記号（例：施策1-2-3）。名称のそばに、コードの代わりに示します。"
            "コードと同じなら空けておきます。"
        ),
    )
    kind = models.CharField(
        "種別",
        max_length=LONGEST_WORD,
        blank=True,
        validators=[validate_word],
        help_text="計画での呼び名（例：コアプロジェクト、加速）。種別のない計画では空けておきます。",
    )
    name = models.CharField("名称", max_length=200)
    purpose = models.TextField("目的", blank=True)
    position = models.PositiveSmallIntegerField("並び順", default=0)

    # What rooms above ask before a project is changed, and deleted; each raises ValidationError.
    change_checks: ClassVar[list[Callable[["Project"], None]]] = []
    deletion_checks: ClassVar[list[Callable[["Project"], None]]] = []

    objects = NaturalKeyManager("strategy__code", "code")
    history = History()

    class Meta:
        verbose_name = verbose_name_plural = "プロジェクト"
        ordering = ["strategy", "position", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["strategy", "code"],
                name="project_code_unique",
                violation_error_message="このコードのプロジェクトはすでにあります。",
            ),
            models.CheckConstraint(
                condition=Q(pillar__isnull=False) | Q(holds_goals=True),
                name="project_stands_in_pillar",
                violation_error_message="プロジェクトの創生の柱を選んでください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sign} {self.name}"

    @property
    def sign(self) -> str:
        """What stands beside its name: as the plan prints it, else its code."""
        return self.printed_sign or self.code

    def natural_key(self) -> tuple[str, str]:
        return (self.strategy.code, self.code)

    natural_key.dependencies = ["projects.strategy", "projects.pillar"]  # type: ignore[attr-defined]

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete the project; ValidationError if a room above still needs it."""
        for check in self.deletion_checks:
            check(self)
        return super().delete(*args, **kwargs)

    def clean(self) -> None:
        """Refuse a pillar of another plan, and what another plan or a closed year doesn't bear."""
        super().clean()
        rules.check_same_plan(self)
        rules.refuse(rules.code_faults(self))
        for check in self.change_checks:
            check(self)
        if self.pillar_id and self.strategy_id:
            rules.refuse(rules.pillar_faults(self))


class ProjectDirection(PlanRow):
    """One of a project's 方向性, numbered in printed order."""

    project = models.ForeignKey(
        Project, models.CASCADE, related_name="directions", verbose_name="プロジェクト"
    )
    number = models.PositiveSmallIntegerField("番号", validators=[MinValueValidator(1)])
    text = models.TextField("方向性")

    way_to_plan = ("project", "strategy")

    objects = NaturalKeyManager("project__strategy__code", "project__code", "number")
    history = History()

    class Meta:
        verbose_name = verbose_name_plural = "プロジェクトの方向性"
        ordering = ["project", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "number"],
                name="direction_number_unique",
                violation_error_message="この番号の方向性はすでにあります。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project.sign} 方向性{self.number}"

    def natural_key(self) -> tuple[str, str, int]:
        return (*self.project.natural_key(), self.number)

    natural_key.dependencies = ["projects.project"]  # type: ignore[attr-defined]
