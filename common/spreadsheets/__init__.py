"""Spreadsheets that come in (`reading`, `table`), and tables that go out (`writing`)."""
