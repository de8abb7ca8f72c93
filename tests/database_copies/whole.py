"""What two whole databases have to have in common, seen through today's models."""

from django.apps import apps
from django.db import connections

from omuta_strategy.database_copies.counters import last_number
from omuta_strategy.database_copies.rows import fingerprint

TABLES = sorted(
    (model for model in apps.get_models(include_auto_created=True) if not model._meta.proxy),
    key=lambda model: model._meta.db_table,
)


def fingerprints(alias):
    return {model._meta.db_table: fingerprint(model, alias) for model in TABLES}


def numbers(alias):
    """The last number given out, by table."""
    return {
        model._meta.db_table: last_number(connections[alias], model)
        for model in TABLES
        if model._meta.pk.get_internal_type().endswith("AutoField")
    }
