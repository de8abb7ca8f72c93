"""By what ratings are given and means are made, as the foot of every page says it."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import groupby

from kpis.achievement import Rounding
from kpis.terms import RatingTerms
from projects.bands import Band, percent
from projects.scales import BASES, Scale, Step
from projects.words import OWN_WORDS, PlanWords


def legend(
    rules: RatingTerms,
    words: PlanWords = OWN_WORDS,
    scale: Scale | None = None,
    own_rated: Sequence[str] = (),
    *,
    of_goals: bool = False,
) -> str:
    """All that a page with ratings has to explain; of ratings nothing where none are given.

    `scale` is the one KPI's that the page is about, if it is about one; `own_rated` are the codes
    of KPIs that are rated by scales of their own. `of_goals` leaves out what 数値目標 alone don't
    have: projects and means.
    """
    return "".join(_sentences(rules, words, scale, own_rated, of_goals=of_goals))


def _sentences(
    rules: RatingTerms,
    words: PlanWords,
    scale: Scale | None,
    own_rated: Sequence[str],
    *,
    of_goals: bool,
) -> Iterator[str]:
    yield from _of_scale(scale or rules.scale, "評価")
    projects = rules.project_scale
    is_whole = not scale and not of_goals
    if is_whole and projects.rates and not _is_told_already(projects, rules.scale):
        how = "人が決める" if projects.is_by_people else f"{_basis(projects)}の平均による"
        yield words.put(f"プロジェクトの評価（{how}）：") + f"{_bands(projects.bands)}。"
    if is_whole and rules.external_scale.rates:
        yield f"外部有識者の評価：{_bands(rules.external_bands)}。"
    if own_rated:
        yield f"{'、'.join(own_rated)}" + words.put(
            "は別のきまりで評価し、そのきまりは指標のページに示します。"
        )
    if not of_goals:
        yield words.put(f"平均は各指標を{_within(rules)}で数えます。")
    if rules.rate_rounding == Rounding.CUT:
        places = f"小数第{rules.rate_decimals}位" if rules.rate_decimals else "1の位"
        yield f"率は{places}までを示し、それより下は切り捨てます。"
    yield "増減は端数を処理する前の値で計算するため、表示の差と一致しないことがあります。"


def _of_scale(scale: Scale, what: str) -> Iterator[str]:
    """By what a scale rates, and what is computed beside what people decide."""
    if not scale.rates:
        return
    if scale.is_by_people:
        named = "、".join(band.text for band in scale.bands)
        yield f"{what}（所管課の案をもとに、企画担当が決める）：{named}。"
        what = "計算による評価"
    if scale.is_by_rate:
        yield f"{what}（{_basis(scale)}による）：{_bands(scale.bands)}。"
    elif scale.is_by_position:
        yield f"{what}（値の位置により、最初に当てはまるもの）：{_rows(scale)}。"


def _is_told_already(projects: Scale, kpis: Scale) -> bool:
    """Whether projects are rated by the same bounds as KPIs, so that one sentence says both."""
    return not projects.is_by_people and kpis.is_by_rate and projects.bands == kpis.bands


def _basis(scale: Scale) -> str:
    return BASES[scale.basis]


def _bands(bands: Sequence[Band]) -> str:
    """`A 順調 100%以上、D 遅れ それ未満`; the marks alone where they have no bounds."""
    if all(band.lower is None for band in bands):
        return "、".join(band.text for band in bands)
    return "、".join(f"{band.text} {band.range_text or 'それ未満'}" for band in bands)


def _rows(scale: Scale) -> str:
    """`基準値に達するなら「A」、その他は「C」`, rows of one mark together."""
    return "、".join(
        _row(list(steps), scale.bands[place - 1])
        for place, steps in groupby(scale.steps, key=lambda step: step.place)
    )


def _row(steps: Sequence[Step], band: Band) -> str:
    particle = "は" if steps[-1].is_otherwise else "なら"
    return f"{'か、'.join(step.text for step in steps)}{particle}「{band.text}」"


def limits_of(rules: RatingTerms) -> tuple[Decimal | None, Decimal | None]:
    """The limits within which a rate counts in a mean, the upper one first."""
    return rules.average_cap, rules.average_floor


def _within(rules: RatingTerms) -> str:
    """`100%まで`, `上限なし`, `50%から100%まで`, `100%まで、下限なし`."""
    cap, floor = limits_of(rules)
    if cap is None:
        return {None: "上限も下限もなし", Decimal(0): "上限なし"}.get(
            floor, f"下限{percent(floor)}、上限なし"
        )
    if floor is None:
        return f"{percent(cap)}まで、下限なし"
    return f"{percent(floor)}から{percent(cap)}まで" if floor else f"{percent(cap)}まで"


def mean_limits(rules: RatingTerms) -> str:
    """`100%までとした`, for 「各指標を…平均」; empty without limits, and for 0 as the only one."""
    cap, floor = limits_of(rules)
    if cap is None:
        return f"下限を{percent(floor)}とした" if floor else ""
    start = f"{percent(floor)}から" if floor else ""
    return f"{start}{percent(cap)}までとした"
