"""封印: what a hash over the records up to a moment was, each chained to the one before."""

from django.core.validators import MinValueValidator
from django.db import models

from common.written_once import Fixed

_SHOWN_DIGITS = 16
_GROUP = 4


class Occasion(models.TextChoices):
    """Why a seal was made."""

    CLOSING = "closing", "締め"
    REOPENING = "reopening", "締めの解除"
    ISSUE = "issue", "発行"
    BACKUP = "backup", "バックアップ"
    DAILY = "daily", "日次"


class Seal(Fixed):
    """One hash over every row of the histories and editions that no earlier seal has.

    `number` counts from 1 without a gap and alone gives the order: `made_at` is what the clock
    said. `day` is set for the seal of a day, of which there is one. `tables` says for each table
    (`kpis.historicalkpi`) with new rows how many they are, by which columns they are hashed, and
    the hash over their hashes. `sha256` is over all of this and the seal before
    (`reports.seals.chain`).
    """

    number = models.PositiveIntegerField("番号", unique=True, validators=[MinValueValidator(1)])
    made_at = models.DateTimeField("作成日時")
    occasion = models.CharField("きっかけ", max_length=20, choices=Occasion.choices)
    subject = models.CharField("対象", max_length=300, blank=True)
    day = models.DateField("日次の日", null=True, blank=True, unique=True)
    tables = models.JSONField("表")
    row_count = models.PositiveIntegerField("件数")
    sha256 = models.CharField("SHA-256", max_length=64)

    class Meta(Fixed.Meta):
        verbose_name = verbose_name_plural = "記録の封印"
        ordering = ["-number"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.label} {self.short_form}"

    @property
    def label(self) -> str:
        """`第12号`."""
        return f"第{self.number}号"

    @property
    def short_form(self) -> str:
        """`1a2b-3c4d-5e6f-7081`, by which people compare a printed seal with this one."""
        shown = self.sha256[:_SHOWN_DIGITS]
        return "-".join(shown[at : at + _GROUP] for at in range(0, _SHOWN_DIGITS, _GROUP))


class SealedRow(Fixed):
    """A row of a history or an edition as a seal found it.

    `row_id` is its key in `table`, `object_id` that of the thing whose history it is. The SHA-256
    is of the row alone, so that a change is found by its place.
    """

    seal = models.ForeignKey(
        Seal, models.PROTECT, to_field="number", related_name="rows", verbose_name="記録の封印"
    )
    table = models.CharField("表", max_length=100)
    row_id = models.BigIntegerField("行")
    object_id = models.BigIntegerField("対象の番号")
    sha256 = models.CharField("SHA-256", max_length=64)

    class Meta(Fixed.Meta):
        verbose_name = verbose_name_plural = "封印した行"
        ordering = ["table", "row_id"]
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["table", "row_id"], name="row_sealed_once"),
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.row_id}"
