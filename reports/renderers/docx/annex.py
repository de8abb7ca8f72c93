"""資料: all KPIs, what changed since the report before, revised targets, definitions."""

from collections.abc import Iterable
from typing import Any

from reports.renderers.docx import styles
from reports.renderers.docx.manuscript import Manuscript
from reports.renderers.docx.markup import Element, paragraph, run
from reports.renderers.docx.pages import Pages
from reports.renderers.docx.summary import rating_notes
from reports.renderers.docx.tables import DENSE, Column

# The columns of the table of all KPIs that are words: number, name, unit; and its last, the rating.
_WORDS = 3


def write_annex(manuscript: Manuscript, texts: dict[str, Any], *, wide: Pages) -> None:
    """The tables behind the report; `wide` are the pages for one that needs them."""
    annex = texts["annex"]
    is_wide = annex["kpis"] and annex["kpi_columns"]["is_wide"]
    with manuscript.on(wide if is_wide else manuscript.pages):
        manuscript.heading(1, "資料")
        _write_kpis(manuscript, texts)
    manuscript.heading(2, "資料2　前の報告書からの変更")
    manuscript.paragraph(annex["changes_lead"], stays_with_next=bool(annex["changes"]))
    if annex["changes"]:
        _write_changes(manuscript, annex["changes"])
    manuscript.heading(2, "資料3　最終目標の改定")
    if annex["revisions"]:
        _write_revisions(manuscript, annex["revisions"])
    else:
        manuscript.paragraph("最終目標の改定はありません。")
    manuscript.heading(2, "資料4　指標の定義と資料出所")
    if annex["definitions"]:
        _write_definitions(manuscript, annex["definitions"])
    else:
        manuscript.paragraph("指標はありません。")


def _write_kpis(manuscript: Manuscript, texts: dict[str, Any]) -> None:
    annex = texts["annex"]
    manuscript.heading(2, "資料1　指標の一覧")
    if not annex["kpis"]:
        manuscript.paragraph("指標はありません。")
        return
    number, name, unit, *figures, rating = annex["kpi_heads"]
    columns = [
        Column(number),
        Column(name, share=1),
        Column(unit),
        *(Column(head, is_figure=True) for head in figures),
        Column(rating),
    ]
    manuscript.table(
        "指標の一覧",
        columns,
        annex["kpis"],
        unit="各行の「単位」欄",
        notes=rating_notes(texts),
        look=DENSE,
    )


def _write_changes(manuscript: Manuscript, changes: Iterable[dict[str, Any]]) -> None:
    columns = [
        Column("番号"),
        Column("名称", share=2.5),
        Column("年度"),
        Column("項目", share=1.7),
        Column("変更前", share=5),
        Column("変更後", share=5),
    ]
    rows = [
        [
            *(one[name] for name in ("code", "name", "year", "item")),
            _lines(one["before"]),
            _lines(one["after"]),
        ]
        for one in changes
    ]
    manuscript.table("前の報告書からの変更", columns, rows)


def _write_revisions(manuscript: Manuscript, revisions: list[list[str]]) -> None:
    columns = [
        Column("番号"),
        Column("指標名", share=3),
        Column("改定した年度"),
        Column("改定前", is_figure=True),
        Column("改定後", is_figure=True),
        Column("理由", share=4),
    ]
    manuscript.table("最終目標の改定", columns, revisions)


def _write_definitions(manuscript: Manuscript, definitions: Iterable[dict[str, Any]]) -> None:
    columns = [Column("番号"), Column("指標", share=5), Column("所管課", share=1.4)]
    rows = [
        [
            kpi["code"],
            [
                paragraph(styles.CELL, run(kpi["name"], styles.STRONG)),
                *(paragraph(styles.CELL_ASIDE, line) for line in (kpi["kind"], *kpi["details"])),
            ],
            kpi["department"],
        ]
        for kpi in definitions
    ]
    manuscript.table("指標の定義と資料出所", columns, rows)


def _lines(lines: Iterable[str]) -> list[Element]:
    """A cell's text, a paragraph a line."""
    return [paragraph(styles.CELL, line) for line in lines]
