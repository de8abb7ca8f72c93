"""Writes a plan with its figures as a workbook, and the templates that people fill in."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from django.utils import timezone

from common.spreadsheets.writing import Value
from common.spreadsheets.xlsx_writing import Column, FormSheet, forms_workbook
from entry.plan_workbook import forms
from entry.plan_workbook.columns import SheetForm
from entry.plan_workbook.example import EXAMPLE_ROWS
from entry.plan_workbook.rating_rules import BAND_CELLS
from entry.plan_workbook.records import plan_records
from entry.plan_workbook.standing import Record, Records, Standing
from entry.plan_workbook.versions import keep_exported
from projects.models import Strategy

# So many rows of a form have choices.
_MOST_ROWS = 500
_BELOW_NOUGHT = re.compile(r"-[0-9]+(\.[0-9]+)?")
# The records of a real plan: a department's code may be another city's here, so it isn't loaded.
EXAMPLE_PLAN = Path(__file__).parent / "example_plan.json"


def exported_workbook(strategy: Strategy) -> bytes:
    """The plan as it stands; what it is exported with is kept under its 版."""
    records = plan_records(Standing.of(strategy))
    version = keep_exported(strategy, records)
    # The same plan gives the same bytes, whenever it is exported.
    began = datetime(strategy.first_year, 4, 1, tzinfo=UTC)
    return written_workbook(records, version, made_at=began)


def template_workbook(fiscal_years: Iterable[int]) -> bytes:
    """An empty workbook, with columns for the yearly targets of these years, and its 記入例."""
    years = [str(year) for year in fiscal_years]
    items = [[item.heading, ""] for item in forms.ITEMS if item.heading != forms.VERSION]
    sheets = [_sheet(form, items if form.name == forms.PLAN else [], years) for form in forms.FORMS]
    return forms_workbook([*sheets, _example()], made_at=timezone.now())


def example_workbook() -> bytes:
    """A real plan as a workbook, whatever plans there are: that of fixtures/omuta_2024_2028.yaml.

    It carries no 版, as it was exported from no plan here.
    """
    records: Records = json.loads(EXAMPLE_PLAN.read_text(encoding="utf-8"))
    return written_workbook(records, "", made_at=timezone.now())


def written_workbook(records: Records, version: str, *, made_at: datetime) -> bytes:
    """Records as a workbook."""
    years = _years(records)
    sheets = [
        _sheet(form, list(_rows(form, records, version, years)), years) for form in forms.FORMS
    ]
    return forms_workbook(sheets, made_at=made_at)


def _years(records: Records) -> list[str]:
    """The headings of the yearly targets: the plan's years, whether or not any has one."""
    plan = records.get(forms.PLAN, {})
    first = int(plan["最初の年度"][forms.CONTENT])
    last = [plan["最終年度"][forms.CONTENT]]
    last += [record["最終年度"] for record in records.get(forms.PERIODS, {}).values()]
    return [str(year) for year in range(first, max(map(int, last)) + 1)]


def _sheet(form: SheetForm, rows: Sequence[Sequence[str]], years: Sequence[str]) -> FormSheet:
    columns = [
        Column(one.heading, one.width, is_filled_in=True, choices=one.choices, note=_note(one))
        for one in form.columns
    ]
    if form.has_years:
        columns += [Column(year, 12, is_filled_in=True) for year in years]
    frozen = max(1, len(form.keys))
    cells = [[_value(text) for text in row] for row in rows]
    return FormSheet(form.name, columns, cells, max(_MOST_ROWS, 2 * len(rows)), frozen)


def _value(text: str) -> Value:
    """A cell to write; a figure below nought as one, which no spreadsheet takes for a formula."""
    return Decimal(text) if _BELOW_NOUGHT.fullmatch(text) else text


def _note(column: object) -> str:
    needed = "（必須）" if getattr(column, "is_needed", False) else ""
    return f"{getattr(column, 'meaning', '')}{needed}"


def _rows(
    form: SheetForm, records: Records, version: str, years: Sequence[str]
) -> Iterator[list[str]]:
    """The rows of a sheet in the order of its columns."""
    if form.name == forms.PLAN:
        yield from _items(records, version)
        return
    if form.name == forms.BANDS:
        yield from _bands(records)
        return
    headings = [one.heading for one in form.columns] + list(years if form.has_years else ())
    for record in records.get(form.name, {}).values():
        yield [record.get(heading, "") for heading in headings]


def _items(records: Records, version: str) -> Iterator[list[str]]:
    said: Mapping[str, Record] = records.get(forms.PLAN, {})
    for item in forms.ITEMS:
        text = version if item.heading == forms.VERSION else ""
        yield [item.heading, said.get(item.heading, {}).get(forms.CONTENT, text)]


def _bands(records: Records) -> Iterator[list[str]]:
    keys = [one.heading for one in forms.BY_NAME[forms.BANDS].keys]
    for record in records.get(forms.RULES, {}).values():
        for line in record[forms.BANDS].split("\n") if forms.BANDS in record else ():
            cells = dict(zip(BAND_CELLS, line.split("\t"), strict=True))
            yield [*(record.get(heading, "") for heading in keys), *cells.values()]


def _example() -> FormSheet:
    columns = [Column("シート", 14), Column("書き方", 60), Column("例", 70)]
    return FormSheet(forms.EXAMPLE, columns, EXAMPLE_ROWS, is_example=True)
