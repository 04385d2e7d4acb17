"""Hold what a citation needs to know of a document."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from policytrack.library.citing import cleaning
from policytrack.library.citing.kinds import Kind, kind_of


@dataclass(frozen=True, slots=True)
class Person:
    """Hold an author by the name to sort by and the names before it.

    Who has one name, as many Indonesians do, has it as `family`, and nothing as `given`. A particle
    that belongs to the name (Al-Hassan, bin Said) is part of `family`.
    """

    family: str
    given: str = ""

    def __post_init__(self) -> None:
        family, given = cleaning.clean(self.family), cleaning.clean(self.given)
        object.__setattr__(self, "family", family or given)
        object.__setattr__(self, "given", given if family else "")

    @property
    def whole(self) -> str:
        """Return the name as it is spoken."""
        return f"{self.given} {self.family}".strip()


@dataclass(frozen=True, slots=True)
class Organisation:
    """Hold an author that is no person; of an agreement, a party."""

    name: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", cleaning.clean(self.name))

    @property
    def whole(self) -> str:
        """Return the name."""
        return self.name


Author = Person | Organisation


def authors_of(stored: Iterable[Mapping[str, str]]) -> tuple[Author, ...]:
    """Return authors from how they are kept: `family` and `given`, or `literal` if no person."""
    return tuple(
        Organisation(each["literal"])
        if each.get("literal")
        else Person(each.get("family", ""), each.get("given", ""))
        for each in stored
    )


_ISSUED = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)


def date_parts(issued: str) -> tuple[int, ...]:
    """Return year, month and day as far as a date says them; raise `ValueError` if it is none."""
    if not issued:
        return ()
    found = _ISSUED.fullmatch(issued)
    if found is None:
        raise ValueError(f"not a year, a month or a day: {issued!r}")
    parts = tuple(int(part) for part in found.groups() if part)
    date(*(*parts, 1, 1)[:3])  # what no calendar has is refused too
    return parts


@dataclass(frozen=True, slots=True)
class Citable:
    """Hold what a citation needs, made harmless when it is made.

    `key` is stable and names the document in BibTeX. The title is in `language` unless another one
    is said. `url` is the permanent address here, `source_url` where the document came from,
    `pdf_url` its file. Authors of an agreement are its parties. `issued` is `2016`, `2016-12`,
    `2016-12-09` or nothing. `genre` says more than the kind ("Royal Decree"). `container` is the
    gazette or the series. `translated_title` is in the reader's language; `translation_of` is the
    title of the original that this one translates. `pages` are those cited. `search` says by
    which search it was found.
    """

    key: str
    kind: Kind
    title: str
    url: str
    title_language: str = ""
    authors: tuple[Author, ...] = ()
    issued: str = ""
    publisher: str = ""
    place: str = ""
    jurisdiction: str = ""
    number: str = ""
    genre: str = ""
    container: str = ""
    isbn: str = ""
    doi: str = ""
    source_url: str = ""
    pdf_url: str = ""
    language: str = ""
    translated_title: str = ""
    translation_of: str = ""
    pages: str = ""
    search: str = ""
    parts: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        put = object.__setattr__
        put(self, "kind", kind_of(self.kind))
        put(self, "authors", tuple(author for author in self.authors if author.whole))
        for name in _TEXTS:
            put(self, name, cleaning.clean(getattr(self, name)))
        for name in ("url", "source_url", "pdf_url"):
            put(self, name, cleaning.address(getattr(self, name)))
        put(self, "doi", cleaning.doi(self.doi))
        put(self, "isbn", cleaning.isbn(self.isbn))
        put(self, "title", self.title or self.number or self.key or self.kind.value)
        put(self, "title_language", self.title_language or self.language)
        put(self, "parts", date_parts(self.issued))

    @property
    def address(self) -> str:
        """Return where the citation leads: the DOI's address, else the permanent one."""
        return cleaning.address(f"https://doi.org/{self.doi}") if self.doi else self.url

    @property
    def english(self) -> bool:
        """Tell whether the title is English, whose capitals styles change."""
        return self.title_language.split("-")[0].lower() == "en"

    @property
    def page_range(self) -> tuple[str, str]:
        """Return the first and the last page cited; of one page, nothing as the last."""
        first, _dash, last = _DASH.sub("-", self.pages).partition("-")
        return first, last


_TEXTS = (
    "key", "title", "title_language", "issued", "publisher", "place", "jurisdiction", "number",
    "genre", "container", "language", "translated_title", "translation_of", "pages",
    "search",
)  # fmt: skip

# The hyphens and dashes of Unicode.
_DASH = re.compile(r"\s*[-\u2010-\u2015]\s*")
_KEY = re.compile(r"[^A-Za-z0-9]+")


def with_keys(documents: Iterable[Citable]) -> Iterator[tuple[str, Citable]]:
    """Yield documents with keys that are plain, and alone in one file whatever the case."""
    taken: set[str] = set()
    for document in documents:
        plain = _KEY.sub("-", document.key).strip("-") or document.kind.value.replace("_", "-")
        key, count = plain, 1
        while key.lower() in taken:
            count += 1
            key = f"{plain}-{count}"
        taken.add(key.lower())
        yield key, document
