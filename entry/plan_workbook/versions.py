"""What workbooks were exported with, by their 版: what tells who changed a cell since."""

from datetime import timedelta

from django.utils import timezone

from entry.models import ExportedPlan
from entry.plan_workbook.differing import version_of
from entry.plan_workbook.standing import Records
from projects.models import Strategy

# So long a workbook may stay away and still be told what changed in the product meanwhile.
KEPT_FOR = timedelta(days=2 * 365)


def keep_exported(strategy: Strategy, records: Records) -> str:
    """Keep what is exported; its 版. What is kept already is kept once, from now on."""
    version = version_of(records)
    ExportedPlan.objects.update_or_create(
        strategy=strategy,
        version=version,
        defaults={"made_at": timezone.now()},
        create_defaults={"records": records, "made_at": timezone.now()},
    )
    return version


def forget_old_exports() -> int:
    """Delete what was last exported longer ago than workbooks come back; how many there were.

    A workbook of a 版 that is not known is held against what stands alone, and says so.
    """
    old = ExportedPlan.objects.filter(made_at__lt=timezone.now() - KEPT_FOR)
    return old.delete()[0]


def exported_records(strategy: Strategy | None, version: str) -> Records | None:
    """What a plan was exported with under a 版; None where that is not known."""
    if strategy is None or not version:
        return None
    found = ExportedPlan.objects.filter(strategy=strategy, version=version).first()
    return None if found is None else found.records
