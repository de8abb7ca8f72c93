"""What was reached over a plan's period, in a few sentences."""

from common.fiscal_year import wareki
from projects.goals import GOALS
from projects.words import PlanWords
from reports.annual.document import ReportOutcome


def outcome_sentence(outcome: ReportOutcome, words: PlanWords, years: tuple[int, int]) -> str:
    """「令和6年度から令和10年度までの計画期間では、16指標のうち10指標が最終目標に達し、…」.

    `years` are the first and the last of the period.
    """
    first, last = map(wareki, years)
    if outcome.goals and not outcome.kpis:
        reached = sum(one.outcome == "reached" for one in outcome.goals)
        whole = f"{GOALS}{len(outcome.goals)}件"
        return (
            f"{first}から{last}までの計画期間では、{whole}のうち{reached}件が最終目標に達しました。"
        )
    said = (
        f"{first}から{last}までの計画期間では、{words.count_kpis(len(outcome.kpis))}のうち"
        f"{words.of_kpis(len(outcome.reached))}が最終目標に達し、"
        f"{words.of_kpis(len(outcome.missed))}が達していません。"
    )
    if outcome.unknown:
        said += f"{words.of_kpis(len(outcome.unknown))}は、達成率を算出できません。"
    if any(one.fiscal_year != years[1] for one in outcome.kpis):
        said += f"途中で終えた{words.kpi}は、終えた年度の値によります。"
    return said
