"""What the way in remembers of files that left the app and may come back."""

from django.db import models

from projects.models import Strategy


class ExportedPlan(models.Model):
    """The records of a plan as a workbook was exported with them; `version` is its 版.

    A workbook that comes back is held against them: what differs there and what stands now was
    changed in the product since.
    """

    strategy = models.ForeignKey(
        Strategy, models.CASCADE, related_name="exports", verbose_name="総合戦略"
    )
    version = models.CharField("版", max_length=16)
    records = models.JSONField("書き出した内容")
    made_at = models.DateTimeField("書き出した日時")

    class Meta:
        verbose_name = verbose_name_plural = "書き出した計画"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["strategy", "version"], name="exported_plan_once_a_version"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.strategy}（{self.version}）"


class OwnTableReading(models.Model):
    """How a city's own table was read into a plan, for next year's file of the same `shape`.

    `shape` is that of its headings without their years, as they were guessed; `settings` are an
    `OwnTable`, and `guessed_heading` the first row of headings that was guessed then.
    """

    strategy = models.ForeignKey(
        Strategy, models.CASCADE, related_name="own_tables", verbose_name="総合戦略"
    )
    shape = models.CharField("見出しの形", max_length=32)
    guessed_heading = models.PositiveIntegerField("見出しの行の案")
    settings = models.JSONField("読み方")
    used_at = models.DateTimeField("使った日時")

    class Meta:
        verbose_name = verbose_name_plural = "市の表の読み方"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["strategy", "shape"], name="own_table_once_a_shape"),
        ]

    def __str__(self) -> str:
        return f"{self.strategy}（{self.shape}）"
