"""Every kind of page that any role reaches, in a browser: accessible, not too wide, no fault."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import unescape
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.exceptions import HTTPException

from tests.conftest import ONE_OF_EACH_ROLE
from tests.journeys.person import Person

# Each language in another width and colour scheme: all three show wherever they break.
LOOKS = (("en", 1280, "light"), ("ar", 360, "dark"))
BEGINNINGS = ("/", "/sign-in", "/search?q=fees", "/no-such-page")
_TAG = re.compile(r'<(\w+)(?:\s[^>]*?class="([^"]*)")?')
_LINK = re.compile(r'<a\b[^>]*\shref="(/(?!/)[^"]*)"')


def _kind(app: Flask, address: str) -> str:
    """Return the endpoint that answers; none for what is no page."""
    try:
        endpoint, _values = app.url_map.bind("localhost").match(
            urlsplit(address).path, method="GET"
        )
    except HTTPException:
        return "missing"
    return "" if endpoint == "static" else str(endpoint)


def _pages(app: Flask, person: Person, files: set[str]) -> Iterator[tuple[str, str, str]]:
    """Walk by links, one page of each kind; yield kind, address and HTML.

    `files` remembers which kinds are no pages.
    """
    queue, seen = list(BEGINNINGS), set()
    while queue:
        address = queue.pop(0)
        kind = _kind(app, address)
        if kind in seen or not kind or kind in files:
            continue
        seen.add(kind)
        answer = person.page.request.get(f"{person.site}{address}", max_redirects=3)
        assert answer.status < 400 or address == "/no-such-page", (address, answer.status)
        if "text/html" not in answer.headers.get("content-type", ""):
            files.add(kind)
            continue
        html = answer.text()
        yield kind, address, html
        queue += [unescape(link).split("#")[0] for link in _LINK.findall(html)]


def _shape(html: str) -> set[str]:
    return {f"{tag}.{classes}" for tag, classes in _TAG.findall(html)}


def test_every_kind_of_page_of_every_role(
    once: None, make_person: Callable[..., Person], shared_app: Flask
) -> None:
    # A kind of page is opened the first time, and whenever it holds what no page held before.
    kinds: set[str] = set()
    known: set[str] = set()
    files: set[str] = set()
    faults: list[str] = []
    persons = [make_person(*look) for look in LOOKS]
    for who in ONE_OF_EACH_ROLE:
        for person in persons:
            person.becomes(who)
        # The links are the same in every look.
        for kind, address, html in _pages(shared_app, persons[0], files):
            shape = _shape(html)
            if kind not in kinds or shape - known:
                kinds.add(kind)
                known |= shape
                for person in persons:
                    person.page.goto(f"{person.site}{address}")
                    person.looks(kind)
        for person in persons:
            faults += [f"{who or 'public'}: {fault}" for fault in person.faults]
            person.faults.clear()
    expected = [fault for fault in faults if "404 (" in fault]
    assert [fault for fault in faults if fault not in expected] == []
    assert len(kinds) > 50
