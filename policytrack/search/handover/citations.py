"""Say how what was found is cited: documents as the library does, the rest by its page here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from policytrack.core.documents import Result
from policytrack.core.i18n import label
from policytrack.core.permissions import Actor
from policytrack.library.citing import Citable, Organisation, Other
from policytrack.library.presenters.citations import citable
from policytrack.search import queries
from policytrack.search.handover.rows import address_of
from policytrack.search.taking import is_open, thing_of

_SITE = "PolicyTrack"
_KINDS: Mapping[str, Other] = {"note": Other.NOTE, "commitment": Other.COMMITMENT}


def citables(
    session: Session, results: Sequence[Result], actor: Actor, now: datetime, search: str
) -> list[Citable]:
    """Return how results are cited, in their order; what is not published is left out.

    `search` says with which search they were found.
    """
    published = [result for result in results if not is_open(result.key)]
    documents = queries.documents(session, _ids(published, "document"), actor, now)
    titles = queries.translated(session, documents.values(), actor, now) if documents else {}
    leads = queries.leads(session, _ids(published, "commitment"))
    found = []
    for result in published:
        if result.kind != "document":
            found.append(_page(result, leads, search))
        elif document := documents.get(thing_of(result.key)):
            found.append(citable(actor, document, titles, search=search))
    return found


def _ids(results: Sequence[Result], kind: str) -> list[str]:
    return [thing_of(result.key) for result in results if result.kind == kind]


def _page(result: Result, leads: Mapping[str, Mapping[str, str]], search: str) -> Citable:
    name, number = "", ""
    if result.kind == "note":
        name = result.context
    elif result.kind == "commitment":
        name, number = label(leads.get(thing_of(result.key), {})), result.context
    return Citable(
        key=thing_of(result.key),
        kind=_KINDS.get(result.kind, Other.PAGE),
        title=result.title,
        title_language=result.title_language,
        language=result.title_language,
        url=address_of(result),
        authors=(Organisation(name),) if name else (),
        issued=result.on.isoformat() if result.on else "",
        publisher=_SITE,
        number=number,
        search=search,
    )
