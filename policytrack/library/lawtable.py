"""Answer what an address asks of laws compared: one way for the page and for its download."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from policytrack.core.permissions import Actor
from policytrack.library import queries
from policytrack.library.presenters.laws import Comparison, Known, Question, comparison, question
from policytrack.places import queries as places


@dataclass(frozen=True, slots=True)
class Answer:
    """Hold what can be asked, what is asked, and the table; None where too little is asked."""

    known: Known
    asked: Question
    table: Comparison | None


def answer(session: Session, actor: Actor, given: MultiDict[str, str], now: datetime) -> Answer:
    """Return the table that an address asks for, of what the actor may read.

    A fixed number of queries, whatever is compared.
    """
    known = Known(
        queries.compared_themes(session), places.countries(session), queries.corridors(session)
    )
    asked = question(
        given.get("theme", ""), given.getlist("country"), given.get("corridor", ""), known
    )
    if asked.theme is None or not asked.places:
        return Answer(known, asked, None)
    columns = queries.law_columns(session, asked.theme.code)
    found = queries.laws(session, actor, asked.theme.code, asked.places, now)
    return Answer(known, asked, comparison(actor, asked, columns, found, now))
