"""Who owns initiatives and KPIs."""

from collections.abc import Callable
from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from common.history import History
from projects.models.natural_keys import NaturalKeyManager


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

    # What rooms above ask before a department gets a last day; each raises ValidationError.
    ending_checks: ClassVar[list[Callable[["Department"], None]]] = []

    objects = NaturalKeyManager("code")
    history = History(m2m_fields=[members])

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

    def clean(self) -> None:
        """Refuse a new last day while a room above still needs the department."""
        super().clean()
        if self.pk is None or self.valid_until is None:
            return
        before = Department.objects.filter(pk=self.pk).values_list("valid_until", flat=True)
        if before.first() != self.valid_until:
            for check in self.ending_checks:
                check(self)

    def natural_key(self) -> tuple[str]:
        return (self.code,)

    @property
    def is_abolished(self) -> bool:
        """Whether it exists no more today."""
        return ends_before(self.valid_until, timezone.localdate())


def ends_before(valid_until: date | None, day: date) -> bool:
    """Whether a department that exists until a day (None: for ever) is gone on another."""
    return valid_until is not None and valid_until < day
