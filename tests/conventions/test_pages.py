"""Every page that any role reaches, in every language: whole, light, and nowhere a dead end."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient
from html5lib.html5parser import ParseError
from sqlalchemy import select

from policytrack.accounts.models import User
from policytrack.core import clock
from policytrack.core.db import db, transaction
from policytrack.core.i18n import LANGUAGES
from policytrack.demonstration import service as demonstration
from policytrack.search.follower import Follower

SignIn = Callable[[FlaskClient, User], None]

WEIGHT = 100_000
PER_ENDPOINT = 3
WHO = ("", *(entry.email for entry in demonstration.SIGN_INS))
# An empty alt, aria-hidden drawing or hidden field may repeat; an id never.
_LINK = re.compile(r'<a\b[^>]*\bhref="([^"]+)"')


@dataclass
class Found:
    address: str
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
        if kinds[endpoint] > PER_ENDPOINT or endpoint == "static":
            continue
        answer = browser.get(
            address, headers={"Accept-Language": language, "Accept-Encoding": "br"}
        )
        size = len(answer.get_data())
        plain = browser.get(address, headers={"Accept-Language": language})
        assert plain.status_code < 400, (address, plain.status)
        if plain.mimetype != "text/html" or plain.status_code >= 300:
            plain.close()
            answer.close()
            continue
        html = plain.get_data(as_text=True)
        yield Found(address, html, size)
        queue += [
            link.replace("&amp;", "&").split("#")[0]
            for link in _LINK.findall(html)
            if link.startswith("/") and not link.startswith("//")
        ]


def _faults(page: Found, language: str) -> list[str]:
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
    if tree.get("lang") != language or tree.get("dir") != LANGUAGES[language].direction:
        faults.append(f"{page.address}: lang {tree.get('lang')} dir {tree.get('dir')}")
    if page.size > WEIGHT:
        faults.append(f"{page.address}: {page.size} bytes")
    anchors = re.findall(r'(?:aria-labelledby|aria-describedby|for)="([^"]+)"', page.html)
    missing = {name for value in anchors for name in value.split()} - set(ids)
    if missing:
        faults.append(f"{page.address}: points at nothing: {sorted(missing)}")
    return faults


@pytest.fixture
def demo_app(app: Flask) -> Flask:
    with app.app_context():
        with transaction() as session:
            demonstration.load(session, now=clock.now())
        Follower(app).rebuild()
        db.session.remove()
    return app


@pytest.mark.parametrize("who", WHO, ids=lambda who: who or "public")
def test_every_page_of_every_role_is_whole(demo_app: Flask, sign_in: SignIn, who: str) -> None:
    faults: list[str] = []
    seen = 0
    for language in LANGUAGES:
        browser = demo_app.test_client()
        if who:
            with demo_app.app_context():
                person = db.session.scalars(select(User).where(User.email == who)).one()
                person.language = language
                db.session.commit()
                sign_in(browser, person)
        for page in _crawl(demo_app, browser, language):
            seen += 1
            faults += _faults(page, language)
    assert faults == []
    assert seen > 20
