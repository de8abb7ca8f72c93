"""What the entry pages' templates ask of a row."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from entry.sheet import SheetRefused, SheetRow

register = template.Library()


@register.simple_tag
def field(row: SheetRow, name: str, described_by: str = "") -> SafeString:
    """The attributes of a field: its id and name, what describes it, whether it is wrong.

    `described_by` names further parts of the row that describe it: `doubts unit`.
    """
    also = "".join(f" {row.code}-{part}" for part in described_by.split())
    wrong = ' aria-invalid="true"' if name in row.invalid else ""
    return format_html(
        'id="{0}-{1}" name="{0}-{1}" autocomplete="off" aria-describedby="{0}-errors{2}"{3}',
        row.code, name, also, SafeString(wrong),
    )  # fmt: skip


@register.simple_tag
def row_state(row: SheetRow, *, is_refused: bool) -> SafeString:
    """The attributes with which a row tells the page's script how it stands.

    Where a refused or prepared page's fields hold something else than what is saved,
    `data-standing` is that.
    """
    return format_html(
        "{}{}{}",
        SafeString(" data-waiting" if row.is_waiting else ""),
        SafeString(" data-conflict" if row.is_stale else ""),
        format_html(' data-standing="{}"', row.standing_json)
        if (is_refused or row.is_prepared) and row.differing
        else "",
    )


@register.simple_tag
def row_status(
    row: SheetRow, refused: SheetRefused | None, written: Collection[int], now: datetime
) -> str:
    """What became of a posted row, in words."""
    if row.is_stale:
        return "保存できません：ほかの人の保存と食い違っています"
    if row.errors:
        return f"保存できません：{row.errors[0].label}を確かめてください"
    if refused is not None:
        return "保存できません：締め済みです" if refused.message else "未保存"
    if row.owner_id not in written:
        return "保存済み（変わりありません）"
    return f"{'未入力に戻しました' if row.saved is None else '保存しました'} {now.hour}:{now:%M}"


@register.filter
def quoted(lines: Sequence[str]) -> str:
    """`「99」「100」`: lines shortened, the first 20 of them."""
    shown = "".join(f"「{line if len(line) <= 20 else line[:19] + '…'}」" for line in lines[:20])
    return f"{shown}ほか" if len(lines) > 20 else shown
