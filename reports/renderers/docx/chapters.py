"""The report's chapters in their order: 見方, 総括, one a project, 資料."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from projects.words import PlanWords
from reports.renderers.content.tables import Table
from reports.renderers.docx.manuscript import Manuscript
from reports.renderers.docx.tables import Line

Texts = dict[str, Any]

_STYLES_OF_CARDS = ("主な数字", "", "表の補足")


def write_guide(manuscript: Manuscript, guide: Texts) -> None:
    """How to read the report."""
    manuscript.heading(1, "この報告書の見方")
    for section in guide["sections"]:
        manuscript.heading(2, section["title"])
        manuscript.table(section["table"], lead=section["text"])


def write_summary(manuscript: Manuscript, summary: Texts) -> None:
    """Where the strategy stands as a whole."""
    manuscript.heading(1, "総括")
    manuscript.paragraph(summary["headline"], style="要旨")
    manuscript.paragraph(summary["lead"])
    cards = [
        [Line(text, style=style) for text, style in zip(card, _STYLES_OF_CARDS, strict=True)]
        for card in summary["cards"].rows[0]
    ]
    manuscript.table(replace(summary["cards"], rows=[cards]))
    for name in ("counts", "statuses", "projects"):
        manuscript.table(summary[name])
    manuscript.heading(2, "前年度からの動き")
    manuscript.table(summary["movements"]["table"], lead=summary["movements"]["text"])


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
    heads = ("評価", "達成率の平均", "達成率の指標数", "進捗率の平均", "進捗率の指標数")
    title, heads_in_words = words.put("プロジェクトの状況"), [*map(words.put, heads)]
    manuscript.table(Table(title, heads_in_words, [project["standing"]], figures=(1, 3)))
    kpis = _kpis(project, words)
    with manuscript.pages_for(kpis):
        manuscript.heading(2, words.kpi)
        manuscript.table(kpis, otherwise=f"{words.kpi}はありません。", is_dense=True)
    for chart, picture in zip(project["charts"], pictures, strict=True):
        manuscript.figure(chart["title"], chart["description"], picture)
    _write_explanations(manuscript, project["explanations"], project["unexplained"])
    _write_initiatives(manuscript, project, words)
    if project["opinion"]:
        manuscript.heading(2, "外部有識者の意見")
        manuscript.paragraphs(project["opinion"])


def _kpis(project: Texts, words: PlanWords) -> Table:
    # Number and unit share a column with the name.
    _number, _unit, *heads = (head for part in project["heads"] for head in part)
    rows = []
    for kpi in project["kpis"]:
        number, unit, *cells = kpi["cells"]
        rows.append([[Line(f"　{kpi['name']}（{unit}）", bold=number)], *cells])
    heads.insert(0, f"{words.kpi}（単位）")
    figures = range(1, len(heads) - 1)
    return Table(words.put("指標の実績"), heads, rows, figures, notes=project["kpi_notes"])


def _write_explanations(manuscript: Manuscript, kpis: Sequence[Texts], unexplained: str) -> None:
    if kpis or unexplained:
        manuscript.heading(2, "要因分析と今後の方向性")
    for kpi in kpis:
        manuscript.heading(3, f"{kpi['code']}　{kpi['name']}　{kpi['rating']}")
        manuscript.item("要因分析", kpi["analysis"])
        manuscript.item("今後の方向性", kpi["next_steps"])
    if unexplained:
        manuscript.paragraph(f"{unexplained}については、要因分析と今後の方向性の記載がありません。")


def _write_initiatives(manuscript: Manuscript, project: Texts, words: PlanWords) -> None:
    """Where each initiative stands and what it cost, then what was done."""
    manuscript.heading(2, words.initiative)
    lead, table = project["initiatives_lead"], project["initiatives"]
    manuscript.table(table, lead=lead, otherwise=f"{words.initiative}はありません。")
    for (number, name, _place, status, *_), done in zip(table.rows, project["done"], strict=True):
        if done:
            manuscript.heading(3, f"{number}　{name}　{status}")
            for label, lines in done:
                manuscript.item(label, lines)


def write_annex(manuscript: Manuscript, annex: Texts, words: PlanWords) -> None:
    """The tables behind the report: KPIs, what changed, revised targets, definitions."""
    kpis, no_kpis = annex["kpis"], f"{words.kpi}はありません。"
    with manuscript.pages_for(kpis):
        manuscript.heading(1, "資料")
        manuscript.heading(2, f"資料1　{words.kpi}の一覧")
        manuscript.table(kpis, otherwise=no_kpis, is_dense=True)
    manuscript.heading(2, "資料2　前の報告書からの変更")
    manuscript.table(annex["changes"], lead=annex["changes_lead"])
    manuscript.heading(2, "資料3　最終目標の改定")
    manuscript.table(annex["revisions"], otherwise="最終目標の改定はありません。")
    manuscript.heading(2, f"資料4　{words.kpi}の定義と資料出所")
    definitions = [
        [code, [Line("", bold=name), *(Line(one, style="表の補足") for one in details)], department]
        for code, (name, *details), department in annex["definitions"].rows
    ]
    manuscript.table(replace(annex["definitions"], rows=definitions), otherwise=no_kpis)
