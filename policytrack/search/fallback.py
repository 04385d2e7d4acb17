"""Answer from the database while there is no index to search.

Everything that the index adds is missing: other forms of a word, other languages, files, facets,
counts. What is found is what titles and main texts say letter by letter.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Flask

from policytrack.core.db import session as current_session
from policytrack.core.documents import Excerpt, Looking, Result
from policytrack.core.i18n import LANGUAGES
from policytrack.core.permissions import Actor
from policytrack.search.asking import naming, question
from policytrack.search.asking.question import Phrase, Question
from policytrack.search.engine import Wanted, resolve
from policytrack.search.index.snapshot import search_of
from policytrack.search.passages import Spot

# So many of each kind are shown; a search that looks at every text looks for no more words, nor
# longer ones.
MOST = 20
MOST_WORDS = 8
LONGEST_WORD = 64


@dataclass(frozen=True, slots=True)
class Fallback:
    """Hold what titles and main texts say: of each kind the latest, `MOST` at most.

    `words` are those that were looked for; `shortened` tells that there were more or longer ones,
    `simplified` that more was asked than words.
    """

    question: Question
    words: tuple[str, ...]
    shortened: bool
    simplified: bool
    results: tuple[Result, ...]

    @property
    def forms(self) -> frozenset[str]:
        """Return the forms that are marked in results."""
        return self.question.forms

    @property
    def added(self) -> tuple[Phrase, ...]:
        """Return the phrases by which the question was widened: none."""
        return ()

    @property
    def excerpts(self) -> Mapping[str, tuple[tuple[Excerpt, Spot], ...]]:
        """Return the pages of files that say what was asked for: none."""
        return {}


def search(app: Flask, wanted: Wanted, *, actor: Actor, language: str) -> Fallback:
    """Look for the words of a question in the database; of the filters, only kinds count.

    What has all words in its title comes first, then the latest, unless the latest are wanted.
    """
    session = current_session()
    names = naming.names(app, session)
    asked = question.read(wanted.typed, LANGUAGES, names.code, naming.KNOWN)
    typed = question.wording(asked.said)
    words = tuple(dict.fromkeys(word[:LONGEST_WORD] for word in typed))[:MOST_WORDS]
    kinds = wanted.filters.get("kind", ())
    keys: list[str] = []
    for kind, source in search_of(app).sources.items():
        if words and isinstance(source, Looking) and (not kinds or kind in kinds):
            keys += source.look(session, words, actor, MOST)
    return Fallback(
        asked,
        words,
        asked.cut or words != typed,
        not asked.is_plain or bool(wanted.filters.keys() - {"kind"}),
        _ordered(resolve(app, keys, actor, language), words if wanted.sort != "date" else ()),
    )


def _ordered(results: tuple[Result, ...], words: tuple[str, ...]) -> tuple[Result, ...]:
    def place(result: Result) -> tuple[bool, int]:
        title = result.title.casefold()
        named = all(word.casefold() in title for word in words)
        return not named, -(result.on.toordinal() if result.on else 0)

    return tuple(sorted(results, key=place))
