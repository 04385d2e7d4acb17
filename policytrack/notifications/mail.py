"""Send the mail that the outbox holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask, current_app

from policytrack.core import db
from policytrack.notifications import delivery, presenters, queries
from policytrack.notifications.delivery import Delivery
from policytrack.notifications.queries import Letter


class Mailer:
    """Handle outbox items of the kind `mail`."""

    def __init__(self, way: Delivery) -> None:
        self.way = way

    def __call__(self, payload: Mapping[str, Any], key: str) -> None:
        """Send one mail; raise whatever keeps it from going out, so that it is tried again."""
        session = db.session()
        letter = queries.letter(session, payload)
        # Nothing of the database is held while a mail server takes its time.
        session.rollback()
        if letter is not None:
            self.way.send(presenters.message(letter, key))


def send(letter: Letter, key: str, headers: Mapping[str, str]) -> None:
    """Send a letter of another feature, outside of any transaction; raise as `Mailer` does."""
    message = presenters.message(letter, key)
    for name, value in headers.items():
        message[name] = value
    mailer: Mailer = current_app.extensions["outbox_handlers"]["mail"]
    mailer.way.send(message)


def init_app(app: Flask) -> None:
    """Bind mail to an application; raise `SettingsError` for a bad mail address of the server."""
    way = delivery.chosen(app.config["POLICYTRACK"])
    app.extensions.setdefault("outbox_handlers", {})["mail"] = Mailer(way)
