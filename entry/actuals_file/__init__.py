"""The file of yearly actuals: read from CSV or XLSX, previewed, written whole, and exported.

Columns and rules are those of docs/interface.md, The file of actuals.
"""
