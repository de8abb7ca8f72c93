"""Who may see what people did; every other question is `kpis.permissions`'s."""

from django.contrib.auth.models import AnonymousUser, User

VIEW_AUDIT = "accounts.view_audit"


def may_see_audit(user: User | AnonymousUser) -> bool:
    """Whether the user reads the audit."""
    return user.has_perm(VIEW_AUDIT)
