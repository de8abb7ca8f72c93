"""What began, ended, was replaced and moved since the year before, as finished texts."""

from common.fiscal_year import wareki
from kpis.achievement import NOTHING
from projects.goals import GOALS
from reports.annual.document import AnnualReport, ReportLife
from reports.movement_text import incomparable_sentence
from reports.renderers.clean_text import clean_line
from reports.renderers.content.tables import Table

HEADS = ("区分", "番号", "名称", "前", "理由")
_KINDS = {"began": "加えた", "ended": "終えた", "replaced": "差し替えた", "moved": "移した"}


def lives_title(report: AnnualReport) -> str:
    """`指標と取組の変更`."""
    return report.words.put("指標と取組の変更")


def lives_text(report: AnnualReport) -> str:
    """From which year to which, and whether the means cover another set of KPIs."""
    years = f"{wareki(report.fiscal_year - 1)}から{wareki(report.fiscal_year)}までの変更です。"
    return f"{years}{means_text(report)}"


def means_text(report: AnnualReport) -> str:
    """That the means cover another set of KPIs than the year before; empty where they don't."""
    changed = [one for one in report.lives if one.what == "kpi" and one.kind != "moved"]
    if not changed:
        return ""
    return report.words.put("指標が前年度と違うため、平均は同じ指標の組み合わせではありません。")


def lives_rows(report: AnnualReport) -> list[list[str]]:
    """A row each, by `HEADS`."""
    return [
        [
            f"{_thing(one, report)}を{_KINDS[one.kind]}",
            one.code,
            clean_line(one.name),
            clean_line(one.before) or NOTHING,
            clean_line(one.reason) or NOTHING,
        ]
        for one in report.lives
    ]


def lives_table(report: AnnualReport) -> Table:
    """All of them."""
    return Table(lives_title(report), HEADS, lives_rows(report))


def incomparable_text(report: AnnualReport) -> str:
    """Why some KPIs can't be compared with the year before; empty where all can."""
    movements = report.movements
    if movements is None:
        return ""
    return incomparable_sentence(movements.reasons, movements.incomparable)


def _thing(one: ReportLife, report: AnnualReport) -> str:
    words = report.words
    named = {"kpi": words.kpi, "goal": GOALS, "initiative": words.initiative}
    return named.get(one.what, "再掲")
