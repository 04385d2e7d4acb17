"""Whatever is sent, the answer is a page with a sentence; nothing breaks and nothing is lost."""

from __future__ import annotations

import io
import re
import threading
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask.typing import ResponseReturnValue
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from policytrack.accounts.models import Office, User
from policytrack.commitments.models import Commitment, CommitmentRevision
from policytrack.commitments.rules import TextState
from policytrack.core.db import db, transaction
from policytrack.core.files.models import StagedFile
from policytrack.core.ids import new_token
from policytrack.core.permissions import Permission, Role
from policytrack.core.requests import requires
from policytrack.core.review import State
from policytrack.progress.models import Note, NoteRevision
from policytrack.search.index.follower import Follower
from tests.factories import actor_for, make_commitment, make_user
from tests.progress.scene import TEXTS, Scene, set_scene

SignIn = Callable[[FlaskClient, User], None]

# What no page ever puts into an address or a field.
HOSTILE = (
    "\x00",
    "a\x00b",
    "x" * 3000,
    "\u202egnp.exe",
    "9" * 40,
    "-1",
    "NaN",
    "'\"><script>alert(1)</script>",
    "\u0661\u0662",
    "../../etc/passwd",
    "%",
)
HARD_FOR_DATABASES = ("\x00", "a\x00b", "9" * 40, "%")


@pytest.fixture
def scene(database: Session) -> Scene:
    return set_scene()


@pytest.fixture
def unguarded(app: Flask) -> Iterator[None]:
    """Let the test post without fetching a token first."""
    app.config["WTF_CSRF_ENABLED"] = False
    yield
    app.config["WTF_CSRF_ENABLED"] = True


@pytest.fixture
def as_(app: Flask, scene: Scene, sign_in: SignIn) -> Callable[[str], FlaskClient]:
    def browse(who: str) -> FlaskClient:
        browser = app.test_client()
        sign_in(browser, scene.users[who])
        return browser

    return browse


As = Callable[[str], FlaskClient]
FORM = {"version": "new", "language": "en", "claimed_status": "substantial", **TEXTS}


def new_note(scene: Scene) -> str:
    return f"/notes/new?commitment={scene.commitment.address}"


# Addresses


def test_any_address_answers(
    app: Flask, scene: Scene, as_: As, unguarded: None, database_kind: str
) -> None:
    """A made-up id is an address that does not exist: never a fault, and never an absent site."""
    Follower(app).rebuild()
    with transaction() as session:
        user = session.merge(scene.users["focal"])
        user.offices = [Office(role=Role.SECRETARIAT), Office(role=Role.ADMINISTRATOR)]
    browser, actor = as_("focal"), actor_for(user)
    values = HOSTILE if database_kind == "sqlite" else HARD_FOR_DATABASES
    wrong = []
    for rule in app.url_map.iter_rules():
        if not rule.arguments or rule.endpoint == "static":
            continue
        view: Any = app.view_functions[rule.endpoint]
        # What a whole role may not do is refused before anything is looked up.
        closed = not actor.may(view.permission) and not view.permission_of_thing
        for value in values:
            address = re.sub(r"<[^>]+>", quote(value, safe=""), rule.rule)
            for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                code = browser.open(address, method=method).status_code
                if code not in {404, 405} and not (closed and code == 403):
                    wrong.append((method, rule.rule, value[:20], code))
    assert wrong == []


def test_any_parameter_answers(app: Flask, scene: Scene, as_: As, database_kind: str) -> None:
    note = scene.published()
    Follower(app).rebuild()
    browser, code = as_("focal"), scene.commitment.address
    pages = {
        "/members": ["organisation"],
        "/notes/new": ["commitment", "country", "corridor", "theme", "constituent"],
        "/notes/new?theme=A1.1": ["country", "corridor"],
        new_note(scene): ["constituent"],
        f"/notes/{note}": ["revision", "language", "part"],
        f"/notes/{note}/compare": ["from", "to", "part"],
        f"/commitments/{code}": ["language"],
        f"/commitments/{code}/compare": ["new", "old"],
        f"/commitments/{code}/translations": ["revision", "language"],
        "/commitments": ["country", "theme", "lead", "due_from", "q", "status", "page"],
        "/search": ["q", "country", "sort", "page"],
        "/sign-in": ["next"],
    }
    wrong = []
    for value in HOSTILE if database_kind == "sqlite" else HARD_FOR_DATABASES:
        said = quote(value, safe="")
        for page, names in pages.items():
            for name in names:
                address = f"{page}{'&' if '?' in page else '?'}{name}={said}&{name}={said}"
                answer = browser.get(address)
                if answer.status_code not in {200, 303, 403, 404} or "<script>alert" in answer.text:
                    wrong.append((address[:80], answer.status_code))
    assert wrong == []


# Forms


@pytest.mark.parametrize("key", ["", "\x00", "x" * 3000, "٣" * 20, "' or 1=1 --", "a"])
def test_a_key_that_no_page_made_is_no_obstacle(
    scene: Scene, as_: As, unguarded: None, key: str
) -> None:
    answer = as_("focal").post(new_note(scene), data={**FORM, "form_key": key})
    assert answer.status_code == 303


def test_two_people_with_one_key_do_two_things(
    scene: Scene, as_: As, unguarded: None, database: Session
) -> None:
    """A key is its sender's own: nobody can use up another's, nor learn where it led."""
    key = new_token()
    first = as_("focal").post(new_note(scene), data={**FORM, "form_key": key})
    other = scene.users["outsider"]
    told = as_("outsider").post(
        "/account", data={"name": "New Name", "language": "en", "form_key": key}
    )
    answer = as_("officer").post(first.headers["Location"] + "/take_up", data={"form_key": key})
    assert (first.status_code, told.status_code) == (303, 303)
    assert answer.status_code == 404
    database.rollback()
    assert database.get_one(User, other.id).name == "New Name"


def test_a_form_sent_twice_at_once_is_answered_twice_and_done_once(
    app: Flask, scene: Scene, as_: As, unguarded: None, database: Session
) -> None:
    browsers = [as_("focal"), as_("focal")]
    form = {
        "form_key": new_token(),
        "lead": scene.ministry.public_id,
        "language": "en",
        "title": "No fees",
        "text": "No worker pays a fee.",
        "gender_marker": "3",
        "provisions": "BALI:B1",
        "themes": "A1.1",
    }
    before = database.scalar(select(func.count()).select_from(Commitment)) or 0
    database.rollback()
    ready = threading.Barrier(2)
    told: list[tuple[int, str]] = []

    def send(browser: FlaskClient) -> None:
        ready.wait()
        answer = browser.post("/commitments/propose", data=form)
        told.append((answer.status_code, answer.headers.get("Location", "")))

    threads = [threading.Thread(target=send, args=(browser,)) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told[0] == told[1]
    assert told[0][0] == 303
    assert database.scalar(select(func.count()).select_from(Commitment)) == before + 1


BODIES: dict[str, dict[str, Any]] = {
    "nothing": {"data": {}},
    "json": {"json": {"title": "\ud800", "done": [1]}},
    "broken parts": {"data": b"--x\r\nConte", "content_type": "multipart/form-data; boundary=y"},
    "no boundary": {"data": b"abc", "content_type": "multipart/form-data"},
    "broken letters": {
        "data": b"done=\xff\xfe&title=%ED%A0%80&language=%00",
        "content_type": "application/x-www-form-urlencoded",
    },
    "many parts": {
        "data": {f"p{number}": "x" for number in range(1200)},
        "content_type": "multipart/form-data",
    },
    "a method in the form": {"data": {"_method": "DELETE"}},
}


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("body", BODIES)
def test_no_body_breaks_a_form(
    app: Flask,
    scene: Scene,
    sign_in: SignIn,
    unguarded: None,
    database_kind: str,
    body: str,
    language: str,
) -> None:
    if database_kind != "sqlite" and language != "en":
        pytest.skip("no database knows the language")
    person = make_user(Role.SECRETARIAT, language=language)
    draft = make_commitment(scene.ministry, state=TextState.PROPOSED)
    note = scene.in_review()
    browser = app.test_client()
    sign_in(browser, person)
    pages = [
        "/sign-in",
        "/reset",
        "/register",
        "/account/close",
        "/account",
        "/account/password",
        "/members",
        "/commitments/propose",
        f"/commitments/{scene.commitment.address}/edit",
        f"/commitments/{scene.commitment.address}/translations",
        f"/commitments/{draft.public_id}/letter",
        f"/commitments/{draft.public_id}/decline",
        f"{new_note(scene)}&constituent={scene.ministry.public_id}",
        f"/notes/{note}/return",
        f"/notes/{note}/edit",
    ]
    for page in pages:
        answer = browser.post(page, **BODIES[body])
        refused = {400, 403, 404, 409, 413, 422}
        assert answer.status_code in refused, (page, answer.status)
        assert f'<html lang="{language}"' in answer.text
        assert answer.text.count("<h1") == 1


# One reading: what is sent, and whether it can stand.
READINGS = [
    ({"total": "٨٧"}, True),
    ({"total": "৮৭"}, True),
    ({"total": "८७"}, True),
    ({"women": "60", "men": "27", "not_stated": "0"}, True),
    ({"women": "60", "men": "27", "not_stated": "0", "total": "90"}, False),
    ({"women": "91", "total": "90"}, False),
    ({"total": "1e9"}, False),
    ({"total": "NaN"}, False),
    ({"total": "inf"}, False),
    ({"total": "-1"}, False),
    ({"total": "9" * 15}, False),
    ({"total": "9" * 14}, True),
    ({"total": "1.5"}, False),
    ({"total": "²"}, False),
    ({"total": "87", "on": "9999-12-31"}, False),
    ({"total": "87", "on": "1999-12-31"}, False),
    ({"total": "87", "on": "2026-02-31"}, False),
    ({"total": "87", "on": ""}, False),
    ({"total": "87", "on": "٢٠٢٦-٠٩-٣٠"}, True),
]


@pytest.mark.parametrize(("typed", "stands"), READINGS)
def test_a_reading_is_kept_or_refused_with_a_sentence(
    scene: Scene, as_: As, unguarded: None, typed: dict[str, str], stands: bool
) -> None:
    name = f"reading_{scene.indicator().public_id}"
    given = {f"{name}-{key}": value for key, value in {"on": "2026-09-30", **typed}.items()}
    answer = as_("focal").post(new_note(scene), data={**FORM, **given})
    assert answer.status_code == (303 if stands else 422), answer.text
    if not stands:
        assert 'class="error"' in answer.text
        assert TEXTS["obstacles"] in answer.text
        for value in typed.values():
            assert f'value="{value}"' in answer.text


NAMES = ["a/b\\c.pdf", "\x00\x1f.pdf", "x" * 500 + ".pdf", "\u202efdp.exe", "..", ".pdf", " "]


@pytest.mark.parametrize("name", NAMES)
def test_a_file_that_is_none_costs_nothing_but_itself(
    scene: Scene, as_: As, unguarded: None, database: Session, name: str
) -> None:
    for data in (b"", b"MZ\x90\x00 not what it says"):
        files = [(io.BytesIO(data), name)]
        answer = as_("focal").post(
            new_note(scene), data={**FORM, "files": files}, content_type="multipart/form-data"
        )
        assert answer.status_code == 422
        assert TEXTS["obstacles"] in answer.text
    assert database.scalar(select(func.count()).select_from(StagedFile)) == 0


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-Host": "evil.example"},
        {"X-Forwarded-For": "\u00e9, 1.2.3.4", "X-Forwarded-Proto": "https"},
        {"X-HTTP-Method-Override": "DELETE"},
        {"Forwarded": "host=evil.example"},
        {"Accept-Language": "x" * 4000},
        {"Range": "bytes=9-1,-"},
        {"If-None-Match": '"' * 300},
        {"Cookie": "session=\x01; language=" + "x" * 4000},
    ],
    ids=lambda headers: next(iter(headers)),
)
def test_headers_move_nothing(client: FlaskClient, headers: dict[str, str]) -> None:
    answer = client.get("/account", headers=headers)
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/sign-in?next=/account"
    page = client.get("/", headers=headers)
    assert page.status_code == 200
    assert "evil.example" not in page.text


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "PROPFIND"])
def test_other_methods_are_refused(scene: Scene, as_: As, unguarded: None, method: str) -> None:
    note = scene.published()
    for address in ("/", f"/notes/{note}", f"/notes/{note}/retract", "/account"):
        assert as_("officer").open(address, method=method).status_code == 405
    assert scene.note(note).published_id is not None


# What the rooms let through, the door still answers


@requires(Permission.PUBLISHED_READ)
def look_up() -> ResponseReturnValue:
    """Look for what no column can hold."""
    db.session.scalar(select(User.id).where(User.name == "a\x00b"))
    return "found nothing"


@requires(Permission.PUBLISHED_READ)
def collide() -> ResponseReturnValue:
    """Write what another wrote at the same moment."""
    with transaction() as session:
        session.add_all(Office(user_id=user_id, role=Role.SECRETARIAT) for user_id in (1, 1))
    return "written twice"


def test_a_value_that_no_column_holds_is_no_absent_database(
    make_app: Callable[..., Flask], database_kind: str
) -> None:
    app = make_app()
    app.add_url_rule("/look-up", view_func=look_up)
    answer = app.test_client().get("/look-up")
    assert answer.status_code == (200 if database_kind == "sqlite" else 400)


def test_what_a_constraint_stops_is_told_as_a_change_in_the_meantime(
    make_app: Callable[..., Flask], database: Session, unguarded: None
) -> None:
    make_user()
    database.rollback()
    app = make_app()
    app.config["WTF_CSRF_ENABLED"] = False
    app.add_url_rule("/collide", view_func=collide, methods=["POST"])
    answer = app.test_client().post("/collide", data={"words": "Long typed text"})
    assert answer.status_code == 409
    assert "Long typed text" in answer.text
    assert database.scalar(select(func.count()).select_from(Office)) == 0


# A disk that fills up


@pytest.fixture
def full(app: Flask, database_kind: str) -> Iterator[Callable[[bool], None]]:
    """Give a switch that lets the database grow no further, and lets it grow again."""
    if database_kind != "sqlite":
        pytest.skip("PostgreSQL writes with its own process, whose disk is not ours to limit")
    is_full = [False]

    def limited(connection: Any, _record: object) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages if is_full[0] else 2**30}")

    with app.app_context():
        engine = db.engine
    event.listen(engine, "connect", limited)

    def turn(on: bool) -> None:
        is_full[0] = on
        engine.dispose()

    yield turn
    event.remove(engine, "connect", limited)


def test_a_note_that_finds_the_disk_full_is_shown_and_saved_later(
    scene: Scene, as_: As, unguarded: None, full: Callable[[bool], None], database: Session
) -> None:
    browser = as_("focal")
    form = {**FORM, "form_key": new_token(), "results": "Long. " * 3000, "women": "87"}
    database.rollback()
    full(True)
    answer = browser.post(new_note(scene), data=form, headers={"Accept-Language": "ar"})
    assert answer.status_code == 503
    assert 'lang="ar"' in answer.text
    assert TEXTS["obstacles"] in answer.text
    assert ">87</textarea>" in answer.text, "a short figure is as hard to find again"
    full(False)
    for table in (Note, NoteRevision):
        assert database.scalar(select(func.count()).select_from(table)) == 0
    database.rollback()
    assert browser.post(new_note(scene), data=form).status_code == 303


def test_a_publication_that_finds_the_disk_full_has_not_begun(
    scene: Scene, as_: As, unguarded: None, full: Callable[[bool], None]
) -> None:
    note = scene.in_review()
    browser = as_("officer")
    scene.note(note)
    db.session.rollback()
    comment = "Kept. " * 800
    full(True)
    answer = browser.post(f"/notes/{note}/publish", data={"internal_comment": comment})
    assert answer.status_code == 503
    assert comment.strip() in answer.text
    full(False)
    found = scene.note(note)
    assert found.published_id is None
    assert found.open is not None
    assert found.open.state == State.IN_REVIEW
    db.session.rollback()
    answer = browser.post(f"/notes/{note}/publish", data={"internal_comment": comment})
    assert answer.status_code == 303


# Two at once


def test_a_text_is_accepted_or_taken_back_never_both(
    app: Flask, scene: Scene, as_: As, unguarded: None, database: Session
) -> None:
    """Whoever comes second is told."""
    draft = make_commitment(scene.ministry, state=TextState.PROPOSED, version=1)
    address = f"/commitments/{draft.public_id}"
    focal, other = as_("focal"), as_("focal")
    ready = threading.Barrier(2)
    codes: dict[str, int] = {}

    def run(name: str, browser: FlaskClient) -> None:
        ready.wait()
        given = {"number": "1", "version": "1", "form_key": new_token()}
        codes[name] = browser.post(f"{address}/{name}", data=given).status_code

    threads = [
        threading.Thread(target=run, args=each) for each in (("accept", focal), ("withdraw", other))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes.values())[0] == 303
    assert sorted(codes.values())[1] in {404, 409, 422}
    database.rollback()
    revision = database.scalars(
        select(CommitmentRevision).where(CommitmentRevision.commitment_id == draft.id)
    ).one()
    accepted = codes["accept"] == 303
    assert revision.state == (TextState.ACCEPTED if accepted else TextState.DRAFT)


@pytest.mark.parametrize("path", ["/notes/a%00b", "/notes/a%E2%80%AEb", "/search?q=%D8%AA%26x=%22"])
def test_the_address_comes_back_as_it_was_written(client: FlaskClient, path: str) -> None:
    """Decoded, it would put control characters into the page, and lead elsewhere."""
    page = client.get(path).text
    assert f'name="next" value="{path}"' in page
    assert "\x00" not in page
    assert "\u202e" not in page
