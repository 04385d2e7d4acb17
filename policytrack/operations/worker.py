"""Do what waits after the commit: mail, the index, and the removal of what has expired."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import cast

from flask import current_app
from sqlalchemy import delete

from policytrack.accounts import service as accounts
from policytrack.core import clock, outbox
from policytrack.core.db import session as current_session
from policytrack.core.db import transaction
from policytrack.core.files import service as files
from policytrack.core.forms import UsedForm
from policytrack.core.outbox import Handler, OutboxItem
from policytrack.library import recognition
from policytrack.operations.duties import Duty, attend_all, attend_once
from policytrack.search.index.follower import Follower
from policytrack.search.saving import alerts, feeds

LOOK_SECONDS = 0.3
PURGE_SECONDS = 900.0
PICTURES_SECONDS = 60.0
SEARCHES_SECONDS = 60.0
# Nobody sends a form again after a week; what was done is of interest to nobody after a month.
_FORMS_KEPT = timedelta(days=7)
_DONE_KEPT = timedelta(days=30)


def handlers() -> Mapping[str, Handler]:
    """Return what carries out each kind of outbox item that this machine can do."""
    known = cast(Mapping[str, Handler], current_app.extensions.get("outbox_handlers", {}))
    if recognition.possible():
        return known
    return {kind: handler for kind, handler in known.items() if kind != recognition.KIND}


def send() -> bool:
    """Carry out one due item of the outbox; return whether there was one."""
    now, able = clock.now(), handlers()
    if not outbox.waiting(current_session(), able.keys(), now):
        return False
    return outbox.work_one(able, now)


def purge() -> bool:
    """Remove what has expired; one short transaction each, so that nobody waits long."""
    now = clock.now()
    with transaction() as session:
        accounts.purge(session, now=now)
        session.execute(delete(UsedForm).where(UsedForm.at < now - _FORMS_KEPT))
        session.execute(delete(OutboxItem).where(OutboxItem.done_at < now - _DONE_KEPT))
    with transaction() as session:
        files.sweep(session, now=now)
    return False


def duties() -> list[Duty]:
    """Return what a worker does, and how often it looks."""
    follower = Follower(current_app)

    def follow() -> bool:
        return follower.behind() and follower.follow() > 0

    return [
        Duty("outbox", send, LOOK_SECONDS),
        Duty("search", follow, LOOK_SECONDS),
        Duty("saved searches", alerts.look, SEARCHES_SECONDS),
        Duty("feeds", feeds.look, SEARCHES_SECONDS),
        Duty("pictures of text", recognition.look_for_pages, PICTURES_SECONDS),
        Duty("clearing away", purge, PURGE_SECONDS),
    ]


def forever(stop: threading.Event, *, alive: Callable[[], bool]) -> None:
    """Work until told to stop; needs an application context."""
    attend_all(duties(), stop, alive=alive)


def once() -> bool:
    """Do what is due now; return whether nothing failed."""
    return attend_once(duties())
