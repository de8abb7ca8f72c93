"""Which names rows probably have whose own can't be read, so that who names them isn't blamed."""

from collections import Counter
from collections.abc import Mapping

from entry.plan_workbook import forms
from entry.plan_workbook.written import Written, WrittenRow

# The rows that name what isn't there, by their sheet, the column, and the name.
Missing = Mapping[tuple[str, str, str], list[WrittenRow]]


def meant_by_unnamed(written: Written, of: str, missing: Missing) -> set[str]:
    """The missing names that the sheet's unnamed rows probably have.

    A row that fits one name alone goes first, and of several it gets the one most referred to.
    """
    counts: Counter[str] = Counter()
    for (_sheet, _heading, name), rows in missing.items():
        counts[name] += len(rows)
    fitting = [
        [name for name, count in counts.most_common() if _may_be(written, row, name, count)]
        for row in written.unnamed.get(of, ())
    ]
    meant: set[str] = set()
    for names in sorted(fitting, key=len):
        meant |= set([name for name in names if name not in meant][:1])
    return meant


def _may_be(written: Written, row: WrittenRow, name: str, count: int) -> bool:
    """Whether a row may have a name: what is counted up has no number beyond its rows."""
    rows = len(written.workbook.sheets[row.sheet].rows)
    if row.sheet == forms.PILLARS:
        return int(name) <= rows
    if row.sheet == forms.INITIATIVES:
        project, _open, number = name.partition("(")
        parts = {"プロジェクト": project, "番号": number.partition(")")[0]}
        fits = all(
            heading in row.wrong or row.cells.get(heading) == said
            for heading, said in parts.items()
        )
        return fits and is_number(parts["番号"]) and int(parts["番号"]) <= rows
    # A project has KPIs, a KPI a target and figures: what is written once is a slip.
    return count > 1


def is_number(text: str) -> bool:
    """Whether a text is a number from 1 on, in plain figures."""
    return text.isascii() and text.isdigit() and int(text[:5]) > 0
