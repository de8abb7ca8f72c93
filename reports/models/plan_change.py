"""計画の変更: what an act changed in a plan. What was done never changes and never goes."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.urls import reverse

from common.written_once import Fixed
from projects.models import Strategy


class PlanChange(Fixed):
    """One act on a plan, with what it changed in the content of every open year.

    `kind` is what was done as it was called then (`目標の見直し`), `subject` to what (`P1-1
    「起業件数」`), `differences` what `reports.annual.year_changes.as_text` wrote. The plan's name
    and the person's are those of that day; what histories tell of the act was written from
    `began_at` to `made_at`; `made_by` is None for a command. Like a history, it
    stays when the plan is deleted.
    """

    strategy = models.ForeignKey(
        Strategy,
        models.DO_NOTHING,
        db_constraint=False,
        related_name="plan_changes",
        verbose_name="総合戦略",
    )
    strategy_name = models.CharField("計画名", max_length=200)
    number = models.PositiveIntegerField("番号", validators=[MinValueValidator(1)])
    kind = models.CharField("変更の種類", max_length=50)
    subject = models.CharField("対象", max_length=500, blank=True)
    reason = models.TextField("理由")
    began_at = models.DateTimeField("変更し始めた日時")
    made_at = models.DateTimeField("変更した日時")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="plan_changes",
        verbose_name="変更した利用者",
    )
    made_by_name = models.CharField("変更した人", max_length=301, blank=True)
    differences = models.TextField("新旧")

    class Meta(Fixed.Meta):
        verbose_name = verbose_name_plural = "計画の変更"
        ordering = ["strategy", "-number"]
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                fields=["strategy", "number"], name="plan_change_number_unique"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.kind}"

    def get_absolute_url(self) -> str:
        return reverse("plan_change", args=[self.strategy.code, self.number])

    @property
    def label(self) -> str:
        """`第2回の変更`."""
        return f"第{self.number}回の変更"
