"""Run a saved search for somebody, and see what of its results is new to them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlsplit

from flask import Flask
from werkzeug.datastructures import MultiDict

from policytrack.core import i18n
from policytrack.core.documents import Result
from policytrack.core.permissions import Actor
from policytrack.search import engine, given
from policytrack.search.addresses import address
from policytrack.search.engine import Wanted
from policytrack.search.saving import rules
from policytrack.search.saving.rules import Things
from policytrack.search.taking import AT_A_TIME, is_open

# Who writes much describes what they look for; of a short question nothing but all will do.
_FEW_PARTS = 5
_MOST_FIELDS = 500


@dataclass(frozen=True, slots=True)
class Find:
    """Hold what a search finds that is published: a key for each thing, the latest first."""

    keys: tuple[str, ...]
    too_many: bool

    @property
    def things(self) -> Things:
        """Return by what these things are remembered."""
        return rules.digests(map(named, self.keys))

    def new_to(self, known: Things) -> list[str]:
        """Return the keys of what is not known yet."""
        return [key for key in self.keys if rules.digest(named(key)) not in known]


def named(key: str) -> str:
    """Return the name of a thing, whichever part of it the key names."""
    return key.rpartition(":")[0]


def wanted_of(query: str) -> Wanted:
    """Return what the address of a search asks for; nothing where it makes no sense."""
    try:
        pairs = parse_qsl(query[: rules.QUERY_LENGTH], max_num_fields=_MOST_FIELDS)
    except ValueError:
        pairs = []
    return replace(given.wanted(MultiDict(pairs)), page=1)


def query_of(wanted: Wanted) -> str:
    """Return the address of a search behind its question mark, always the same for the same."""
    return urlsplit(address(replace(wanted, page=1))).query


def published(app: Flask, query: str, actor: Actor) -> Find:
    """Return what a search finds of what is published and the actor may see.

    Drafts are told of where they are worked on. Where nothing has all the words of a short
    question, what has some of them is no find. Raises `generations.Unusable` without an index.
    """
    wanted = replace(wanted_of(query), sort="date")
    order = engine.order(app, wanted, actor=actor, most=rules.MOST_RESULTS + 1)
    if order.relaxed and len(order.question.parts) <= _FEW_PARTS:
        return Find((), too_many=False)
    things = {named(key): key for key in reversed(order.keys) if not is_open(key)}
    return Find(tuple(reversed(things.values())), too_many=order.total > rules.MOST_RESULTS)


def shown(app: Flask, keys: list[str], actor: Actor, language: str) -> list[Result]:
    """Return what the database shows the actor of these documents now, in their order."""
    return [
        result
        for start in range(0, len(keys), AT_A_TIME)
        for result in engine.resolve(app, keys[start : start + AT_A_TIME], actor, language)
    ]


def news(app: Flask, query: str, actor: Actor, known: Things) -> tuple[Find, list[str]]:
    """Return what a search finds, and the keys of what of it is not known yet and shown now.

    What the database does not show yet, or no longer, is for another time. Raises
    `generations.Unusable` without an index.
    """
    find = published(app, query, actor)
    results = shown(app, find.new_to(known), actor, i18n.DEFAULT)
    return find, [result.key for result in results]
