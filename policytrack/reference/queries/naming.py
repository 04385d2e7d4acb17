"""Read the names of what codes stand for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import false, select
from sqlalchemy.orm import Session

from policytrack.reference.kinds import KINDS
from policytrack.reference.queries.tables import codes, labels, packaged
from policytrack.reference.rules import LANGUAGES


@dataclass(frozen=True, slots=True)
class Named:
    """Hold the name of what a code stands for; what is retired is offered no more."""

    labels: Mapping[str, str]
    retired: bool = False


Names = Mapping[str, Mapping[str, Named]]


def names(session: Session, kinds: Iterable[str]) -> Names:
    """Return, by kind and code, the names of what columns can point to, in the order of lists."""
    return {kind: _names(session, kind) for kind in dict.fromkeys(kinds)}


def _names(session: Session, name: str) -> dict[str, Named]:
    if name not in KINDS:
        return {row["code"]: Named(labels(row)) for row in packaged(name)}
    if name == "corridors":
        return _corridors(session)
    kind = KINDS[name]
    model: Any = kind.model
    code = getattr(model, kind.by_name[kind.key[0]].holder)
    retired = model.retired if kind.retirable else false()
    order = getattr(model, "position", code)
    found = session.execute(select(code, model.labels, retired).order_by(order))
    return {key: Named(own, bool(gone)) for key, own, gone in found}


def _corridors(session: Session) -> dict[str, Named]:
    places = _names(session, "countries")
    found = {}
    for code in sorted(codes(session, "corridors")):
        ends = [places[end].labels for end in code.split("-")]
        found[code] = Named(
            {
                language: " – ".join(end[language] for end in ends)
                for language in LANGUAGES
                if all(end.get(language) for end in ends)
            }
        )
    return found
