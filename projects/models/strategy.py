"""The plan as a whole: its period, its rules of rating, its pillars, and which years are closed."""

from collections.abc import Callable
from itertools import combinations
from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q

from common.fiscal_year import wareki
from common.history import History, NameAtTheTime
from common.municipality_code import validate_municipality_code
from projects import rules
from projects.goals import check_code_can_follow
from projects.models.natural_keys import NaturalKeyManager
from projects.models.plan_row import FISCAL_YEAR_RANGE, DatedRow, FormerRow, PlanRow
from projects.models.rating import RatingColumns, known_choices
from projects.words import LONGEST_WORD, PlanWords, validate_word


class PlanState(models.TextChoices):
    """Where a plan is in its life."""

    PREPARING = "preparing", "準備中"
    RUNNING = "running", "実施中"
    ENDED = "ended", "終了"


def _word(label: str, default: str, help_text: str) -> "models.CharField[str, str]":
    """A column with a word of the plan's own."""
    return models.CharField(
        label,
        max_length=LONGEST_WORD,
        default=default,
        validators=[validate_word],
        help_text=help_text,
    )


# How many characters the terms of open data have at most, by column.
LONGEST_TERMS = {"data_licence": 200, "contact": 300}
# The columns of a plan's words, in the order of `PlanWords`.
WORD_FIELDS = ("pillar_word", "project_word", "initiative_word", "kpi_word", "report_word")


class Strategy(RatingColumns):
    """A plan with its period: several stand side by side, one of them is the main plan."""

    code = models.SlugField("計画コード", max_length=50, unique=True)
    name = models.CharField("計画名", max_length=200)
    municipality = models.CharField("団体名", max_length=50)
    municipality_code = models.CharField(
        "団体コード",
        max_length=6,
        validators=[validate_municipality_code],
        help_text="全国地方公共団体コード（検査数字を含む6桁）",
    )
    office = models.CharField(
        "担当課",
        max_length=100,
        blank=True,
        help_text="年次報告書の表紙に、団体名の下に記します。",
    )
    data_licence = models.CharField(
        "利用条件",
        max_length=LONGEST_TERMS["data_licence"],
        blank=True,
        help_text="オープンデータの利用条件（例：CC BY 4.0）。版を発行するまでに決めます。",
    )
    contact = models.CharField(
        "問い合わせ先",
        max_length=LONGEST_TERMS["contact"],
        blank=True,
        help_text=(
            "オープンデータについての問い合わせ先（例：見本市企画課　電話0000-00-0000）。"
            "版を発行するまでに決めます。"
        ),
    )
    first_year = models.PositiveSmallIntegerField(
        "最初の年度", validators=FISCAL_YEAR_RANGE, help_text="西暦（令和6年度は2024）"
    )
    last_year = models.PositiveSmallIntegerField(
        "最終年度", validators=FISCAL_YEAR_RANGE, help_text="西暦（令和10年度は2028）"
    )
    state = models.CharField(
        "状態", max_length=20, choices=PlanState.choices, default=PlanState.RUNNING
    )
    is_current = models.BooleanField(
        "主たる計画",
        default=False,
        help_text="計画を示さないアドレスは、この計画のページに移ります。",
    )

    pillar_word = _word("柱の呼び名", PlanWords.pillar, "例：創生の柱、基本目標")
    project_word = _word("プロジェクトの呼び名", PlanWords.project, "例：プロジェクト、施策")
    initiative_word = _word("取組の呼び名", PlanWords.initiative, "例：取組、事業")
    kpi_word = _word("指標の呼び名", PlanWords.kpi, "例：指標、成果指標")
    report_word = _word("報告書の題名", PlanWords.report, "例：年次報告書、施策評価報告書")

    # What rooms above ask of a plan's period; each raises ValidationError.
    period_checks: ClassVar[list[Callable[["Strategy"], None]]] = []

    objects = NaturalKeyManager("code")
    history = History()

    class Meta:
        verbose_name = verbose_name_plural = "総合戦略"
        ordering = ["-first_year", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(first_year__lte=F("last_year")),
                name="strategy_period_in_order",
                violation_error_message="最終年度は最初の年度以後にしてください。",
            ),
            *known_choices("strategy"),
            models.UniqueConstraint(
                fields=["is_current"],
                condition=Q(is_current=True),
                name="strategy_one_current",
                violation_error_message=(
                    "主たる計画はひとつだけです。先に今の主たる計画から印を外してください。"
                ),
            ),
            models.CheckConstraint(
                condition=Q(state__in=PlanState.values), name="strategy_state_known"
            ),
            models.CheckConstraint(
                condition=Q(is_current=False) | ~Q(state=PlanState.PREPARING),
                name="strategy_main_not_in_preparation",
                violation_error_message="準備中の計画は、主たる計画にできません。",
            ),
            models.CheckConstraint(
                condition=~Q(*((name, "") for name in WORD_FIELDS), _connector=Q.OR),
                name="strategy_words_given",
                violation_error_message="呼び名と報告書の題名は、空にできません。",
            ),
            models.CheckConstraint(
                condition=~Q(
                    *((one, F(other)) for one, other in combinations(WORD_FIELDS, 2)),
                    _connector=Q.OR,
                ),
                name="strategy_words_differ",
                violation_error_message=(
                    "柱・プロジェクト・取組・指標の呼び名と報告書の題名は、"
                    "互いに違うことばにしてください。"
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

    @property
    def plan(self) -> "Strategy":
        """The plan itself, as every row of one names its plan."""
        return self

    @property
    def is_running(self) -> bool:
        """Whether its figures are entered, its years closed and reported."""
        return self.state == PlanState.RUNNING

    @property
    def has_ended(self) -> bool:
        """Whether the plan is read alone."""
        return self.state == PlanState.ENDED

    @property
    def is_in_preparation(self) -> bool:
        """Whether the planners alone see the plan."""
        return self.state == PlanState.PREPARING

    @property
    def last_years(self) -> range:
        """The last two years, in which the plan that follows is made."""
        return self.years[-2:]

    @property
    def words(self) -> PlanWords:
        """What it calls its parts."""
        return PlanWords(*(getattr(self, name) for name in WORD_FIELDS))

    def clean(self) -> None:
        """Refuse a period that leaves out years already recorded or closed, and an ended plan."""
        super().clean()
        rules.check_goes_on(self)
        rules.check_code_is_free(self)
        if self.pk is None or self.first_year is None or self.last_year is None:
            return
        for check in self.period_checks:
            check(self)
        rules.refuse(rules.period_faults(self))
        rules.check_period_change(self)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete the plan; ValidationError if a year is closed, or another plan needs its mark."""
        rules.check_plan_deletable(self)
        return super().delete(*args, **kwargs)


class PlanChoice(models.Model):
    """The plan whose pages somebody chose to see last: where `/` leads them."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="plan_choice",
        verbose_name="利用者",
    )
    strategy = models.ForeignKey(
        Strategy, models.CASCADE, related_name="+", verbose_name="総合戦略"
    )

    class Meta:
        verbose_name = verbose_name_plural = "選んだ計画"
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.user}：{self.strategy}"


class RatingRules(RatingColumns, DatedRow):
    """Rules of rating that hold from a fiscal year on, in place of those the plan begins with."""

    strategy = models.ForeignKey(
        Strategy, models.CASCADE, related_name="rule_changes", verbose_name="総合戦略"
    )

    objects = NaturalKeyManager("strategy__code", "effective_from")
    history = History()

    class Meta:
        verbose_name = verbose_name_plural = "評価のきまりの改定"
        ordering = ["strategy", "effective_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["strategy", "effective_from"],
                name="rating_rules_once_a_year",
                violation_error_message="この年度から適用する評価のきまりはすでにあります。",
            ),
            *known_choices("rating_rules"),
        ]

    def __str__(self) -> str:
        return f"評価のきまり（{wareki(self.effective_from)}から）"

    def natural_key(self) -> tuple[str, int]:
        return (self.strategy.code, self.effective_from)

    natural_key.dependencies = ["projects.strategy"]  # type: ignore[attr-defined]

    def clean(self) -> None:
        """Refuse a year that the plan has not, or that begins it."""
        super().clean()
        if self.strategy_id and self.effective_from is not None:
            rules.refuse(rules.rating_rules_faults(self))


class FormerPeriod(FormerRow):
    """The last year of a plan as it was for the years up to one, before the period was changed."""

    strategy = models.ForeignKey(
        Strategy, models.CASCADE, related_name="former_periods", verbose_name="総合戦略"
    )
    last_year = models.PositiveSmallIntegerField("当時の最終年度", validators=FISCAL_YEAR_RANGE)

    history = History()

    class Meta:
        verbose_name = verbose_name_plural = "計画期間の変更"
        ordering = ["strategy", "held_until"]
        constraints = [
            models.UniqueConstraint(
                fields=["strategy", "held_until"],
                name="former_period_once_a_year",
                violation_error_message="この年度までの計画期間はすでにあります。",
            ),
        ]

    def __str__(self) -> str:
        return f"{wareki(self.last_year)}までの計画期間（{wareki(self.held_until)}まで）"


class Pillar(PlanRow):
    """One of the 創生の柱, or their acceleration."""

    strategy = models.ForeignKey(
        Strategy, models.CASCADE, related_name="pillars", verbose_name="総合戦略"
    )
    number = models.PositiveSmallIntegerField("番号", validators=[MinValueValidator(1)])
    name = models.CharField("名称", max_length=100)
    slogan = models.CharField("標語", max_length=200, blank=True)

    objects = NaturalKeyManager("strategy__code", "number")
    history = History()

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

    def clean(self) -> None:
        """Refuse a number that closed years don't let the pillar's 数値目標 follow."""
        super().clean()
        if self.pk is not None and self.number is not None:
            check_code_can_follow(self)


class FiscalYearClosing(models.Model):
    """年度締め: after it, that year's figures stay as they are.

    `correction` is the one that closed the year again, or reopens it; None for a first closing.
    """

    strategy = models.ForeignKey(
        Strategy, models.CASCADE, related_name="closings", verbose_name="総合戦略"
    )
    fiscal_year = models.PositiveSmallIntegerField("年度", validators=FISCAL_YEAR_RANGE)
    closed_at = models.DateTimeField("締めた日時")
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="closings",
        verbose_name="締めた人の利用者名",
    )
    closed_by_name = NameAtTheTime("締めた人", of="closed_by")
    correction = models.ForeignKey(
        "projects.Correction",
        models.RESTRICT,
        null=True,
        blank=True,
        editable=False,
        related_name="closings",
        verbose_name="改めたこと",
    )

    history = History()

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


class EntryDeadline(PlanRow):
    """締切: the day by which a fiscal year's actuals are to be entered."""

    strategy = models.ForeignKey(
        Strategy, models.CASCADE, related_name="deadlines", verbose_name="総合戦略"
    )
    fiscal_year = models.PositiveSmallIntegerField("年度", validators=FISCAL_YEAR_RANGE)
    due_on = models.DateField("締切", help_text="この日までに実績を入力します。")

    history = History()

    class Meta:
        verbose_name = verbose_name_plural = "実績入力の締切"
        ordering = ["strategy", "fiscal_year"]
        constraints = [
            models.UniqueConstraint(
                fields=["strategy", "fiscal_year"],
                name="deadline_once_a_year",
                violation_error_message="この年度の締切はすでにあります。",
            ),
        ]

    def __str__(self) -> str:
        return f"{wareki(self.fiscal_year)}の締切"

    def clean(self) -> None:
        """Refuse a year outside the plan, and one that is closed."""
        super().clean()
        if self.strategy_id:
            rules.check_deadline(self)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete the deadline; ValidationError if its year is closed."""
        rules.check_deadline_changeable(self)
        return super().delete(*args, **kwargs)
