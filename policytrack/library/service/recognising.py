"""Have pages that are pictures read by machine, one after the other, and keep what comes of it."""

from __future__ import annotations

import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from policytrack.core import outbox
from policytrack.core.files.models import StoredFile
from policytrack.library import queries
from policytrack.library.models import FileText, TextPage
from policytrack.library.reading import Origin, Outcome, Recognised, can_read
from policytrack.library.rules import MOST_FAILED, TURNS, Recognition
from policytrack.library.service.keeping import RECOGNISE
from policytrack.library.service.texts import spoken, tell_index

log = logging.getLogger(__name__)

# The index takes a document in as a whole: not anew for each of its pages.
_TOLD_EACH = 25


@dataclass(frozen=True, slots=True)
class Turn:
    """Hold the page whose turn it is, in which language to read it, and how often that was begun.

    `page` is 0 where no page of the file waits any more.
    """

    file_id: int
    page: int = 0
    language: str = ""
    begun: Recognition = Recognition.BEGUN


def enqueue(session: Session, stored: StoredFile, now: datetime) -> None:
    """Have the pages of a file read that wait for a machine."""
    outbox.enqueue(
        session,
        RECOGNISE,
        {"sha256": stored.sha256},
        key=queries.recognise_key(stored.sha256),
        now=now,
        again=True,
    )


def have_recognised(session: Session, stored: StoredFile, now: datetime) -> bool:
    """Have the pages of a file read that are pictures; tell whether there are any."""
    if stored.media_type != queries.PDF or not queries.waiting_of(session, stored.id):
        return False
    enqueue(session, stored, now)
    return True


def try_again(session: Session, file_ids: Collection[int] | None, *states: Recognition) -> None:
    """Let pages of these files, or of all, wait for a machine once more that stand so."""
    chosen = update(TextPage).where(queries.pictures(*states))
    if file_ids is not None:
        chosen = chosen.where(TextPage.file_id.in_(file_ids))
    session.execute(
        chosen.values(recognition=Recognition.WAITING).execution_options(synchronize_session=False)
    )


def begin_page(session: Session, stored: StoredFile) -> Turn:
    """Choose the page of a file that is read next, and note that it is; call it in a transaction.

    Pages that nobody here can read are marked so. Where none is left, the index looks again.
    """
    while (page := _next(session, stored)) is not None:
        language = queries.tongues(session, [stored.id])[stored.id]
        if not can_read(language):
            log.warning("there is no data of tesseract for the language %r of a file", language)
            _mark_rest(session, stored, Recognition.NO_DATA)
            continue
        if _failed(session, stored) >= MOST_FAILED:
            log.warning("the rest of file %s is not read by machine", stored.public_id)
            _mark_rest(session, stored, Recognition.FAILED)
            continue
        page.recognition = TURNS[Recognition(page.recognition)]
        session.flush()
        if page.recognition in TURNS:
            return Turn(stored.id, page.number, language, Recognition(page.recognition))
        log.warning("page %d of file %s ended two workers", page.number, stored.public_id)
    tell_index(session, stored.id)
    return Turn(stored.id)


def keep_page(session: Session, turn: Turn, recognised: Recognised) -> None:
    """Keep what a machine made of a page, unless somebody else was faster or the file is gone."""
    page = session.scalar(
        select(TextPage)
        .where(TextPage.file_id == turn.file_id, TextPage.number == turn.page)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    text = session.get(FileText, turn.file_id, with_for_update=True)
    if page is None or text is None or page.recognition != turn.begun:
        return
    read = recognised.page
    page.recognition = Recognition(recognised.legible)
    if read.origin is not Origin.MACHINE:
        return
    page.text, page.origin, page.language = read.text, read.origin, read.language
    text.characters += len(read.text)
    text.language = text.language or spoken(read.language)
    if text.outcome == Outcome.NO_TEXT:
        text.outcome, text.reason = Outcome.READ, ""
    session.flush()
    if _read(session, turn.file_id) % _TOLD_EACH == 0:
        tell_index(session, turn.file_id)


def _next(session: Session, stored: StoredFile) -> TextPage | None:
    return session.scalar(
        select(TextPage)
        .where(TextPage.file_id == stored.id, queries.waiting_pages())
        .order_by(TextPage.number)
        .limit(1)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _mark_rest(session: Session, stored: StoredFile, state: Recognition) -> None:
    session.execute(
        update(TextPage)
        .where(TextPage.file_id == stored.id, queries.waiting_pages())
        .values(recognition=state)
        .execution_options(synchronize_session=False)
    )


def _failed(session: Session, stored: StoredFile) -> int:
    return _count(session, stored.id, Origin.NONE, Recognition.FAILED)


def _read(session: Session, file_id: int) -> int:
    return _count(session, file_id, Origin.MACHINE, Recognition.READ)


def _count(session: Session, file_id: int, origin: Origin, state: Recognition) -> int:
    wanted = select(func.count()).where(
        TextPage.file_id == file_id, TextPage.origin == origin, TextPage.recognition == state
    )
    return session.scalar(wanted) or 0
