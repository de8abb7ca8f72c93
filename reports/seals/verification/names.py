"""What people call a thing of which a row speaks, also where it is gone, and a seal."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.utils import timezone

from common.fiscal_year import wareki_date
from reports.models import Seal


def name_of_thing(model: Any, pk: Any) -> str:
    """`実績値「P1-1 2025年度の実績」`; by its number where neither it nor its history names it."""
    noun = str(model._meta.verbose_name)
    thing = model.objects.filter(pk=pk).first()
    history = getattr(model, "history", None)
    if thing is None and history is not None:
        past = history.filter(id=pk).order_by("history_id").last()
        thing = None if past is None else past.instance
    try:
        return f"{noun}（{pk}番）" if thing is None else f"{noun}「{thing}」"
    except ObjectDoesNotExist:  # what its name is made of is gone, too
        return f"{noun}（{pk}番）"


def seal_in_words(seal: Seal) -> str:
    """`第12号（発行　見本市総合戦略 令和7年度 第2版、令和8年11月28日 19時04分）`."""
    about = "　".join(filter(None, [seal.get_occasion_display(), seal.subject]))
    return f"{seal.label}（{about}、{moment_in_words(seal.made_at)}）"


def moment_in_words(when: datetime) -> str:
    """`令和8年11月28日 19時04分`."""
    local = timezone.localtime(when)
    return f"{wareki_date(local.date())} {local:%H時%M分}"
