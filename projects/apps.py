from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    """The plan: strategies, projects, initiatives and who owns them."""

    name = "projects"
    verbose_name = "計画"

    def ready(self) -> None:
        """Let the audit hear of departments' members, of which `accounts` knows nothing."""
        from projects.membership import watch_members  # noqa: PLC0415 - needs the models

        watch_members()
