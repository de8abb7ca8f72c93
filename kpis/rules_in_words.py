"""What rules of rating do, in the sentences of planners and readers.

Labels are quoted, so that any label reads as Japanese. The sentences have the app's own words;
whoever shows them puts the plan's (`PlanWords.put` would put them into labels, too).
"""

from kpis.terms import RatingTerms
from projects.bands import Band, late_bands, percent, quoted
from projects.scales import BASES, Method, ProjectMethod, RateRounding, Scale
from projects.words import OWN_WORDS, PlanWords


def terms_in_words(terms: RatingTerms, words: PlanWords = OWN_WORDS) -> list[str]:
    """What a plan's rules do, a sentence or two for KPIs, projects, experts, means and rates."""
    told = [
        scale_in_words(terms.scale, words),
        _projects(terms, words),
        _experts(terms, words),
        _limits(terms),
        _decimals(terms),
    ]
    return [one for one in told if one]


def scale_in_words(scale: Scale, words: PlanWords = OWN_WORDS) -> str:
    """What a scale does to a KPI, in a few sentences."""
    kpi = words.kpi
    if scale.method == Method.NONE:
        return f"{kpi}は評価しません。"
    late = _late(scale.bands)
    if scale.method == Method.RATE:
        return f"{kpi}は{BASES[scale.basis]}で評価します。{_by_rate(scale)}。{late}"
    if scale.method == Method.POSITION:
        told = f"{kpi}は、上から順に見て最初に当てはまるもので評価します。"
        return f"{told}{_by_position(scale)}。{late}"
    named = quoted(scale.bands)
    told = f"{kpi}は、所管課の案をもとに企画担当が{named}から決めます。{late}"
    if scale.is_by_position:
        return f"{told}計算による評価と比べます。{_by_position(scale)}。"
    if scale.is_by_rate:
        basis = BASES[scale.basis]
        return f"{told}{basis}による評価と比べます。{_by_rate(scale)}。"
    return told


def _by_rate(scale: Scale) -> str:
    """`100%以上は「A 順調」、…それより低ければ「D 遅れ」`."""
    return "、".join(
        f"それより低ければ{quoted([band])}"
        if band.lower is None
        else f"{band.range_text}は{quoted([band])}"
        for band in scale.bands
    )


def _by_position(scale: Scale) -> str:
    """`前の値より良い（幅3%）なら「↗」、…どれでもなければ「↘」`."""
    told = []
    for step in scale.steps:
        band = scale.at(step.place)
        mark = "" if band is None else quoted([band])
        told.append(f"どれでもなければ{mark}" if step.is_otherwise else f"{step.text}なら{mark}")
    return "、".join(told)


def _late(bands: tuple[Band, ...]) -> str:
    late = late_bands(bands)
    if not late:
        return "遅れとみなす区分はありません。"
    return f"遅れとみなすのは{quoted(band for band in bands if band in late)}です。"


def _projects(terms: RatingTerms, words: PlanWords) -> str:
    project, kpi = words.project, words.kpi
    if terms.project_method == ProjectMethod.NONE:
        return f"{project}は評価しません。"
    scale = terms.project_scale
    if terms.project_method == ProjectMethod.PEOPLE:
        named = quoted(scale.bands)
        return f"{project}は、人が{named}から決めます。"
    told = f"{project}と計画全体は、{kpi}の{BASES[terms.rating_basis]}の平均で評価します"
    if not terms.project_bands:
        return f"{told}（評価区分は{kpi}と同じ）。"
    return f"{told}。{_by_rate(scale)}。"


def _experts(terms: RatingTerms, words: PlanWords) -> str:
    if not terms.external_bands:
        return ""
    named = quoted(terms.external_bands)
    return f"外部有識者は{words.project}を{named}で評価します。"


def _limits(terms: RatingTerms) -> str:
    cap, floor = percent(terms.average_cap), percent(terms.average_floor)
    if cap and floor:
        return f"平均では、{cap}を超える率は{cap}、{floor}を下回る率は{floor}として数えます。"
    if cap:
        return f"平均では、{cap}を超える率は{cap}として数えます。下限はありません。"
    if floor:
        return f"平均では、{floor}を下回る率は{floor}として数えます。上限はありません。"
    return "平均では、どの率もそのまま数えます。"


def _decimals(terms: RatingTerms) -> str:
    return f"率は{shown_rates(terms)}にします。"


def shown_rates(terms: RatingTerms) -> str:
    """`小数第1位まで示し、端数は四捨五入`: how rates are written, for the middle of a sentence."""
    places = f"小数第{terms.rate_decimals}位まで" if terms.rate_decimals else "整数で"
    return f"{places}示し、端数は{RateRounding(terms.rate_rounding).label}"
