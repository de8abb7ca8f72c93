"""The columns of figures that a KPI has wherever it is listed."""

from collections.abc import Iterable, Sequence

from common.fiscal_year import wareki_short
from reports.annual.report import AnnualReport, ReportKpi
from reports.renderers.xlsx.figures import Content, actuals, content_width, rate, total, value

_LEAST_WIDTH, _EDGES = 9.0, 3.0


def heads(report: AnnualReport) -> list[str]:
    """The labels of `figures_of`."""
    return [
        "基準値",
        f"最終目標\n{wareki_short(report.last_year)}",
        f"年度目安\n{wareki_short(report.fiscal_year)}",
        *(f"{wareki_short(one)}\n実績" for one in range(report.first_year, report.last_year + 1)),
        "累計",
        "達成率\n（%）",
        "進捗率\n（%）",
    ]


def figures_of(kpi: ReportKpi, report: AnnualReport) -> list[Content]:
    """Baseline, targets, every year of the plan, total and both rates."""
    now, decimals = kpi.latest, kpi.decimal_places
    return [
        value(kpi.baseline, decimals),
        value(kpi.final_target, decimals),
        value(now.expected, decimals),
        *actuals(kpi, report),
        total(now, decimals),
        rate(now.achievement, report),
        rate(now.progress, report),
    ]


def widths(rows: Iterable[Sequence[Content]], columns: int) -> list[float]:
    """What each column of figures takes so that no number turns into ####."""
    needed = [_LEAST_WIDTH] * columns
    for row in rows:
        needed = [
            max(least, content_width(content) + _EDGES)
            for least, content in zip(needed, row, strict=True)
        ]
    return needed
