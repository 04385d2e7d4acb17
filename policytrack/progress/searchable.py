"""Turn models into search documents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy.orm import Session

from policytrack.core.documents import Result, SearchDocument
from policytrack.core.permissions import Actor


class _Source:
    kind = "stub"

    def public_ids(self, session: Session) -> Iterator[str]:
        return iter(())

    def documents(self, session: Session, public_ids: Sequence[str]) -> Sequence[SearchDocument]:
        return ()

    def results(
        self, session: Session, keys: Sequence[str], actor: Actor, language: str
    ) -> Mapping[str, Result]:
        return {}


source = _Source()
