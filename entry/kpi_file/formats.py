"""The kinds of files of KPIs, for django-import-export: through the one reader and writer."""

from typing import Any

import tablib
from django.utils import timezone
from import_export.formats import base_formats

from common.spreadsheets.reading import read_sheet
from common.spreadsheets.refusals import FileRefused
from common.spreadsheets.sheet import Sheet
from common.spreadsheets.writing import csv_file
from common.spreadsheets.xlsx_writing import Column, form_workbook

_WIDTHS = {"指標名": 38, "算出方法": 40, "出典": 24, "備考": 40}


class SheetDataset(tablib.Dataset):
    """A file's sheet, which the resource reads as a table: until then its rows are numbers."""

    def __init__(self, sheet: Sheet) -> None:
        super().__init__(*([number] for number in sheet.rows))
        self.sheet = sheet


class SpreadsheetFile(base_formats.Format):
    """A CSV (UTF-8 or Windows-31J) or XLSX file, told apart by its first bytes. Only read."""

    def __init__(self, encoding: str | None = None) -> None:
        """Take what the admin hands every format; the file itself says its encoding."""

    def get_title(self) -> str:
        return "CSV または XLSX（自動で見分けます）"

    def can_import(self) -> bool:
        return True

    def create_dataset(self, in_stream: bytes) -> SheetDataset:
        """The file's sheet. Raises ValueError with a sentence in Japanese."""
        sheet = read_sheet(in_stream)
        if not sheet.rows:
            raise FileRefused("ファイルが空か、1行目に見出しがありません。")
        return SheetDataset(sheet)


class CsvFile(base_formats.Format):
    """CSV as Excel opens it. Only written."""

    def __init__(self, encoding: str | None = None) -> None:
        """Take what the admin hands every format; it is always UTF-8 with BOM."""

    def get_title(self) -> str:
        return "CSV（UTF-8）"

    def can_export(self) -> bool:
        return True

    def get_extension(self) -> str:
        return "csv"

    def get_content_type(self) -> str:
        return "text/csv"

    def export_data(self, dataset: tablib.Dataset, **kwargs: Any) -> bytes:
        return csv_file(dataset.headers, dataset)


class XlsxFile(base_formats.Format):
    """XLSX with text cells, so that nothing turns into a date. Only written."""

    def __init__(self, encoding: str | None = None) -> None:
        """Take what the admin hands every format; the file has none."""

    def get_title(self) -> str:
        return "XLSX（Excel）"

    def can_export(self) -> bool:
        return True

    def get_extension(self) -> str:
        return "xlsx"

    def get_content_type(self) -> str:
        return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    def export_data(self, dataset: tablib.Dataset, **kwargs: Any) -> bytes:
        columns = [Column(heading, _WIDTHS.get(heading, 12)) for heading in dataset.headers]
        return form_workbook("指標", columns, dataset, made_at=timezone.now())
