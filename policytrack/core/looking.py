"""Look for words in what the database holds, letter by letter: slower than the index, and enough.

Only what a feature's own rules let the asker see may be looked through.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, or_

from policytrack.core.i18n import LANGUAGES


def says(words: Sequence[str], *columns: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    """Return the clause for every word standing in any of these columns, small or capital.

    `%` and `_` in a word mean themselves.
    """
    return and_(
        *(
            or_(
                *(
                    column.icontains(each, autoescape=True)
                    for column in columns
                    for each in _cases(word)
                )
            )
            for word in words
        )
    )


def named(labels: Any) -> list[SQLColumnExpression[str]]:
    """Return what a column of labels says in each language of the site."""
    return [labels[language].as_string() for language in LANGUAGES]


def _cases(word: str) -> list[str]:
    """Return a word as it may be written: not every database knows capitals beyond ASCII."""
    if word.isascii():
        return [word]
    return list(dict.fromkeys((word, word.lower(), word.upper(), word.capitalize())))
