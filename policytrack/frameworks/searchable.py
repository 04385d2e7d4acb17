"""Offer themes and provisions to the index by their labels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import Select, select, tuple_
from sqlalchemy.orm import Session, joinedload, selectinload

from policytrack.core.looking import named, says
from policytrack.core.names import NamesSource, Thing
from policytrack.frameworks.models import Provision, Theme


class ThemeSource(NamesSource):
    """Offer themes to the index."""

    kind = "theme"

    def public_ids(self, session: Session) -> Iterator[str]:
        """Yield the codes of the themes that are offered."""
        yield from session.scalars(select(Theme.code).where(~Theme.retired).order_by(Theme.code))

    def saying(self, words: Sequence[str]) -> Select[str]:
        """Return the statement for themes with every word in label or scope, in their order."""
        return (
            select(Theme.code)
            .where(~Theme.retired, says(words, *named(Theme.labels), *named(Theme.scope)))
            .order_by(Theme.position)
        )

    def things(self, session: Session, public_ids: Sequence[str]) -> Sequence[Thing]:
        """Return themes; an area carries its own code alone."""
        rows = session.scalars(select(Theme).where(Theme.code.in_(public_ids), ~Theme.retired))
        return [
            Thing(
                public_id=row.code,
                labels=row.labels,
                endpoint="pages.theme",
                values={"code": row.code},
                beneath=row.scope,
                codes={"theme": (row.code,)},
            )
            for row in rows
        ]


class ProvisionSource(NamesSource):
    """Offer provisions to the index; `BALI:B1` names one."""

    kind = "provision"

    def public_ids(self, session: Session) -> Iterator[str]:
        """Yield framework and code of the provisions that are offered."""
        rows = session.execute(
            select(Provision.framework_code, Provision.code)
            .where(~Provision.retired)
            .order_by(Provision.id)
        )
        yield from (f"{framework}:{code}" for framework, code in rows)

    def saying(self, words: Sequence[str]) -> Select[str]:
        """Return the statement for provisions with every word in label or code."""
        return (
            select(Provision.framework_code + ":" + Provision.code)
            .where(~Provision.retired, says(words, *named(Provision.labels), Provision.code))
            .order_by(Provision.id)
        )

    def things(self, session: Session, public_ids: Sequence[str]) -> Sequence[Thing]:
        """Return provisions with their frameworks."""
        pairs = [tuple(public_id.split(":", 1)) for public_id in public_ids if ":" in public_id]
        rows = session.scalars(
            select(Provision)
            .where(tuple_(Provision.framework_code, Provision.code).in_(pairs), ~Provision.retired)
            .options(joinedload(Provision.framework), selectinload(Provision.themes))
        )
        return [
            Thing(
                public_id=f"{row.framework_code}:{row.code}",
                labels=row.labels,
                others=(row.code,),
                endpoint="pages.provision",
                values={"framework": row.framework_code, "code": row.code},
                beneath=row.framework.labels,
                codes={
                    "provision": (f"{row.framework_code}:{row.code}",),
                    "theme": tuple(theme.code for theme in row.themes),
                },
            )
            for row in rows
        ]


sources = (ThemeSource(), ProvisionSource())
