"""What every model has that people write again and again, several of them at a time."""

from django.conf import settings
from django.db import models

from common.history import LONGEST_NAME


class Versioned(models.Model):
    """A row with its version, 1 at first and growing with every save, and who saved it when.

    `updated_by_name` is the name they had then: the account may pass to somebody else.

    A write states the version it was made on, so that nobody overwrites what they did not see.
    """

    version = models.PositiveIntegerField("版", default=1)
    updated_at = models.DateTimeField("更新日時")
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name="更新した人",
    )
    updated_by_name = models.CharField(
        "更新した人の氏名", max_length=LONGEST_NAME, blank=True, editable=False
    )

    class Meta:
        abstract = True
