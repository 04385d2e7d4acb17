"""Make a reading of a draft: clean its text, leave out heads and feet, tell its languages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from policytrack.library.reading.draft import Draft
from policytrack.library.reading.results import (
    Kind,
    Origin,
    Outcome,
    PageText,
    Reading,
    Unit,
)
from policytrack.library.reading.text import characters, heads, hyphens, said
from policytrack.library.reading.text.language import language_of, script_of

_TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")


def finished(draft: Draft, kind: Kind) -> Reading:
    """Return a reading as it is handed to the caller."""
    texts = _texts(draft)
    languages, whole = _languages(texts, draft.language)
    pages = tuple(
        PageText(number, text, page.origin, language)
        for number, (page, text, language) in enumerate(
            zip(draft.pages, texts, languages, strict=True), 1
        )
    )
    has_text = any(texts)
    pictures = any(page.origin is Origin.NONE for page in pages)
    return Reading(
        Outcome.READ if has_text else Outcome.NO_TEXT,
        kind,
        reason="" if has_text else ("pictures" if pictures else "empty"),
        unit=draft.unit,
        pages=pages,
        language=whole,
        title=said.title(draft.title),
        authors=said.authors(draft.authors),
        created=said.day(draft.created),
    )


def _texts(draft: Draft) -> list[str]:
    raw = [page.text for page in draft.pages]
    divided = [hyphens.has_divided(text) for text in raw]
    known = hyphens.compounds(raw) if any(divided) else frozenset[str]()
    texts = [
        characters.clean(hyphens.join(text, known) if joins else text)
        for text, joins in zip(raw, divided, strict=True)
    ]
    return heads.without_heads(texts) if draft.unit is Unit.PAGE else texts


def _languages(texts: Sequence[str], declared: str) -> tuple[list[str], str]:
    """Return the language of each page and of the whole."""
    found = [language_of(text) for text in texts]
    weights: Counter[str] = Counter()
    for language, text in zip(found, texts, strict=True):
        weights[language] += len(text) if language else 0
    whole = max(weights, key=lambda language: weights[language], default="")
    if not whole:
        declared = declared.strip().replace("_", "-")
        return found, declared if any(texts) and _TAG.fullmatch(declared) else ""
    # A page of names or figures is taken to be in the language of the rest, in the same script.
    first = next(text for language, text in zip(found, texts, strict=True) if language == whole)
    script = script_of(first[:500])
    return [
        language or (whole if script and script_of(text[:500]) == script else "")
        for language, text in zip(found, texts, strict=True)
    ], whole
