"""The 数値目標 of pillars and of the plan as a chapter of its own, in finished texts."""

from typing import Any

from common.fiscal_year import wareki
from projects.goals import GOALS
from reports.annual.document import AnnualReport, ReportGoals, ReportProject, ReportStanding
from reports.renderers.clean_text import clean_line
from reports.renderers.content.project import project_content
from reports.renderers.content.summary import is_in_rows
from reports.renderers.content.tables import Table
from reports.renderers.wording import rating_text

_LEAD = "柱と計画全体の数値目標です。"
_RATED = "計画の評価のきまりで評価します。"
_APART = "プロジェクトと指標の数や平均には入りません。"
_NOTHING = ReportStanding(0, None, 0, None, 0, "", "", ())
# What a group's tables and texts have from a project's; means they have none.
_TAKEN = (
    "code", "name", "heads", "widths", "word_widths", "is_wide", "scale", "kpis", "kpi_notes",
    "explanations", "unexplained",
)  # fmt: skip


def goals_content(report: AnnualReport) -> dict[str, Any] | None:
    """The chapter's sentences, its counts, and a part for each pillar; None without 数値目標."""
    if not report.goals:
        return None
    groups = [_group(one, report) for one in report.goals]
    rated = _RATED if report.rates_kpis else ""
    apart = "" if report.has_goals_alone else _APART
    return {
        "title": GOALS,
        "lead": report.words.put(f"{_LEAD}{rated}{apart}"),
        # Without projects it heads the summary.
        "sentence": "" if report.has_goals_alone else clean_line(report.goals_sentence),
        "counts": _counts(report),
        "groups": groups,
        "is_wide": any(one["is_wide"] for one in groups),
    }


def _counts(report: AnnualReport) -> Table | None:
    """How many have which rating; None where nothing is rated. Many ratings have rows instead."""
    if not report.goals_by_band:
        return None
    kinds = [*(rating_text(*mark) for *mark, _count in report.goals_by_band), "計"]
    counts = [str(count) for *_mark, count in report.goals_by_band]
    counts.append(str(sum(count for *_mark, count in report.goals_by_band)))
    year, title = wareki(report.fiscal_year), f"評価別の{GOALS}の数"
    if is_in_rows(kinds[:-1]):
        rows = list(zip(kinds, counts, strict=True))
        return Table(title, ("評価", year), rows, figures=(1,), unit="件")
    heads = ("年度", *kinds)
    return Table(title, heads, [[year, *counts]], figures=range(1, len(heads)), unit="件")


def _group(group: ReportGoals, report: AnnualReport) -> dict[str, Any]:
    """One pillar's: a section without standing, texts and initiatives, whose KPIs are printed."""
    section = ReportProject(
        code=group.code,
        name=group.name,
        kind_label="",
        pillar=group.pillar,
        purpose="",
        directions=(),
        standing=_NOTHING,
        kpis=group.kpis,
        initiatives=(),
    )
    texts = project_content(section, report)
    return {name: texts[name] for name in _TAKEN} | {"means": None}
