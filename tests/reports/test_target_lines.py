"""A KPI's final targets as its page lists them."""

from dataclasses import replace
from decimal import Decimal

import pytest

from kpis.targets import Target
from reports.target_lines import target_line
from tests.kpis.definitions import ANNUAL


@pytest.mark.parametrize(
    ("target", "line"),
    [
        (Target(2024, Decimal(80)), "令和6年度から 80件以上"),
        (
            Target(2026, Decimal(90), target_year=2027, baseline=Decimal(12), baseline_year=2024),
            "令和8年度から 90件以上（目標年度 令和9年度、基準値 12件（令和6年度））",
        ),
        (
            Target(2024, None, words="増加", met_by="better"),
            "令和6年度から 増加（基準値より良い）",
        ),
        (
            Target(2025, None, words="現状維持", met_by="kept", target_year=2027),
            "令和7年度から 現状維持（基準値を保つ、目標年度 令和9年度）",
        ),
        (Target(2024, None), "令和6年度から 未設定"),
    ],
)
def test_line_says_what_is_asked_and_how_words_are_met(target, line):
    assert target_line(replace(ANNUAL, unit="件"), target) == line
