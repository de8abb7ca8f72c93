"""The rows of the sheet 評価区分, gathered into the rules of rating that they are of."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from entry.plan_workbook import forms
from entry.plan_workbook.rating_rules import BAND_CELLS, text_of_bands
from entry.plan_workbook.standing import key_of
from entry.plan_workbook.written import Written, WrittenRow


def gather_bands(rows: list[WrittenRow], written: Written) -> None:
    """Give each rule the lines of its bands, in the sheet's order; tell what is wrong with them."""
    groups: defaultdict[str, list[WrittenRow]] = defaultdict(list)
    for row in rows:
        row.cells.setdefault("対象", forms.OF_KPIS)
        row.key = key_of(*(row.cells.get(one.heading, "") for one in _FORM.keys))
        if row.is_named:
            groups[row.key].append(row)
        else:
            written.leave_out(row)
    for key, lines in groups.items():
        for row, heading, message in _wrong_lines(lines):
            written.refuse(row, heading, message)
        _give(written, key, lines)


def _give(written: Written, key: str, lines: list[WrittenRow]) -> None:
    """Give a rule its lines; none where one of them can't be taken."""
    rule, first = written.row(forms.RULES, key), lines[0]
    if rule is None:
        rule = WrittenRow(forms.BANDS, key, first.number)
        named = {one.heading for one in forms.BY_NAME[forms.RULES].keys}
        rule.cells = {heading: text for heading, text in first.cells.items() if heading in named}
        written.rows.setdefault(forms.RULES, {})[key] = rule
    written.rows.setdefault(forms.BANDS, {})[key] = first
    if any(row.has_problem for row in lines) or forms.BANDS in written.unnamed:
        rule.wrong.add(forms.BANDS)
    elif is_deletion(lines):
        rule.deleted.add(forms.BANDS)
    else:
        said = [[row.cells.get(heading, "") for heading in BAND_CELLS] for row in lines]
        rule.cells[forms.BANDS] = text_of_bands(said)


def is_deletion(lines: list[WrittenRow]) -> bool:
    """Whether a rule's only line says that it has no bands of its own any more."""
    return len(lines) == 1 and bool(lines[0].deleted & set(_NAMES))


def _wrong_lines(lines: list[WrittenRow]) -> Iterator[tuple[WrittenRow, str, str]]:
    """What is wrong with the lines of one rule: at which, in which column, and the remedy."""
    if is_deletion(lines):
        return
    named: dict[tuple[str, ...], WrittenRow] = {}
    lowest: WrittenRow | None = None
    for row in lines:
        if row.has_problem:
            continue
        name = tuple(row.cells.get(heading, "") for heading in _NAMES)
        if not any(name):
            yield row, "記号", "記号か名称のどちらかを書いてください。"
            continue
        known = named.setdefault(name, row)
        has_position = bool(row.cells.keys() & {"相手", "関係"})
        if known is not row and not has_position:
            yield (
                row,
                "記号" if name[0] else "名称",
                (
                    f"{known.number}行目と同じ評価区分です。1行にまとめるか、別の名前にしてください。"
                ),
            )
        elif "許容幅" in row.cells and not has_position:
            yield row, "許容幅", "位置で評価する行だけのものです。相手と関係も書いてください。"
        elif known is row and "下限" in row.cells:
            if lowest is not None and not _is_lower(row, lowest):
                yield (
                    row,
                    "下限",
                    (
                        f"良い評価区分から順に、{lowest.number}行目の下限"
                        f"（{lowest.cells['下限']}）より小さくしてください。"
                    ),
                )
            else:
                lowest = row


def _is_lower(row: WrittenRow, other: WrittenRow) -> bool:
    return Decimal(row.cells["下限"]) < Decimal(other.cells["下限"])


_FORM = forms.BY_NAME[forms.BANDS]
_NAMES = ("記号", "名称")
