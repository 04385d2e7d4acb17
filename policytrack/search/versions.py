"""Say where a word was found that stands only in a version which its result does not show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from markupsafe import Markup

from policytrack.core.documents import Result
from policytrack.search import highlight
from policytrack.search.asking.question import Phrase


def elsewhere(
    result: Result, shown: Iterable[Markup], forms: frozenset[str], added: Sequence[Phrase]
) -> tuple[Markup, str] | None:
    """Return what the first version says that has a word, and its language.

    None where what is shown has one, or where no words were asked for.
    """
    if not (forms or added) or any(map(_is_marked, shown)):
        return None
    for version in result.versions:
        said = (
            highlight.fragment(version.text, version.language, forms, added),
            highlight.marked(version.title, version.language, forms, added),
        )
        if text := next(filter(_is_marked, said), None):
            return text, version.language
    return None


def _is_marked(text: Markup) -> bool:
    return "<mark>" in text  # a sign that stood in the text is escaped
