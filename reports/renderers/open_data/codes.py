"""codes.csv: every code that the data files use, and what it means."""

from collections.abc import Iterator

from common.spreadsheets.writing import Value, csv_file
from kpis.achievement import Absence
from kpis.models import Direction, Formula
from reports.annual.document import AnnualReport
from reports.renderers.csv import AGGREGATIONS, KIND, KINDS, VALUE_KINDS
from reports.renderers.open_data.columns import CODES
from reports.renderers.open_data.rating_codes import rating_codes

_ABSENCES = {
    Absence.MISSING: "実績の入力がまだない",
    Absence.PENDING: "集計が終わっていない",
    Absence.UNMEASURED: "その年度には測らなかった",
    Absence.UNCOMPUTABLE: "目標値や基準値など、算式に必要な値がそろわない",
    Absence.REFERENCE: "前の年度の実績がそろわない累計のため、率を算出しない",
    Absence.UNDECIDED: "評価を人が決める指標で、まだ決めていない",
    Absence.NOT_APPLICABLE: "その年度の目安が0（または基準値）で、進捗率や評価を求める対象でない",
}
_KINDS = {
    "final": ("確定値", "確定した実績"),
    "provisional": ("速報値", "確定していない実績。後日改めることがある"),
}
_AGGREGATIONS = {
    True: ("累計（のべ）", "計画の初年度からその年度までの実績の合計を目標と比べる"),
    False: ("単年度", "その年度の実績を目標と比べる"),
}
_DIRECTIONS = {
    Direction.INCREASE: "値が目標以上になることを目指す",
    Direction.DECREASE: "値が目標以下になることを目指す",
}
_GOAL_KINDS = (
    (KINDS[False], "指標", "プロジェクトの指標"),
    (KINDS[True], "数値目標", "柱や計画全体の数値目標。プロジェクトと指標の数や平均には入らない"),
)
_FORMULAS = {
    Formula.RATIO: "実績÷目標×100。以下を目指す指標では、目標÷実績×100",
    Formula.DEVIATION: "実績÷目標×100。以下を目指す指標では、200-実績÷目標×100",
    Formula.FROM_BASELINE: "（実績-基準値）÷（目標-基準値）×100",
}


def codes_csv(report: AnnualReport) -> bytes:
    """The codes as CSV; those of ratings are the report's own."""
    rows: list[tuple[Value, ...]] = [
        *(("値区分", VALUE_KINDS[state], *meaning) for state, meaning in _KINDS.items()),
        *_absences(report),
        *rating_codes(report),
        *(
            ("集計方法", AGGREGATIONS[adds_up], *meaning)
            for adds_up, meaning in _AGGREGATIONS.items()
        ),
        *(("目指す方向", one.label, one.label, _DIRECTIONS[one]) for one in Direction),
        *(("算式", one.label, one.label, _FORMULAS[one]) for one in Formula),
        *((KIND, *meaning) for meaning in (_GOAL_KINDS if report.has_goals else ())),
    ]
    return csv_file([column.name for column in CODES], rows)


def _absences(report: AnnualReport) -> Iterator[tuple[Value, ...]]:
    for absence in sorted(Absence, key=lambda one: one.code):
        meaning = _ABSENCES[absence]
        if not report.has_rated_kpis:
            if absence is Absence.UNDECIDED:
                continue
            meaning = meaning.replace("進捗率や評価", "進捗率")
        yield "欠測区分", absence.code, absence.label, meaning
