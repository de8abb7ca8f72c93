"""What is said where years under different rules of rating stand side by side."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from common.fiscal_year import wareki
from kpis.definition import OwnScale
from kpis.rules_in_words import scale_in_words, shown_rates
from kpis.terms import RuleChange
from projects.bands import Band, percent, quoted
from projects.scales import BASES, Method, ProjectMethod
from projects.words import OWN_WORDS, PlanWords

# What changed, by the terms that say it, in the order in which it is told.
_NAMES = (
    ("rating_method", "評価の方法"),
    ("rating_basis", "評価に使う率"),
    ("bands", "評価の区分"),
    ("rating_steps", "評価の条件"),
    ("project_method", "プロジェクトの評価の方法"),
    ("project_bands", "プロジェクトの評価の区分"),
    ("external_bands", "外部有識者の評価の区分"),
    ("average_cap", "平均に入れる率の上限"),
    ("average_floor", "平均に入れる率の下限"),
    ("rate_decimals", "率の小数桁数"),
    ("rate_rounding", "率の端数"),
)
_OF_KPIS = ("rating_method", "rating_basis", "bands", "rating_steps")
_OF_PROJECT_RATINGS = ("project_method", "project_bands")
_OF_RATINGS = (*_OF_KPIS, *_OF_PROJECT_RATINGS, "external_bands")
_OF_MEANS = ("average_cap", "average_floor")


def rule_sentences(
    rules: Sequence[RuleChange], first_year: int, last_year: int, words: PlanWords = OWN_WORDS
) -> list[str]:
    """For each revision after the first of some years up to the last: what changed, and why.

    `rules` are all that there ever were, in order, those with which the plan begins first.
    """
    return [
        _sentence(before, after, words)
        for before, after in pairwise(rules)
        if first_year < after.effective_from <= last_year
    ]


def own_rule_sentences(scales: Sequence[OwnScale], words: PlanWords = OWN_WORDS) -> list[str]:
    """For each scale of its own that a KPI ever had: since when, by what, and why."""
    return [_own_sentence(one, words) for one in scales]


def _own_sentence(own: OwnScale, words: PlanWords) -> str:
    since = wareki(own.effective_from)
    if own.scale is None:
        return f"{since}から、計画のきまりで評価します。{_why(own.reason)}"
    told = scale_in_words(own.scale, words)
    return f"{since}から、この{words.kpi}だけのきまりで評価します。{_why(own.reason)}{told}"


def _sentence(before: RuleChange, after: RuleChange, words: PlanWords) -> str:
    changed = {name for name, _label in _NAMES if getattr(before, name) != getattr(after, name)}
    named = "、".join(label for name, label in _NAMES if name in changed)
    told = (
        f"{wareki(after.effective_from)}から、評価のきまりが変わりました"
        f"（{words.put(named)}）。{_why(after.reason)}"
    )
    until = wareki(after.effective_from - 1)
    if changed & {*_OF_RATINGS, *_OF_MEANS}:
        what = "評価" if changed & set(_OF_RATINGS) else "平均"
        old = "、".join(_old_rules(before, changed, words))
        told += f"{until}までの{what}は、{old}で、その後の{what}とは比べられません。"
    if changed & {"rate_decimals", "rate_rounding"}:
        told += f"{until}までの率は、{shown_rates(before)}にしています。"
    return told


def _why(reason: str) -> str:
    stated = reason.strip().rstrip("。")
    return f"理由：{stated}。" if stated else ""


def _old_rules(before: RuleChange, changed: set[str], words: PlanWords) -> Iterator[str]:
    """The rules before, as far as they are others."""
    if changed & set(_OF_KPIS):
        yield _of_kpis(before)
    if changed & set(_OF_PROJECT_RATINGS):
        yield f"{words.project}は{_of_projects(before, words)}"
    if "external_bands" in changed:
        yield (
            f"外部有識者は{quoted(before.external_bands)}から選んだもの"
            if before.external_bands
            else "外部有識者の評価のないもの"
        )
    if "average_cap" in changed:
        yield (
            "平均に上限のないもの"
            if before.average_cap is None
            else f"平均に入れる率の上限を{percent(before.average_cap)}としたもの"
        )
    if "average_floor" in changed:
        yield (
            "平均に下限のないもの"
            if before.average_floor is None
            else f"平均に入れる率の下限を{percent(before.average_floor)}としたもの"
        )


def _of_kpis(before: RuleChange) -> str:
    scale = before.scale
    if scale.method == Method.RATE:
        return f"{BASES[before.rating_basis]}を{_bounded(before.bands)}に分けたもの"
    if scale.method == Method.POSITION:
        return f"位置を{quoted(before.bands)}に分けたもの"
    if scale.method == Method.PEOPLE:
        return f"人が{quoted(before.bands)}から選んだもの"
    return "評価しないもの"


def _of_projects(before: RuleChange, words: PlanWords) -> str:
    if before.project_method == ProjectMethod.NONE:
        return "評価しないもの"
    bands = before.project_scale.bands
    if before.project_method == ProjectMethod.PEOPLE:
        return f"人が{quoted(bands)}から選んだもの"
    if not before.project_bands:
        return f"平均を{words.kpi}と同じ区分に分けたもの"
    return f"平均を{_bounded(bands)}に分けたもの"


def _bounded(bands: Sequence[Band]) -> str:
    """`A 順調100%以上・B 遅れ`."""
    return "・".join(f"{band.text}{band.range_text}" for band in bands)
