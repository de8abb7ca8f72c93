"""What a report leaves open, as its readers would ask: pure, on an `AnnualReport`.

Nothing of it forbids issuing; whoever issues should have seen it.
"""

from collections.abc import Sequence

from kpis.achievement import Absence
from kpis.models import ActualState
from projects.goals import GOALS
from reports.annual.document import AnnualReport, ReportKpi

_NOT_ENTERED = Absence.MISSING.label
_FIGURES = (
    (ActualState.MISSING, "実績のない指標", "「未入力」と記されます"),
    (ActualState.PENDING, "集計中の指標", "「集計中」と記されます"),
    (ActualState.PROVISIONAL, "速報値の指標", "「速報」と記されます"),
    (ActualState.UNMEASURED, "未測定の指標", "理由とともに「未測定」と記されます"),
)
_AS_UNDECIDED = "「評価未定」と記されます"


# What is open, what the report says instead, and where: codes and names in printed order.
OpenPoint = tuple[str, str, list[tuple[str, str]]]


def open_points(report: AnnualReport) -> list[OpenPoint]:
    """What is open in the report's year, the gravest first; only what there is."""
    found = _of_kpis(report.kpis) + [
        (title.replace("指標", GOALS), remark, places)
        for title, remark, places in _of_kpis(report.goal_kpis)
    ]
    found += [
        (
            "状況が未入力の取組",
            "「未入力」と記されます",
            [
                (f"{project.code}({one.number})", one.name)
                for project in report.projects
                for one in project.initiatives
                if one.status_label == _NOT_ENTERED
            ],
        ),
        (
            "総括のないプロジェクト",
            "総括なしで載ります",
            [(one.code, one.name) for one in report.projects if not one.review.strip()],
        ),
        (
            "評価の決まっていないプロジェクト",
            _AS_UNDECIDED,
            [
                (one.code, one.name)
                for one in report.projects
                if one.standing.rating_label == Absence.UNDECIDED.label
            ],
        ),
    ]
    words = report.words
    return [(words.put(title), remark, places) for title, remark, places in found if places]


def _of_kpis(kpis: Sequence[ReportKpi]) -> list[OpenPoint]:
    """What is open of the report's KPIs, or of its 数値目標."""
    found: list[OpenPoint] = [
        (
            title,
            remark,
            [(kpi.code, kpi.name) for kpi in kpis if kpi.latest.state == state],
        )
        for state, title, remark in _FIGURES
    ]
    undecided = [
        (kpi.code, kpi.name) for kpi in kpis if kpi.latest.absence_code == Absence.UNDECIDED.code
    ]
    unexplained = [
        (kpi.code, kpi.name)
        for kpi in kpis
        if kpi.latest.actual is not None and not kpi.latest.analysis.strip()
    ]
    return [
        *found,
        ("評価の決まっていない指標", _AS_UNDECIDED, undecided),
        ("要因分析のない指標", "説明なしで載ります", unexplained),
    ]
