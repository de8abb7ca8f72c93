"""What is aimed at: final targets and what is due by the end of a year."""

from typing import Any

from django.db import models
from django.db.models import Q

from common.history import History
from kpis import target_rules
from kpis.models.kpi import MAX_DECIMAL_PLACES, MAX_DIGITS, Kpi
from kpis.target_text import MET_BY_WORDS
from kpis.targets import MetBy
from projects.models import FISCAL_YEAR_RANGE, DatedRow, NaturalKeyManager, PlanRow

LONGEST_TARGET_WORDS = 40
MET_BY_CHOICES = list(MET_BY_WORDS.items())


class FinalTarget(DatedRow):
    """The value to reach by the last fiscal year, from one fiscal year on.

    The first row is the plan's target; a revision adds a row with its reason. At most one of
    `value` and `words` says what is to be reached; a row with neither says that it is not set.
    """

    kpi = models.ForeignKey(Kpi, models.CASCADE, related_name="final_targets", verbose_name="指標")
    value = models.DecimalField(
        "最終目標値",
        null=True,
        blank=True,
        max_digits=MAX_DIGITS,
        decimal_places=MAX_DECIMAL_PLACES,
    )
    words = models.CharField("ことばの目標", max_length=LONGEST_TARGET_WORDS, blank=True)
    met_by = models.CharField(
        "ことばの目標の達し方", max_length=20, choices=MET_BY_CHOICES, blank=True
    )
    is_strict = models.BooleanField(
        "超・未満",
        default=False,
        help_text="目標値と同じでは達成にならない目標（「以上」「以下」ではなく「超」「未満」）",
    )
    tolerance = models.DecimalField(
        "維持の幅",
        null=True,
        blank=True,
        max_digits=MAX_DIGITS,
        decimal_places=MAX_DECIMAL_PLACES,
        help_text="基準値を保つ目標で、目標値からこの幅までの値は100%とします。",
    )
    target_year = models.PositiveSmallIntegerField(
        "目標年度",
        null=True,
        blank=True,
        validators=FISCAL_YEAR_RANGE,
        help_text="西暦。空欄は計画の最終年度",
    )
    baseline = models.DecimalField(
        "改めた基準値",
        null=True,
        blank=True,
        max_digits=MAX_DIGITS,
        decimal_places=MAX_DECIMAL_PLACES,
    )
    baseline_year = models.PositiveSmallIntegerField(
        "改めた基準値の年度", null=True, blank=True, validators=FISCAL_YEAR_RANGE
    )
    reason = models.TextField("設定・改定の理由", blank=True)

    way_to_plan = ("kpi", "project", "strategy")

    objects = NaturalKeyManager(
        "kpi__project__strategy__code", "kpi__project__code", "kpi__number", "effective_from"
    )
    history = History()

    class Meta:
        verbose_name = verbose_name_plural = "最終目標値"
        ordering = ["kpi", "effective_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["kpi", "effective_from"],
                name="final_target_once_a_year",
                violation_error_message="この年度から適用する最終目標値はすでにあります。",
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=True) | Q(words=""),
                name="final_target_figure_or_words",
                violation_error_message="最終目標は、数値かことばのどちらかにしてください。",
            ),
            models.CheckConstraint(
                condition=Q(words="", met_by="")
                | (~Q(words="") & Q(met_by__in=[one.value for one in MetBy if one])),
                name="final_target_words_met_somehow",
                violation_error_message="ことばの目標は、達し方を選んでください。",
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=False) | Q(is_strict=False, tolerance__isnull=True),
                name="final_target_figure_for_its_terms",
                violation_error_message="「超・未満」と維持の幅は、数値の目標だけのものです。",
            ),
            models.CheckConstraint(
                condition=Q(baseline__isnull=False) | Q(baseline_year__isnull=True),
                name="final_target_baseline_for_its_year",
                violation_error_message="改めた基準値の年度には、改めた基準値が要ります。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kpi.code} 最終目標値（{self.effective_from}年度から）"

    def natural_key(self) -> tuple[str, str, int, int]:
        return (*self.kpi.natural_key(), self.effective_from)

    natural_key.dependencies = ["kpis.kpi"]  # type: ignore[attr-defined]

    def clean(self) -> None:
        super().clean()
        target_rules.check_final_target(self)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete the target; ValidationError if a closed year was measured against it."""
        target_rules.check_final_target_deletable(self)
        return super().delete(*args, **kwargs)


class YearlyTarget(PlanRow):
    """年度目安: the value due by the end of one fiscal year (cumulative: the running total)."""

    kpi = models.ForeignKey(Kpi, models.CASCADE, related_name="yearly_targets", verbose_name="指標")
    fiscal_year = models.PositiveSmallIntegerField(
        "年度", validators=FISCAL_YEAR_RANGE, help_text="西暦（令和6年度は2024）"
    )
    value = models.DecimalField(
        "年度目安値",
        help_text="累計の指標では年度末までの累計",
        max_digits=MAX_DIGITS,
        decimal_places=MAX_DECIMAL_PLACES,
    )

    way_to_plan = ("kpi", "project", "strategy")

    objects = NaturalKeyManager(
        "kpi__project__strategy__code", "kpi__project__code", "kpi__number", "fiscal_year"
    )
    history = History()

    class Meta:
        verbose_name = verbose_name_plural = "年度目安"
        ordering = ["kpi", "fiscal_year"]
        constraints = [
            models.UniqueConstraint(
                fields=["kpi", "fiscal_year"],
                name="yearly_target_once_a_year",
                violation_error_message="この年度の目安はすでにあります。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kpi.code} {self.fiscal_year}年度の目安"

    def natural_key(self) -> tuple[str, str, int, int]:
        return (*self.kpi.natural_key(), self.fiscal_year)

    natural_key.dependencies = ["kpis.kpi"]  # type: ignore[attr-defined]

    def clean(self) -> None:
        super().clean()
        target_rules.check_yearly_target(self)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete the target; ValidationError if its year is closed."""
        target_rules.check_yearly_target_deletable(self)
        return super().delete(*args, **kwargs)
