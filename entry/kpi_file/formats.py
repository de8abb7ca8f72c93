"""The kinds of files of KPIs, for django-import-export: through the one reader and writer."""

from typing import Any

import tablib
from django.utils import timezone
from import_export.formats import base_formats

from common.spreadsheets.reading import read_sheet
from common.spreadsheets.refusals import FileRefused
from common.spreadsheets.sheet import Sheet
from common.spreadsheets.writing import csv_file
from common.spreadsheets.xlsx_writing import XLSX_TYPE, Column, form_workbook

_WIDTHS = {"指標名": 38, "算出方法": 40, "出典": 24, "備考": 40}


class SheetDataset(tablib.Dataset):
    """A file's sheet, which the resource reads as a table: until then its rows are numbers."""

    def __init__(self, sheet: Sheet) -> None:
        super().__init__(*([number] for number in sheet.rows))
        self.sheet = sheet


class _File(base_formats.Format):
    """A kind of file that only comes in or only goes out."""

    title = extension = content_type = ""

    def __init__(self, encoding: str | None = None) -> None:
        """Take what the admin hands every format; none of these asks for it."""

    def get_title(self) -> str:
        return self.title

    def get_extension(self) -> str:
        return self.extension

    def get_content_type(self) -> str:
        return self.content_type

    def can_import(self) -> bool:
        return not self.extension

    def can_export(self) -> bool:
        return bool(self.extension)


class SpreadsheetFile(_File):
    """A CSV (UTF-8 or Windows-31J) or XLSX file, told apart by its first bytes. Only read."""

    title = "CSV または XLSX（自動で見分けます）"

    def create_dataset(self, in_stream: bytes) -> SheetDataset:
        """The file's sheet. Raises ValueError with a sentence in Japanese."""
        sheet = read_sheet(in_stream)
        if not sheet.rows:
            raise FileRefused("ファイルが空か、1行目に見出しがありません。")
        return SheetDataset(sheet)


class CsvFile(_File):
    """CSV as Excel opens it. Only written."""

    title, extension, content_type = "CSV（UTF-8）", "csv", "text/csv"

    def export_data(self, dataset: tablib.Dataset, **kwargs: Any) -> bytes:
        return csv_file(dataset.headers, dataset)


class XlsxFile(_File):
    """XLSX with text cells, so that nothing turns into a date. Only written."""

    title, extension, content_type = "XLSX（Excel）", "xlsx", XLSX_TYPE

    def export_data(self, dataset: tablib.Dataset, **kwargs: Any) -> bytes:
        columns = [Column(heading, _WIDTHS.get(heading, 12)) for heading in dataset.headers]
        return form_workbook("指標", columns, dataset, made_at=timezone.now())
