"""What somebody has looked over, on its way to the button that confirms it: in the form itself.

So nothing is left behind on the server where nobody confirms, and any server can take the
confirmation. It is signed, and bound to who looked, at which plan; what it was looked at
against (the versions that stood then) is the content's own business, checked when it is written.
"""

from typing import Any

from django.core import signing

from kpis.permissions import User
from projects.models import Strategy

OUTDATED = "確認の画面が古くなっています。ファイルを選び直してください。"
_SECONDS = 8 * 60 * 60


def sealed(content: dict[str, Any], kind: str, *, user: User, strategy: Strategy | None) -> str:
    """The content, which JSON can hold, for a field of the form; `kind` says what is confirmed.

    Without a `strategy` it is about a plan that is not there yet.
    """
    kept = {"user": user.pk, "strategy": _key(strategy), "content": content}
    return signing.dumps(kept, salt=f"entry.confirmation.{kind}", compress=True)


def opened(text: str, kind: str, *, user: User, strategy: Strategy | None) -> dict[str, Any] | None:
    """What was sealed; None if it is forged, another's, of another plan, or eight hours old.

    `strategy` is the one that it was sealed for.
    """
    try:
        kept = signing.loads(text, salt=f"entry.confirmation.{kind}", max_age=_SECONDS)
    except signing.BadSignature:
        return None
    if (kept["user"], kept["strategy"]) != (user.pk, _key(strategy)):
        return None
    content: dict[str, Any] = kept["content"]
    return content


def _key(strategy: Strategy | None) -> int | None:
    return None if strategy is None else strategy.pk
