"""Whole databases: backed up, restored, moved between SQLite and PostgreSQL, and compared.

All three copy every row of every table out of one snapshot into tables that the same
migrations made, and read both sides again. A backup is such a copy in a file of SQLite,
whichever database it is of.
"""
