"""Two officers at once, on either database."""

from __future__ import annotations

import threading

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.library.scene import send
from tests.progress.scene import Scene as Notes
from tests.redaction.conftest import Browse
from tests.redaction.scene import WORDS, ask, columns_with
from tests.redaction.test_service import told


def test_two_officers_confirm_at_once_and_one_of_them_does(
    app: Flask, notes: Notes, database: Session, browse: Browse
) -> None:
    made = ask("note", told(notes), notes.officer)
    database.rollback()
    third = browse(notes.users["second"]), browse(notes.users["second"])
    codes: list[int] = []

    def go(browser: FlaskClient) -> None:
        codes.append(send(browser, f"/redactions/{made}/confirm", {}).status_code)

    threads = [threading.Thread(target=go, args=(each,)) for each in third]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(codes) == [303, 409]
    assert columns_with(database, WORDS[1]) == []
