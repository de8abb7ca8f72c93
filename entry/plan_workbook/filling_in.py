"""What rows leave blank and other cells say: told beside the preview, never silent."""

from collections.abc import Collection
from decimal import Decimal, InvalidOperation

from common.fiscal_year import wareki
from common.reading.names import comparable
from entry.actuals_file import columns as actuals
from entry.plan_workbook import forms
from entry.plan_workbook.figure_remedies import remedy_of
from entry.plan_workbook.references import plan_years
from entry.plan_workbook.standing import Records
from entry.plan_workbook.told import Kind, Reading
from entry.plan_workbook.written import Written, WrittenRow
from kpis.target_text import MET_BY_WORDS, met_by_of

_DECREASING = ("以下", "未満")
_MOST_NAMED = 5
_FIGURES = ("目標値", "許容幅", "基準値")


def fill_in(written: Written, records: Records) -> None:
    """State what other cells say: decimals, directions, how words are met, the last year's target.

    Decimals and directions are stated for new KPIs alone.
    """
    _names_of_home(written, records)
    _last_years(written, records)
    _how_words_are_met(written, records)
    standing = records.get(forms.KPIS, {})
    places = _decimals_by_kpi(written)
    for row in written.of(forms.KPIS):
        if row.key in standing or row.is_deletion:
            continue
        if "小数桁数" not in row.cells and places.get(row.key):
            row.cells["小数桁数"] = str(places[row.key])
            _tell(
                written,
                f"{row.key}の小数桁数が空欄なので、書かれた数値から{places[row.key]}桁としました。",
            )
        first = written.row(forms.TARGETS, f"{row.key}／")
        condition = first.cells.get("条件", "") if first else ""
        if "目指す方向" not in row.cells and condition in _DECREASING:
            row.cells["目指す方向"] = "以下"
            _tell(
                written,
                f"{row.key}の目指す方向が空欄なので、条件「{condition}」から以下としました。",
            )
    _tell_without_unit(written, standing)


def _names_of_home(written: Written, records: Records) -> None:
    """Take the name of a 再掲 that is the one of its home for none of its own."""
    for row in written.of(forms.INITIATIVES):
        standing = records.get(forms.INITIATIVES, {})
        own = standing.get(row.key, {})
        home = (own | row.cells).get("再掲元", "")
        there = written.row(forms.INITIATIVES, home)
        name = (there.cells if there else {}).get("取組名") or standing.get(home, {}).get("取組名")
        if home and name and comparable(row.cells.get("取組名", "")) == comparable(name):
            del row.cells["取組名"]
            if "取組名" in own:
                row.deleted.add("取組名")


def _last_years(written: Written, records: Records) -> None:
    """Take what a plan prints as the target of its last year for the final target.

    Where both are written and are equal, the final one stands; others are told by its rules.
    """
    years = plan_years(written, records)
    last = str(years[-1]) if years else ""
    targets = {*written.rows.get(forms.TARGETS, {}), *records.get(forms.TARGETS, {})}
    revised = {key.split("／")[0] for key in targets if not key.endswith("／")}
    for row in written.of(forms.YEARLY):
        name = row.cells.get("KPI番号", "")
        first = written.row(forms.TARGETS, f"{name}／")
        standing = records.get(forms.TARGETS, {}).get(f"{name}／", {})
        year = _target_year(first, standing) or last
        text = row.cells.get(year, "")
        if not text or name in revised or (first is not None and first.has_problem):
            continue
        final = (first.cells if first else {}).get("目標値") or standing.get("目標値", "")
        if final and final != text:
            continue
        if not final:
            if first is None:
                first = WrittenRow(forms.YEARLY, f"{name}／", row.number, {"KPI番号": name})
                written.rows.setdefault(forms.TARGETS, {})[first.key] = first
            first.cells["目標値"] = text
        del row.cells[year]
        told = f"{name}の{wareki(int(year))}の年度目安{text}は、最終目標値としました。"
        _tell(written, told, Kind.TARGETS)


def _target_year(first: WrittenRow | None, standing: dict[str, str]) -> str:
    return (first.cells if first else {}).get("目標年度") or standing.get("目標年度", "")


def _how_words_are_met(written: Written, records: Records) -> None:
    for row in written.of(forms.TARGETS):
        words = row.cells.get("目標値", "")
        name = row.cells.get("KPI番号", "")
        standing = records.get(forms.TARGETS, {}).get(row.key, {})
        is_said = "満たし方" in (row.cells | standing) or words in forms.MET_BY
        if row.has_problem or not words or is_said or _decimals(words) is not None:
            continue
        how = met_by_of(words)
        if how is None:
            named = "・".join(forms.MET_BY)
            message = remedy_of(words, written.units.get(name, "")) or (
                f"数字でないので、ことばの目標です。満たし方の列に、{named}のどれかを"
                "書いてください。数字の目標なら、数字だけを書いてください。"
            )
            written.refuse(row, "目標値", message)
            continue
        row.cells["満たし方"] = MET_BY_WORDS[how.value]
        _tell(
            written,
            f"{row.cells['KPI番号']}の満たし方が空欄なので、目標「{words}」から"
            f"「{row.cells['満たし方']}」としました。",
            Kind.TARGETS,
        )


def _tell_without_unit(written: Written, standing: Collection[str]) -> None:
    """Name the new KPIs whose unit is blank, which means none."""
    names = [
        row.key
        for row in written.of(forms.KPIS)
        if row.key not in standing
        and not (row.is_deletion or row.has_problem)
        and not row.cells.keys() & {"単位", "実績の引用元"}
    ]
    if names:
        more = f"ほか{len(names) - _MOST_NAMED}件" if len(names) > _MOST_NAMED else ""
        listed = "、".join(names[:_MOST_NAMED])
        _tell(written, f"{listed}{more}の単位が空欄なので、単位のない指標としました。")


def _decimals_by_kpi(written: Written) -> dict[str, int]:
    """The most decimals that a file's figures of a KPI have."""
    found: dict[str, int] = {}
    for sheet in (forms.TARGETS, forms.YEARLY, forms.ACTUALS):
        for row in written.of(sheet):
            name = row.cells.get("KPI番号", "")
            for heading, text in row.cells.items():
                if heading in (*_FIGURES, actuals.VALUE) or (
                    sheet == forms.YEARLY and heading.isdigit()
                ):
                    found[name] = max(found.get(name, 0), _decimals(text) or 0)
    return found


def _decimals(text: str) -> int | None:
    """The decimals of a figure; None for what is none."""
    try:
        exponent = Decimal(text).as_tuple().exponent
    except InvalidOperation:
        return None
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _tell(written: Written, sentence: str, kind: Kind = Kind.BLANKS) -> None:
    written.readings.append(Reading(sentence, kind))
