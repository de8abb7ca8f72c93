"""What is measured: a KPI, and where and until when it stood in the plan before."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from common.fiscal_year import wareki
from common.history import History
from common.reading.units import read_unit
from kpis import rules, sharing, target_rules
from projects.models import (
    FISCAL_YEAR_RANGE,
    Department,
    FormerRow,
    Lived,
    NaturalKeyManager,
    Project,
)

# SQLite keeps decimals as floats, which are exact to 15 significant digits.
MAX_DIGITS = 15
MAX_DECIMAL_PLACES = 4


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
        "基準値", null=True, blank=True, max_digits=MAX_DIGITS, decimal_places=MAX_DECIMAL_PLACES
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
    # Of one that is saved before its former places are; None: those that are saved.
    former_places_to_be: "list[FormerPlace] | None" = None

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
        home = self.project
        deleted = super().delete(*args, **kwargs)
        if home.holds_goals and not home.kpis.exists() and not home.former_kpi_places.exists():
            # It was made for its goals, and no form shows it.
            home.delete()
        return deleted


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
