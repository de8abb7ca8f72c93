"""One project's section."""

from collections.abc import Sequence
from typing import Any

from reports.renderers.docx import styles
from reports.renderers.docx.manuscript import Manuscript
from reports.renderers.docx.pictures import Picture
from reports.renderers.docx.summary import rating_notes
from reports.renderers.docx.tables import Line, Rows

_KPIS = "指標"


def write_project(
    manuscript: Manuscript,
    project: dict[str, Any],
    pictures: Sequence[Picture],
    texts: dict[str, Any],
) -> None:
    """The section; `pictures` are those of its charts."""
    manuscript.heading(1, f"{project['code']}　{project['name']}")
    manuscript.paragraph(project["kind"], style=styles.ASIDE)
    if project["purpose"] or project["directions"]:
        manuscript.heading(2, "目的と方向性")
        manuscript.paragraphs(project["purpose"])
        manuscript.numbered(project["directions"])
    manuscript.heading(2, "総括")
    manuscript.paragraphs(project["review"])
    heads = ("評価", "達成率の平均", "達成率の指標数", "進捗率の平均", "進捗率の指標数")
    manuscript.table("プロジェクトの状況", Rows(heads, [project["standing"]], figures=(1, 3)))
    _write_kpis(manuscript, project, texts)
    for chart, picture in zip(project["charts"], pictures, strict=True):
        manuscript.figure(chart["title"], chart["description"], picture)
    _write_explanations(manuscript, project)
    _write_initiatives(manuscript, project)
    if project["opinion"]:
        manuscript.heading(2, "外部有識者の意見")
        manuscript.paragraphs(project["opinion"])


def _write_kpis(manuscript: Manuscript, project: dict[str, Any], texts: dict[str, Any]) -> None:
    if not project["kpis"]:
        manuscript.heading(2, _KPIS)
        manuscript.paragraph("指標はありません。")
        return
    # Number and unit share a column with the name.
    _number, _unit, *heads = (head for part in project["heads"] for head in part)
    cells = []
    for kpi in project["kpis"]:
        number, unit, *figures = kpi["cells"]
        cells.append([[Line(f"　{kpi['name']}（{unit}）", bold=number)], *figures])
    rows = Rows(("指標（単位）", *heads), cells, figures=range(1, len(heads)))
    with manuscript.pages_for(rows):
        manuscript.heading(2, _KPIS)
        remarks = [(f"注{at}", text) for at, text in enumerate(project["remarks"], start=1)]
        notes = [*remarks, *rating_notes(texts)]
        manuscript.table(f"{_KPIS}の実績", rows, notes=notes, is_dense=True)


def _write_explanations(manuscript: Manuscript, project: dict[str, Any]) -> None:
    if project["explanations"] or project["unexplained"]:
        manuscript.heading(2, "要因分析と今後の方向性")
    for kpi in project["explanations"]:
        manuscript.heading(3, f"{kpi['code']}　{kpi['name']}　{kpi['rating']}")
        for label, lines in (("要因分析", kpi["analysis"]), ("今後の方向性", kpi["next_steps"])):
            if lines:
                manuscript.item(label, lines)
    if project["unexplained"]:
        manuscript.paragraph(
            f"{project['unexplained']}については、要因分析と今後の方向性の記載がありません。"
        )


def _write_initiatives(manuscript: Manuscript, project: dict[str, Any]) -> None:
    """Where each initiative stands and what it cost, then what was done."""
    manuscript.heading(2, "取組")
    if not project["initiatives"]:
        manuscript.paragraph("取組はありません。")
        return
    manuscript.paragraph(project["initiatives_lead"], stays_with_next=True)
    heads = ("番号", "取組", "掲載先", "状況", "決算額（千円）", "所管課")
    names = ("number", "name", "place", "status", "cost", "department")
    cells = [[one[name] for name in names] for one in project["initiatives"]]
    manuscript.table("取組の状況と決算額", Rows(heads, cells, figures=(4,)))
    for one in project["initiatives"]:
        if one["done"]:
            manuscript.heading(3, f"{one['number']}　{one['name']}　{one['status']}")
            for label, lines in one["done"]:
                manuscript.item(label, lines)
