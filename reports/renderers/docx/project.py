"""One project's section."""

from collections.abc import Sequence
from typing import Any

from reports.renderers.docx import styles
from reports.renderers.docx.manuscript import Manuscript
from reports.renderers.docx.markup import Element, paragraph, run
from reports.renderers.docx.pages import Pages
from reports.renderers.docx.pictures import Picture
from reports.renderers.docx.summary import rating_notes
from reports.renderers.docx.tables import DENSE, Column, fits

_KPIS = "指標"
# The KPI table's first columns, which share its first column with the KPI's name here.
_CODE, _UNIT = 0, 1


def write_project(
    manuscript: Manuscript,
    project: dict[str, Any],
    pictures: Sequence[Picture],
    texts: dict[str, Any],
    *,
    wide: Pages,
) -> None:
    """The section; `pictures` are its charts, `wide` the pages for a table that needs them."""
    manuscript.heading(1, f"{project['code']}　{project['name']}")
    manuscript.paragraph(project["kind"], style=styles.ASIDE)
    if project["purpose"] or project["directions"]:
        manuscript.heading(2, "目的と方向性")
        manuscript.paragraphs(project["purpose"])
        manuscript.numbered(project["directions"])
    _write_standing(manuscript, project)
    _write_kpis(manuscript, project, texts, wide=wide)
    for chart, picture in zip(project["charts"], pictures, strict=True):
        manuscript.figure(chart["title"], chart["description"], picture)
    _write_explanations(manuscript, project)
    _write_initiatives(manuscript, project)
    if project["opinion"]:
        manuscript.heading(2, "外部有識者の意見")
        manuscript.paragraphs(project["opinion"])


def _write_standing(manuscript: Manuscript, project: dict[str, Any]) -> None:
    manuscript.heading(2, "総括")
    manuscript.paragraphs(project["review"])
    rating, achievement, achieved, progress, progressed = project["standing"]
    columns = [
        Column("評価", share=1),
        Column("達成率の平均", is_figure=True, share=1),
        Column("達成率の指標数", share=1),
        Column("進捗率の平均", is_figure=True, share=1),
        Column("進捗率の指標数", share=1),
    ]
    row = [rating, achievement, achieved, progress, progressed]
    manuscript.table("プロジェクトの状況", columns, [row])


def _write_kpis(
    manuscript: Manuscript, project: dict[str, Any], texts: dict[str, Any], *, wide: Pages
) -> None:
    if not project["kpis"]:
        manuscript.heading(2, _KPIS)
        manuscript.paragraph("指標はありません。")
        return
    heads = [head for part in project["heads"] for head in part]
    columns = [
        Column("指標（単位）", share=1),
        *(Column(head, is_figure=True) for head in heads[_UNIT + 1 : -1]),
        Column(heads[-1]),
    ]
    rows = [[_kpi_name(kpi), *kpi["cells"][_UNIT + 1 :]] for kpi in project["kpis"]]
    upright = manuscript.pages
    has_room = fits(columns, rows, room=upright.room, look=DENSE)
    with manuscript.on(upright if has_room and not project["is_wide"] else wide):
        manuscript.heading(2, _KPIS)
        remarks = [(f"注{at}", text) for at, text in enumerate(project["remarks"], start=1)]
        manuscript.table(
            f"{_KPIS}の実績", columns, rows, notes=[*remarks, *rating_notes(texts)], look=DENSE
        )


def _kpi_name(kpi: dict[str, Any]) -> list[Element]:
    code, unit = kpi["cells"][_CODE], kpi["cells"][_UNIT]
    return [paragraph(styles.DENSE, run(code, styles.STRONG), f"　{kpi['name']}（{unit}）")]


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
    columns = [
        Column("番号"),
        Column("取組", share=5),
        Column("掲載元・再掲先"),
        Column("状況"),
        Column("決算額（千円）", is_figure=True),
        Column("所管課", share=3),
    ]
    names = ("number", "name", "place", "status", "cost", "department")
    rows = [[one[name] for name in names] for one in project["initiatives"]]
    manuscript.table("取組の状況と決算額", columns, rows)
    for one in project["initiatives"]:
        if one["done"]:
            manuscript.heading(3, f"{one['number']}　{one['name']}　{one['status']}")
            for label, lines in one["done"]:
                manuscript.item(label, lines)
