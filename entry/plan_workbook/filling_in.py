"""What a workbook leaves blank and other cells say, or says twice: told, never silent."""

from decimal import Decimal, InvalidOperation

from entry.actuals_file import columns as actuals
from entry.plan_workbook import forms
from entry.plan_workbook.standing import Records
from entry.plan_workbook.written import Written

_MOST_NAMED = 5
_DECREASING = ("以下", "未満")
_FIGURES = ("目標値", "許容幅", "基準値")


def fill_in(written: Written, records: Records) -> None:
    """State for new KPIs the decimals of their figures, and the way that their condition says.

    Yearly targets of the year of the final one, which say the same, are left out.
    """
    _leave_out_final_years(written, records)
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


def _leave_out_final_years(written: Written, records: Records) -> None:
    last = _last_year(written, records)
    left_out: list[str] = []
    for row in written.of(forms.YEARLY):
        key = f"{row.key}／"
        stated = written.row(forms.TARGETS, key)
        target = records.get(forms.TARGETS, {}).get(key, {}) | (stated.cells if stated else {})
        year = target.get("目標年度") or last
        if year in row.cells and row.cells[year] == target.get("目標値"):
            del row.cells[year]
            left_out.append(f"{row.key}の{year}年度")
    if left_out:
        more = f"ほか{len(left_out) - _MOST_NAMED}件" if len(left_out) > _MOST_NAMED else ""
        named = "、".join(left_out[:_MOST_NAMED])
        _tell(written, f"目標年度の年度目安は目標値と同じなので、省きました：{named}{more}。")


def _last_year(written: Written, records: Records) -> str:
    """The plan's last year as the workbook, or else the plan, says it."""
    periods = records.get(forms.PERIODS, {}) | {
        row.key: row.cells for row in written.of(forms.PERIODS)
    }
    changed = [record.get("最終年度", "") for _since, record in sorted(periods.items())]
    stated = written.row(forms.PLAN, "最終年度")
    standing = records.get(forms.PLAN, {}).get("最終年度", {})
    first = (stated.cells if stated else {}).get(forms.CONTENT) or standing.get(forms.CONTENT, "")
    return changed[-1] if changed else first


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
                    found[name] = max(found.get(name, 0), _decimals(text))
    return found


def _decimals(text: str) -> int:
    try:
        exponent = Decimal(text).as_tuple().exponent
    except InvalidOperation:
        return 0
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _tell(written: Written, sentence: str) -> None:
    written.readings.append(sentence)
