"""What was reported of a closed year: kept when the year is closed, and never changed."""

from django.core.validators import MinValueValidator
from django.db import models
from django.urls import reverse

from common.fiscal_year import wareki
from common.history import LONGEST_NAME
from common.written_once import Fixed
from projects.models import FISCAL_YEAR_RANGE, Strategy


class KeptContent(Fixed):
    """残した内容: a report's document as it was when its year was closed for the nth time.

    `document` is the report as `reports.annual.serialisation.content_to_json` wrote it: all that
    an edition says but what belongs to issuing. `number` counts the closings of the year: the
    second and later ones end a correction, of which `reason` tells. `made_by_name` is the name
    that who closed the year had; it is empty where the year had been closed before contents were
    kept, and this one was kept afterwards.
    """

    strategy = models.ForeignKey(
        Strategy, models.PROTECT, related_name="kept_contents", verbose_name="総合戦略"
    )
    fiscal_year = models.PositiveSmallIntegerField("年度", validators=FISCAL_YEAR_RANGE)
    number = models.PositiveSmallIntegerField("締めの回", validators=[MinValueValidator(1)])
    made_at = models.DateTimeField("残した日時")
    made_by_name = models.CharField("締めた人", max_length=LONGEST_NAME, blank=True)
    reason = models.TextField("改めた理由", blank=True)
    document = models.TextField("文書")
    document_sha256 = models.CharField("文書のSHA-256", max_length=64)

    class Meta(Fixed.Meta):
        verbose_name = verbose_name_plural = "締めた年度の内容"
        ordering = ["strategy", "-fiscal_year", "-number"]
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                fields=["strategy", "fiscal_year", "number"], name="kept_content_number_unique"
            ),
        ]

    def __str__(self) -> str:
        return f"{wareki(self.fiscal_year)} {self.label}"

    def get_absolute_url(self) -> str:
        return reverse("kept_contents", args=[self.strategy.code, self.fiscal_year])

    @property
    def label(self) -> str:
        """`第2回の締め`."""
        return f"第{self.number}回の締め"

    @property
    def key(self) -> str:
        """`2025-closing-2`, how the page of differences names it."""
        return f"{self.fiscal_year}-closing-{self.number}"
