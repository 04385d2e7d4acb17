"""Tell the library which contributions to commitments rest on its documents."""

from __future__ import annotations

from collections.abc import Sequence

from flask import url_for
from sqlalchemy.orm import Session

from policytrack.commitments.contributing import queries
from policytrack.commitments.contributing.rules import Basis
from policytrack.commitments.contributing.words import BASIS_WORDS
from policytrack.commitments.models import ProgrammeContribution
from policytrack.core import clock
from policytrack.core.i18n import gettext as _
from policytrack.core.i18n import label, label_language
from policytrack.core.permissions import Actor
from policytrack.library.citers import MOST, Citing, Group, Source
from policytrack.library.models import LibraryDocument


class ContributionCiters(Source):
    """Offer what programmes contributed, of what the reader may see."""

    def groups(self, session: Session, actor: Actor, document: LibraryDocument) -> Sequence[Group]:
        """Return the contributions that rest on a document; no group where none does."""
        found = queries.citing(session, actor, document.id, clock.now())
        items = [_contribution(each) for each in found[:MOST]]
        heading = _("What programmes contributed to commitments")
        return [Group("contributions", heading, len(found), items)] if items else []


def _contribution(each: ProgrammeContribution) -> Citing:
    text = each.commitment.in_force
    programme = each.programme.labels
    return Citing(
        text.title if text else each.commitment.address,
        text.language if text else "",
        url_for("pages.commitment", address=each.commitment.address),
        context=_(
            "%(programme)s, %(basis)s",
            programme=label(programme),
            basis=str(BASIS_WORDS[Basis(each.basis)]),
        ),
        context_language=label_language(programme),
        on=each.stated_at,
        pages=(each.page,) if each.page else (),
        demonstration=each.commitment.demonstration,
    )


source = ContributionCiters()
