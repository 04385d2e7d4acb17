"""Sit somebody at a desk with their searches, and the worker beside."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from email import message_from_string, policy
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from policytrack.accounts.models import User
from policytrack.core import clock, outbox
from policytrack.core.db import db, transaction
from policytrack.core.outbox import OutboxItem
from policytrack.search.index.follower import Follower
from policytrack.search.saving import alerts, feeds
from policytrack.search.saving.models import SavedSearch

SignIn = Callable[[FlaskClient, User], None]


class Desk:
    """Be a person at work with their searches, and the worker beside."""

    def __init__(self, app: Flask, client: FlaskClient, person: User, following: Follower) -> None:
        self.app, self.client, self.person, self.following = app, client, person, following
        self.email, self.user_id = person.email, person.id

    def save(self, search: str, name: str = "Mine", alert: str = "daily") -> SavedSearch:
        self.following.follow()
        given = {"search": search, "name": name, "alert": alert}
        answer = self.client.post("/account/searches", data=given)
        assert answer.status_code == 303, answer.text
        return self.kept(name)

    def kept(self, name: str = "Mine") -> SavedSearch:
        db.session.rollback()
        db.session.expire_all()
        return db.session.scalars(
            select(SavedSearch).where(SavedSearch.name == name, SavedSearch.user_id == self.user_id)
        ).one()

    def due(self) -> None:
        """Let the time come for all mail and feeds."""
        with transaction() as session:
            past = clock.now() - timedelta(minutes=1)
            for due in (SavedSearch.alert_due_at, SavedSearch.feed_due_at):
                session.execute(update(SavedSearch).where(due.is_not(None)).values({due: past}))

    def look(self, *, follow: bool = True) -> None:
        """Let the worker look once at all that is due."""
        if follow:
            self.following.follow()
        self.due()
        while alerts.look():
            pass
        while feeds.look():
            pass

    def send(self) -> list[Any]:
        """Let the worker send what waits; return the mails."""
        path = Path(self.app.instance_path) / "mail.log"
        path.unlink(missing_ok=True)
        handlers = self.app.extensions["outbox_handlers"]
        while outbox.work_one(handlers, clock.now()):
            pass
        failed = db.session.scalars(
            select(OutboxItem.last_error).where(OutboxItem.last_error != "")
        )
        assert failed.all() == []
        if not path.exists():
            return []
        written = path.read_text(encoding="utf-8").split("-" * 72 + "\n")
        return [message_from_string(each, policy=policy.default) for each in written if each]

    def news(self, *, follow: bool = True) -> list[str]:
        """Return the titles that the next mail names."""
        self.look(follow=follow)
        mails = self.send()
        assert len(mails) <= 1
        return sorted(re.findall(r"Zebra \w+", mails[0].get_payload())) if mails else []
