"""What workbooks were exported with, by their 版: what tells who changed a cell since."""

from django.utils import timezone

from entry.models import ExportedPlan
from entry.plan_workbook.differing import version_of
from entry.plan_workbook.standing import Records
from projects.models import Strategy


def keep_exported(strategy: Strategy, records: Records) -> str:
    """Keep what is exported; its 版. What is kept already is kept once."""
    version = version_of(records)
    ExportedPlan.objects.get_or_create(
        strategy=strategy,
        version=version,
        defaults={"records": records, "made_at": timezone.now()},
    )
    return version


def exported_records(strategy: Strategy | None, version: str) -> Records | None:
    """What a plan was exported with under a 版; None where that is not known."""
    if strategy is None or not version:
        return None
    found = ExportedPlan.objects.filter(strategy=strategy, version=version).first()
    return None if found is None else found.records
