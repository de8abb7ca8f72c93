"""The report's chapters in their order: 見方, 総括, one a project, 資料."""

from collections.abc import Sequence
from typing import Any

from reports.renderers.docx import styles
from reports.renderers.docx.manuscript import Manuscript
from reports.renderers.docx.tables import Line, Rows

Texts = dict[str, Any]

_NO_KPIS = "指標はありません。"


def write_guide(manuscript: Manuscript, texts: Texts) -> None:
    """How to read the report."""
    manuscript.heading(1, "この報告書の見方")
    for section in texts["guide"]["sections"]:
        manuscript.heading(2, section["title"])
        if section["text"]:
            manuscript.paragraph(section["text"], stays_with_next=bool(section["table"]))
        if table := section["table"]:
            rows = Rows(table["heads"], table["rows"])
            manuscript.table(table["title"], rows, notes=section["notes"])


def write_summary(manuscript: Manuscript, texts: Texts) -> None:
    """Where the strategy stands as a whole."""
    summary = texts["summary"]
    manuscript.heading(1, "総括")
    manuscript.paragraph(summary["headline"], style=styles.LEAD)
    manuscript.paragraph(summary["lead"])
    # The head figures, each with what it is based on and the year before.
    cards = [
        [
            Line(card["figure"], style=styles.CARD_FIGURE),
            Line(card["note"]),
            Line("　".join(card["earlier"]), style=styles.CELL_ASIDE),
        ]
        for card in summary["cards"]
    ]
    manuscript.table("全体の状況", Rows([card["name"] for card in summary["cards"]], [cards]))
    manuscript.table("評価別の指標数", _counts(summary["bands"], summary["counts"]), unit="指標")
    manuscript.table(
        "状況別の取組の数",
        _counts(summary["statuses"], [[texts["fiscal_year"], *summary["status_counts"]]]),
        unit="件",
        notes=[("注", f"再掲（{summary['relisted']}件）を除きます。")],
    )
    heads = (
        "番号", "プロジェクト", "達成率の平均", "達成率の指標数", "進捗率の平均", "進捗率の指標数",
        "評価",
    )  # fmt: skip
    projects = Rows(heads, summary["projects"], figures=(2, 4))
    manuscript.table("プロジェクト別の状況", projects, notes=_rating_notes(texts))
    manuscript.heading(2, "前年度からの動き")
    if movements := summary["movements"]:
        _write_movements(manuscript, movements)
    else:
        manuscript.paragraph(summary["no_movements"])


def _counts(labels: list[str], counts: list[list[str]]) -> Rows:
    """Counts of each kind and their sum, a row a year."""
    heads = ("年度", *labels, "計")
    return Rows(heads, counts, figures=range(1, len(heads)))


def _write_movements(manuscript: Manuscript, movements: Texts) -> None:
    manuscript.paragraph(movements["sentence"], stays_with_next=bool(movements["rows"]))
    if movements["rows"]:
        (before, now), basis = movements["heads"], movements["basis"]
        heads = (
            "番号", "指標名", f"{before}の{basis}", f"{before}の評価", f"{now}の{basis}",
            f"{now}の評価", "評価の動き",
        )  # fmt: skip
        manuscript.table("評価が動いた指標", Rows(heads, movements["rows"], figures=(2, 4)))


def write_project(
    manuscript: Manuscript, project: Texts, pictures: Sequence[bytes], texts: Texts
) -> None:
    """One project's chapter; `pictures` are those of its charts."""
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


def _write_kpis(manuscript: Manuscript, project: Texts, texts: Texts) -> None:
    if not project["kpis"]:
        manuscript.heading(2, "指標")
        manuscript.paragraph(_NO_KPIS)
        return
    # Number and unit share a column with the name.
    _number, _unit, *heads = (head for part in project["heads"] for head in part)
    cells = []
    for kpi in project["kpis"]:
        number, unit, *figures = kpi["cells"]
        cells.append([[Line(f"　{kpi['name']}（{unit}）", bold=number)], *figures])
    rows = Rows(("指標（単位）", *heads), cells, figures=range(1, len(heads)))
    remarks = [(f"注{at}", text) for at, text in enumerate(project["remarks"], start=1)]
    with manuscript.pages_for(rows):
        manuscript.heading(2, "指標")
        notes = [*remarks, *_rating_notes(texts)]
        manuscript.table("指標の実績", rows, notes=notes, is_dense=True)


def _write_explanations(manuscript: Manuscript, project: Texts) -> None:
    if project["explanations"] or project["unexplained"]:
        manuscript.heading(2, "要因分析と今後の方向性")
    for kpi in project["explanations"]:
        manuscript.heading(3, f"{kpi['code']}　{kpi['name']}　{kpi['rating']}")
        manuscript.item("要因分析", kpi["analysis"])
        manuscript.item("今後の方向性", kpi["next_steps"])
    if project["unexplained"]:
        manuscript.paragraph(
            f"{project['unexplained']}については、要因分析と今後の方向性の記載がありません。"
        )


def _write_initiatives(manuscript: Manuscript, project: Texts) -> None:
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


def write_annex(manuscript: Manuscript, texts: Texts) -> None:
    """The tables behind the report: KPIs, what changed, revised targets, definitions."""
    annex = texts["annex"]
    # Behind number, name and unit; the last one is the rating.
    figures = range(3, len(annex["kpi_heads"]) - 1)
    kpis = Rows(annex["kpi_heads"], annex["kpis"], figures)
    with manuscript.pages_for(kpis):
        manuscript.heading(1, "資料")
        manuscript.heading(2, "資料1　指標の一覧")
        if kpis.cells:
            unit, notes = "各行の「単位」欄", _rating_notes(texts)
            manuscript.table("指標の一覧", kpis, unit=unit, notes=notes, is_dense=True)
        else:
            manuscript.paragraph(_NO_KPIS)
    manuscript.heading(2, "資料2　前の報告書からの変更")
    manuscript.paragraph(annex["changes_lead"], stays_with_next=bool(annex["changes"]))
    if annex["changes"]:
        heads = ("番号", "名称", "年度", "項目", "変更前", "変更後")
        changes = [
            [one["code"], one["name"], one["year"], one["item"],
             [Line(line) for line in one["before"]], [Line(line) for line in one["after"]]]
            for one in annex["changes"]
        ]  # fmt: skip
        manuscript.table("前の報告書からの変更", Rows(heads, changes))
    manuscript.heading(2, "資料3　最終目標の改定")
    if annex["revisions"]:
        heads = ("番号", "指標名", "改定した年度", "改定前", "改定後", "理由")
        manuscript.table("最終目標の改定", Rows(heads, annex["revisions"], figures=(3, 4)))
    else:
        manuscript.paragraph("最終目標の改定はありません。")
    manuscript.heading(2, "資料4　指標の定義と資料出所")
    if annex["definitions"]:
        cells = [[kpi["code"], _definition(kpi), kpi["department"]] for kpi in annex["definitions"]]
        manuscript.table("指標の定義と資料出所", Rows(("番号", "指標", "所管課"), cells))
    else:
        manuscript.paragraph(_NO_KPIS)


def _definition(kpi: Texts) -> list[Line]:
    asides = (kpi["kind"], *kpi["details"])
    return [Line("", bold=kpi["name"]), *(Line(text, style=styles.CELL_ASIDE) for text in asides)]


def _rating_notes(texts: Texts) -> list[tuple[str, str]]:
    """What stands below every table with ratings."""
    return [("評価", texts["guide"]["bands_line"]), ("資料出所", texts["source"])]
