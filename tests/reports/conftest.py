"""The report of the real plan, made once for the tests of how it is written."""

import pytest
from django.db import transaction
from django.test import override_settings

from entry.demo import seed_demo
from entry.plan_file.loading import load_plan
from kpis.progress import load_progress
from reports.annual.assembly import assemble_report
from reports.annual.document import AnnualReport


@pytest.fixture(scope="session")
def real_report(django_db_setup, django_db_blocker) -> AnnualReport:
    """The real plan with the demo's figures and texts; nothing of it stays in the database."""
    with django_db_blocker.unblock(), transaction.atomic(), override_settings(DEMO=True):
        strategy = load_plan("omuta_2024_2028").strategy
        assert seed_demo() == ""
        report = assemble_report(strategy, load_progress(strategy, 2025, with_texts=True))
        transaction.set_rollback(True)
    return report
