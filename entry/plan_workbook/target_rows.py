"""Settles whether a target is a figure or words, before its row is checked; what it does is told.

A figure with 維持 behind it is the figure, to be kept where its KPI allows that. What belongs to
the other kind of target alone goes with it.
"""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from common.reading.units import NO_UNIT
from entry.plan_workbook import forms
from entry.plan_workbook.columns import figure
from entry.plan_workbook.standing import Record, Records
from entry.plan_workbook.target_cells import split_kept
from entry.plan_workbook.told import Kind, Reading
from entry.plan_workbook.written import Written, WrittenRow
from kpis.target_text import MET_BY_WORDS

_AIM, _HOW, _CONDITION, _WIDTH, _BASELINE = "目標値", "満たし方", "条件", "許容幅", "基準値"
_BY_PEOPLE = MET_BY_WORDS["people"]
_DIRECTION, _LESS = "目指す方向", "以下"


def settle_targets(written: Written, records: Records) -> None:
    """Read `0人（維持）` as a figure, and drop what a target of another kind doesn't have."""
    for row in written.of(forms.TARGETS):
        if _AIM in row.cells and row.is_named and not row.is_deletion:
            standing = records.get(forms.TARGETS, {}).get(row.key, {})
            _read_kept(written, records, row, standing)
            _drop_other_kind(written, row, standing)


def is_judged_by_people(written: Written, records: Records, row: WrittenRow) -> bool:
    """Whether people say of a row's KPI whether a target of it is reached."""
    name = row.cells.get("KPI番号", "")
    standing = records.get(forms.TARGETS, {}).values()
    targets = [*(one.cells for one in written.of(forms.TARGETS)), *standing]
    return any(
        one.get("KPI番号") == name and _BY_PEOPLE in (one.get(_HOW), one.get(_AIM))
        for one in targets
    )


def is_figure(text: str) -> bool:
    """Whether a target is a figure, as export writes it."""
    try:
        return Decimal(text).is_finite()
    except InvalidOperation:
        return False


def _read_kept(written: Written, records: Records, row: WrittenRow, standing: Record) -> None:
    words, name = row.cells[_AIM], row.cells["KPI番号"]
    kpi = _kpi(written, records, name)
    parted = split_kept(words)
    if parted is None or kpi is None or _HOW in {*row.cells, *row.wrong}:
        return
    if words == standing.get(_AIM):
        return  # words on purpose
    text, condition = parted
    try:
        value = figure(text, kpi.get("単位", "").replace(NO_UNIT, ""))
    except ValueError:
        return
    row.cells[_AIM] = value
    if condition:
        row.cells.setdefault(_CONDITION, condition)
    told = f"{written.place(row, _AIM)}：「{words}」を数字の目標の{value}と読み"
    direction = kpi.get(_DIRECTION, "")
    own = written.row(forms.KPIS, name)
    if Decimal(value) == 0 and direction != _LESS:
        if direction or own is None:
            _refuse_direction(written, row, own, words)
            return
        own.cells[_DIRECTION] = _LESS
        direction = f"目指す方向は空欄なので、{_LESS}としました。"
    else:
        direction = ""
    why_not = _why_not_kept(row, standing, kpi, _baseline(written, records, row, standing))
    if why_not:
        said = f"ました。{why_not}、基準値を保つ目標にはしていません。"
    else:
        row.cells.setdefault(_WIDTH, "0")
        said = f"、基準値を保つ目標（許容幅{row.cells[_WIDTH]}）としました。"
    written.readings.append(Reading(f"{told}{said}{direction}", Kind.TARGETS))


def _refuse_direction(
    written: Written, row: WrittenRow, own: WrittenRow | None, words: str
) -> None:
    """Nought is kept by what stays at it, where less is better."""
    message = f"「{words}」は0を保つ目標です。目指す方向を「{_LESS}」にしてください。"
    if own is not None and _DIRECTION in own.cells:
        written.refuse(own, _DIRECTION, message)
        row.wrong.add(_AIM)
    else:
        written.refuse(row, _AIM, message)


def _why_not_kept(row: WrittenRow, standing: Record, kpi: Record, baseline: str) -> str:
    """Why a figure is not one to be kept by the rules of 維持; empty where it is."""
    if condition := row.cells.get(_CONDITION):
        return f"条件「{condition}」があるため"
    if (formula := kpi.get("達成率の算式", "実績÷目標")) != "実績÷目標":
        return f"算式が「{formula}」のため"
    if (counting := kpi.get("集計方法", "単年度")) != "単年度":
        return f"集計方法が{counting}のため"
    if not baseline:
        return "基準値がないため"
    if Decimal(baseline) != Decimal(row.cells[_AIM]):
        return f"基準値の{baseline}と違うため"
    return ""


def _baseline(written: Written, records: Records, row: WrittenRow, standing: Record) -> str:
    """The baseline that holds for a row: its own, else that with which the KPI began."""
    first = f"{row.cells['KPI番号']}／"
    began = written.row(forms.TARGETS, first)
    stated = [row.cells, standing, began.cells if began else {}]
    stated.append(records.get(forms.TARGETS, {}).get(first, {}))
    return next((one[_BASELINE] for one in stated if _BASELINE in one), "")


def _kpi(written: Written, records: Records, name: str) -> Record | None:
    """What is said of a KPI; None where nothing is."""
    own, standing = written.row(forms.KPIS, name), records.get(forms.KPIS, {}).get(name)
    if own is None:
        return standing
    return (standing or {}) | own.cells


def _drop_other_kind(written: Written, row: WrittenRow, standing: Record) -> None:
    """A figure has no 満たし方, words have neither 条件 nor 許容幅: what stands of them goes."""
    before, now = standing.get(_AIM, ""), is_figure(row.cells[_AIM])
    if not before or is_figure(before) is now:
        return
    headings = (_HOW,) if now else (_CONDITION, _WIDTH)
    gone = [heading for heading in headings if _goes(row, standing, heading)]
    for heading in gone:
        row.cells.pop(heading, None)
        row.deleted.add(heading)
    if gone:
        listed = "と".join(f"{heading}「{standing[heading]}」" for heading in gone)
        what = "数字" if now else "ことば"
        said = f"{row.cells['KPI番号']}の目標が{what}になったので、{listed}を削除します。"
        written.readings.append(Reading(said, Kind.TARGETS))


def _goes(row: WrittenRow, standing: Mapping[str, str], heading: str) -> bool:
    """Whether a cell that stands isn't stated otherwise in the row."""
    stated = row.cells.get(heading, standing.get(heading, ""))
    return heading in standing and heading not in row.wrong and stated == standing[heading]
