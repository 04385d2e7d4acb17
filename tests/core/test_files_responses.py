"""What a browser gets when it asks for a file."""

from __future__ import annotations

import pytest
from flask import Flask, Response
from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.http import parse_options_header

from policytrack.core import files
from policytrack.core.db import transaction
from policytrack.core.files.models import StoredFile
from policytrack.core.files.responses import send
from tests.core import files_made as made
from tests.factories import NOW


def kept(app: Flask, data: bytes, name: str) -> StoredFile:
    upload = files.inspect(data, name=name)
    with transaction() as session:
        return files.store(session, upload, NOW)


def answer(
    app: Flask,
    data: bytes,
    name: str,
    *,
    headers: dict[str, str] | None = None,
    public: bool = False,
) -> Response:
    with app.test_request_context("/evidence", headers=headers or {}):
        return send(kept(app, data, name), name, public=public)


@pytest.mark.parametrize(
    ("data", "name", "shown", "media_type"),
    [
        (made.pdf(), "a.pdf", "inline", "application/pdf"),
        (made.picture(), "a.jpg", "inline", "image/jpeg"),
        (made.picture("WEBP"), "a.webp", "inline", "image/webp"),
        (made.text_document(), "a.odt", "attachment", "application/vnd.oasis.opendocument.text"),
    ],
)
def test_browsers_show_pdfs_and_pictures_and_save_the_rest(
    app: Flask, data: bytes, name: str, shown: str, media_type: str
) -> None:
    response = answer(app, data, name)
    assert response.status_code == 200
    assert response.mimetype == media_type
    assert parse_options_header(response.headers["Content-Disposition"])[0] == shown
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    policy = response.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert ("sandbox" in policy) is (media_type != "application/pdf")


def test_a_name_in_any_script_arrives_whole(app: Flask) -> None:
    response = answer(app, made.pdf(), "مذكرة تفاهم.pdf")
    written = response.headers["Content-Disposition"]
    assert written.isascii()
    assert "filename=file.pdf" in written
    assert parse_options_header(written)[1]["filename"] == "مذكرة تفاهم.pdf"
    latin = answer(app, made.pdf(), 'a "quoted"; é\r\nX: y.pdf').headers["Content-Disposition"]
    assert parse_options_header(latin)[1]["filename"] == "a _quoted_; é X_ y.pdf"


def test_what_is_not_public_is_stored_nowhere(app: Flask) -> None:
    assert answer(app, made.pdf(), "a.pdf").headers["Cache-Control"] == "no-store"
    public = answer(app, made.pdf(), "a.pdf", public=True).headers["Cache-Control"]
    assert public == "private, max-age=600"


def test_a_reader_gets_a_part_or_nothing_new(app: Flask) -> None:
    whole = answer(app, made.pdf(), "a.pdf")
    part = answer(app, made.pdf(), "a.pdf", headers={"Range": "bytes=0-4"})
    assert (part.status_code, part.get_data()) == (206, b"%PDF-")
    assert part.headers["Content-Range"] == f"bytes 0-4/{len(whole.get_data())}"
    etag = whole.headers["ETag"]
    assert answer(app, made.pdf(), "a.pdf", headers={"If-None-Match": etag}).status_code == 304
    with pytest.raises(RequestedRangeNotSatisfiable):
        answer(app, made.pdf(), "a.pdf", headers={"Range": "bytes=99999999-"})
