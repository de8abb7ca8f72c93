"""Marks that people give, as export writes them: however a workbook spells them."""

from entry.actuals_file import columns as actuals
from entry.actuals_file.ratings import place_written, written_mark
from entry.plan_workbook import forms
from entry.plan_workbook.standing import Standing
from entry.plan_workbook.written import Written
from kpis.series import load_series

_MARKS = (actuals.PROPOSED, actuals.DECIDED)


def spell_marks(written: Written, standing: Standing) -> None:
    """Write the marks of the sheet 実績 as the scale in force for their year does.

    未定 says that there is none. What is no mark of that scale stays for its rules to refuse; in
    a new plan nothing is compared, and all stays. A constant number of queries, none without marks.
    """
    rows = [row for row in written.of(forms.ACTUALS) if row.cells.keys() & {*_MARKS}]
    if not rows or standing.strategy is None:
        return
    by_id = {one.definition.id: one for one in load_series(standing.strategy)}
    series = {name: by_id[kpi.pk] for name, kpi in standing.kpis.items()}
    for row in rows:
        own = series.get(row.cells["KPI番号"])
        if own is None or not row.is_named:
            continue
        scale = own.scale_in(int(row.cells[actuals.YEAR]))
        for heading in _MARKS:
            if not scale.is_by_people or heading not in row.cells:
                continue
            try:
                place = place_written(row.cells[heading], scale)
            except ValueError:
                continue
            if place is None:
                del row.cells[heading]
                row.deleted.add(heading)
            else:
                row.cells[heading] = written_mark(scale, place)
