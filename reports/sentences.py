"""The sentences a manager would say about a year, made from its figures."""

from collections.abc import Sequence

from common.fiscal_year import wareki
from kpis.achievement import Absence
from kpis.assessment import KpiAssessment
from kpis.progress import StrategyProgress
from reports.dashboard_figures import OutlookCounts

_MOST_NAMED = 2


def headline(progress: StrategyProgress) -> str:
    """「16指標のうち11指標が順調、…」: counts by rating, then what has no rating."""
    total = progress.standing.kpi_count
    if total == 0:
        return "指標がまだ登録されていません。"
    rated = [(band, count) for band, count in progress.standing.by_band if band and count]
    if not rated:
        return f"{total}指標のどれにも、この年度の評価はまだありません。{_waiting(progress)}"
    if len(rated) == 1 and rated[0][1] == total:
        return f"{total}指標のすべてが{rated[0][0].label}です。"
    counts = "、".join(f"{count}指標が{band.label}" for band, count in rated)
    return f"{total}指標のうち、{counts}です。{_worst(progress)}{_waiting(progress)}"


def outlook_sentence(outlook: OutlookCounts, last_year: int) -> str:
    """「このまま進むと、…」: how many will reach their target; empty without any estimate."""
    known = outlook.reached + outlook.missed
    if not known:
        return ""
    goal = f"このまま進むと、{wareki(last_year)}に"
    whole = "すべての指標" if known == outlook.total else f"推計できる{known}指標のすべて"
    if outlook.reached == known:
        return f"{goal}{whole}が最終目標に届く見込みです。"
    if not outlook.reached:
        return f"{goal}最終目標に届く見込みの指標はありません。"
    return f"{goal}{outlook.reached}指標が最終目標に届く見込みです。"


def _worst(progress: StrategyProgress) -> str:
    band = progress.rules.bands[-1]
    late = [kpi for kpi in progress.behind if kpi.rating == band]
    return f"{band.label}は{_named(late)}。" if late else ""


def _waiting(progress: StrategyProgress) -> str:
    waiting = progress.without_rating
    missing = sum(kpi.absence is Absence.MISSING for kpi in waiting)
    if not waiting:
        return ""
    if missing == len(waiting):
        return f"まだ入力されていない指標が{missing}件あります。"
    if missing:
        return f"評価のない指標が{len(waiting)}件あり、うち{missing}件は未入力です。"
    return f"評価のない指標が{len(waiting)}件あります（{_labels(waiting)}）。"


def _labels(kpis: Sequence[KpiAssessment]) -> str:
    labels = dict.fromkeys(kpi.absence.label for kpi in kpis if kpi.absence)
    return "・".join(labels)


def _named(kpis: Sequence[KpiAssessment]) -> str:
    """「A」「B」など3指標."""
    named = "".join(f"「{kpi.definition.name}」" for kpi in kpis[:_MOST_NAMED])
    if len(kpis) > _MOST_NAMED:
        return f"{named}など{len(kpis)}指標です"
    return f"{named}の{len(kpis)}指標です" if len(kpis) > 1 else f"{named}です"
