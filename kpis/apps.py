from django.apps import AppConfig
from django.db.models.signals import post_migrate

from kpis.roles import refresh_roles


class KpisConfig(AppConfig):
    """The numbers: KPIs, targets, actuals and their rates."""

    name = "kpis"
    verbose_name = "指標と実績"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        post_migrate.connect(refresh_roles, sender=self)
