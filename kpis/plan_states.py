"""What a plan's state says to whoever may not do something there."""

from django.core.exceptions import PermissionDenied

from projects.models import Strategy
from projects.rules import ended


def denied(strategy: Strategy, who: str, *, not_yet: str = "") -> PermissionDenied:
    """The refusal to raise: by the plan's state where that stands in the way, else `who` may.

    `not_yet` names what waits until a plan in preparation is put into force (`年度の締め`);
    empty for what planners do there already.
    """
    if strategy.has_ended:
        return PermissionDenied(ended(strategy))
    if strategy.is_in_preparation and not_yet:
        return PermissionDenied(
            f"準備中の計画では、{not_yet}はできません。"
            f"企画担当が「計画の一覧」で「{strategy.name}」を実施中にしてからです。"
        )
    return PermissionDenied(who)
