"""Show the text of a file: some pages at a time, or those that hold the words looked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from flask import url_for
from markupsafe import Markup, escape

from policytrack.core import paging
from policytrack.core.i18n import direction, format_number, ngettext
from policytrack.core.i18n import gettext as _
from policytrack.core.i18n import lazy_gettext as _l
from policytrack.library import citers
from policytrack.library.citers import Citing
from policytrack.library.finding import Span, Words
from policytrack.library.models import FileText, LibraryDocument, LibraryFile, TextPage
from policytrack.library.passages import BREAK, locate, paragraphs
from policytrack.library.presenters.citations import file_address
from policytrack.library.presenters.files import PDF, counted, numbered, text_address
from policytrack.library.queries import tongue
from policytrack.library.reading import Origin, Unit
from policytrack.library.rules import Recognition

# An address shows so many pages, or fewer long ones: what a telephone loads in a second.
PAGES = 20
CHARACTERS = 80_000
# What is said of a page without a text layer once a machine has tried to read it.
_WITHOUT: Mapping[str, Any] = {
    Recognition.NOTHING: _l("This page is a picture in which a machine found no text."),
    Recognition.FAILED: _l("This page has no text layer, and a machine could not read it."),
    Recognition.NO_DATA: _l(
        "This page has no text layer, and cannot be read by machine here in its language."
    ),
}
# Around the first of the words so much of a page is shown.
_AROUND = 120


@dataclass(frozen=True, slots=True)
class Head:
    """Hold what names a text: the document and the file, and how much there is of it."""

    title: str
    language: str
    url: str
    file_name: str
    file_id: str
    file_url: str
    action: str
    unit: str
    counted: str
    first: str
    searchable: bool
    note: str
    document_id: str
    in_force: bool


def head(document: LibraryDocument, file: LibraryFile, said: FileText | None) -> Head:
    """Return what stands above the text of a file."""
    unit = said.unit if said else ""
    revision = file.revision
    values: dict[str, Any] = (
        {} if revision.id == document.published_id else {"revision": revision.public_id}
    )
    return Head(
        title=revision.title,
        language=revision.language,
        url=url_for("library.show", public_id=document.public_id, **values),
        file_name=file.name,
        file_id=file.public_id,
        file_url=file_address(file),
        action=url_for("library.text", public_id=document.public_id),
        unit=unit,
        counted=counted(unit, said.pages) if said and said.pages else "",
        first=numbered(unit, 1),
        searchable=bool(said and said.characters),
        note=_note(said),
        document_id=document.public_id,
        in_force=revision.id == document.published_id,
    )


def _note(said: FileText | None) -> str:
    if said is None:
        return _("The text of this file has not been read yet. Look again in a few minutes.")
    if not said.pages:
        return _("There is no text that could be read from this file.")
    if said.unit == Unit.PART:
        return _("This kind of file has no pages: the text stands here in numbered parts.")
    return ""


@dataclass(frozen=True, slots=True)
class Block:
    """Hold the numbers of the pages that one address shows, and where the next ones begin."""

    numbers: Sequence[int]
    before: int = 0
    after: int = 0


def block(lengths: Sequence[tuple[int, int]], asked: int) -> Block:
    """Return the pages that are shown together with the one asked for.

    `lengths` are the numbers of all pages and how many characters each has. The cuts are the same
    whichever page is asked for; beyond the last page it is the last.
    """
    found: list[list[int]] = []
    size = 0
    for number, length in lengths:
        if not found or len(found[-1]) == PAGES or size + length > CHARACTERS:
            found.append([])
            size = 0
        found[-1].append(number)
        size += length
    if not found:
        return Block(())
    last = max((at for at, numbers in enumerate(found) if numbers[0] <= asked), default=0)
    before = found[last - 1][0] if last else 0
    after = found[last + 1][0] if last + 1 < len(found) else 0
    return Block(found[last], before, after)


@dataclass(frozen=True, slots=True)
class PageView:
    """Hold one page of a text; `pdf_url` opens the file there."""

    number: int
    name: str
    paragraphs: Sequence[Markup]
    language: str
    direction: str
    by_machine: bool
    without: str
    pdf_url: str
    cited_by: Sequence[Citing] = ()


def pages(
    file: LibraryFile,
    said: FileText | None,
    found: Iterable[TextPage],
    words: Words,
    cited: Sequence[citers.Passage] = (),
) -> list[PageView]:
    """Return pages with the words marked that were looked for, and the passages that are cited."""
    unit = said.unit if said else ""
    on_page: dict[int, list[citers.Passage]] = {}
    for passage in cited:
        on_page.setdefault(passage.page, []).append(passage)
    return [
        PageView(
            number=each.number,
            name=numbered(unit, each.number),
            paragraphs=_paragraphs(
                each.text, words, _cited(each.text, on_page.get(each.number, ()))
            ),
            language=tongue(file, each),
            direction=direction(tongue(file, each)) if tongue(file, each) else "auto",
            by_machine=each.origin == Origin.MACHINE,
            without=_without(each),
            pdf_url=_in_file(file, each.number),
            cited_by=list({each.by.url: each.by for each in on_page.get(each.number, ())}.values()),
        )
        for each in found
    ]


def _cited(text: str, passages: Iterable[citers.Passage]) -> list[Span]:
    """Return where passages stand now; one that was read otherwise then is left unmarked."""
    found = []
    for each in passages:
        end = each.start + len(each.text)
        same = text[each.start : end] == each.text
        span = (each.start, end) if same else locate(text, each.text, each.start)
        if span is not None and each.text:
            found.append(span)
    return found


def _without(page: TextPage) -> str:
    """Return why a page has no text that could be shown; empty for one that has a text layer."""
    if page.origin != Origin.NONE:
        return ""
    return str(_WITHOUT.get(page.recognition, _("This page has no text layer.")))


def _in_file(file: LibraryFile, number: int) -> str:
    """Return where the browser's own viewer opens a page; empty for what it only saves."""
    return f"{file_address(file)}#page={number}" if file.file.media_type == PDF else ""


def _paragraphs(text: str, words: Words, cited: Sequence[Span] = ()) -> list[Markup]:
    found = []
    for each in paragraphs(text):
        inside = [(start - each.start, end - each.start) for start, end in cited]
        found.append(marked(each.text, words.spans(each.text) if words else (), inside))
    return found


def marked(text: str, spans: Sequence[Span], cited: Sequence[Span] = ()) -> Markup:
    """Return a text with two kinds of spans marked; where they overlap, with both marks."""
    steps = [_steps(spans, len(text)), _steps(cited, len(text))]
    places = sorted({0, len(text), *steps[0], *steps[1]})
    pieces = []
    inside = [0, 0]
    for start, end in pairwise(places):
        inside = [depth + step[start] for depth, step in zip(inside, steps, strict=True)]
        piece = escape(text[start:end])
        if inside[0]:
            piece = Markup("<mark>{}</mark>").format(piece)
        if inside[1]:
            piece = Markup('<span class="quoted">{}</span>').format(piece)
        pieces.append(piece)
    return Markup("").join(pieces).replace(BREAK, Markup("<br>"))


def _steps(spans: Iterable[Span], length: int) -> Counter[int]:
    """Return by place how many spans begin there, less those that end."""
    found: Counter[int] = Counter()
    for start, end in spans:
        first, last = max(start, 0), min(end, length)
        if first < last:
            found[first] += 1
            found[last] -= 1
    return found


@dataclass(frozen=True, slots=True)
class Steps:
    """Hold the addresses before and after; empty where there is nothing."""

    before: str
    after: str


def steps(document: LibraryDocument, file: LibraryFile, shown: Block, words: Words) -> Steps:
    """Return where the pages before and after those shown are read."""
    asked = " ".join(words.words)

    def to(number: int) -> str:
        if not number:
            return ""
        found = text_address(document, file, page=str(number), q=asked)
        return f"{found}#p{number}"

    return Steps(to(shown.before), to(shown.after))


@dataclass(frozen=True, slots=True)
class Hits:
    """Hold which pages have all the words, and the text of those on this page of the list."""

    numbers: Sequence[int]
    pages: Sequence[TextPage]
    asked: int


def hits(found: Iterable[TextPage], words: Words, asked: int) -> Hits:
    """Return the pages that hold all the words; `asked` is the page of their list, from 1."""
    numbers: list[int] = []
    kept: list[TextPage] = []
    # Where the list is shorter than that, its last page is shown.
    for each in found:
        if words.all_in(each.text):
            numbers.append(each.number)
            if len(kept) == paging.SIZE and len(numbers) <= asked * paging.SIZE:
                kept = []
            if len(kept) < paging.SIZE:
                kept.append(each)
    return Hits(numbers, kept, min(asked, max(-(-len(numbers) // paging.SIZE), 1)))


@dataclass(frozen=True, slots=True)
class Hit:
    """Hold a page that has the words, with the first place where they stand."""

    name: str
    url: str
    pdf_url: str
    text: Markup
    language: str
    direction: str
    by_machine: bool
    count: str


@dataclass(frozen=True, slots=True)
class Shown:
    """Hold the list of pages that have the words."""

    page: paging.Page[Hit]
    said: str
    words: Sequence[str] = field(default=())


def shown(
    document: LibraryDocument,
    file: LibraryFile,
    said: FileText | None,
    found: Hits,
    words: Words,
) -> Shown:
    """Return the pages that have the words as the list shows them."""
    unit = said.unit if said else ""
    rows = [_hit(document, file, unit, each, words) for each in found.pages]
    total = len(found.numbers)
    return Shown(
        page=paging.Page(
            rows, found.asked, total, url=lambda number: paging.here(hits=str(number))
        ),
        said=_("Found: %(pages)s", pages=counted(unit, total)),
        words=words.words,
    )


def _hit(
    document: LibraryDocument, file: LibraryFile, unit: str, page: TextPage, words: Words
) -> Hit:
    spans = words.spans(page.text)
    spoken = tongue(file, page)
    url = text_address(document, file, page=str(page.number), q=" ".join(words.words))
    return Hit(
        name=numbered(unit, page.number),
        url=f"{url}#p{page.number}",
        pdf_url=_in_file(file, page.number),
        text=_fragment(page.text, spans),
        language=spoken,
        direction=direction(spoken) if spoken else "auto",
        by_machine=page.origin == Origin.MACHINE,
        count=ngettext(
            "%(count)s time", "%(count)s times", len(spans), count=format_number(len(spans))
        ),
    )


def _fragment(text: str, spans: Sequence[Span]) -> Markup:
    """Return what stands around the first of the words, cut between words where there are any."""
    start, end = max(spans[0][0] - _AROUND, 0), min(spans[0][1] + _AROUND, len(text))
    if start:
        start = _edge(text, start, spans[0][0], 1)
    if end < len(text):
        end = _edge(text, end, spans[0][1], -1)
    inside = [(a - start, b - start) for a, b in spans if start <= a and b <= end]
    before, after = "… " if start else "", " …" if end < len(text) else ""
    return Markup("{}{}{}").format(before, marked(text[start:end], inside), after)


def _edge(text: str, at: int, stop: int, step: int) -> int:
    """Return the nearest space from a place on, or the place itself where there is none."""
    for place in range(at, stop, step):
        if text[place].isspace():
            return place
    return at
