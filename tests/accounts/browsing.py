"""Fill in and send the forms of a page as a browser would."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

from flask.testing import FlaskClient
from werkzeug.test import TestResponse


@dataclass
class PageForm:
    """Hold a form of a page: where it goes, and what it would send untouched."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)

    def filled(self, **typed: str) -> list[tuple[str, str]]:
        """Return what is sent once these fields are filled in."""
        names = set(typed)
        kept = [(name, value) for name, value in self.fields if name not in names]
        return [*kept, *typed.items()]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[PageForm] = []
        self.inside: PageForm | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = PageForm(given.get("action", ""), given.get("method", "get"))
            self.forms.append(self.inside)
        elif tag == "input" and self.inside and "name" in given:
            ticks = given.get("type") in {"checkbox", "radio"}
            if not ticks or "checked" in given:
                self.inside.fields.append((given["name"], given.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = None


def forms(page: TestResponse) -> list[PageForm]:
    """Return the forms of a page."""
    reader = _Reader()
    reader.feed(page.text)
    return reader.forms


def form(page: TestResponse, action: str) -> PageForm:
    """Return the form of a page that posts to an address."""
    found = [each for each in forms(page) if each.action == action and each.method == "post"]
    assert found, f"no form to {action} among {[each.action for each in forms(page)]}"
    return found[0]


def send(client: FlaskClient, page: TestResponse, action: str, **typed: str) -> TestResponse:
    """Fill in a page's form and send it."""
    pairs = form(page, action).filled(**typed)
    data: dict[str, list[str]] = {}
    for name, value in pairs:
        data.setdefault(name, []).append(value)
    return client.post(action, data=data)
