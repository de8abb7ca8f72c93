"""What was done in a fiscal year: on each initiative, and in each project's review.

Both are written by `kpis.recording` alone, once per fiscal year, and are
locked when the year is closed.
"""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from common.history import History
from projects.bands import MOST_BANDS
from projects.models.initiative import Initiative
from projects.models.plan_row import FISCAL_YEAR_RANGE
from projects.models.project import Project
from projects.models.versioned import Versioned

MOST_COST = 10**12


class InitiativeStatus(models.TextChoices):
    """Where the work on an initiative stands at the end of a fiscal year."""

    NOT_STARTED = "not_started", "未着手"
    ONGOING = "ongoing", "実施中"
    DONE = "done", "完了"
    REVISED = "revised", "見直し"
    STOPPED = "stopped", "中止"


class InitiativeProgress(Versioned):
    """取組の進捗: one initiative in one fiscal year, recorded at its home."""

    initiative = models.ForeignKey(
        Initiative, models.PROTECT, related_name="progress", verbose_name="取組"
    )
    fiscal_year = models.PositiveSmallIntegerField("年度", validators=FISCAL_YEAR_RANGE)
    status = models.CharField("状況", max_length=20, choices=InitiativeStatus.choices)
    summary = models.TextField("取組実績", blank=True)
    next_steps = models.TextField("今後の方向性", blank=True)
    cost = models.PositiveBigIntegerField(
        "決算額（千円）",
        null=True,
        blank=True,
        validators=[MaxValueValidator(MOST_COST)],
        help_text="千円単位。空欄は未定。",
    )

    history = History()

    class Meta:
        verbose_name = verbose_name_plural = "取組の進捗"
        ordering = ["initiative", "fiscal_year"]
        constraints = [
            models.UniqueConstraint(
                fields=["initiative", "fiscal_year"], name="initiative_progress_once_a_year"
            ),
            models.CheckConstraint(
                condition=Q(status__in=InitiativeStatus.values),
                name="initiative_progress_status_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.initiative} {self.fiscal_year}年度の進捗"


def place_column(label: str) -> "models.PositiveSmallIntegerField[int | None, int | None]":
    """A column with a rating that people gave: the place of its band, from 1 for the best."""
    return models.PositiveSmallIntegerField(
        label,
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_BANDS)],
        help_text="評価区分の、上からの順番",
    )


class ProjectReview(Versioned):
    """総括 of one project in one fiscal year, with the outside experts' opinion.

    Where people rate projects, their ratings too: the office's with its reason, and the experts'.
    """

    project = models.ForeignKey(
        Project, models.PROTECT, related_name="reviews", verbose_name="プロジェクト"
    )
    fiscal_year = models.PositiveSmallIntegerField("年度", validators=FISCAL_YEAR_RANGE)
    summary = models.TextField("総括", blank=True)
    external_opinion = models.TextField("外部有識者の意見", blank=True)
    rating_place = place_column("評価")
    rating_reason = models.TextField("評価の理由", blank=True)
    external_place = place_column("外部有識者の評価")

    history = History()

    class Meta:
        verbose_name = verbose_name_plural = "プロジェクトの総括"
        ordering = ["project", "fiscal_year"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "fiscal_year"], name="project_review_once_a_year"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project} {self.fiscal_year}年度の総括"
