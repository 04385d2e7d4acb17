"""Find the declared sheets and columns in a workbook; say what does not fit."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from openpyxl.utils import get_column_letter

from policytrack.core.forms import clean_line
from policytrack.core.i18n import lazy_gettext as _
from policytrack.core.text import isolated
from policytrack.reporting.workbook.columns import Column, Sheet, folded
from policytrack.reporting.workbook.plans import Faults
from policytrack.reporting.workbook.reading import Book, Cell, Leaf, Row
from policytrack.reporting.workbook.sheets import ABOUT, CODES, EXPLAINS, SHEETS

_BY_NAME: Mapping[str, Sheet] = {folded(sheet.name): sheet for sheet in SHEETS}
_NOT_READ = frozenset({folded(ABOUT), folded(CODES)})


@dataclass(frozen=True, slots=True)
class Arranged:
    """Hold the rows of a declared sheet, and which of its columns are there."""

    sheet: Sheet
    places: Mapping[int, Column]
    rows: tuple[Row, ...]


def arrange(book: Book, faults: Faults) -> dict[str, Arranged]:
    """Return the declared sheets that a workbook has, by name; add to `faults` what is wrong."""
    found: dict[str, Arranged] = {}
    for leaf in book.leaves:
        sheet = _BY_NAME.get(folded(leaf.title))
        if sheet is None:
            _stranger(leaf, faults)
        elif sheet.name in found:
            faults.add(sheet.name, _("There are two sheets of this name."))
        elif leaf.hidden:
            faults.add(
                sheet.name,
                _("This sheet is hidden. Show it, look at it, and send the workbook again."),
            )
        elif leaf.rows:
            found[sheet.name] = _arranged(sheet, leaf, faults)
    if not found and not faults.total:
        faults.add(
            "",
            _(
                "The workbook has none of the sheets %(names)s. Begin with an export: it holds them"
                " with their headings.",
                names=", ".join(sheet.name for sheet in SHEETS),
            ),
        )
    # In the order of declaration: organisations before the people who sit in them.
    return {sheet.name: found[sheet.name] for sheet in SHEETS if sheet.name in found}


def _stranger(leaf: Leaf, faults: Faults) -> None:
    # An empty sheet is the spreadsheet program's; a hidden one some add-in's.
    if leaf.held and not leaf.hidden and folded(leaf.title) not in _NOT_READ:
        faults.add(
            clean_line(leaf.title)[:60],
            _(
                "The workbook knows no sheet of this name. Name it one of %(names)s, or take it"
                " out.",
                names=", ".join(sheet.name for sheet in SHEETS),
            ),
        )


def _arranged(sheet: Sheet, leaf: Leaf, faults: Faults) -> Arranged:
    head, *rows = leaf.rows
    if head.number != 1:
        faults.add(sheet.name, _("The first row must hold the headings; it is empty."), row=1)
        return Arranged(sheet, {}, ())
    places = _places(sheet, head, faults)
    _merged(sheet, leaf, faults)
    if rows and rows[0].number == 2 and _explains(rows[0]):
        rows = rows[1:]
    kept = [row for row in rows if _is_ours(sheet, row, head, places, faults)]
    # Without its key no row says what it is about; that was said once.
    has_key = set(sheet.columns[: sheet.keys]) <= set(places.values())
    return Arranged(sheet, places, tuple(kept) if has_key else ())


def _explains(row: Row) -> bool:
    return any(
        cell.kind == "text" and str(cell.value).lstrip().startswith(EXPLAINS)
        for cell in row.cells.values()
    )


def _places(sheet: Sheet, head: Row, faults: Faults) -> dict[int, Column]:
    places: dict[int, Column] = {}
    for place, cell in sorted(head.cells.items()):
        heading = clean_line(str(cell.value)) if cell.kind != "formula" else ""
        column = sheet.by_heading.get(folded(heading))
        letter = get_column_letter(place)
        if column is None:
            sentence = _(
                "There is no column “%(heading)s” on this sheet. Its columns are: %(known)s.",
                heading=isolated(heading[:60]),
                known=", ".join(each.heading for each in sheet.columns),
            )
            faults.add(sheet.name, sentence, row=1, column=letter)
        elif column in places.values():
            sentence = _("The column “%(heading)s” stands here twice.", heading=column.heading)
            faults.add(sheet.name, sentence, row=1, column=letter)
        else:
            places[place] = column
    for column in sheet.columns[: sheet.keys]:
        if column not in places.values():
            sentence = _(
                "The column “%(heading)s” is missing: it says which row is meant.",
                heading=column.heading,
            )
            faults.add(sheet.name, sentence, row=1)
    return places


def _merged(sheet: Sheet, leaf: Leaf, faults: Faults) -> None:
    for area in leaf.merged:
        row = int(re.sub(r"\D", "", area.split(":")[0]) or 0)
        faults.add(
            sheet.name,
            _(
                "The cells %(area)s are merged, so that it cannot be told which row they belong to."
                " Separate them.",
                area=area[:30],
            ),
            row=row,
        )


def _is_ours(
    sheet: Sheet, row: Row, head: Row, places: Mapping[int, Column], faults: Faults
) -> bool:
    # A column with a wrong heading was named already, once for all its rows.
    for place in row.cells:
        if place not in head.cells and _holds(row.cells[place]):
            faults.add(
                sheet.name,
                _("This cell stands outside the columns of the sheet."),
                row=row.number,
                column=get_column_letter(place),
            )
    return any(_holds(row.cells[place]) for place in places if place in row.cells)


def _holds(cell: Cell) -> bool:
    return cell.kind != "text" or bool(str(cell.value).strip())


def lines_of(arranged: Arranged) -> Iterator[tuple[Row, dict[str, Cell]]]:
    """Yield each row with its cells by the names of columns; what is not there is empty."""
    nothing = Cell("text", "")
    for row in arranged.rows:
        yield (
            row,
            {
                column.name: row.cells.get(place, nothing)
                for place, column in arranged.places.items()
            },
        )
