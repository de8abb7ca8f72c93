"""Issued editions of the annual report. What is issued never changes and never goes."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.urls import reverse

from common.fiscal_year import wareki
from common.written_once import Fixed
from projects.models import FISCAL_YEAR_RANGE, Strategy


class Edition(Fixed):
    """版: the report of one closed fiscal year as it was issued.

    `document` is the report as `reports.annual.serialisation.to_json` wrote it, with all
    names copied in; its files are what was rendered from it. `issued_by_name`
    is the person's name on that day. `reason` (この版を出す理由) is empty only
    for a year's first edition.
    """

    strategy = models.ForeignKey(
        Strategy, models.PROTECT, related_name="editions", verbose_name="総合戦略"
    )
    fiscal_year = models.PositiveSmallIntegerField("年度", validators=FISCAL_YEAR_RANGE)
    number = models.PositiveSmallIntegerField("版", validators=[MinValueValidator(1)])
    title = models.CharField("題名", max_length=200)
    issued_at = models.DateTimeField("発行日時")
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="editions",
        verbose_name="発行した利用者",
    )
    issued_by_name = models.CharField("発行者", max_length=301)
    reason = models.TextField("この版を出す理由", blank=True)
    document = models.TextField("文書")
    document_sha256 = models.CharField("文書のSHA-256", max_length=64)
    file_count = models.PositiveSmallIntegerField("ファイルの数")

    class Meta(Fixed.Meta):
        verbose_name = verbose_name_plural = "報告書の版"
        ordering = ["strategy", "-fiscal_year", "-number"]
        default_permissions = ("view",)
        permissions = [("issue_edition", "報告書の版を発行する")]
        constraints = [
            models.UniqueConstraint(
                fields=["strategy", "fiscal_year", "number"], name="edition_number_unique"
            ),
        ]

    def __str__(self) -> str:
        return f"{wareki(self.fiscal_year)} {self.label}"

    def get_absolute_url(self) -> str:
        return reverse("edition", args=[self.strategy.code, self.fiscal_year, self.number])

    @property
    def report_name(self) -> str:
        """What the report was called when it was issued: `年次報告書`."""
        return self.title.rpartition("　")[2]

    @property
    def label(self) -> str:
        """`第2版`."""
        return f"第{self.number}版"

    @property
    def key(self) -> str:
        """`2025-2`, how the page of differences names it."""
        return f"{self.fiscal_year}-{self.number}"


class EditionFile(Fixed):
    """One format of an edition: the bytes that were issued. `size` is in bytes."""

    edition = models.ForeignKey(
        Edition, models.PROTECT, related_name="files", verbose_name="報告書の版"
    )
    name = models.CharField("ファイル名", max_length=50)
    content_type = models.CharField("形式", max_length=100)
    content = models.BinaryField("内容")
    size = models.PositiveIntegerField("大きさ（バイト）")
    sha256 = models.CharField("SHA-256", max_length=64)

    class Meta(Fixed.Meta):
        verbose_name = verbose_name_plural = "報告書のファイル"
        ordering = ["edition", "id"]
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["edition", "name"], name="edition_file_once"),
        ]

    def __str__(self) -> str:
        return f"{self.edition} {self.name}"
