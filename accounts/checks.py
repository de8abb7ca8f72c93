"""What `manage.py check --deploy` says of the accounts."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Tags, register
from django.core.checks import Warning as Finding
from django.db import DatabaseError

from accounts.models import Account


@register(Tags.security, deploy=True)
def demo_is_gone(app_configs: object, **_: Any) -> Sequence[CheckMessage]:
    """DEMO is off, and no account of a demo is left."""
    if settings.DEMO:
        return [
            Finding(
                "DEMO=1 です。公開されたパスワードで、だれでもログインできます。",
                hint="実際の値を扱うところでは、.env の DEMO を消すか 0 にしてください。",
                id="accounts.W001",
            )
        ]
    try:
        accounts = Account.objects.filter(is_demo=True).select_related("user")
        names = [account.user.get_username() for account in accounts.order_by("user__username")]
    except DatabaseError:  # no tables yet, or no database: `migrate` and the start speak of it
        return []
    if not names:
        return []
    return [
        Finding(
            f"デモの利用者が残っています：{'、'.join(names)}。"
            "DEMO=1 ではないので、ログインはできません。",
            hint=(
                "実際の値は、新しいデータベースから始めてください（docs/operations.ja.md）。"
                "このまま使うときは、スーパーユーザーが管理の画面で利用者を無効にしてください。"
            ),
            id="accounts.W002",
        )
    ]
