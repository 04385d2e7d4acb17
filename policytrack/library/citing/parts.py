"""Make the parts of a citation that the styles share: titles, numbers, laws and agreements."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from policytrack.library.citing import kinds, names, words
from policytrack.library.citing.casing import first_capital, headline
from policytrack.library.citing.citable import Citable
from policytrack.library.citing.text import Span, Text, joined
from policytrack.library.rules import Type

# What is a number without saying so: 7, 51/2023, C189, 12-b.
_NUMERIC = re.compile(r"[^\W\d_]?\d+(?:[/-]\d+)*[^\W\d_]?")


@dataclass(frozen=True, slots=True)
class Parts:
    """Hold a document, the language of its citation and the day on which it is cited."""

    document: Citable
    language: str
    today: date

    @property
    def words(self) -> words.Words:
        """Return the words of the citation."""
        return words.of(self.language)

    @property
    def shelf(self) -> str:
        """Return the series or gazette."""
        return headline(self.document.container, self.document.english)

    @property
    def genre(self) -> str:
        """Return what the document is called beside its title."""
        document = self.document
        return first_capital(kinds.genre(document.kind, document.genre, self.language))

    def title(self, *, capitals: bool = False, italic: bool = False) -> Text:
        """Return the title in its own language."""
        document = self.document
        text = headline(document.title, capitals and document.english)
        return Text((Span(text, italic, language=document.title_language),))

    @property
    def translation(self) -> Text:
        """Return the title in the reader's language, in brackets; nothing if it is the same."""
        title = self.document.translated_title
        return Text((Span(f"[{title}]"),) if title and title != self.document.title else ())

    @property
    def number(self) -> str:
        """Return a report's number; one that is no mere number speaks for itself."""
        found = self.document.number
        numeric = _NUMERIC.fullmatch(found)
        return f"{self.words.number} {found}" if numeric else found

    @property
    def looked_at(self) -> str:
        """Return the day on which the document was looked at."""
        return self.words.date((self.today.year, self.today.month, self.today.day))

    def legal(self) -> Text:
        """Return a law or an agreement as lawyers cite it, without its address."""
        document, comma = self.document, self.words.comma
        title = joined([self.title(capitals=True), self.translation], " ")
        if document.kind == Type.AGREEMENT:
            # The sign between parties is that of the Bluebook.
            parties = "-".join(names.family(author) for author in document.authors)
            source = joined([document.container, self._law_number], " ")
            return joined([title, parties, self.words.date(document.parts), source], comma)
        source = joined([self._numbered, document.container], comma)
        year = f"({document.parts[0]})" if document.parts else ""
        # Outside a country nobody knows whose law it is.
        place = f"({document.jurisdiction})" if document.jurisdiction else ""
        return joined([joined([title, source], comma), year, place], " ")

    @property
    def _numbered(self) -> str:
        """Return a law's number after what it is called, where the number does not say it."""
        number = self._law_number
        alone = not number or kinds.says_its_kind(self.document.number)
        return number if alone else f"{self.genre} {number}"

    @property
    def _law_number(self) -> str:
        """Return a law's number, unless its title says it."""
        document = self.document
        found = document.number
        said = rf"(?<!\w){re.escape(found.casefold())}(?!\w)"
        if not found or re.search(said, document.title.casefold()):
            return ""
        return f"{self.words.number} {found}" if kinds.is_bare(found) else found
