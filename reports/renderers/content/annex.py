"""The annex of the report, as finished texts: all KPIs, changes, revisions, definitions."""

from decimal import Decimal
from typing import Any

from common.fiscal_year import wareki
from kpis.achievement import MINUS_IN_PRINT, NOTHING, display_value
from projects.goals import GOALS
from projects.words import PlanWords
from reports.annual.document import AnnualReport, ReportChange, ReportKpi, ReportRevision
from reports.renderers.clean_text import clean_line
from reports.renderers.content.columns import columns_for
from reports.renderers.content.lives import lives_table, lives_text, lives_title
from reports.renderers.content.ratings import own_scales_text, rating_notes
from reports.renderers.content.tables import Line, Table, section
from reports.renderers.wording import (
    actual_text,
    both_ratings_text,
    kpi_rate_text,
    paragraphs,
    target_text,
    total_text,
    value_text,
)

# The columns of the table of all KPIs, before the rating's.
_KPI_HEADS = (
    *("番号", "指標名", "単位", "最終目標", "年度目安", "実績", "累計"),
    *("達成率", "進捗率"),
)
_FIRST_FIGURE = 3
_NAME_WIDTH = 16.0


def annex_content(report: AnnualReport) -> dict[str, Any]:
    """What follows the projects' sections."""
    put = report.words.put
    # 数値目標 are listed in their own chapter, but where there is nothing else.
    kpi, listed = report.words.kpi, report.kpis
    if report.has_goals_alone:
        kpi, listed = GOALS, report.goal_kpis
    rating = ["評価"] if report.rates_kpis else []
    heads = [*(put(head) for head in _KPI_HEADS), *rating]
    kpis = [_kpi(one, report) for one in listed]
    # Beside the name, which may break its lines.
    beside_name = [[cells[0], *cells[2:]] for cells in (heads, *kpis)]
    without_kpis = "" if kpis else no_kpis(report)
    without_revisions = "" if report.revisions else "最終目標の改定はありません。"
    lives = []
    if report.lives:
        title = f"資料5　{lives_title(report)}"
        lives.append(section(title, lives_text(report), lives_table(report)))
    return {
        "sections": [
            section(f"資料1　{kpi}の一覧", without_kpis, _kpis(heads, kpis, report)),
            section("資料2　前の報告書からの変更", _changes_lead(report), _changes(report)),
            section("資料3　最終目標の改定", without_revisions, _revisions(report)),
            section(
                f"資料4　{kpi}の定義と資料出所",
                "" if report.goals else without_kpis,
                _definitions(report),
            ),
            *lives,
        ],
        "kpi_columns": columns_for(
            beside_name, slice(_FIRST_FIGURE - 1, len(_KPI_HEADS) - 1), beside=_NAME_WIDTH
        ),
    }


def no_kpis(report: AnnualReport) -> str:
    """What stands where a table of KPIs would."""
    return f"{report.words.kpi}はありません。"


def _kpis(heads: list[str], rows: list[list[str]], report: AnnualReport) -> Table:
    return Table(
        f"{GOALS if report.has_goals_alone else report.words.kpi}の一覧",
        heads,
        rows,
        # Behind number, name and unit; behind them there is the rating.
        figures=range(_FIRST_FIGURE, len(_KPI_HEADS)),
        unit="各行の「単位」欄",
        notes=rating_notes(report, report.kpis or report.goal_kpis),
    )


def _kpi(kpi: ReportKpi, report: AnnualReport) -> list[str]:
    now = kpi.latest
    return [
        kpi.code,
        clean_line(kpi.name),
        clean_line(kpi.unit) or NOTHING,
        target_text(kpi),
        value_text(now.expected, kpi),
        actual_text(now, kpi),
        total_text(now, kpi),
        kpi_rate_text(now.achievement, kpi, report),
        kpi_rate_text(now.progress, kpi, report),
        *([both_ratings_text(now)] if report.rates_kpis else []),
    ]


def _changes_lead(report: AnnualReport) -> str:
    reason = clean_line(report.reason)
    return f"{changes_count(report)}{f'この版を出す理由：{reason}' if reason else ''}"


def changes_count(report: AnnualReport) -> str:
    """How much differs from the report before."""
    if not report.compared_with:
        return "これより前に発行した報告書はありません。"
    if not report.changes:
        found = "変わったところはありません。"
    else:
        found = f"変わったところは、次の{len(report.changes)}件です。"
    return f"「{report.compared_with}」から{found}{report.scope_of_changes}"


def _changes(report: AnnualReport) -> Table:
    heads = ("番号", "名称", "年度", "項目", "変更前", "変更後")
    return Table("前の報告書からの変更", heads, [_change(one) for one in report.changes])


def _change(change: ReportChange) -> list[Any]:
    """Where, what, and how it read before and reads now; a long text line by line."""
    return [
        change.code or "計画全体",
        clean_line(change.name),
        "" if change.fiscal_year is None else wareki(change.fiscal_year),
        change.item,
        paragraphs(change.before) or [NOTHING],
        paragraphs(change.after) or [NOTHING],
    ]


def _revisions(report: AnnualReport) -> Table:
    heads = ("番号", report.words.put("指標名"), "改定した年度", "改定前", "改定後", "理由")
    rows = [_revision(one) for one in report.revisions]
    in_words = any(one.before_text or one.after_text for one in report.revisions)
    return Table("最終目標の改定", heads, rows, figures=() if in_words else (3, 4))


def _revision(revision: ReportRevision) -> list[str]:
    def shown(value: Decimal | None, text: str) -> str:
        if text:
            return clean_line(text)
        number = display_value(value, revision.decimal_places, minus=MINUS_IN_PRINT)
        return number if value is None else f"{number}{clean_line(revision.unit)}"

    return [
        revision.code,
        clean_line(revision.name),
        wareki(revision.effective_from),
        shown(revision.before, revision.before_text),
        shown(revision.after, revision.after_text),
        clean_line(revision.reason) or NOTHING,
    ]


def _definitions(report: AnnualReport) -> Table:
    rows = [_definition(kpi, report.words) for kpi in report.all_kpis]
    words = report.words
    return Table(words.put("指標の定義と資料出所"), ("番号", words.kpi, "所管課"), rows)


def _definition(kpi: ReportKpi, words: PlanWords) -> list[Any]:
    """What a KPI measures, how its rate is computed, and where the figures come from."""
    details = (
        ("基準値の年度", "" if kpi.baseline_year is None else wareki(kpi.baseline_year)),
        ("算出方法", kpi.definition),
        ("資料出所", kpi.data_source),
        ("備考", kpi.note),
        (f"数値を共有する元の{words.kpi}", kpi.source),
        (f"差し替え前の{words.kpi}", kpi.predecessor),
        ("評価のきまり", own_scales_text(kpi)),
    )
    kind = (
        f"単位：{clean_line(kpi.unit) or 'なし'}　集計方法：{kpi.aggregation_label}　"
        f"目指す方向：{kpi.direction_label}　算式：{kpi.formula_label}"
    )
    below = [kind, *(f"{label}：{clean_line(text)}" for label, text in details if text.strip())]
    lines = [Line("", bold=clean_line(kpi.name)), *(Line(one, style="表の補足") for one in below)]
    return [kpi.code, lines, clean_line(kpi.departments) or NOTHING]
