"""The numbers: what is measured, what is aimed at, what was reached.

Yearly actuals are written by `kpis.recording` alone. Rules that need only one
table are database constraints; rules across tables are in `clean()` and in
`kpis.rules`.
"""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from common.fiscal_year import wareki
from common.history import History
from common.reading.units import read_unit
from kpis import rules, sharing, target_rules
from kpis.target_text import MET_BY_WORDS
from kpis.targets import MetBy
from projects.models import (
    FISCAL_YEAR_RANGE,
    DatedRow,
    Department,
    FormerRow,
    Lived,
    NaturalKeyManager,
    PlanRow,
    Project,
    Versioned,
)

# SQLite keeps decimals as floats, which are exact to 15 significant digits.
_MAX_DIGITS = 15
MAX_DECIMAL_PLACES = 4
LONGEST_VALUE_IN_WORDS = 40
LONGEST_TARGET_WORDS = 40
MET_BY_CHOICES = list(MET_BY_WORDS.items())


class Aggregation(models.TextChoices):
    """Whether yearly actuals add up over the plan."""

    CUMULATIVE = "cumulative", "累計（のべ）"
    ANNUAL = "annual", "単年度"


class Direction(models.TextChoices):
    """Which way is better."""

    INCREASE = "increase", "以上を目指す"
    DECREASE = "decrease", "以下を目指す"


class Formula(models.TextChoices):
    """How a rate is computed from a value and a goal (docs/domain.md, Rates)."""

    RATIO = "ratio", "実績÷目標"
    DEVIATION = "deviation", "目標との乖離"
    FROM_BASELINE = "from_baseline", "基準値からの伸び"


class Kpi(Lived):
    """A key performance indicator of one project."""

    project = models.ForeignKey(
        Project, models.CASCADE, related_name="kpis", verbose_name="プロジェクト"
    )
    number = models.PositiveSmallIntegerField("番号", validators=[MinValueValidator(1)])
    name = models.CharField("指標名", max_length=200)
    unit = models.CharField(
        "単位", max_length=20, blank=True, help_text="指数のように単位のないものは空欄"
    )
    decimal_places = models.PositiveSmallIntegerField(
        "小数桁数",
        default=0,
        validators=[MaxValueValidator(MAX_DECIMAL_PLACES)],
        help_text="実績値と目標値を小数第何位まで扱うか（0〜4）",
    )
    aggregation = models.CharField(
        "集計方法", max_length=20, choices=Aggregation.choices, default=Aggregation.ANNUAL
    )
    direction = models.CharField(
        "目指す方向", max_length=20, choices=Direction.choices, default=Direction.INCREASE
    )
    formula = models.CharField(
        "達成率の算式", max_length=20, choices=Formula.choices, default=Formula.RATIO
    )
    baseline = models.DecimalField(
        "基準値", null=True, blank=True, max_digits=_MAX_DIGITS, decimal_places=MAX_DECIMAL_PLACES
    )
    baseline_year = models.PositiveSmallIntegerField(
        "基準値の年度",
        null=True,
        blank=True,
        validators=FISCAL_YEAR_RANGE,
        help_text="西暦（令和5年度は2023）",
    )
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="kpis",
        verbose_name="所管課",
    )
    related_departments = models.ManyToManyField(
        Department,
        blank=True,
        related_name="related_kpis",
        verbose_name="関係課",
        help_text="所管課とともに実績を入力できる課",
    )
    source = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="takers",
        verbose_name="元の指標",
    )
    successor_of = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="successor",
        verbose_name="前の指標",
    )
    definition = models.TextField("算出方法", blank=True)
    data_source = models.CharField("出典", max_length=300, blank=True)
    note = models.TextField("備考", blank=True)
    # Protected: an update that empties it would stand in no history.
    carried_from = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="carried_on",
        verbose_name="引き継ぎ元の指標",
        help_text="前の計画の同じ指標。その実績が、この指標のページに並びます。",
    )

    way_to_plan = ("project", "strategy")

    objects = NaturalKeyManager("project__strategy__code", "project__code", "number")
    history = History(m2m_fields=[related_departments])

    class Meta:
        verbose_name = verbose_name_plural = "重要業績評価指標"
        ordering = ["project__position", "project__code", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "number"],
                condition=Q(last_year__isnull=True),
                name="kpi_number_unique",
                violation_error_message="この番号の指標は、このプロジェクトにすでにあります。",
            ),
            models.CheckConstraint(
                condition=Q(decimal_places__lte=MAX_DECIMAL_PLACES),
                name="kpi_decimal_places_in_range",
            ),
            models.CheckConstraint(
                condition=Q(aggregation__in=Aggregation.values), name="kpi_aggregation_known"
            ),
            models.CheckConstraint(
                condition=Q(direction__in=Direction.values), name="kpi_direction_known"
            ),
            models.CheckConstraint(
                condition=Q(formula__in=Formula.values), name="kpi_formula_known"
            ),
            models.CheckConstraint(
                condition=~Q(aggregation=Aggregation.CUMULATIVE)
                | Q(direction=Direction.INCREASE, formula=Formula.RATIO),
                name="kpi_cumulative_increases_by_ratio",
                violation_error_message=(
                    "累計の指標は「以上を目指す」と「実績÷目標」だけです。"
                    "年度末の残高や総数は、単年度の指標にしてください。"
                ),
            ),
            models.CheckConstraint(
                condition=~Q(formula=Formula.FROM_BASELINE) | Q(baseline__isnull=False),
                name="kpi_from_baseline_has_baseline",
                violation_error_message=(
                    "算式「基準値からの伸び」には基準値が要ります。基準値を入力してください。"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the KPI, and with it what its takers have from it."""
        is_new = self._state.adding
        super().save(*args, **kwargs)
        if not is_new:
            sharing.take_along(self)

    def natural_key(self) -> tuple[str, str, int]:
        return (*self.project.natural_key(), self.number)

    natural_key.dependencies = ["projects.project", "projects.department"]  # type: ignore[attr-defined]

    @property
    def code(self) -> str:
        """`P1-2`: the project's code and the KPI's number."""
        return f"{self.project.code}-{self.number}"

    def clean(self) -> None:
        """Refuse what an actual or a closed year has fixed, and what its numbers don't bear."""
        super().clean()
        self.unit = read_unit(self.unit)
        rules.check_kpi(self)
        sharing.check_kpi(self)
        target_rules.check_saved_targets(self)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete the KPI; ValidationError if a closed year was measured against its targets."""
        rules.check_kpi_deletable(self)
        return super().delete(*args, **kwargs)


class FormerEnd(FormerRow):
    """When a KPI was to end, as the years up to one knew it: those closed before know no other."""

    kpi = models.ForeignKey(Kpi, models.CASCADE, related_name="former_ends", verbose_name="指標")
    last_year = models.PositiveSmallIntegerField(
        "当時の最後の年度", null=True, blank=True, validators=FISCAL_YEAR_RANGE
    )

    way_to_plan = ("kpi", "project", "strategy")

    history = History()

    class Meta:
        verbose_name = verbose_name_plural = "指標の終わりの変更"
        ordering = ["kpi", "held_until"]
        constraints = [
            models.UniqueConstraint(
                fields=["kpi", "held_until"],
                name="former_end_once_a_year",
                violation_error_message="この年度までの終わりの記録はすでにあります。",
            ),
        ]

    def __str__(self) -> str:
        ends = "終わりなし" if self.last_year is None else f"{wareki(self.last_year)}で終了"
        return f"{self.kpi.code} {ends}（{wareki(self.held_until)}まで）"


class FormerPlace(FormerRow):
    """Where a KPI stood in the plan until it was moved."""

    kpi = models.ForeignKey(Kpi, models.CASCADE, related_name="former_places", verbose_name="指標")
    project = models.ForeignKey(
        Project, models.PROTECT, related_name="former_kpi_places", verbose_name="プロジェクト"
    )
    number = models.PositiveSmallIntegerField("番号", validators=[MinValueValidator(1)])

    way_to_plan = ("kpi", "project", "strategy")

    history = History()

    class Meta:
        verbose_name = verbose_name_plural = "指標の前の場所"
        ordering = ["kpi", "held_until"]
        constraints = [
            models.UniqueConstraint(
                fields=["kpi", "held_until"],
                name="former_place_once_a_year",
                violation_error_message="この年度までの場所はすでにあります。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project.code}-{self.number}（{wareki(self.held_until)}まで）"


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
        max_digits=_MAX_DIGITS,
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
        max_digits=_MAX_DIGITS,
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
        max_digits=_MAX_DIGITS,
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
        max_digits=_MAX_DIGITS,
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
    which stands in place of the figure.
    """

    kpi = models.ForeignKey(Kpi, models.PROTECT, related_name="actuals", verbose_name="指標")
    fiscal_year = models.PositiveSmallIntegerField("年度", validators=FISCAL_YEAR_RANGE)
    state = models.CharField("状態", max_length=20, choices=ActualState.choices)
    value = models.DecimalField(
        "実績値", null=True, blank=True, max_digits=_MAX_DIGITS, decimal_places=MAX_DECIMAL_PLACES
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
