"""The plan as the city printed it: who does what under which project.

Terms are those of docs/domain.md. Rules that need only one table are database
constraints here; the rules across tables are in `clean()` and `plan_check`.
"""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from projects.bands import default_bands, validate_bands
from projects.fiscal_year import wareki
from projects.municipality_code import validate_municipality_code

FISCAL_YEAR_RANGE = [MinValueValidator(1926), MaxValueValidator(2199)]


class NaturalKeyManager(models.Manager):
    """Finds a row by the fields that name it in a fixture.

    `lookups` are the query lookups for each part of `natural_key()`, in order.
    """

    use_in_migrations = False

    def __init__(self, *lookups: str) -> None:
        super().__init__()
        self.lookups = lookups

    def get_by_natural_key(self, *parts: Any) -> models.Model:
        return self.get(**dict(zip(self.lookups, parts, strict=True)))


class RatingBasis(models.TextChoices):
    """The rate that ratings are read from."""

    PROGRESS = "progress", "進捗率（今年度の目安に対して）"
    ACHIEVEMENT = "achievement", "達成率（最終目標に対して）"


class Strategy(models.Model):
    """A comprehensive strategy with its period; one is current."""

    code = models.SlugField("計画コード", max_length=50, unique=True)
    name = models.CharField("計画名", max_length=200)
    municipality = models.CharField("団体名", max_length=50)
    municipality_code = models.CharField(
        "団体コード",
        max_length=6,
        validators=[validate_municipality_code],
        help_text="全国地方公共団体コード（検査数字を含む6桁）",
    )
    first_year = models.PositiveSmallIntegerField(
        "最初の年度", validators=FISCAL_YEAR_RANGE, help_text="西暦（令和6年度は2024）"
    )
    last_year = models.PositiveSmallIntegerField(
        "最終年度", validators=FISCAL_YEAR_RANGE, help_text="西暦（令和10年度は2028）"
    )
    average_cap = models.DecimalField(
        "平均に入れる率の上限（%）",
        max_digits=6,
        decimal_places=1,
        null=True,
        blank=True,
        default=Decimal(100),
        validators=[MinValueValidator(Decimal(100))],
        help_text="100を超える率は平均ではこの値として数えます。空欄は上限なし。",
    )
    rating_basis = models.CharField(
        "評価に使う率",
        max_length=20,
        choices=RatingBasis.choices,
        default=RatingBasis.PROGRESS,
    )
    bands = models.JSONField("評価区分", default=default_bands, validators=[validate_bands])
    is_current = models.BooleanField("現行の計画", default=False)

    objects = NaturalKeyManager("code")
    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "総合戦略"
        ordering = ["-first_year", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(first_year__lte=F("last_year")),
                name="strategy_period_in_order",
                violation_error_message="最終年度は最初の年度以後にしてください。",
            ),
            models.CheckConstraint(
                condition=Q(rating_basis__in=RatingBasis.values),
                name="strategy_rating_basis_known",
            ),
            models.UniqueConstraint(
                fields=["is_current"],
                condition=Q(is_current=True),
                name="strategy_one_current",
                violation_error_message=(
                    "現行の計画はひとつだけです。先に今の現行の計画から印を外してください。"
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str]:
        return (self.code,)

    @property
    def years(self) -> range:
        """The fiscal years of the plan, in order."""
        return range(self.first_year, self.last_year + 1)

    def clean(self) -> None:
        """Refuse a period that leaves out years already recorded or closed."""
        super().clean()
        if self.pk is None or self.first_year is None or self.last_year is None:
            return
        outside = (
            self.closings.exclude(fiscal_year__range=(self.first_year, self.last_year))
            .order_by("fiscal_year")
            .first()
        )
        if outside is not None:
            raise ValidationError(
                f"{wareki(outside.fiscal_year)}は締め済みです。計画期間から外せません。"
            )


class Pillar(models.Model):
    """One of the 創生の柱, or their acceleration."""

    strategy = models.ForeignKey(
        Strategy, models.CASCADE, related_name="pillars", verbose_name="総合戦略"
    )
    number = models.PositiveSmallIntegerField("番号", validators=[MinValueValidator(1)])
    name = models.CharField("名称", max_length=100)
    slogan = models.CharField("標語", max_length=200, blank=True)

    objects = NaturalKeyManager("strategy__code", "number")
    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "創生の柱"
        ordering = ["strategy", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["strategy", "number"],
                name="pillar_number_unique",
                violation_error_message="この番号の柱はすでにあります。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str, int]:
        return (self.strategy.code, self.number)

    natural_key.dependencies = ["projects.strategy"]  # type: ignore[attr-defined]


class Department(models.Model):
    """A section of the city office that owns initiatives and KPIs."""

    name = models.CharField("課名", max_length=100)
    code = models.SlugField("課コード", max_length=20, unique=True)
    valid_from = models.DateField("設置日", null=True, blank=True)
    valid_until = models.DateField(
        "廃止日", null=True, blank=True, help_text="この日まで存続。空欄は存続中。"
    )
    members = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        related_name="departments",
        blank=True,
        verbose_name="課員",
        help_text="この課の指標の実績を入力できる利用者",
    )

    objects = NaturalKeyManager("code")
    history = HistoricalRecords(m2m_fields=[members])

    class Meta:
        verbose_name = verbose_name_plural = "所管課"
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_until__isnull=True)
                | Q(valid_from__lte=F("valid_until")),
                name="department_period_in_order",
                violation_error_message="廃止日は設置日以後にしてください。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str]:
        return (self.code,)


class ProjectKind(models.TextChoices):
    """Core projects carry the plan; accelerators speed all of them up."""

    CORE = "core", "コアプロジェクト"
    ACCELERATOR = "accelerator", "加速"


class Project(models.Model):
    """A project of the plan: P1 … P6 (core), A1, A2 (accelerators)."""

    strategy = models.ForeignKey(
        Strategy, models.CASCADE, related_name="projects", verbose_name="総合戦略"
    )
    pillar = models.ForeignKey(
        Pillar, models.PROTECT, related_name="projects", verbose_name="創生の柱"
    )
    code = models.CharField(
        "プロジェクトコード",
        max_length=6,
        validators=[
            RegexValidator(
                r"\A[A-Z]{1,2}[1-9][0-9]{0,3}\Z",
                "P1 のように、英大文字1〜2字と数字で書いてください"
                "（表計算ソフトが日付と読み違えない形です）。",
            )
        ],
        help_text="例：P1。指標番号は P1-1 の形になります。",
    )
    kind = models.CharField("種別", max_length=20, choices=ProjectKind.choices)
    name = models.CharField("名称", max_length=200)
    purpose = models.TextField("目的", blank=True)
    position = models.PositiveSmallIntegerField("並び順", default=0)

    objects = NaturalKeyManager("strategy__code", "code")
    history = HistoricalRecords()

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
                condition=Q(kind__in=ProjectKind.values), name="project_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def natural_key(self) -> tuple[str, str]:
        return (self.strategy.code, self.code)

    natural_key.dependencies = ["projects.strategy", "projects.pillar"]  # type: ignore[attr-defined]

    def clean(self) -> None:
        super().clean()
        if self.pillar_id and self.strategy_id and self.pillar.strategy_id != self.strategy_id:
            raise ValidationError(
                {"pillar": "別の計画の柱です。同じ総合戦略の柱を選んでください。"}
            )


class ProjectDirection(models.Model):
    """One of a project's 方向性, numbered in printed order."""

    project = models.ForeignKey(
        Project, models.CASCADE, related_name="directions", verbose_name="プロジェクト"
    )
    number = models.PositiveSmallIntegerField("番号", validators=[MinValueValidator(1)])
    text = models.TextField("方向性")

    objects = NaturalKeyManager("project__strategy__code", "project__code", "number")
    history = HistoricalRecords()

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
        return f"{self.project.code} 方向性{self.number}"

    def natural_key(self) -> tuple[str, str, int]:
        return (*self.project.natural_key(), self.number)

    natural_key.dependencies = ["projects.project"]  # type: ignore[attr-defined]


class Initiative(models.Model):
    """主な取組・事業: recorded once, under its home project."""

    strategy = models.ForeignKey(
        Strategy, models.CASCADE, related_name="initiatives", verbose_name="総合戦略"
    )
    name = models.CharField("取組名", max_length=200)
    home_project = models.ForeignKey(
        Project, models.PROTECT, related_name="home_initiatives", verbose_name="主な掲載先"
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
    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "主な取組"
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

    def clean(self) -> None:
        """Refuse a home that is of another plan, or that does not list an initiative in use."""
        super().clean()
        if not (self.home_project_id and self.strategy_id):
            return
        if self.home_project.strategy_id != self.strategy_id:
            raise ValidationError(
                {"home_project": "別の計画のプロジェクトです。同じ総合戦略から選んでください。"}
            )
        if self.pk is None:
            return
        listed_in = set(self.listings.values_list("project_id", flat=True))
        if listed_in and self.home_project_id not in listed_in:
            raise ValidationError(
                {
                    "home_project": (
                        f"「{self.home_project}」の取組一覧に、この取組は載っていません。"
                        "先にそのプロジェクトへ掲載を加えてください。"
                    )
                }
            )


class InitiativeListing(models.Model):
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

    objects = NaturalKeyManager("project__strategy__code", "project__code", "number")
    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "取組の掲載"
        ordering = ["project", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "number"],
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
        return f"{self.project.code} ({self.number}) {self.name}"

    def natural_key(self) -> tuple[str, str, int]:
        return (*self.project.natural_key(), self.number)

    natural_key.dependencies = ["projects.project", "projects.initiative"]  # type: ignore[attr-defined]

    @property
    def is_relisted(self) -> bool:
        """Whether this is a 再掲: a listing outside the initiative's home project."""
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
        if self.initiative.strategy_id != self.project.strategy_id:
            raise ValidationError(
                {"initiative": "別の計画の取組です。同じ総合戦略の取組を選んでください。"}
            )
        siblings = InitiativeListing.objects.filter(initiative_id=self.initiative_id)
        home = self.initiative.home_project
        if self.is_relisted and not siblings.exclude(pk=self.pk).filter(project=home).exists():
            raise ValidationError(
                {
                    "initiative": (
                        f"この取組は、主な掲載先の「{home}」にまだ載っていません。"
                        "先に主な掲載先へ掲載してから再掲してください。"
                    )
                }
            )

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete the listing; ValidationError if it is the home of one listed elsewhere."""
        reason = self.why_not_deletable()
        if reason:
            raise ValidationError(reason)
        return super().delete(*args, **kwargs)

    def why_not_deletable(self) -> str:
        """The sentence that says why this listing must stay, or an empty string."""
        if self.is_relisted:
            return ""
        elsewhere = list(
            InitiativeListing.objects.filter(initiative_id=self.initiative_id)
            .exclude(pk=self.pk)
            .values_list("project__code", flat=True)
        )
        if not elsewhere:
            return ""
        return (
            f"「{self.initiative.name}」は{'、'.join(elsewhere)}に再掲されているため、"
            "主な掲載先から外せません。先に再掲を外してください。"
        )


class FiscalYearClosing(models.Model):
    """年度締め: after it, that year's figures stay as they are."""

    strategy = models.ForeignKey(
        Strategy, models.CASCADE, related_name="closings", verbose_name="総合戦略"
    )
    fiscal_year = models.PositiveSmallIntegerField("年度", validators=FISCAL_YEAR_RANGE)
    closed_at = models.DateTimeField("締めた日時")
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="closings",
        verbose_name="締めた人",
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "年度締め"
        ordering = ["strategy", "fiscal_year"]
        constraints = [
            models.UniqueConstraint(
                fields=["strategy", "fiscal_year"],
                name="closing_once_a_year",
                violation_error_message="この年度はすでに締めてあります。",
            ),
        ]
        permissions = [("close_fiscal_year", "年度を締め、締めを解く")]

    def __str__(self) -> str:
        return f"{wareki(self.fiscal_year)}の締め"
