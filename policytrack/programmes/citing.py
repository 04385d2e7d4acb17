"""Tell the library which programmes name its documents."""

from __future__ import annotations

from collections.abc import Sequence

from flask import url_for
from sqlalchemy.orm import Session

from policytrack.core.i18n import gettext as _
from policytrack.core.i18n import label, label_language
from policytrack.core.permissions import Actor
from policytrack.library.citers import MOST, Citing, Group, Source
from policytrack.library.models import LibraryDocument
from policytrack.programmes import queries


class ProgrammeCiters(Source):
    """Offer programmes: everybody reads them."""

    def groups(self, session: Session, actor: Actor, document: LibraryDocument) -> Sequence[Group]:
        """Return the programmes that name a document; no group where none does."""
        found = queries.citing(session, actor, document.id)
        items = [
            Citing(
                label(each.labels),
                label_language(each.labels),
                url_for("pages.programme", code=each.code),
                pages=tuple(int(page) for page in each.pages if page.isdecimal()),
                demonstration=each.demonstration,
            )
            for each in found[:MOST]
        ]
        return [Group("programmes", _("Programmes"), len(found), items)] if items else []


source = ProgrammeCiters()
