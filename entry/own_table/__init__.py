"""A city's own wide table as a plan workbook: one row an indicator, columns for years.

`headings` joins its heading lines, `guessing` proposes `settings` (which column is what, which
word means what), `data_rows` finds its rows, `odd_figures` takes figures like 80以上 apart and
asks what that means, `converting` makes the tables of a plan workbook, `last_figures` those of
figures for a plan that there is. Nothing is read in silence: what was read otherwise than written
is noted, what can mean several things is asked once. All of it is pure.
"""
