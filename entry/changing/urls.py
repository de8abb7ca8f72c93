"""Every screen that changes a plan, under `/plans/<code>/changes/`.

A module of screens has `urlpatterns` and `CARDS`, and stands in SCREENS.
"""

from types import ModuleType

from django.urls import URLPattern, path

from entry.changing import (
    correcting,
    initiative_lives,
    kpi_lives,
    kpi_rules,
    overview,
    period,
    reorganising,
    rules,
    targets,
    workbook,
)

# In the order in which their cards stand.
SCREENS: tuple[ModuleType, ...] = (
    targets,
    kpi_lives,
    initiative_lives,
    period,
    rules,
    kpi_rules,
    workbook,
    correcting,
    reorganising,
)

urlpatterns: list[URLPattern] = [
    path("", overview.plan_changes, name="plan_changes"),
    *(pattern for module in SCREENS for pattern in module.urlpatterns),
]
overview.CARDS.extend(card for module in SCREENS for card in module.CARDS)
