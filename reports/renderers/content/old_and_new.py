"""The texts of a 新旧対照表: what was done and why, and each place before and after."""

from common.fiscal_year import wareki, wareki_date
from kpis.achievement import NOTHING
from reports.annual.old_and_new import OldAndNew
from reports.renderers.clean_text import clean_line
from reports.renderers.content.tables import Table
from reports.renderers.wording import paragraphs

HEADS = ("場所", "名称", "年度", "項目", "改定前", "改定後")


def facts_of(document: OldAndNew) -> list[tuple[str, list[str]]]:
    """What stands above the table: each label with its lines."""
    day = "確かめた日（まだ変えていません）" if document.is_draft else "変更した日"
    facts = [
        ("計画", [clean_line(document.strategy_name)]),
        ("変更", [document.kind if document.is_draft else _numbered(document)]),
        ("対象", [clean_line(document.subject)]),
        ("理由", paragraphs(document.reason)),
        (day, [wareki_date(document.made_at.date())]),
        ("担当課", [clean_line(document.office)]),
    ]
    return [(label, lines) for label, lines in facts if any(lines)]


def lead_of(document: OldAndNew) -> str:
    """How many things differ, and what is told only once."""
    if not document.count:
        return "どの年度の内容も変わりません。"
    once = "年度によらないことは、変わるはじめの年度にだけ載せています。"
    several = once if len(document.years) > 1 else ""
    return f"変わるところは、次の{document.count}件です。{several}"


def table_of(document: OldAndNew) -> Table:
    """Each place before and after, year by year."""
    rows = [
        [
            change.code or "計画全体",
            clean_line(change.name),
            wareki(year.fiscal_year if change.fiscal_year is None else change.fiscal_year),
            clean_line(change.item),
            paragraphs(change.before) or [NOTHING],
            paragraphs(change.after) or [NOTHING],
        ]
        for year in document.years
        for change in year.changes
    ]
    return Table(document.title, HEADS, rows)


def _numbered(document: OldAndNew) -> str:
    return f"{document.kind}（{document.edition_label}）"
