"""Every page that any role reaches, in every language: whole, light, and nowhere a dead end."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import brotli
import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient
from html5lib.html5parser import ParseError
from sqlalchemy import select

from policytrack.accounts.models import User
from policytrack.core.db import db
from policytrack.core.i18n import LANGUAGES
from tests.conftest import ONE_OF_EACH_ROLE

SignIn = Callable[[FlaskClient, User], None]

WEIGHT = 100_000
# How many pages of a kind; in other languages the same pages stand in other words.
PER_ENDPOINT = {"en": 2, "ar": 1, "fr": 1}
IN_ALL_LANGUAGES = {"", "focal.np@example.org"}
ON_BOTH_DATABASES = {"", "focal.np@example.org", "officer.one@example.org"}
# An empty alt, aria-hidden drawing or hidden field may repeat; an id never.
_ELEMENT = re.compile(r'<\w+(?: class="[^"]*")?')
_parsed: set[tuple[str, frozenset[str]]] = set()
_LINK = re.compile(r'<a\b[^>]*\bhref="([^"]+)"')


@dataclass
class Found:
    address: str
    endpoint: str
    html: str
    size: int


def _crawl(app: Flask, browser: FlaskClient, language: str) -> Iterator[Found]:
    """Follow links breadth-first, a few pages for each kind of page."""
    seen: set[str] = set()
    kinds: Counter[str] = Counter()
    queue = ["/", "/about", "/accessibility", "/sign-in", "/search?q=fee"]
    while queue:
        address = queue.pop(0)
        if address in seen:
            continue
        seen.add(address)
        adapter = app.url_map.bind("localhost")
        endpoint, _ = adapter.match(urlsplit(address).path, method="GET")
        kinds[endpoint] += 1
        if kinds[endpoint] > PER_ENDPOINT[language] or endpoint == "static":
            continue
        answer = browser.get(address, headers={"Accept-Language": language})
        assert answer.status_code < 400, (address, answer.status)
        if answer.mimetype != "text/html" or answer.status_code >= 300:
            answer.close()
            continue
        html = answer.get_data(as_text=True)
        # As the site sends it: see the settings of compression in `web`.
        yield Found(address, endpoint, html, len(brotli.compress(html.encode(), quality=4)))
        queue += [
            link.replace("&amp;", "&").split("#")[0]
            for link in _LINK.findall(html)
            if link.startswith("/") and not link.startswith("//")
        ]


def _faults(page: Found) -> list[str]:
    faults = []
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    try:
        tree = parser.parse(page.html)
    except ParseError as error:
        return [f"{page.address}: not valid HTML: {error}"]
    headings = len(tree.findall(".//h1"))
    if headings != 1:
        faults.append(f"{page.address}: {headings} h1")
    title = tree.find(".//title")
    if title is None or len((title.text or "").split("·")[0].strip()) < 3:
        faults.append(f"{page.address}: no title")
    ids = Counter(element.get("id") for element in tree.iter() if element.get("id"))
    twice = [name for name, count in ids.items() if count > 1]
    if twice:
        faults.append(f"{page.address}: ids twice: {twice}")
    if page.size > WEIGHT:
        faults.append(f"{page.address}: {page.size} bytes")
    anchors = re.findall(r'(?:aria-labelledby|aria-describedby|for)="([^"]+)"', page.html)
    missing = {name for value in anchors for name in value.split()} - set(ids)
    if missing:
        faults.append(f"{page.address}: points at nothing: {sorted(missing)}")
    return faults


@pytest.mark.parametrize("who", ONE_OF_EACH_ROLE, ids=lambda who: who or "public")
def test_every_page_of_every_role_is_whole(
    demonstrated: Flask, sign_in: SignIn, database_kind: str, who: str
) -> None:
    if database_kind != "sqlite" and who not in ON_BOTH_DATABASES:
        pytest.skip("what differs by database shows with the others")
    faults: list[str] = []
    seen = 0
    spoken = LANGUAGES if database_kind == "sqlite" and who in IN_ALL_LANGUAGES else ("en",)
    for language in spoken:
        browser = demonstrated.test_client()
        if who:
            with demonstrated.app_context():
                person = db.session.scalars(select(User).where(User.email == who)).one()
                person.language = language
                db.session.commit()
                sign_in(browser, person)
        for page in _crawl(demonstrated, browser, language):
            seen += 1
            html = f'<html lang="{language}" dir="{LANGUAGES[language].direction}"'
            if html not in page.html:
                faults.append(f"{page.address}: does not say that it is in {language}")
            # Parsing is slow: what is built of the same elements is parsed once, and beside
            # SQLite only.
            built = (page.endpoint, frozenset(_ELEMENT.findall(page.html)))
            if database_kind == "sqlite" and (built not in _parsed or page.size > WEIGHT):
                _parsed.add(built)
                faults += _faults(page)
    assert faults == []
    assert seen > 20
