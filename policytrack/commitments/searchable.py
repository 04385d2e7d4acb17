"""Turn commitments into search documents: the text in force for all, the open one for a few.

Names of provisions, themes and countries are not text of a commitment: they go in as codes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, selectinload

from policytrack.commitments import policy
from policytrack.commitments.models import (
    Commitment,
    CommitmentRevision,
    CommitmentTranslation,
)
from policytrack.commitments.rules import TextState
from policytrack.core.documents import (
    PUBLIC,
    SECRETARIAT,
    Passage,
    Result,
    SearchDocument,
    Version,
    own,
)
from policytrack.core.looking import says
from policytrack.core.permissions import Actor
from policytrack.core.translations import Offer, preferred
from policytrack.frameworks.models import Theme
from policytrack.places.models import Corridor

IN_FORCE, OPEN = "in_force", "open"

_TEXTS = (Commitment.in_force, Commitment.open)
_LISTS = (
    CommitmentRevision.provisions,
    CommitmentRevision.themes,
    CommitmentRevision.sectors,
    CommitmentRevision.target_groups,
    CommitmentRevision.countries,
    CommitmentRevision.corridors,
    CommitmentRevision.translations,
)


class CommitmentSource:
    """Offer commitments to the index."""

    kind = "commitment"

    def public_ids(self, session: Session) -> Iterator[str]:
        """Yield the ids of commitments with a text in force or an open one."""
        yield from session.scalars(
            select(Commitment.public_id)
            .where(or_(Commitment.in_force_id.is_not(None), Commitment.open_id.is_not(None)))
            .order_by(Commitment.id)
        )

    def documents(self, session: Session, public_ids: Sequence[str]) -> Sequence[SearchDocument]:
        """Return a public document for the text in force, a restricted one for an open text."""
        things = session.scalars(
            select(Commitment)
            .where(Commitment.public_id.in_(public_ids))
            .options(
                selectinload(Commitment.lead),
                *(selectinload(text).selectinload(each) for text in _TEXTS for each in _LISTS),
            )
        )
        found = []
        for thing in things:
            if thing.in_force is not None:
                found.append(_document(thing, thing.in_force, IN_FORCE, (PUBLIC,)))
            if thing.open is not None:
                found.append(_document(thing, thing.open, OPEN, _readers(thing, thing.open)))
        return found

    def look(
        self, session: Session, words: Sequence[str], actor: Actor, most: int
    ) -> Sequence[str]:
        """Return the keys of texts with every word, or a translation that has them."""
        text, other = CommitmentRevision, CommitmentTranslation
        translated = select(other.revision_id).where(says(words, other.title, other.text))
        rows = session.execute(
            select(Commitment.public_id, text.id == Commitment.open_id)
            .join(text, text.id.in_((Commitment.in_force_id, Commitment.open_id)))
            .where(
                policy.visible_to(actor),
                policy.visible_revisions(actor),
                or_(
                    says(words, text.title, text.text, Commitment.code),
                    text.id.in_(translated),
                ),
            )
            .order_by(func.coalesce(text.decided_at, text.created_at).desc(), text.id.desc())
            .limit(most)
        )
        return [
            f"{self.kind}:{public_id}:{OPEN if is_open else IN_FORCE}"
            for public_id, is_open in rows
        ]

    def results(
        self, session: Session, keys: Sequence[str], actor: Actor, language: str
    ) -> Mapping[str, Result]:
        """Return what the actor may see of these documents, by key, read in sets."""
        wanted = {key for key in keys if key.startswith(f"{self.kind}:")}
        ids = {key.split(":", 2)[1] for key in wanted}
        things = session.scalars(
            select(Commitment)
            .where(Commitment.public_id.in_(ids), policy.visible_to(actor))
            .options(
                *(
                    selectinload(text).selectinload(CommitmentRevision.translations)
                    for text in _TEXTS
                )
            )
        )
        found = {}
        for thing in things:
            for part, revision in ((IN_FORCE, thing.in_force), (OPEN, thing.open)):
                key = f"{self.kind}:{thing.public_id}:{part}"
                if (
                    key in wanted
                    and revision is not None
                    and policy.revision_visible(actor, thing, revision)
                ):
                    found[key] = _result(key, thing, revision, language)
        return found


source = CommitmentSource()


def _readers(commitment: Commitment, revision: CommitmentRevision) -> tuple[str, ...]:
    readers = [own(commitment.lead_id)]
    if revision.state == TextState.PROPOSED or revision.on_behalf:
        readers.append(SECRETARIAT)
    return tuple(readers)


def _document(
    commitment: Commitment, revision: CommitmentRevision, part: str, access: tuple[str, ...]
) -> SearchDocument:
    passages = _passages(revision)
    if commitment.code:
        passages = (Passage(commitment.code, revision.language, "title"), *passages)
    return SearchDocument(
        kind=CommitmentSource.kind,
        public_id=commitment.public_id,
        part=part,
        access=access,
        passages=passages,
        codes={
            **codes(revision, country=commitment.lead.country_iso2),
            "code": (commitment.code,) if commitment.code else (),
            "group": (commitment.lead.group,),
            "gender": (str(revision.gender_marker),),
            "language": in_order(each.language for each in passages),
        },
        on=(revision.decided_at or revision.created_at).date(),
    )


def codes(
    text: CommitmentRevision | None,
    *,
    country: str | None = None,
    corridor: Corridor | None = None,
    theme: Theme | None = None,
) -> dict[str, tuple[str, ...]]:
    """Return the codes of what a text is classified by, and of what is named beside it."""
    corridors = [*(text.corridors if text else ()), *([corridor] if corridor else ())]
    themes = [*(text.themes if text else ()), *([theme] if theme else ())]
    ends = [end for each in corridors for end in (each.origin_iso2, each.destination_iso2)]
    countries = [each.iso2 for each in (text.countries if text else ())]
    return {
        "country": in_order((*countries, *ends, country)),
        "corridor": in_order(each.code for each in corridors),
        # A search in an area finds its sub-themes too.
        "theme": in_order(code for each in themes for code in (each.code, each.parent_code)),
        "provision": in_order(
            f"{each.framework_code}:{each.code}" for each in (text.provisions if text else ())
        ),
        "sector": in_order(each.code for each in (text.sectors if text else ())),
        "target": in_order(each.code for each in (text.target_groups if text else ())),
    }


def in_order(codes: Iterable[str | None]) -> tuple[str, ...]:
    """Return codes, each once, without what is none."""
    return tuple(sorted({code for code in codes if code}))


def _passages(revision: CommitmentRevision) -> tuple[Passage, ...]:
    texts = [(revision.title, revision.text, revision.language)]
    texts += [(each.title, each.text, each.language) for each in revision.translations]
    return tuple(
        passage
        for title, text, language in texts
        for passage in (Passage(title, language, "title"), Passage(text, language))
        if passage.text
    )


def _result(
    key: str, commitment: Commitment, revision: CommitmentRevision, language: str
) -> Result:
    offers = [Offer(each.language, each.kind, each) for each in revision.translations]
    offer = preferred(revision.language, offers, language)
    shown_language = offer.language if offer else revision.language
    versions = [Version(revision.title, revision.text, revision.language)]
    versions += [Version(each.title, each.text, each.language) for each in revision.translations]
    return Result(
        key=key,
        kind=CommitmentSource.kind,
        title=offer.content.title if offer else revision.title,
        title_language=shown_language,
        text=offer.content.text if offer else revision.text,
        text_language=shown_language,
        endpoint="pages.commitment",
        values={"address": commitment.address},
        context=commitment.code or "",
        on=(revision.decided_at or revision.created_at).date(),
        versions=[each for each in versions if each.language != shown_language],
    )
