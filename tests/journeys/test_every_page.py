"""Every kind of page that any role reaches, in a browser: accessible, not too wide, no fault."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from flask import Flask
from werkzeug.exceptions import HTTPException

from policytrack.demonstration.people import OFFICERS
from tests.journeys.person import Person

# The public first: what others see alike is looked at once.
WHO = (
    "",
    "researcher@example.org",
    "observer@example.org",
    "contributor.np@example.org",
    "focal.np@example.org",
    OFFICERS[0],
    "administrator@example.org",
)
# Each language in another width and colour scheme: all three show wherever they break.
LOOKS = (("en", 1280, "light"), ("ar", 360, "dark"))
BEGINNINGS = ("/", "/sign-in", "/search?q=fees", "/no-such-page")
_SHAPE = """() => [...document.querySelectorAll("main *")]
    .map(each => each.tagName + "." + (each.getAttribute("class") || "")).join(" ")"""
_LINKS = (
    """() => [...document.querySelectorAll("a[href]")].map(each => each.getAttribute("href"))"""
)


def _kind(app: Flask, address: str) -> str:
    """Return the endpoint that answers; none for what is no page."""
    try:
        endpoint, _values = app.url_map.bind("localhost").match(
            urlsplit(address).path, method="GET"
        )
    except HTTPException:
        return "missing"
    return "" if endpoint == "static" else str(endpoint)


def _pages(app: Flask, person: Person, files: dict[str, bool]) -> Iterator[str]:
    """Walk by links, one page of each kind; `files` remembers which kinds are no pages."""
    queue, seen = list(BEGINNINGS), set()
    while queue:
        address = queue.pop(0)
        kind = _kind(app, address)
        if kind in seen or not kind:
            continue
        seen.add(kind)
        if kind not in files:
            files[kind] = not _is_page(person, address)
        if files[kind]:
            continue
        answer = person.page.goto(f"{person.site}{address}")
        assert answer is not None
        assert answer.status < 400 or address == "/no-such-page", (address, answer.status)
        yield address
        queue += [
            link.split("#")[0] for link in person.page.evaluate(_LINKS) if re.match(r"/(?!/)", link)
        ]


def _is_page(person: Person, address: str) -> bool:
    answer = person.page.request.get(f"{person.site}{address}", max_redirects=3)
    assert answer.status < 400 or address == "/no-such-page", (address, answer.status)
    return "text/html" in answer.headers.get("content-type", "")


@pytest.mark.parametrize(("language", "width", "scheme"), LOOKS)
def test_every_kind_of_page_of_every_role(
    make_person: Callable[..., Person],
    shared_app: Flask,
    once: None,
    language: str,
    width: int,
    scheme: str,
) -> None:
    # A kind of page is looked at the first time, and whenever it holds what no page held before.
    kinds: set[str] = set()
    known: set[str] = set()
    files: dict[str, bool] = {}
    faults: list[str] = []
    for who in WHO:
        person = make_person(language, width, scheme)
        if who:
            person.signs_in(who)
        else:
            person.page.goto(f"{person.site}/")
            person.speaks()
        for address in _pages(shared_app, person, files):
            kind, shape = _kind(shared_app, address), set(person.page.evaluate(_SHAPE).split())
            if kind not in kinds or shape - known:
                kinds.add(kind)
                known |= shape
                person.looks()
        faults += [f"{who or 'public'}: {fault}" for fault in person.faults]
        person.page.close()
    expected = [fault for fault in faults if "404 (" in fault]
    assert [fault for fault in faults if fault not in expected] == []
    assert len(kinds) > 50
