"""Add, change, move, remove and put back what a programme achieved and taught."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from policytrack.core.errors import InvalidInput, NotFound, RuleViolation
from policytrack.core.i18n import lazy_gettext as _
from policytrack.core.ids import new_id
from policytrack.core.permissions import ANONYMOUS, Actor
from policytrack.programmes import policy, queries, rules
from policytrack.programmes.content import ItemContent, changed, item_content
from policytrack.programmes.models import Programme, ProgrammeItem
from policytrack.programmes.service.keeping import begin, record, refuse_stale


def add_item(
    session: Session, *, actor: Actor, programme: Programme, given: ItemContent, now: datetime
) -> ProgrammeItem:
    """Add an item at the end; raise `InvalidInput` with sentences by field."""
    begin(session, actor, programme)
    item = ProgrammeItem(
        code=f"item-{new_id()}",
        position=max((each.position for each in programme.items), default=0) + 1,
        confidence=rules.OWN_WORD,
    )
    _write(session, item, given, now)
    _state(actor, programme, item, now)
    programme.items.append(item)
    session.flush()
    record(session, actor, programme, "item_add", now, item=item.code)
    return item


def change_item(
    session: Session,
    *,
    actor: Actor,
    programme: Programme,
    code: str,
    given: ItemContent,
    seen: str,
    now: datetime,
) -> bool:
    """Change what an item says; return whether anything was different.

    Raises `NotFound`; `InvalidInput` with sentences by field; `StaleVersion` where it changed since
    the form was made.
    """
    begin(session, actor, programme)
    item = _present(programme, code)
    here = item_content(item)
    refuse_stale(here, seen)
    _write(session, item, given, now)
    session.flush()
    session.refresh(item)
    touched = changed(here, item_content(item))
    if not touched:
        return False
    if not policy.is_office(actor):
        item.confidence = rules.confidence_after(item.confidence)
    _state(actor, programme, item, now)
    session.flush()
    record(session, actor, programme, "item_change", now, touched, item=item.code)
    return True


def move_item(
    session: Session, *, actor: Actor, programme: Programme, code: str, step: int, now: datetime
) -> None:
    """Move an item one place earlier (-1) or later (1) among those of its kind."""
    begin(session, actor, programme)
    item = _present(programme, code)
    rows = sorted(programme.items, key=lambda each: (each.position, each.code))
    # Of what stands on one list only the codes change places; the rest stays between them.
    places = [at for at, each in enumerate(rows) if each.kind == item.kind and not each.retired]
    order = [rows[at].code for at in places]
    after = rules.moved(order, code, step)
    if after == order:
        return
    by_code = {each.code: each for each in rows}
    for at, each in zip(places, after, strict=True):
        rows[at] = by_code[each]
    for position, row in enumerate(rows, start=1):
        row.position = position
    session.flush()
    record(session, actor, programme, "item_move", now, ("position",), item=code)


def remove_item(
    session: Session, *, actor: Actor, programme: Programme, code: str, now: datetime
) -> None:
    """Take an item off the programme's page; it can be put back."""
    begin(session, actor, programme)
    item = _present(programme, code)
    item.retired = True
    session.flush()
    record(session, actor, programme, "item_remove", now, item=code)


def restore_item(
    session: Session, *, actor: Actor, programme: Programme, code: str, now: datetime
) -> None:
    """Put an item back that was removed; raise `RuleViolation` for any other."""
    begin(session, actor, programme)
    item = queries.item(programme, code)
    if not item.retired:
        raise RuleViolation(_("This stands on the page already."))
    item.retired = False
    session.flush()
    record(session, actor, programme, "item_restore", now, item=code)


def _present(programme: Programme, code: str) -> ProgrammeItem:
    item = queries.item(programme, code)
    if item.retired:
        raise NotFound()
    return item


def _state(actor: Actor, programme: Programme, item: ProgrammeItem, now: datetime) -> None:
    """Keep whose word an item is now."""
    item.stated_by_id = policy.acts_for(actor, programme)
    item.stated_at = now


def _write(session: Session, item: ProgrammeItem, given: ItemContent, now: datetime) -> None:
    faults: dict[str, object] = {}
    if not given.texts.get(given.language):
        faults["texts"] = _("Write the text in the language of the original.")
    total = given.total
    try:
        total = rules.complete(given.women, given.men, given.total)
    except RuleViolation as problem:
        faults["total"] = problem.message
    document_id = _document(session, item, given, faults, now)
    if faults:
        raise InvalidInput(_("Something needs to be put right"), faults)
    item.kind = given.kind
    item.language = given.language
    item.labels = dict(given.texts)
    item.country_iso2 = given.country or None
    item.women, item.men, item.total = given.women, given.men, total
    item.source = given.source
    item.document_id = document_id
    item.page = given.page


def _document(
    session: Session,
    item: ProgrammeItem,
    given: ItemContent,
    faults: dict[str, object],
    now: datetime,
) -> int | None:
    """Return the id of the document that an item rests on; add what is wrong with its source."""
    if bool(given.document) == bool(given.source):
        name = "document" if given.document else "source"
        faults[name] = _("Name one source: a document of the library, or another one.")
        return None
    if not given.document:
        return None
    # An item is public: so is what it rests on, unless it was withdrawn since.
    found = queries.paper_at(session, ANONYMOUS, given.document, now)
    held = item.document if item.document and item.document.public_id == given.document else None
    if found is None and held is None:
        faults["document"] = _("There is no document at this address that everybody may read.")
        return None
    if given.page:
        try:
            rules.page_number(given.page, found.pages if found else 0)
        except RuleViolation as problem:
            faults["page"] = problem.message
    return found.id if found else item.document_id
