"""Who belongs to which department is told to the audit: it says whose figures somebody records."""

from accounts.audit.links import watch_links
from common.people import name_with_login
from projects.models import Department


def watch_members() -> None:
    """Note every change of a department's members; called once, when the app is ready."""
    watch_links(
        Department.members.through,
        name="members",
        what=lambda department: f"所管課「{department.name}」の課員",
        linked=lambda department: [name_with_login(user) for user in department.members.all()],
    )
