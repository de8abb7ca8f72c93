"""締めた年度を改める: closed years that stand reopened, from a beginning to an end."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from common.fiscal_year import wareki
from common.history import LONGEST_NAME, History, NameAtTheTime
from projects.models.plan_row import FISCAL_YEAR_RANGE
from projects.models.strategy import Strategy


class CorrectionKind(models.TextChoices):
    """Why closed years are corrected."""

    SETTLED = "settled", "速報値の確定"
    ERROR = "error", "訂正"
    OTHER = "other", "その他"


class CorrectionEnd(models.TextChoices):
    """How a correction ended."""

    CLOSED = "closed", "締め直した"
    GIVEN_UP = "given_up", "取りやめた"


class Correction(models.Model):
    """A correction of a plan's closed years; at most one of a plan is under way.

    `years` are those that stood closed and stand reopened since, in order, of which `first_year`
    is the first. `marks` is by table (`kpis.historicalkpi`) the last row of its history at the
    beginning, so that everything can be put back. `led_by` is the correction of the plan whose
    shared figures change, with which this one begins and ends. `ended_at` is None, and what else
    is known of the end empty, while it is under way.
    """

    strategy = models.ForeignKey(
        Strategy, models.CASCADE, related_name="corrections", verbose_name="総合戦略"
    )
    led_by = models.ForeignKey(
        "self",
        models.CASCADE,
        null=True,
        related_name="followers",
        verbose_name="元の計画で改めること",
    )
    first_year = models.PositiveSmallIntegerField("最初の年度", validators=FISCAL_YEAR_RANGE)
    years = models.JSONField("改める年度")
    kind = models.CharField("改める理由", max_length=20, choices=CorrectionKind.choices)
    reason = models.TextField("改めること", blank=True)
    begun_at = models.DateTimeField("始めた日時")
    begun_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="corrections_begun",
        verbose_name="始めた人の利用者名",
    )
    begun_by_name = NameAtTheTime("始めた人", of="begun_by")
    marks = models.JSONField("始めたときの履歴")
    ended_at = models.DateTimeField("終えた日時", null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="corrections_ended",
        verbose_name="終えた人の利用者名",
    )
    ended_by_name = models.CharField("終えた人", max_length=LONGEST_NAME, blank=True)
    ending = models.CharField("終え方", max_length=20, blank=True, choices=CorrectionEnd.choices)

    history = History()

    class Meta:
        verbose_name = verbose_name_plural = "締めた年度の改め"
        ordering = ["strategy", "id"]
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                fields=["strategy"],
                condition=Q(ended_at__isnull=True),
                name="correction_one_under_way",
                violation_error_message="締めた年度を、すでに改めています。",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=CorrectionKind.values), name="correction_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True, ending="")
                | Q(
                    ended_at__isnull=False,
                    ended_by__isnull=False,
                    ending__in=CorrectionEnd.values,
                ),
                name="correction_ends_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{wareki(self.first_year)}からの改め"

    @property
    def why(self) -> str:
        """`訂正：P1-1の集計の誤り`; the kind alone where nothing was added."""
        label = CorrectionKind(self.kind).label
        return f"{label}：{self.reason}" if self.reason else str(label)

    @property
    def years_in_words(self) -> str:
        """`令和6年度、令和7年度`."""
        return "、".join(map(wareki, self.years))

    @property
    def lead(self) -> "Correction":
        """The correction that ends this one: itself, unless another plan's leads it."""
        return self.led_by or self
