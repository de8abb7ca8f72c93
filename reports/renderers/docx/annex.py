"""資料: all KPIs, what changed since the report before, revised targets, definitions."""

from typing import Any

from reports.renderers.docx import styles
from reports.renderers.docx.manuscript import Manuscript
from reports.renderers.docx.summary import rating_notes
from reports.renderers.docx.tables import Line, Rows


def write_annex(manuscript: Manuscript, texts: dict[str, Any]) -> None:
    """The tables behind the report."""
    annex = texts["annex"]
    # Behind number, name and unit; the last one is the rating.
    figures = range(3, len(annex["kpi_heads"]) - 1)
    kpis = Rows(annex["kpi_heads"], annex["kpis"], figures)
    with manuscript.pages_for(kpis):
        manuscript.heading(1, "資料")
        manuscript.heading(2, "資料1　指標の一覧")
        if kpis.cells:
            manuscript.table(
                "指標の一覧",
                kpis,
                unit="各行の「単位」欄",
                notes=rating_notes(texts),
                is_dense=True,
            )
        else:
            manuscript.paragraph("指標はありません。")
    manuscript.heading(2, "資料2　前の報告書からの変更")
    manuscript.paragraph(annex["changes_lead"], stays_with_next=bool(annex["changes"]))
    if annex["changes"]:
        _write_changes(manuscript, annex["changes"])
    manuscript.heading(2, "資料3　最終目標の改定")
    if annex["revisions"]:
        heads = ("番号", "指標名", "改定した年度", "改定前", "改定後", "理由")
        manuscript.table("最終目標の改定", Rows(heads, annex["revisions"], figures=(3, 4)))
    else:
        manuscript.paragraph("最終目標の改定はありません。")
    manuscript.heading(2, "資料4　指標の定義と資料出所")
    if annex["definitions"]:
        _write_definitions(manuscript, annex["definitions"])
    else:
        manuscript.paragraph("指標はありません。")


def _write_changes(manuscript: Manuscript, changes: list[dict[str, Any]]) -> None:
    heads = ("番号", "名称", "年度", "項目", "変更前", "変更後")
    cells = [
        [
            *(one[name] for name in ("code", "name", "year", "item")),
            *([Line(line) for line in one[name]] for name in ("before", "after")),
        ]
        for one in changes
    ]
    manuscript.table("前の報告書からの変更", Rows(heads, cells))


def _write_definitions(manuscript: Manuscript, definitions: list[dict[str, Any]]) -> None:
    cells = [
        [
            kpi["code"],
            [
                Line("", bold=kpi["name"]),
                *(Line(text, style=styles.CELL_ASIDE) for text in (kpi["kind"], *kpi["details"])),
            ],
            kpi["department"],
        ]
        for kpi in definitions
    ]
    manuscript.table("指標の定義と資料出所", Rows(("番号", "指標", "所管課"), cells))
