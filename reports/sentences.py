"""The sentences a manager would say about a year, made from its figures."""

from collections.abc import Sequence

from common.fiscal_year import wareki
from kpis.achievement import Absence
from kpis.assessment import KpiAssessment
from kpis.progress import StrategyProgress
from projects.words import OWN_WORDS, PlanWords
from reports.dashboard_figures import OutlookCounts
from reports.goal_figures import goals_sentence

_MOST_NAMED = 2


def headline(progress: StrategyProgress) -> str:
    """「16指標のうち11指標が「順調」、…」: counts by mark, then what has none.

    Marks are quoted, so that any label reads as Japanese. Where nothing is rated, the means.
    """
    total, words = progress.standing.kpi_count, progress.rules.words
    if total == 0 and progress.goals:
        return goals_sentence(progress)
    if total == 0:
        return f"{words.kpi}がまだ登録されていません。"
    if not progress.standing.by_band:
        return f"{_means(progress)}{_waiting(progress)}"
    rated = [(band, count) for band, count in progress.standing.by_band if band and count]
    if not rated:
        all_of_them = words.count_kpis(total)
        return f"{all_of_them}のどれにも、この年度の評価はまだありません。{_waiting(progress)}"
    if len(rated) == 1 and rated[0][1] == total:
        return f"{words.count_kpis(total)}のすべてが「{rated[0][0].name}」です。"
    counts = "、".join(f"{words.of_kpis(count)}が「{band.name}」" for band, count in rated)
    return f"{words.count_kpis(total)}のうち、{counts}です。{_worst(progress)}{_waiting(progress)}"


def outlook_sentence(outlook: OutlookCounts, last_year: int, words: PlanWords = OWN_WORDS) -> str:
    """「このまま進むと、…」: how many will reach their target; empty without any estimate."""
    known = outlook.reached + outlook.missed
    if not known:
        return ""
    goal = f"このまま進むと、{wareki(last_year)}に"
    is_whole = known == outlook.total
    whole = f"すべての{words.kpi}" if is_whole else f"推計できる{words.count_kpis(known)}のすべて"
    if outlook.reached == known:
        return f"{goal}{whole}が最終目標に届く見込みです。"
    if not outlook.reached:
        return f"{goal}最終目標に届く見込みの{words.kpi}はありません。"
    return f"{goal}{words.count_kpis(outlook.reached)}が最終目標に届く見込みです。"


def _means(progress: StrategyProgress) -> str:
    """「16指標の平均は、進捗率92.3%（14指標）、達成率45.1%です。」: each mean with its count."""
    standing, rules = progress.standing, progress.rules
    words = rules.words
    total, progress_count = standing.kpi_count, standing.progress_count
    count = standing.achievement_count
    if not count and not progress_count:
        return f"{words.count_kpis(total)}のどれにも、この年度の率はまだありません。"
    told = [
        f"{name}{rules.rate_text(mean)}{f'（{words.of_kpis(of)}）' if of != total else ''}"
        for name, mean, of in (
            ("進捗率", standing.progress_mean, progress_count),
            ("達成率", standing.achievement_mean, count),
        )
        if of
    ]
    return f"{words.count_kpis(total)}の平均は、{'、'.join(told)}です。"


def _worst(progress: StrategyProgress) -> str:
    band = progress.rules.bands[-1]
    late = [kpi for kpi in progress.behind if kpi.rating == band]
    return f"「{band.name}」は{_named(late, progress.rules.words)}。" if late else ""


def _waiting(progress: StrategyProgress) -> str:
    waiting = progress.without_rating
    word = progress.rules.words.kpi
    what = "評価" if progress.standing.by_band else "率"
    missing = sum(kpi.why_nothing is Absence.MISSING for kpi in waiting)
    undecided = sum(kpi.why_nothing is Absence.UNDECIDED for kpi in waiting)
    if not waiting:
        return ""
    if missing == len(waiting):
        return f"まだ入力されていない{word}が{missing}件あります。"
    if missing and undecided:
        told = f"うち{missing}件は未入力、{undecided}件は評価未定です"
        return f"{what}のない{word}が{len(waiting)}件あり、{told}。"
    if missing:
        return f"{what}のない{word}が{len(waiting)}件あり、うち{missing}件は未入力です。"
    return f"{what}のない{word}が{len(waiting)}件あります（{_labels(waiting)}）。"


def _labels(kpis: Sequence[KpiAssessment]) -> str:
    labels = dict.fromkeys(kpi.why_nothing.label for kpi in kpis if kpi.why_nothing)
    return "・".join(labels)


def _named(kpis: Sequence[KpiAssessment], words: PlanWords) -> str:
    """「A」「B」など3指標."""
    named = "".join(f"「{kpi.definition.name}」" for kpi in kpis[:_MOST_NAMED])
    if len(kpis) > _MOST_NAMED:
        return f"{named}など{words.of_kpis(len(kpis))}です"
    return f"{named}の{words.of_kpis(len(kpis))}です" if len(kpis) > 1 else f"{named}です"
