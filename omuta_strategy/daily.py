"""What falls due once a day: a list of steps, each of which can be repeated without harm.

`manage.py serve` runs it at its start and after midnight, `manage.py daily` at once. Several
servers may do so at the same time: a step that must be done once sees to that itself.
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from importlib import import_module

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.conf import settings
from django.utils import timezone

from accounts.kept_forms import forget_old_forms
from entry.plan_workbook.versions import forget_old_exports
from kpis.reorganisation import carry_out_due
from reports.seals import make_daily_seal

logger = logging.getLogger(__name__)

_KEEP_LOGINS = timedelta(days=90)


def seal_the_day() -> str:
    """Seal what was recorded since the last seal, once a day."""
    seal = make_daily_seal()
    return "今日の封印は、もうあります。" if seal is None else f"記録を封印しました：{seal}。"


def reorganise() -> str:
    """Do every 機構改革 whose day has come, once."""
    done = carry_out_due(timezone.localdate())
    return (
        f"機構改革を行いました：{'、'.join(map(str, done))}。"
        if done
        else "行う機構改革はありません。"
    )


def forget_expired_sessions() -> str:
    """Delete the sessions that have ended, and the forms for which nobody came back."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    forget_old_forms()
    return "期限の切れたセッションと、預かって12時間を過ぎた入力を消しました。"


def forget_old_logins() -> str:
    """Delete what django-axes noted of logins, failures and lock-outs more than 90 days ago."""
    before = timezone.now() - _KEEP_LOGINS
    count = 0
    for model in (AccessLog, AccessAttempt, AccessFailureLog):
        count += model.objects.filter(attempt_time__lt=before).delete()[0]
    return f"{_KEEP_LOGINS.days}日より前のログインの記録を{count}件消しました。"


def forget_exported_plans() -> str:
    """Delete what workbooks of plans were exported with more than two years ago."""
    return f"2年より前に書き出した計画の控えを{forget_old_exports()}件消しました。"


# In this order. A step says in a sentence what it did; what goes wrong in it stops no other.
STEPS: list[Callable[[], str]] = [
    reorganise,
    seal_the_day,
    forget_expired_sessions,
    forget_old_logins,
    forget_exported_plans,
]


def do_what_falls_due() -> tuple[list[str], list[str]]:
    """Run every step; return what was done and, by the steps' names, what went wrong.

    The cause of what went wrong is in the log.
    """
    done, failed = [], []
    for step in STEPS:
        try:
            done.append(step())
        except Exception:  # the next steps are still due
            logger.exception("日次の処理「%s」に失敗しました。", step.__name__)
            failed.append(step.__name__)
    return done, failed
