"""A plan and its figures as a workbook, in and out: docs/interface.md, The plan workbook.

`forms` says which sheets and columns there are. What a plan consists of is held as records: for
each sheet, by what names a row, the text of each cell as export writes it. `records` makes
those of a plan in the database out of what is `standing`, `reading` those of a file as what is
`written`; `differing` lays one over the other, `saving` writes what differs, `importing` does all
of it for a person.
"""
