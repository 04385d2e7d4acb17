"""Read pages by machine that are pictures: some at a turn, then others have theirs."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from policytrack.core import clock, db, outbox
from policytrack.core.files import descriptor
from policytrack.core.files.models import StoredFile
from policytrack.core.outbox import Unfinished
from policytrack.core.requests import settings
from policytrack.library import queries, reading, service
from policytrack.library.reading import Legible, recognition
from policytrack.library.rules import Recognition
from policytrack.library.service.keeping import RECOGNISE

KIND = RECOGNISE
# A file's turn ends with the page after so many seconds: mails and other files wait no longer.
TURN_SECONDS = 5.0
_HELD = timedelta(seconds=recognition.PAGE_SECONDS)
_AT_ONCE = 200

Told = Callable[[Legible], object]


def possible() -> bool:
    """Tell whether this machine reads pages that are pictures."""
    return settings().recognition and recognition.program() is not None


def recognise(payload: Mapping[str, Any], key: str) -> None:
    """Read some pages of a file; raise `Unfinished` while others wait."""
    read_pages(payload["sha256"], key, seconds=TURN_SECONDS)


def read_pages(
    sha256: str,
    key: str,
    *,
    seconds: float,
    told: Told = lambda _legible: None,
    enough: Callable[[], bool] = lambda: False,
) -> None:
    """Read pages of a file for so long, or until it is enough; raise `Unfinished` if some wait.

    `told` hears of each page. A worker that is killed goes on here with the page that it had begun.
    """
    recognition.can_read("")  # asks the program, which must not happen in a transaction
    session = db.session()
    stored = session.scalar(select(StoredFile).where(StoredFile.sha256 == sha256))
    if stored is None:
        return
    file_id = stored.id
    until = time.monotonic() + seconds
    with descriptor(session, stored) as file:
        while _read_next(file_id, file, key, told):
            if time.monotonic() >= until or enough():
                raise Unfinished


def _read_next(file_id: int, file: int, key: str, told: Told) -> bool:
    """Read one page; return whether there was one."""
    with db.transaction() as session:
        stored = session.get(StoredFile, file_id)
        if stored is None:
            return False
        outbox.hold(session, key=key, until=clock.now() + _HELD)
        turn = service.begin_page(session, stored)
    if not turn.page:
        return False
    (recognised,) = reading.recognise(file, [turn.page], turn.language)
    with db.transaction() as session:
        service.keep_page(session, turn, recognised)
    told(recognised.legible)
    return True


def look_for_pages(*, anew: bool = True) -> bool:
    """Put pages on the list that wait and that nobody has listed; return whether there may be more.

    Such are those of files that came in with a folder, or while nothing here could read them.
    """
    if not possible():
        return False
    return list_pages(anew=anew)


def list_pages(*, anew: bool = True) -> bool:
    """Put pages on the list, whatever the settings say; see `look_for_pages`."""
    if anew:
        recognition.look_again()
    recognition.can_read("")
    session = db.session()
    legible = [
        file_id
        for file_id, tongue in queries.without_data(session).items()
        if recognition.can_read(tongue)
    ]
    if not legible and not queries.unattended(session, 1):
        return False
    try:
        with db.transaction() as session:
            service.try_again(session, legible[:_AT_ONCE], Recognition.NO_DATA)
            found = queries.unattended(session, _AT_ONCE)
            for stored in found:
                service.enqueue(session, stored, clock.now())
    except IntegrityError:  # another machine has listed them at the same moment
        return True
    return len(found) == _AT_ONCE
