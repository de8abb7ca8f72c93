"""The report's chapters in their order: 見方, 総括, one a project, 資料."""

from collections.abc import Sequence
from typing import Any

from kpis.achievement import NOTHING
from projects.words import PlanWords
from reports.renderers.content.tables import Line, Table
from reports.renderers.docx.manuscript import Manuscript

Texts = dict[str, Any]


def write_guide(manuscript: Manuscript, guide: Texts) -> None:
    """How to read the report."""
    manuscript.heading(1, "この報告書の見方")
    for section in guide["sections"]:
        _write_section(manuscript, section)


def write_summary(manuscript: Manuscript, summary: Texts, *, has_goals_alone: bool) -> None:
    """Where the strategy stands as a whole; 数値目標 alone have no mean and no projects."""
    manuscript.heading(1, "総括")
    manuscript.paragraph(summary["headline"], style="要旨")
    manuscript.paragraph(summary["lead"])
    if not has_goals_alone:
        for name in ("cards", "counts", "statuses", "projects"):
            manuscript.table(summary[name])
        if movements := summary["movements"]:
            _write_section(manuscript, movements)
    if outcome := summary["outcome"]:
        manuscript.heading(2, outcome["title"])
        manuscript.paragraph(outcome["text"])
        for table in (*outcome["tables"], outcome["goals"]):
            manuscript.table(table)


def write_goals(manuscript: Manuscript, goals: Texts, words: PlanWords) -> None:
    """The 数値目標 of the plan and of each pillar, before the projects."""
    manuscript.heading(1, goals["title"])
    manuscript.paragraphs(filter(None, [goals["sentence"], goals["lead"]]))
    manuscript.table(goals["counts"])
    for group in goals["groups"]:
        table = _kpis(group, words, group["name"])
        with manuscript.pages_for(table):
            manuscript.heading(2, group["name"])
            manuscript.table(table, is_dense=True)
        _write_explanations(manuscript, group)


def write_project(
    manuscript: Manuscript, project: Texts, pictures: Sequence[bytes], words: PlanWords
) -> None:
    """One project's chapter; `pictures` are those of its charts."""
    manuscript.heading(1, f"{project['code']}　{project['name']}")
    manuscript.paragraph(project["kind"], style="補足")
    if project["purpose"] or project["directions"]:
        manuscript.heading(2, "目的と方向性")
        manuscript.paragraphs(project["purpose"])
        manuscript.numbered(project["directions"])
    manuscript.heading(2, "総括")
    manuscript.paragraphs(project["review"])
    manuscript.table(project["standing"])
    for label, lines in project["reasons"]:
        manuscript.item(label, lines)
    kpis = _kpis(project, words)
    with manuscript.pages_for(kpis):
        manuscript.heading(2, words.kpi)
        manuscript.table(kpis, lead=project["without_kpis"], is_dense=True)
    for chart, picture in zip(project["charts"], pictures, strict=True):
        manuscript.figure(chart["title"], chart["description"], picture)
    if project["explanations"] or project["unexplained"]:
        manuscript.heading(2, "要因分析と今後の方向性")
    _write_explanations(manuscript, project)
    initiatives = project["initiatives"]
    _write_section(manuscript, initiatives)
    for row, done in zip(initiatives["table"].rows, project["done"], strict=True):
        number, name, _place, status, *_ = row
        if done:
            _write_texts(manuscript, (number, name, status), done)
    if project["opinion"]:
        manuscript.heading(2, "外部有識者の意見")
        manuscript.paragraphs(project["opinion"])


def _kpis(project: Texts, words: PlanWords, title: str = "") -> Table:
    # Number and unit share a column with the name.
    _number, _unit, *heads = (head for part in project["heads"] for head in part)
    rows = []
    for kpi in project["kpis"]:
        number, unit, *cells = kpi["cells"]
        in_unit = "" if unit == NOTHING else f"（{unit}）"
        rows.append([[Line(f"　{kpi['name']}{in_unit}", bold=number)], *cells])
    heads.insert(0, f"{words.kpi}（単位）")
    # Behind them there is the rating, where KPIs are rated.
    figures = range(1, 1 + len(project["widths"]))
    return Table(title or words.put("指標の実績"), heads, rows, figures, notes=project["kpi_notes"])


def write_annex(manuscript: Manuscript, annex: Texts) -> None:
    """The tables behind the report: KPIs, what changed, revised targets, definitions."""
    kpis, *others = annex["sections"]
    with manuscript.pages_for(kpis["table"]):
        manuscript.heading(1, "資料")
        _write_section(manuscript, kpis, is_dense=True)
    for section in others:
        _write_section(manuscript, section)


def _write_section(manuscript: Manuscript, section: Texts, *, is_dense: bool = False) -> None:
    manuscript.heading(2, section["title"])
    manuscript.table(section["table"], lead=section["text"], is_dense=is_dense)


def _write_explanations(manuscript: Manuscript, texts: Texts) -> None:
    """What was written about each KPI of a project or a group, and which have nothing."""
    for kpi in texts["explanations"]:
        head = filter(None, (kpi["code"], kpi["name"], kpi["rating"]))
        _write_texts(manuscript, list(head), kpi["texts"])
    if texts["unexplained"]:
        manuscript.paragraph(texts["unexplained"])


def _write_texts(
    manuscript: Manuscript, head: Sequence[str], texts: Sequence[tuple[str, Sequence[str]]]
) -> None:
    """What was written about a KPI or an initiative, each text beside its label."""
    manuscript.heading(3, "　".join(head))
    for label, lines in texts:
        manuscript.item(label, lines)
