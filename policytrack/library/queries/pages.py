"""Read the text of files, page by page."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, literal_column, select
from sqlalchemy.orm import Session

from policytrack.library.models import FileText, LibraryFile, TextPage
from policytrack.library.reading import Origin


@dataclass(frozen=True, slots=True)
class Origins:
    """Hold how many pages of a file have no text layer, and how many a machine has read."""

    without: int = 0
    by_machine: int = 0


def origins(session: Session, file_ids: Collection[int]) -> Mapping[int, Origins]:
    """Return where the text of files comes from, by file; those with a text layer are left out."""
    counts: dict[int, dict[str, int]] = {}
    for file_id, origin, count in session.execute(
        select(TextPage.file_id, TextPage.origin, func.count())
        # Written out as in the condition of the index, by which alone it is counted.
        .where(TextPage.file_id.in_(file_ids), TextPage.origin != literal_column("'layer'"))
        .group_by(TextPage.file_id, TextPage.origin)
    ):
        counts.setdefault(file_id, {})[origin] = count
    return {
        file_id: Origins(found.get(Origin.NONE, 0), found.get(Origin.MACHINE, 0))
        for file_id, found in counts.items()
    }


def text_of(session: Session, file: LibraryFile) -> FileText | None:
    """Return what was read out of a file; None while it waits to be read."""
    return session.get(FileText, file.file_id)


def lengths(session: Session, file: LibraryFile) -> Sequence[tuple[int, int]]:
    """Return the number of each page and how many characters it has, in their order."""
    rows = session.execute(
        select(TextPage.number, func.length(TextPage.text))
        .where(TextPage.file_id == file.file_id)
        .order_by(TextPage.number)
    )
    return [(number, length) for number, length in rows]


def text_pages(session: Session, file: LibraryFile, numbers: Collection[int]) -> Sequence[TextPage]:
    """Return these pages of a file in their order."""
    return session.scalars(
        select(TextPage)
        .where(TextPage.file_id == file.file_id, TextPage.number.in_(numbers))
        .order_by(TextPage.number)
    ).all()


def tongue(file: LibraryFile, page: TextPage) -> str:
    """Return the language of a page, else of its file or document; empty where none is known."""
    return page.language or file.language or file.revision.language


def each_page(session: Session, file: LibraryFile) -> Iterator[TextPage]:
    """Yield all pages of a file that have text, a few at a time."""
    yield from session.scalars(
        select(TextPage)
        .where(TextPage.file_id == file.file_id, TextPage.text != "")
        .order_by(TextPage.number)
        .execution_options(yield_per=200)
    )
