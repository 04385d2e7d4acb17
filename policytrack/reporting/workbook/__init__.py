"""The workbook: organisations, people and commitments as sheets, to move in with and to take along.

`sheets` declares what it holds. `reading` opens a hostile file in a process of its own
(`extraction`), `arranging` finds the declared columns, `cells` reads each cell, `known` reads what
stands in the database, `planning` says what every row would do, `applying` does it, `writing` makes
the export from the same declarations.
"""
