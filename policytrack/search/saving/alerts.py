"""Tell people by mail what is new to their searches.

The worker looks at one search after the other. What is new is put into the outbox and remembered
in one transaction: a crash before it changes nothing, after it the outbox sends. What the index has
not got yet is found at the next look: nothing rests on when a thing was published, only on whether
the owner was told of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from flask import Flask, current_app
from flask_babel import force_locale
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy.orm import Session

from policytrack.constituents.queries import actor_of
from policytrack.core import clock, i18n
from policytrack.core.db import session as current_session
from policytrack.core.db import transaction
from policytrack.notifications import mail
from policytrack.notifications.presenters import address_of
from policytrack.notifications.queries import Letter
from policytrack.search.index.generations import Unusable
from policytrack.search.presenters import belongs, kind_of_one
from policytrack.search.saving import finding, queries, service
from policytrack.search.saving.models import SavedSearch
from policytrack.search.saving.rules import MAIL_LISTS, Alert, unpacked


def init_app(app: Flask) -> None:
    """Bind the sending of news to an application's outbox."""
    app.extensions.setdefault("outbox_handlers", {})[service.NEWS] = send


def look() -> bool:
    """Look for news of the one search that is due; return whether there may be another."""
    app = cast(Flask, current_app._get_current_object())  # type: ignore[attr-defined]  # a proxy's own
    current, now = current_session(), clock.now()
    seen = queries.due_alert(current, now)
    if seen is None:
        return False
    actor = actor_of(current, seen.user)
    try:
        find, fresh = finding.news(app, seen.query, actor, unpacked(seen.reported))
    except Unusable:
        return False
    current.expunge(seen)
    with transaction() as session:
        service.report(session, seen=seen, find=find, fresh=fresh, now=now)
    return True


def send(payload: Mapping[str, Any], key: str) -> None:
    """Send news: what their reader may see at this moment, and nothing where that is nothing."""
    current = current_session()
    saved = queries.in_use(current, str(payload["search"]))
    letter = _letter(current, saved, payload) if saved is not None else None
    stop = stop_address(saved.public_id) if saved is not None else ""
    # Nothing of the database is held while a mail server takes its time.
    current.rollback()
    if letter is not None:
        mail.send(letter, key, {"List-Unsubscribe": f"<{stop}>"})


def _letter(session: Session, saved: SavedSearch, payload: Mapping[str, Any]) -> Letter | None:
    user = saved.user
    actor = actor_of(session, user)
    language = i18n.DEFAULT
    if user.language in i18n.LANGUAGES:
        language = str(user.language)
    values: dict[str, Any] = {
        "name": user.name,
        "search": saved.name,
        "run": address_of("search.search") + f"?{saved.query}",
        "manage": address_of("saved_searches.edit", public_id=saved.public_id),
        "stop": stop_address(saved.public_id),
    }
    if payload.get("too_many"):
        return Letter("search_too_many", user.email, language, values)
    if saved.alert == Alert.NONE:
        return None
    app = cast(Flask, current_app._get_current_object())  # type: ignore[attr-defined]  # a proxy's own
    with force_locale(language):
        results = finding.shown(app, list(payload["keys"]), actor, language)
        items = [
            {
                "title": result.title,
                "kind": kind_of_one(result.kind),
                "context": belongs(result),
                "url": address_of(result.endpoint, **result.values),
            }
            for result in results[:MAIL_LISTS]
        ]
    if not items:
        return None
    values |= {"items": items, "count": len(results), "more": bool(payload.get("more"))}
    return Letter("search_news", user.email, language, values)


def _signs() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="end of mail on a saved search")


def stop_address(public_id: str) -> str:
    """Return the address at which the mail on a search ends, for whoever has it in a mail."""
    return address_of("saved_searches.stop", token=_signs().dumps(public_id))


def stopped(token: str) -> str:
    """Return the search whose mail shall end; empty for what no mail of ours said."""
    try:
        return str(_signs().loads(token))
    except BadSignature:
        return ""
