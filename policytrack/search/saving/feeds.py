"""Feed readers with what is new to a search and open to everybody, as Atom 1.0 (RFC 4287).

Readers keep addresses in the open, and share them: a feed shows what is public, whoever's it is.
The worker adds what is new; a feed is shown without a search.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from urllib.parse import urlsplit
from xml.etree import ElementTree

from flask import Flask, current_app
from flask_babel import force_locale

from policytrack.core import clock, i18n
from policytrack.core.db import session as current_session
from policytrack.core.db import transaction
from policytrack.core.documents import Result
from policytrack.core.i18n import gettext as _
from policytrack.core.permissions import ANONYMOUS
from policytrack.core.requests import settings
from policytrack.notifications.presenters import address_of
from policytrack.search.handover.rows import beginning
from policytrack.search.index.generations import Unusable
from policytrack.search.presenters import kind_of_one
from policytrack.search.saving import finding, queries, service
from policytrack.search.saving.models import SavedSearch
from policytrack.search.saving.rules import FIRST_ENTRIES, unpacked

MEDIA_TYPE = "application/atom+xml"
_ATOM = "http://www.w3.org/2005/Atom"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
# Since when these names are given: RFC 4151 wants a day on which the name was ours.
_SINCE = "2026"
# What XML 1.0 has no place for.
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")

ElementTree.register_namespace("", _ATOM)


def look() -> bool:
    """Look for what is new to the one feed that is due; return whether there may be another."""
    app = cast(Flask, current_app._get_current_object())  # type: ignore[attr-defined]  # a proxy's own
    current, now = current_session(), clock.now()
    seen = queries.due_feed(current, now)
    if seen is None:
        return False
    try:
        find, fresh = finding.news(app, seen.query, ANONYMOUS, unpacked(seen.feed_known))
    except Unusable:
        return False
    current.expunge(seen)
    with transaction() as session:
        service.feed_on(session, seen=seen, find=find, fresh=fresh, now=now)
    return True


def beginning_of(app: Flask, find: finding.Find) -> list[Result]:
    """Return what a new feed begins with."""
    return finding.shown(app, list(find.keys[:FIRST_ENTRIES]), ANONYMOUS, i18n.DEFAULT)


@dataclass(frozen=True, slots=True)
class Feed:
    """Hold a feed as it is sent, and when it last changed."""

    body: bytes
    changed_at: datetime


def feed(saved: SavedSearch, own_address: str) -> Feed:
    """Return the feed of a search: of its entries those that are public now."""
    app = cast(Flask, current_app._get_current_object())  # type: ignore[attr-defined]  # a proxy's own
    entries: list[Mapping[str, str]] = saved.feed_entries.get("entries", [])
    moments = {each["key"]: each["at"] for each in entries}
    language = saved.feed_language if saved.feed_language in i18n.LANGUAGES else i18n.DEFAULT
    changed_at = saved.feed_changed_at or saved.created_at
    with force_locale(language):
        results = finding.shown(app, list(moments), ANONYMOUS, language)
        root = ElementTree.Element(f"{{{_ATOM}}}feed", {_LANG: language})
        _add(root, "id", _tag("search", saved.public_id))
        _add(root, "title", _("Search: %(words)s", words=saved.name))
        _add(root, "subtitle", _("What is new and open to everybody; newest first."))
        _add(root, "updated", changed_at.isoformat(timespec="seconds"))
        _link(root, "self", own_address, MEDIA_TYPE)
        _link(root, "alternate", f"{address_of('search.search')}?{saved.query}", "text/html")
        _add(_add(root, "author"), "name", "PolicyTrack")
        for result in results:
            _entry(root, result, moments[result.key])
    current_session().rollback()
    body = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return Feed(body, changed_at)


def _tag(kind: str, name: str) -> str:
    """Return a name that stays, whatever becomes of addresses (RFC 4151)."""
    host = urlsplit(settings().external_url).hostname or "localhost"
    return f"tag:{host},{_SINCE}:{kind}/{name}"


def _entry(root: ElementTree.Element, result: Result, at: str) -> None:
    kind, _colon, name = finding.named(result.key).partition(":")
    entry = _add(root, "entry")
    _add(entry, "id", _tag(kind, name))
    title = _add(entry, "title", result.title or name)
    title.set(_LANG, result.title_language)
    _add(entry, "updated", at)
    _link(entry, "alternate", address_of(result.endpoint, **result.values), "text/html")
    category = _add(entry, "category")
    category.set("term", kind)
    category.set("label", kind_of_one(kind))
    said = "\n\n".join(filter(None, (result.context, beginning(result.text))))
    if said:
        summary = _add(entry, "summary", said)
        summary.set(_LANG, result.text_language)


def _add(parent: ElementTree.Element, name: str, text: str = "") -> ElementTree.Element:
    made = ElementTree.SubElement(parent, f"{{{_ATOM}}}{name}")
    if text:
        made.text = _UNWRITABLE.sub("", text)
    return made


def _link(parent: ElementTree.Element, rel: str, href: str, media_type: str) -> None:
    link = _add(parent, "link")
    link.set("rel", rel)
    link.set("href", href)
    link.set("type", media_type)
