from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    """The plan: strategies, projects, initiatives and who owns them."""

    name = "projects"
    verbose_name = "計画"
