"""What was reached: a year's actual, or why there is none, and what people say of it."""

from django.db import models
from django.db.models import Q

from common.history import History
from kpis.models.kpi import MAX_DECIMAL_PLACES, MAX_DIGITS, Kpi
from projects.models import FISCAL_YEAR_RANGE, Versioned
from projects.models.yearly_texts import place_column

LONGEST_VALUE_IN_WORDS = 40


class ActualState(models.TextChoices):
    """What is known of one year's actual; no row, or one with texts alone, means 未入力."""

    FINAL = "final", "確定"
    PROVISIONAL = "provisional", "速報"
    PENDING = "pending", "集計中"
    UNMEASURED = "unmeasured", "未測定"
    MISSING = "missing", "未入力"


MEASURED_STATES = (ActualState.FINAL, ActualState.PROVISIONAL)


class YearlyActual(Versioned):
    """What was measured for one KPI in one fiscal year, or why nothing was.

    Zero is a measured zero. `value_year` is 値の年度, the year in which the value was measured
    where that lies before the row's (None: in the row's own). `value_words` is a value in words,
    which stands in place of the figure. Where people rate, the department proposes a band by its
    place (from 1 for the best) and the planner decides.
    """

    kpi = models.ForeignKey(Kpi, models.PROTECT, related_name="actuals", verbose_name="指標")
    fiscal_year = models.PositiveSmallIntegerField("年度", validators=FISCAL_YEAR_RANGE)
    state = models.CharField("状態", max_length=20, choices=ActualState.choices)
    value = models.DecimalField(
        "実績値", null=True, blank=True, max_digits=MAX_DIGITS, decimal_places=MAX_DECIMAL_PLACES
    )
    value_words = models.CharField("ことばの実績値", max_length=LONGEST_VALUE_IN_WORDS, blank=True)
    value_year = models.PositiveSmallIntegerField(
        "値の年度", null=True, blank=True, validators=FISCAL_YEAR_RANGE
    )
    unmeasured_reason = models.TextField("未測定の理由", blank=True)
    expected_on = models.DateField("集計中の予定日", null=True, blank=True)
    analysis = models.TextField("要因分析", blank=True)
    next_steps = models.TextField("今後の方向性", blank=True)
    confirmation = models.TextField(
        "確認のひとこと",
        blank=True,
        help_text="ふだんと大きく違う値などに、誤りでないことを書き添えます。",
    )

    proposed_place = place_column("評価の案")
    proposal_reason = models.TextField("評価の案の理由", blank=True)
    decided_place = place_column("評価")
    decision_reason = models.TextField("評価の理由", blank=True)

    history = History()

    class Meta:
        verbose_name = verbose_name_plural = "実績値"
        ordering = ["kpi", "fiscal_year"]
        constraints = [
            models.UniqueConstraint(fields=["kpi", "fiscal_year"], name="actual_once_a_year"),
            models.CheckConstraint(
                condition=(
                    Q(
                        state__in=MEASURED_STATES,
                        unmeasured_reason="",
                        expected_on__isnull=True,
                    )
                    & (
                        Q(value__isnull=False, value_words="")
                        | (Q(value__isnull=True) & ~Q(value_words=""))
                    )
                )
                | (
                    Q(
                        state=ActualState.UNMEASURED,
                        value__isnull=True,
                        value_words="",
                        expected_on__isnull=True,
                    )
                    & ~Q(unmeasured_reason="")
                )
                | Q(
                    state=ActualState.PENDING,
                    value__isnull=True,
                    value_words="",
                    unmeasured_reason="",
                    expected_on__isnull=False,
                )
                | Q(
                    state=ActualState.MISSING,
                    value__isnull=True,
                    value_words="",
                    unmeasured_reason="",
                    expected_on__isnull=True,
                ),
                name="actual_is_value_or_reason_or_date",
            ),
            models.CheckConstraint(
                condition=Q(value_year__isnull=True)
                | Q(value_year__lt=models.F("fiscal_year"), state__in=MEASURED_STATES),
                name="actual_value_year_is_before_its_year",
            ),
        ]
        permissions = [
            ("record_own_actuals", "自分の課の指標の実績を入力する"),
            ("record_any_actuals", "すべての課の指標の実績を入力する"),
        ]

    def __str__(self) -> str:
        return f"{self.kpi.code} {self.fiscal_year}年度の実績"

    @property
    def has_value(self) -> bool:
        """Whether the year has a figure, final or provisional."""
        return self.value is not None
