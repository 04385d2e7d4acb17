"""Tell the library which dialogues name its documents."""

from __future__ import annotations

from collections.abc import Sequence

from flask import url_for
from sqlalchemy.orm import Session

from policytrack.core.i18n import gettext as _
from policytrack.core.i18n import label, label_language
from policytrack.core.permissions import Actor
from policytrack.dialogues import queries
from policytrack.dialogues.words import KIND_WORDS
from policytrack.library.citers import MOST, Citing, Group, Source
from policytrack.library.models import LibraryDocument
from policytrack.library.presenters import naming


class DialogueCiters(Source):
    """Offer dialogues: everybody reads them."""

    def groups(self, session: Session, _actor: Actor, document: LibraryDocument) -> Sequence[Group]:
        """Return the dialogues that name a document; no group where none does."""
        found = queries.citing(session, document.id)
        items = [
            Citing(
                label(each.labels),
                label_language(each.labels),
                url_for("pages.dialogue", public_id=each.public_id),
                context=f"{KIND_WORDS[each.kind]} · {naming.day(each.starts)}",
                demonstration=each.demonstration,
            )
            for each in found[:MOST]
        ]
        return [Group("dialogues", _("Dialogues"), len(found), items)] if items else []


source = DialogueCiters()
