"""「この報告書の見方」 and 「総括」."""

from typing import Any

from reports.renderers.docx import styles
from reports.renderers.docx.manuscript import Manuscript
from reports.renderers.docx.markup import paragraph
from reports.renderers.docx.tables import Column


def rating_notes(texts: dict[str, Any]) -> list[tuple[str, str]]:
    """What stands below every table with ratings."""
    return [("評価", texts["guide"]["bands_line"]), ("資料出所", texts["source"])]


def write_guide(manuscript: Manuscript, texts: dict[str, Any]) -> None:
    """How to read the report."""
    manuscript.heading(1, "この報告書の見方")
    for section in texts["guide"]["sections"]:
        manuscript.heading(2, section["title"])
        if section["text"]:
            manuscript.paragraph(section["text"], stays_with_next=bool(section["table"]))
        if table := section["table"]:
            first, *others = table["heads"]
            columns = [Column(first), *(Column(head, share=1) for head in others)]
            manuscript.table(table["title"], columns, table["rows"], notes=section["notes"])


def write_summary(manuscript: Manuscript, texts: dict[str, Any]) -> None:
    """Where the strategy stands as a whole."""
    summary = texts["summary"]
    manuscript.heading(1, "総括")
    manuscript.paragraph(summary["headline"], style=styles.LEAD)
    manuscript.paragraph(summary["lead"])
    _write_cards(manuscript, summary["cards"])
    manuscript.table(
        "評価別の指標数",
        _counted(summary["bands"]),
        summary["counts"],
        unit="指標",
    )
    manuscript.table(
        "状況別の取組の数",
        _counted(summary["statuses"]),
        [[texts["fiscal_year"], *summary["status_counts"]]],
        unit="件",
        notes=[("注", f"再掲（{summary['relisted']}件）を除きます。")],
    )
    _write_projects(manuscript, texts)
    _write_movements(manuscript, summary)


def _write_cards(manuscript: Manuscript, cards: list[dict[str, Any]]) -> None:
    """The head figures, each with what it is based on and the year before."""
    cells = [
        [
            paragraph(styles.CARD_FIGURE, card["figure"]),
            paragraph(styles.CELL, card["note"]),
            paragraph(styles.CELL_ASIDE, "　".join(card["earlier"])),
        ]
        for card in cards
    ]
    manuscript.table("全体の状況", [Column(card["name"], share=1) for card in cards], [cells])


def _counted(labels: list[str]) -> list[Column]:
    """A year's counts, and their sum."""
    return [Column("年度"), *(Column(label, is_figure=True, share=1) for label in (*labels, "計"))]


def _write_projects(manuscript: Manuscript, texts: dict[str, Any]) -> None:
    columns = [
        Column("番号"),
        Column("プロジェクト", share=1),
        Column("達成率の平均", is_figure=True),
        Column("達成率の指標数"),
        Column("進捗率の平均", is_figure=True),
        Column("進捗率の指標数"),
        Column("評価"),
    ]
    rows = texts["summary"]["projects"]
    manuscript.table("プロジェクト別の状況", columns, rows, notes=rating_notes(texts))


def _write_movements(manuscript: Manuscript, summary: dict[str, Any]) -> None:
    """What moved since the year before."""
    manuscript.heading(2, "前年度からの動き")
    movements = summary["movements"]
    if movements is None:
        manuscript.paragraph(summary["no_movements"])
        return
    has_table = bool(movements["rows"])
    manuscript.paragraph(movements["sentence"], stays_with_next=has_table)
    if not has_table:
        return
    before, now = movements["heads"]
    basis = movements["basis"]
    columns = [
        Column("番号"),
        Column("指標名", share=1),
        Column(f"{before}の{basis}", is_figure=True),
        Column(f"{before}の評価"),
        Column(f"{now}の{basis}", is_figure=True),
        Column(f"{now}の評価"),
        Column("評価の動き"),
    ]
    manuscript.table("評価が動いた指標", columns, movements["rows"])
