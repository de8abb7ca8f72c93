"""「この報告書の見方」 and 「総括」."""

from typing import Any

from reports.renderers.docx import styles
from reports.renderers.docx.manuscript import Manuscript
from reports.renderers.docx.tables import Line, Rows


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
            rows = Rows(table["heads"], table["rows"])
            manuscript.table(table["title"], rows, notes=section["notes"])


def write_summary(manuscript: Manuscript, texts: dict[str, Any]) -> None:
    """Where the strategy stands as a whole."""
    summary = texts["summary"]
    manuscript.heading(1, "総括")
    manuscript.paragraph(summary["headline"], style=styles.LEAD)
    manuscript.paragraph(summary["lead"])
    _write_cards(manuscript, summary["cards"])
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
    manuscript.table("プロジェクト別の状況", projects, notes=rating_notes(texts))
    _write_movements(manuscript, summary)


def _write_cards(manuscript: Manuscript, cards: list[dict[str, Any]]) -> None:
    """The head figures, each with what it is based on and the year before."""
    cells = [
        [
            Line(card["figure"], style=styles.CARD_FIGURE),
            Line(card["note"]),
            Line("　".join(card["earlier"]), style=styles.CELL_ASIDE),
        ]
        for card in cards
    ]
    manuscript.table("全体の状況", Rows([card["name"] for card in cards], [cells]))


def _counts(labels: list[str], counts: list[list[str]]) -> Rows:
    """Counts of each kind and their sum, a row a year."""
    heads = ("年度", *labels, "計")
    return Rows(heads, counts, figures=range(1, len(heads)))


def _write_movements(manuscript: Manuscript, summary: dict[str, Any]) -> None:
    """What moved since the year before."""
    manuscript.heading(2, "前年度からの動き")
    movements = summary["movements"]
    if movements is None:
        manuscript.paragraph(summary["no_movements"])
        return
    manuscript.paragraph(movements["sentence"], stays_with_next=bool(movements["rows"]))
    if movements["rows"]:
        (before, now), basis = movements["heads"], movements["basis"]
        heads = (
            "番号", "指標名", f"{before}の{basis}", f"{before}の評価", f"{now}の{basis}",
            f"{now}の評価", "評価の動き",
        )  # fmt: skip
        manuscript.table("評価が動いた指標", Rows(heads, movements["rows"], figures=(2, 4)))
