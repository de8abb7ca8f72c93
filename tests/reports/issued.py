"""Putting right what an edition said, as a city would."""

from django.contrib.auth.models import User

from kpis.recording import end_correction, record_actual
from projects.models import Project, Strategy
from tests.factories import correct_from, final

YEAR = 2025


def correct_an_actual(plan: Strategy, user: User, value: int = 99) -> None:
    """令和7年度 of P1-1 is put right, and the year closed again."""
    correct_from(plan, YEAR, user=user, reason="訂正")
    kpi = Project.objects.get(code="P1").kpis.get(number=1)
    version = kpi.actuals.get(fiscal_year=YEAR).version
    record_actual(kpi, YEAR, final(value), user=user, version=version)
    end_correction(plan, user=user)
