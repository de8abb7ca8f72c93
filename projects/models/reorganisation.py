"""機構改革: what becomes of departments on a day, prepared beforehand (docs/domain.md)."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from common.fiscal_year import wareki_date
from common.history import History, NameAtTheTime
from projects.models.department import Department


class Reorganisation(models.Model):
    """What becomes of some departments on a day; on it, or as soon as may be after, it is done.

    `prepared_by_name` is the name they had when they confirmed it last. `done_at` is None until
    it is done; then `passed` and `left` are what passed and what could not, in sentences.
    """

    day = models.DateField("施行日")
    reason = models.TextField("根拠や理由", blank=True)
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name="準備した人",
    )
    prepared_by_name = NameAtTheTime("準備した人の氏名", of="prepared_by")
    prepared_at = models.DateTimeField("準備した日時", default=timezone.now)
    done_at = models.DateTimeField("行った日時", null=True, editable=False)
    passed = models.JSONField("引き継いだもの", default=list, editable=False)
    left = models.JSONField("残ったもの", default=list, editable=False)

    history = History()

    class Meta:
        verbose_name = verbose_name_plural = "機構改革"
        ordering = ["-day", "-pk"]

    def __str__(self) -> str:
        return f"{wareki_date(self.day)}の機構改革"

    @property
    def is_done(self) -> bool:
        """Whether it was done; it is only read from then on."""
        return self.done_at is not None


class ChangeKind(models.TextChoices):
    """What becomes of a department."""

    END = "end", "なくなる（統合・分割・廃止）"
    RENAME = "rename", "名前が変わる（改称）"


class ReorganisationItem(models.Model):
    """What becomes of one department.

    One that ends has `successors` (ids of departments). To a single one all that it owns on the
    day passes; among several `answers` says by kind (`kpi`, `related`, `initiative`) and id, each
    as text, whose each is: `{"kpi": {"12": 3}}`. `movers` are the users who move, by id as text:
    `{"5": [3]}`. A department that is renamed stays itself and has a `new_name`.
    """

    reorganisation = models.ForeignKey(
        Reorganisation, models.CASCADE, related_name="items", verbose_name="機構改革"
    )
    department = models.ForeignKey(
        Department, models.CASCADE, related_name="+", verbose_name="変わる課"
    )
    kind = models.CharField("変わり方", max_length=20, choices=ChangeKind.choices)
    new_name = models.CharField("新しい課名", max_length=100, blank=True)
    successors = models.JSONField("引き継ぐ課", default=list)
    answers: Any = models.JSONField("引き継ぎ先", default=dict)
    movers: Any = models.JSONField("移る課員", default=dict)

    history = History()

    class Meta:
        verbose_name = verbose_name_plural = "機構改革で変わる課"
        ordering = ["reorganisation", "department__code"]
        constraints = [
            models.UniqueConstraint(
                fields=["reorganisation", "department"], name="reorganisation_department_once"
            ),
            models.CheckConstraint(
                condition=Q(kind=ChangeKind.END, new_name="")
                | (Q(kind=ChangeKind.RENAME) & ~Q(new_name="")),
                name="reorganisation_item_names_what_is_renamed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.department}：{self.get_kind_display()}"
