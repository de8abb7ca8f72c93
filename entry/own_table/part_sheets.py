"""The sheets 計画, 柱 and プロジェクト of a plan that is made of a city's table."""

from collections.abc import Mapping

from common.spreadsheets.table import Table
from entry.own_table.parts import Parts
from entry.own_table.tables import add_row, made_table, stated
from entry.plan_workbook import forms

# Where something comes from that no table says.
TYPED = "画面で入力した「{}」"


def plan_table(said: Mapping[str, str]) -> Table:
    """The sheet 計画 of what is said of a plan, by its items."""
    table = made_table(forms.PLAN)
    for item in forms.ITEMS:
        if text := said.get(item.heading, ""):
            place = TYPED.format(item.heading)
            cells = {forms.ITEM: stated(item.heading, place), forms.CONTENT: stated(text, place)}
            add_row(table, cells, place)
    return table


def pillar_table(parts: Parts) -> Table:
    """The sheet 柱."""
    table = made_table(forms.PILLARS)
    for one in sorted(parts.pillars.values(), key=lambda one: one.number):
        place = one.found.place or TYPED.format("計画名")
        add_row(
            table, {"番号": stated(str(one.number), place), "名称": stated(one.name, place)}, place
        )
    return table


def project_table(parts: Parts) -> Table:
    """The sheet プロジェクト."""
    table = made_table(forms.PROJECTS)
    for one in parts.projects.values():
        place = one.found.place or TYPED.format("計画名")
        add_row(
            table,
            {
                "記号": stated(one.code, place),
                "表記": stated(one.printed_sign, place),
                "柱": stated(str(one.pillar), place),
                "名称": stated(one.name, place),
            },
            place,
        )
    return table
