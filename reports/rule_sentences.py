"""What is said where years under different rules of rating stand side by side."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from common.fiscal_year import wareki
from kpis.terms import RuleChange

_BASES = {"progress": "進捗率", "achievement": "達成率"}


def rule_sentences(rules: Sequence[RuleChange], first_year: int, last_year: int) -> list[str]:
    """For each revision after the first of some years up to the last: what changed, and why.

    `rules` are all that there ever were, in order, those with which the plan begins first.
    """
    return [
        _sentence(before, after)
        for before, after in pairwise(rules)
        if first_year < after.effective_from <= last_year
    ]


def _sentence(before: RuleChange, after: RuleChange) -> str:
    until = wareki(after.effective_from - 1)
    reason = f"理由：{after.reason.strip().rstrip('。')}。" if after.reason.strip() else ""
    what = "評価" if _rates_otherwise(before, after) else "平均"
    return (
        f"{wareki(after.effective_from)}から、評価のきまりが変わりました"
        f"（{'、'.join(_what_changed(before, after))}）。{reason}"
        f"{until}までの{what}は、{'、'.join(_old_rules(before, after))}で、"
        f"その後の{what}とは比べられません。"
    )


def _rates_otherwise(before: RuleChange, after: RuleChange) -> bool:
    """Whether a KPI may have another rating for the same rates."""
    return (before.rating_basis, before.bands) != (after.rating_basis, after.bands)


def _what_changed(before: RuleChange, after: RuleChange) -> Iterator[str]:
    if before.rating_basis != after.rating_basis:
        yield "評価に使う率"
    if before.bands != after.bands:
        yield "評価の区分"
    if before.average_cap != after.average_cap:
        yield "平均に入れる率の上限"


def _old_rules(before: RuleChange, after: RuleChange) -> Iterator[str]:
    """The rules before, as far as they are others."""
    if _rates_otherwise(before, after):
        bands = "・".join(f"{band.text}{band.range_text}" for band in before.bands)
        yield f"{_BASES[before.rating_basis]}を{bands}に分けたもの"
    if before.average_cap != after.average_cap:
        yield (
            "平均に上限のないもの"
            if before.average_cap is None
            else f"平均に入れる率の上限を{before.average_cap.normalize():f}%としたもの"
        )
