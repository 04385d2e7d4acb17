"""What wraps every request: headers, ids, languages, forgery, and error pages that stay helpful."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from policytrack.core import csrf
from policytrack.core.db import db
from policytrack.core.permissions import Role
from policytrack.web import CONTENT_SECURITY_POLICY
from tests.factories import make_user


def test_nothing_inline_and_nothing_from_elsewhere_is_allowed(client: FlaskClient) -> None:
    policy = client.get("/about").headers["Content-Security-Policy"]
    assert policy == CONTENT_SECURITY_POLICY
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy


def test_answers_carry_the_headers_that_guard_them(client: FlaskClient) -> None:
    headers = client.get("/about").headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert {"Cookie", "Accept-Language"} <= {part.strip() for part in headers["Vary"].split(",")}
    assert "public" not in headers["Cache-Control"]


def test_what_a_signed_in_person_sees_is_stored_nowhere(
    app: Flask, client: FlaskClient, sign_in: object
) -> None:
    with app.app_context():
        sign_in(client, make_user(Role.RESEARCHER))  # type: ignore[operator]  # a fixture's function
    assert client.get("/about").headers["Cache-Control"] == "no-store"


def test_static_files_are_kept_for_good_under_their_fingerprint(client: FlaskClient) -> None:
    page = client.get("/about").get_data(as_text=True)
    address = re.search(r'href="(/static/css/policytrack\.css\?v=[0-9a-f]+)"', page)
    assert address is not None
    answer = client.get(address[1])
    assert answer.status_code == 200
    assert "immutable" in answer.headers["Cache-Control"]
    assert "Set-Cookie" not in answer.headers
    answer.close()


def test_pages_are_compressed(client: FlaskClient) -> None:
    answer = client.get("/places", headers={"Accept-Encoding": "br, gzip"})
    assert answer.headers["Content-Encoding"] == "br"


def test_a_request_keeps_a_sane_id_and_gets_a_new_one_otherwise(client: FlaskClient) -> None:
    kept = client.get("/about", headers={"X-Request-ID": "proxy-1234-abcd"})
    assert kept.headers["X-Request-ID"] == "proxy-1234-abcd"
    hostile = client.get("/about", headers={"X-Request-ID": "x y <script>"})
    assert re.fullmatch(r"[0-9a-z]{10}", hostile.headers["X-Request-ID"])


def test_a_foreign_host_is_refused(client: FlaskClient) -> None:
    answer = client.get("/about", headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert "evil.example" not in answer.get_data(as_text=True)


def test_tokens_differ_on_every_page_and_all_work(client: FlaskClient) -> None:
    pages = [client.get("/about").get_data(as_text=True) for _ in range(2)]
    tokens = [re.findall(r'name="csrf_token" value="([^"]+)"', page)[0] for page in pages]
    assert tokens[0] != tokens[1]
    assert csrf.unmask(tokens[0]).split(".")[0] == csrf.unmask(tokens[1]).split(".")[0]
    for token in tokens:
        answer = client.post("/language", data={"language": "ar", "csrf_token": token})
        assert answer.status_code == 303


@pytest.mark.parametrize("token", ["", "x", "é", "AAAA", "=" * 200])
def test_a_forged_request_is_refused_and_what_was_typed_is_shown(
    client: FlaskClient, token: str
) -> None:
    answer = client.post(
        "/language", data={"language": "ar", "note": "I typed <b>this</b>", "csrf_token": token}
    )
    page = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert "I typed &lt;b&gt;this&lt;/b&gt;" in page
    assert "language=ar" not in answer.headers.get("Set-Cookie", "")


def test_the_language_is_kept_for_the_browser_and_the_person(
    app: Flask, client: FlaskClient, sign_in: object, database: Session
) -> None:
    person = make_user(Role.RESEARCHER)
    sign_in(client, person)  # type: ignore[operator]  # a fixture's function
    page = client.get("/about").get_data(as_text=True)
    token = re.findall(r'name="csrf_token" value="([^"]+)"', page)[0]
    answer = client.post(
        "/language", data={"language": "ar", "next": "/places", "csrf_token": token}
    )
    assert answer.headers["Location"] == "/places"
    assert '<html lang="ar" dir="rtl"' in client.get("/about").get_data(as_text=True)
    database.rollback()
    database.refresh(person)
    assert person.language == "ar"


@pytest.mark.parametrize("where", ["//evil.example", "https://evil.example", "/\\evil", ""])
def test_the_language_form_leads_nowhere_else(client: FlaskClient, where: str) -> None:
    page = client.get("/about").get_data(as_text=True)
    token = re.findall(r'name="csrf_token" value="([^"]+)"', page)[0]
    answer = client.post("/language", data={"language": "en", "next": where, "csrf_token": token})
    assert answer.headers["Location"] == "/"


def test_a_browser_is_spoken_to_in_its_language(client: FlaskClient) -> None:
    page = client.get("/about", headers={"Accept-Language": "ar-QA, en;q=0.5"})
    assert '<html lang="ar" dir="rtl"' in page.get_data(as_text=True)
    other = client.get("/about", headers={"Accept-Language": "bn"})
    assert '<html lang="en" dir="ltr"' in other.get_data(as_text=True)


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize(
    ("method", "address", "code"),
    [("GET", "/nowhere", 404), ("GET", "/countries/XX", 404), ("DELETE", "/about", 405)],
)
def test_errors_are_pages(
    client: FlaskClient, method: str, address: str, code: int, language: str
) -> None:
    answer = client.open(address, method=method, headers={"Accept-Language": language})
    page = answer.get_data(as_text=True)
    assert answer.status_code == code
    assert f'<html lang="{language}"' in page
    assert page.count("<h1") == 1
    assert answer.headers["X-Request-ID"] in page
    assert "Content-Security-Policy" in answer.headers


def test_a_form_that_is_too_large_is_said_to_be(client: FlaskClient) -> None:
    page = client.get("/about").get_data(as_text=True)
    token = re.findall(r'name="csrf_token" value="([^"]+)"', page)[0]
    answer = client.post("/language", data={"language": "x" * 3_000_000, "csrf_token": token})
    assert answer.status_code == 413
    assert answer.get_data(as_text=True).count("<h1") == 1


def test_a_failure_of_ours_tells_no_secrets(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> str:
        raise ZeroDivisionError("the secret inside")

    fail.permission = app.view_functions["pages.about"].permission  # type: ignore[attr-defined]  # a mark
    monkeypatch.setitem(app.view_functions, "pages.about", fail)
    monkeypatch.setattr(app, "testing", False)
    answer = app.test_client().get("/about")
    assert answer.status_code == 500
    assert "the secret inside" not in answer.get_data(as_text=True)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_pages_stay_helpful_when_the_database_is_away(
    app: Flask, client: FlaskClient, bench: object, language: str
) -> None:
    """The file is gone, or the server refuses: one clear page, in the reader's language."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
        kept = db.engine.url
    other = (
        "sqlite:////nonexistent/policytrack.sqlite3"
        if kept.get_backend_name() == "sqlite"
        else "postgresql+psycopg://nobody@127.0.0.1:9/none?connect_timeout=1"
    )
    from policytrack import create_app
    from policytrack.settings import load

    broken = create_app(
        load({}, instance=Path(app.instance_path) / "broken", database_url=other, testing=True)
    )
    answer = broken.test_client().get("/commitments", headers={"Accept-Language": language})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 503
    assert f'<html lang="{language}"' in page
    assert page.count("<h1") == 1
    assert broken.test_client().get("/healthz").status_code == 200
    assert broken.test_client().get("/readyz").status_code == 503
    with broken.app_context():
        db.engine.dispose()
