"""What `manage.py check --deploy` says of figures that a demo left behind."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Tags, register
from django.core.checks import Warning as Finding
from django.db import DatabaseError

from entry.demo import CHANGE_REASON
from kpis.models import YearlyActual


@register(Tags.security, deploy=True)
def no_fictitious_actuals(app_configs: object, **_: Any) -> Sequence[CheckMessage]:
    """DEMO is off, and no actual stands that the demo put in."""
    if settings.DEMO:
        return []
    try:
        made_up = YearlyActual.history.filter(history_change_reason=CHANGE_REASON)
        left = YearlyActual.objects.filter(pk__in=made_up.values("id")).count()
    except DatabaseError:  # no tables yet, or no database: `migrate` and the start speak of it
        return []
    if not left:
        return []
    return [
        Finding(
            f"デモが入れた実績（架空）が{left}件あります。報告書では見分けがつきません。",
            hint="実際の値は、新しいデータベースから始めてください（docs/operations.ja.md）。",
            id="entry.W001",
        )
    ]
