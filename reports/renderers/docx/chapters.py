"""The report's chapters in their order: 見方, 総括, one a project, 資料."""

from collections.abc import Sequence
from typing import Any

from reports.renderers.docx.manuscript import Manuscript
from reports.renderers.docx.tables import Line, Table

Texts = dict[str, Any]

_NO_KPIS = "指標はありません。"


def write_chapters(
    manuscript: Manuscript, texts: Texts, pictures: Sequence[Sequence[bytes]]
) -> None:
    """The whole report; `pictures` are those of each project's charts."""
    _write_guide(manuscript, texts["guide"])
    _write_summary(manuscript, texts)
    for project, charts in zip(texts["projects"], pictures, strict=True):
        _write_project(manuscript, project, charts, texts)
    _write_annex(manuscript, texts)


def _write_guide(manuscript: Manuscript, guide: Texts) -> None:
    """How to read the report."""
    manuscript.heading(1, "この報告書の見方")
    for section in guide["sections"]:
        manuscript.heading(2, section["title"])
        if section["table"]:
            table = Table(**section["table"], notes=section["notes"])
            manuscript.table(table, lead=section["text"])
        else:
            manuscript.paragraph(section["text"])


def _write_summary(manuscript: Manuscript, texts: Texts) -> None:
    """Where the strategy stands as a whole."""
    summary = texts["summary"]
    manuscript.heading(1, "総括")
    manuscript.paragraph(summary["headline"], style="要旨")
    manuscript.paragraph(summary["lead"])
    manuscript.table(_cards(summary["cards"]))
    manuscript.table(_counts("評価別の指標数", summary["bands"], summary["counts"], unit="指標"))
    counts = [[texts["fiscal_year"], *summary["status_counts"]]]
    note = ("注", f"再掲（{summary['relisted']}件）を除きます。")
    manuscript.table(
        _counts("状況別の取組の数", summary["statuses"], counts, unit="件", notes=[note])
    )
    heads = (
        *("番号", "プロジェクト", "達成率の平均", "達成率の指標数"),
        *("進捗率の平均", "進捗率の指標数", "評価"),
    )
    projects = summary["projects"]
    manuscript.table(
        Table("プロジェクト別の状況", heads, projects, figures=(2, 4), notes=_rating_notes(texts)),
    )
    manuscript.heading(2, "前年度からの動き")
    if movements := summary["movements"]:
        manuscript.table(_movements(movements), lead=movements["sentence"])
    else:
        manuscript.paragraph(summary["no_movements"])


def _cards(cards: Sequence[Texts]) -> Table:
    """The head figures, each with what it is based on and the year before."""
    cells = [
        [
            Line(card["figure"], style="主な数字"),
            Line(card["note"]),
            Line("　".join(card["earlier"]), style="表の補足"),
        ]
        for card in cards
    ]
    return Table("全体の状況", [card["name"] for card in cards], [cells])


def _counts(title: str, labels: list[str], counts: list[list[str]], **beside: Any) -> Table:
    """Counts of each kind and their sum, a row a year."""
    heads = ("年度", *labels, "計")
    return Table(title, heads, counts, figures=range(1, len(heads)), **beside)


def _movements(movements: Texts) -> Table:
    (before, now), basis = movements["heads"], movements["basis"]
    heads = (
        *("番号", "指標名", f"{before}の{basis}", f"{before}の評価"),
        *(f"{now}の{basis}", f"{now}の評価", "評価の動き"),
    )
    return Table("評価が動いた指標", heads, movements["rows"], figures=(2, 4))


def _write_project(
    manuscript: Manuscript, project: Texts, pictures: Sequence[bytes], texts: Texts
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
    manuscript.table(Table("プロジェクトの状況", heads, [project["standing"]], figures=(1, 3)))
    kpis = _project_kpis(project, texts)
    with manuscript.pages_for(kpis):
        manuscript.heading(2, "指標")
        manuscript.table(kpis, otherwise=_NO_KPIS)
    for chart, picture in zip(project["charts"], pictures, strict=True):
        manuscript.figure(chart["title"], chart["description"], picture)
    _write_explanations(manuscript, project)
    _write_initiatives(manuscript, project["initiatives"], project["initiatives_lead"])
    if project["opinion"]:
        manuscript.heading(2, "外部有識者の意見")
        manuscript.paragraphs(project["opinion"])


def _project_kpis(project: Texts, texts: Texts) -> Table:
    # Number and unit share a column with the name.
    _number, _unit, *heads = (head for part in project["heads"] for head in part)
    rows = []
    for kpi in project["kpis"]:
        number, unit, *figures = kpi["cells"]
        rows.append([[Line(f"　{kpi['name']}（{unit}）", bold=number)], *figures])
    remarks = [(f"注{at}", text) for at, text in enumerate(project["remarks"], start=1)]
    return Table(
        "指標の実績",
        ("指標（単位）", *heads),
        rows,
        figures=range(1, len(heads)),
        notes=[*remarks, *_rating_notes(texts)],
        is_dense=True,
    )


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


def _write_initiatives(manuscript: Manuscript, initiatives: Sequence[Texts], lead: str) -> None:
    """Where each initiative stands and what it cost, then what was done."""
    manuscript.heading(2, "取組")
    heads = ("番号", "取組", "掲載先", "状況", "決算額（千円）", "所管課")
    names = ("number", "name", "place", "status", "cost", "department")
    rows = [[one[name] for name in names] for one in initiatives]
    table = Table("取組の状況と決算額", heads, rows, figures=(4,))
    manuscript.table(table, lead=lead, otherwise="取組はありません。")
    for one in initiatives:
        if one["done"]:
            manuscript.heading(3, f"{one['number']}　{one['name']}　{one['status']}")
            for label, lines in one["done"]:
                manuscript.item(label, lines)


def _write_annex(manuscript: Manuscript, texts: Texts) -> None:
    """The tables behind the report: KPIs, what changed, revised targets, definitions."""
    annex = texts["annex"]
    heads = annex["kpi_heads"]
    kpis = Table(
        "指標の一覧",
        heads,
        annex["kpis"],
        # Behind number, name and unit; the last one is the rating.
        figures=range(3, len(heads) - 1),
        unit="各行の「単位」欄",
        notes=_rating_notes(texts),
        is_dense=True,
    )
    with manuscript.pages_for(kpis):
        manuscript.heading(1, "資料")
        manuscript.heading(2, "資料1　指標の一覧")
        manuscript.table(kpis, otherwise=_NO_KPIS)
    manuscript.heading(2, "資料2　前の報告書からの変更")
    manuscript.table(_changes(annex["changes"]), lead=annex["changes_lead"])
    manuscript.heading(2, "資料3　最終目標の改定")
    heads = ("番号", "指標名", "改定した年度", "改定前", "改定後", "理由")
    revisions = Table("最終目標の改定", heads, annex["revisions"], figures=(3, 4))
    manuscript.table(revisions, otherwise="最終目標の改定はありません。")
    manuscript.heading(2, "資料4　指標の定義と資料出所")
    manuscript.table(_definitions(annex["definitions"]), otherwise=_NO_KPIS)


def _changes(changes: Sequence[Texts]) -> Table:
    heads = ("番号", "名称", "年度", "項目", "変更前", "変更後")
    rows = [
        [
            *(one[name] for name in ("code", "name", "year", "item")),
            *([Line(line) for line in one[name]] for name in ("before", "after")),
        ]
        for one in changes
    ]
    return Table("前の報告書からの変更", heads, rows)


def _definitions(kpis: Sequence[Texts]) -> Table:
    rows = []
    for kpi in kpis:
        asides = [Line(text, style="表の補足") for text in (kpi["kind"], *kpi["details"])]
        rows.append([kpi["code"], [Line("", bold=kpi["name"]), *asides], kpi["department"]])
    return Table("指標の定義と資料出所", ("番号", "指標", "所管課"), rows)


def _rating_notes(texts: Texts) -> list[tuple[str, str]]:
    """What stands below every table with ratings."""
    return [("評価", texts["guide"]["bands_line"]), ("資料出所", texts["source"])]
