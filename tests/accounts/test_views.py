from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from argon2 import PasswordHasher
from flask import Flask, request
from flask.testing import FlaskClient
from sqlalchemy import event, func, select, update
from sqlalchemy.orm import Session

from policytrack.accounts import passwords, queries, rules, service
from policytrack.accounts.models import (
    AccountState,
    NetworkAddress,
    OneTimeLink,
    SignInSession,
    User,
)
from policytrack.core import clock
from policytrack.core.db import db, transaction
from policytrack.core.permissions import Permission, Role
from policytrack.core.requests import requires
from tests.accounts.browsing import form, forms, send
from tests.accounts.conftest import NEW_PASSWORD, PASSWORD
from tests.factories import make_user

Mails = Callable[[], list[dict[str, Any]]]
SignIn = Callable[[FlaskClient, User], None]


def type_in(
    client: FlaskClient, email: str, password: str = PASSWORD, next_page: str | None = None
) -> Any:
    page = client.get("/sign-in", query_string={"next": next_page} if next_page else {})
    return send(client, page, "/sign-in", email=email, password=password)


def is_in(client: FlaskClient) -> bool:
    return client.get("/account").status_code == 200


def location(answer: Any) -> str:
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


@pytest.fixture
def statements(app: Flask, database: Session) -> Iterator[list[str]]:
    """Give the statements that reach the database, as they come."""
    seen: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(" ".join(statement.split())[:60])

    event.listen(db.engine, "before_cursor_execute", note)
    yield seen
    event.remove(db.engine, "before_cursor_execute", note)


# Signing in


def test_a_person_signs_in_and_out(client: FlaskClient, person: User, database: Session) -> None:
    assert location(type_in(client, " ASHA@example.org ")) == "/"
    assert is_in(client)
    page = client.get("/account")
    assert page.headers["Cache-Control"] == "no-store"
    assert location(send(client, page, "/sign-out")) == "/"
    assert not is_in(client)
    kept = database.scalars(select(NetworkAddress.action).order_by(NetworkAddress.id)).all()
    assert kept == ["signed_in", "signed_out"]


def test_a_stolen_cookie_is_worthless_after_signing_out(
    app: Flask, client: FlaskClient, person: User
) -> None:
    type_in(client, person.email)
    thief = app.test_client()
    stolen = client.get_cookie("policytrack")
    assert stolen is not None
    thief.set_cookie("policytrack", stolen.value)
    assert is_in(thief)
    send(client, client.get("/account"), "/sign-out")
    assert not is_in(thief)


def test_nothing_of_the_session_before_survives_signing_in(
    client: FlaskClient, person: User
) -> None:
    client.get("/sign-in")
    with client.session_transaction() as before:
        before["planted"] = "by an attacker"
        token_before = before["csrf_token"]
    type_in(client, person.email)
    client.get("/account")
    with client.session_transaction() as after:
        assert "planted" not in after
        assert after["csrf_token"] != token_before
        assert person.email not in str(dict(after))


def test_the_answer_does_not_tell_whether_an_address_is_known(
    client: FlaskClient,
    person: User,
    statements: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    invited = make_user(state=AccountState.INVITED)
    suspended = make_user(state=AccountState.SUSPENDED, password_hash=person.password_hash)
    checks: list[str] = []

    class Counting(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> Any:  # noqa: A002 - its name
            checks.append(str(hash))
            return super().verify(hash, password)

    monkeypatch.setattr(passwords, "_hasher", Counting())
    addresses = [
        (person.email, "not the password"),
        ("stranger@example.org", "not the password"),
        (invited.email, "not the password"),
        (suspended.email, PASSWORD),
        ("no address at all", "not the password"),
    ]
    seen = []
    for email, password in addresses:
        page = client.get("/sign-in")
        checks.clear()
        statements.clear()
        answer = send(client, page, "/sign-in", email=email, password=password)
        plain = re.sub(r'value="[^"]*"', "", answer.text)
        plain = re.sub(r"\d+ (seconds|days)", "", plain)
        seen.append((answer.status_code, plain, len(checks), tuple(statements)))
    assert all(one == seen[0] for one in seen)
    assert seen[0][0] == 422
    assert seen[0][2] == 1


def test_a_hash_with_outdated_parameters_is_renewed(client: FlaskClient, database: Session) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    user = make_user(password_hash=weak)
    type_in(client, user.email)
    database.rollback()
    renewed = database.get_one(User, user.id).password_hash
    assert renewed != weak
    assert passwords.matches(renewed, PASSWORD)


def test_loading_the_sign_in_takes_one_query(
    client: FlaskClient, person: User, sign_in: SignIn, statements: list[str]
) -> None:
    sign_in(client, person)
    statements.clear()
    client.get("/account")
    ours = [each for each in statements if "sign_in_session" in each or '"user"' in each]
    # The sign-in with its person; then the page's own: the list of browsers.
    assert len(ours) <= 2, statements


def test_use_is_noted_at_most_every_five_minutes(
    client: FlaskClient, person: User, sign_in: SignIn, database: Session, statements: list[str]
) -> None:
    sign_in(client, person)
    statements.clear()
    client.get("/account")
    assert not [each for each in statements if each.startswith("UPDATE")]
    then = clock.now() - timedelta(minutes=6)
    with transaction() as session:
        session.execute(update(SignInSession).values(seen_at=then))
    client.get("/account")
    database.rollback()
    assert database.scalars(select(SignInSession.seen_at)).one() > then


def test_an_expired_sign_in_is_over(
    client: FlaskClient, person: User, sign_in: SignIn, database: Session
) -> None:
    sign_in(client, person)
    with transaction() as session:
        session.execute(update(SignInSession).values(expires_at=clock.now()))
    assert not is_in(client)


def test_a_password_is_never_written_back(client: FlaskClient, person: User) -> None:
    answer = type_in(client, person.email, "wrong but secret password")
    assert "wrong but secret" not in answer.text
    assert 'value="asha@example.org"' in answer.text


@pytest.mark.parametrize("email", ["", " ", "\x00", "x" * 5000, "a@b\r\nX: y", "<script>", "१२३@"])
def test_any_address_gets_a_clear_answer(client: FlaskClient, person: User, email: str) -> None:
    answer = type_in(client, email)
    assert answer.status_code == 422
    assert "<script>" not in answer.text.replace("<script type", "")


# Where signing in leads


def test_a_page_that_needs_a_sign_in_comes_after_it(client: FlaskClient, person: User) -> None:
    asked = location(client.get("/account?tab=1"))
    assert urlsplit(asked).path == "/sign-in"
    assert parse_qs(urlsplit(asked).query)["next"] == ["/account?tab=1"]
    answer = send(client, client.get(asked), "/sign-in", email=person.email, password=PASSWORD)
    assert location(answer) == "/account?tab=1"


@pytest.mark.parametrize(
    "hostile",
    [
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "https://evil.example",
        "/\t/evil",
    ],
)
def test_signing_in_never_leads_elsewhere(client: FlaskClient, person: User, hostile: str) -> None:
    assert location(type_in(client, person.email, next_page=hostile)) == "/"
    assert location(client.get("/sign-in", query_string={"next": hostile})) == "/"


# Limits


@pytest.fixture
def three_tries(monkeypatch: pytest.MonkeyPatch) -> int:
    """Allow three tries for an account, in a window that no test outlives."""
    limit = rules.Limit("in-account", 3, timedelta(days=4000))
    monkeypatch.setattr(rules, "SIGN_IN_BY_ACCOUNT", limit)
    return limit.most


def test_guessing_at_one_account_ends_on_every_machine(
    app: Flask, make_app: Callable[..., Flask], person: User, three_tries: int
) -> None:
    machines, tries = [app.test_client(), make_app().test_client()], three_tries
    answers = [type_in(machines[n % 2], person.email, "guess").status_code for n in range(tries)]
    assert answers == [422] * tries
    for client in machines:
        page = client.get("/sign-in")
        refused = send(client, page, "/sign-in", email=person.email, password=PASSWORD)
        assert refused.status_code == 429
        assert int(refused.headers["Retry-After"]) > 0
        assert not is_in(client)
    # An unknown address is refused just so; another person is not held up.
    other = make_user(password_hash=person.password_hash)
    assert type_in(machines[0], other.email).status_code == 303
    for _ in range(tries):
        type_in(machines[1], "stranger@example.org", "guess")
    assert type_in(machines[1], "stranger@example.org", "guess").status_code == 429


def test_guessing_from_one_network_address_ends(
    client: FlaskClient, person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        rules, "SIGN_IN_BY_ADDRESS", rules.Limit("in-address", 3, timedelta(days=4000))
    )
    for number in range(3):
        assert type_in(client, f"stranger{number}@example.org").status_code == 422
    assert type_in(client, person.email).status_code == 429


def test_signing_in_uses_nothing_up(client: FlaskClient, person: User, three_tries: int) -> None:
    for _ in range(three_tries + 1):
        assert type_in(client, person.email).status_code == 303
        send(client, client.get("/account"), "/sign-out")


# What was written before the sign-in ended


@pytest.fixture
def diary(make_app: Callable[..., Flask]) -> Flask:
    """Give an application with a page that takes words from signed-in people."""
    app = make_app()

    @requires(Permission.ACCOUNT_USE)
    def write() -> str:
        return "; ".join(f"{name}={value}" for name, value in request.form.items(multi=True))

    app.add_url_rule("/diary", "diary", write, methods=["GET", "POST"])
    return app


WORDS = 'Fees <b>"fell"</b> & women – النساء 👩‍🌾\nsecond line'


def test_what_was_written_waits_behind_the_sign_in(diary: Flask, person: User) -> None:
    client = diary.test_client()
    type_in(client, person.email)
    token = [pair for pair in form(client.get("/account"), "/account").fields if "csrf" in pair[0]]
    with transaction() as session:
        session.execute(update(SignInSession).values(revoked_at=clock.now()))
    written = {"done": WORDS, "theme": ["A1", "B2"], "csrf_token": token[0][1]}

    asked = client.post("/diary?round=3", data=written)
    assert asked.status_code == 401
    assert "What you wrote is kept; sign in to go on." in asked.text
    assert 'data-drafts="keep"' in asked.text
    assert "<b>" not in asked.text

    # A wrong password loses nothing either.
    again = send(client, asked, "/sign-in", email=person.email, password="wrong")
    assert again.status_code == 422

    kept = send(client, again, "/sign-in", email=person.email, password=PASSWORD)
    assert kept.status_code == 200
    assert is_in(client)
    held = form(kept, "/diary?round=3")
    assert held.method == "post"
    assert [pair for pair in held.fields if pair[0] != "csrf_token"] == [
        ("done", WORDS),
        ("theme", "A1"),
        ("theme", "B2"),
    ]
    sent = send(client, kept, "/diary?round=3")
    assert sent.status_code == 200
    assert f"done={WORDS}" in sent.text.replace("\r\n", "\n")
    assert "theme=A1; theme=B2" in sent.text


def test_passwords_are_never_held(client: FlaskClient, person: User) -> None:
    page = client.get("/sign-in")
    token = next(value for name, value in forms(page)[-1].fields if name == "csrf_token")
    answer = client.post(
        "/account/password",
        data={"current": "boats at dawn", "password": "ships at dusk", "csrf_token": token},
    )
    assert answer.status_code == 401
    assert "boats" not in answer.text
    assert "ships" not in answer.text


def test_a_held_form_goes_to_this_site_only(client: FlaskClient, person: User) -> None:
    page = client.get("/sign-in")
    answer = send(
        client,
        page,
        "/sign-in",
        email=person.email,
        password=PASSWORD,
        **{"held_path": "//evil.example/take", "held-done": "words"},
    )
    assert location(answer) == "/"


def test_a_form_from_another_site_is_not_held(client: FlaskClient, person: User) -> None:
    answer = client.post("/account", data={"name": "Mallory", "language": "en"})
    assert answer.status_code == 400
    assert "held" not in answer.text


def test_a_sent_file_is_named_as_lost(diary: Flask, person: User) -> None:
    client = diary.test_client()
    page = client.get("/sign-in")
    token = next(value for name, value in forms(page)[-1].fields if name == "csrf_token")
    proof = (BytesIO(b"%PDF-1.7"), "proof.pdf")
    answer = client.post("/diary", data={"done": "words", "csrf_token": token, "proof": proof})
    assert answer.status_code == 401
    assert "choose them again" in answer.text
    assert "PDF-1.7" not in answer.text


# Invitations


def invited(email: str = "new@example.org") -> str:
    with transaction() as session:
        _user, token = service.create_account(
            session,
            email=email,
            name="New Person",
            offices=[Role.SECRETARIAT],
            language="en",
            now=clock.now(),
        )
    return f"/invitation/{token}"


def fill_in(client: FlaskClient, path: str, **changed: str) -> Any:
    typed = {"name": "Noor", "language": "ar", "password": PASSWORD, **changed}
    return send(client, client.get(path), path, **typed)


def test_an_invitation_leads_in(client: FlaskClient, database: Session) -> None:
    path = invited()
    page = client.get(path)
    assert page.headers["Cache-Control"] == "no-store"
    assert ("name", "New Person") in form(page, path).fields
    assert 'autocomplete="new-password"' in page.text
    assert location(fill_in(client, path)) == "/"
    account = client.get("/account")
    assert 'lang="ar" dir="rtl"' in account.text
    assert ("name", "Noor") in form(account, "/account").fields


def test_a_used_an_expired_and_a_wrong_link_get_one_page(
    app: Flask, client: FlaskClient, database: Session
) -> None:
    used, expired = invited(), invited("late@example.org")
    fill_in(app.test_client(), used)
    with transaction() as session:
        unused = update(OneTimeLink).where(OneTimeLink.used_at.is_(None))
        session.execute(unused.values(expires_at=clock.now()))
    pages = [client.get(path) for path in (used, expired, "/invitation/nothing", used + "%00")]
    assert {page.status_code for page in pages} == {404}
    assert len({re.sub(r'value="[^"]*"|http\S+', "", page.text) for page in pages}) == 1
    assert "ask the person who invited you" in pages[0].text


def test_sending_an_invitation_twice_lets_one_person_in_once(app: Flask, database: Session) -> None:
    path = invited()
    browsers = [app.test_client(), app.test_client()]
    pages = [browser.get(path) for browser in browsers]
    answers = [
        send(browser, page, path, name="Noor", language="en", password=PASSWORD)
        for browser, page in zip(browsers, pages, strict=True)
    ]
    assert [answer.status_code for answer in answers] == [303, 404]
    assert [is_in(browser) for browser in browsers] == [True, False]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"password": "short"}, "Use at least 12 characters"),
        ({"password": "password1234"}, "anybody would try"),
        ({"password": "new@example.org"}, "not a password"),
        ({"password": "Noor Al-Hashimi", "name": "Noor Al Hashimi"}, "not a password"),
        ({"name": " "}, "Write a name."),
        ({"name": "n" * 201}, "longer than 200"),
        ({"language": "xx"}, "Choose from the list"),
    ],
)
def test_what_cannot_be_accepted_is_said(
    client: FlaskClient, database: Session, changed: dict[str, str], sentence: str
) -> None:
    path = invited()
    answer = fill_in(client, path, **changed)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert not is_in(client)
    assert fill_in(client, path).status_code == 303


def test_trying_tokens_ends(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "LINK_BY_ADDRESS", rules.Limit("l", 2, timedelta(days=4000)))
    answers = [client.get(f"/invitation/guess{n}").status_code for n in range(3)]
    assert answers == [404, 404, 429]


# Resets


def test_the_answer_to_a_reset_is_the_same_for_every_address(
    client: FlaskClient, person: User, statements: list[str], mails: Mails
) -> None:
    seen = []
    for email in (person.email, "stranger@example.org"):
        page = client.get("/reset")
        statements.clear()
        answer = send(client, page, "/reset", email=email)
        work = tuple(statements)
        said = client.get(location(answer)).text
        seen.append((answer.status_code, answer.text, work, re.sub(r'value="[^"]*"', "", said)))
    assert seen[0] == seen[1]
    assert "If there is an account with this address" in seen[0][3]
    assert [mail["to"] for mail in mails()] == [person.email]


def test_a_reset_by_mail(
    app: Flask, client: FlaskClient, person: User, sign_in: SignIn, mails: Mails
) -> None:
    elsewhere = app.test_client()
    sign_in(elsewhere, person)
    send(client, client.get("/reset"), "/reset", email=person.email)
    path = f"/reset/{mails()[0]['values']['token']}"
    assert send(client, client.get(path), path, password="short").status_code == 422
    page = client.get(path)
    assert location(send(client, page, path, password=NEW_PASSWORD)) == "/sign-in"
    assert not is_in(elsewhere)
    spent = send(client, page, path, password=NEW_PASSWORD)
    assert spent.status_code == 404
    assert "Ask for a new link" in spent.text
    assert type_in(client, person.email, PASSWORD).status_code == 422
    assert type_in(client, person.email, NEW_PASSWORD).status_code == 303


def test_a_reset_lets_its_owner_in_past_the_guesses_of_others(
    client: FlaskClient, person: User, three_tries: int, mails: Mails
) -> None:
    for _ in range(three_tries + 1):
        refused = type_in(client, person.email, "guess")
    assert refused.status_code == 429
    send(client, client.get("/reset"), "/reset", email=person.email)
    path = f"/reset/{mails()[0]['values']['token']}"
    send(client, client.get(path), path, password=NEW_PASSWORD)
    assert type_in(client, person.email, NEW_PASSWORD).status_code == 303


def test_nobody_floods_a_mailbox(client: FlaskClient, person: User, mails: Mails) -> None:
    codes = [
        send(client, client.get("/reset"), "/reset", email=person.email).status_code
        for _ in range(rules.RESET_BY_ACCOUNT.most + 1)
    ]
    assert codes == [303] * rules.RESET_BY_ACCOUNT.most + [429]
    assert len(mails()) == rules.RESET_BY_ACCOUNT.most


# One's own account


def test_a_person_changes_name_and_language(
    client: FlaskClient, person: User, sign_in: SignIn
) -> None:
    sign_in(client, person)
    page = client.get("/account")
    assert location(send(client, page, "/account", name="Asha R.", language="ar")) == "/account"
    assert ("name", "Asha R.") in form(client.get("/account"), "/account").fields
    refused = send(client, client.get("/account"), "/account", name="", language="ar")
    assert refused.status_code == 422


def test_changing_the_password_ends_other_sign_ins(
    app: Flask, client: FlaskClient, person: User, sign_in: SignIn
) -> None:
    elsewhere = app.test_client()
    sign_in(elsewhere, person)
    sign_in(client, person)
    action = "/account/password"
    page = client.get("/account")
    assert 'autocomplete="current-password"' in page.text
    wrong = send(client, page, action, current="wrong", password=NEW_PASSWORD)
    assert "This is not your present password." in wrong.text
    weak = send(client, page, action, current=PASSWORD, password="asha@example.org")
    assert weak.status_code == 422
    assert location(send(client, page, action, current=PASSWORD, password=NEW_PASSWORD))
    assert is_in(client)
    assert not is_in(elsewhere)
    stale = send(client, page, action, current=PASSWORD, password="yet another password")
    assert stale.status_code == 422


def test_a_person_signs_other_browsers_out(
    app: Flask, client: FlaskClient, person: User, sign_in: SignIn, database: Session
) -> None:
    others = [app.test_client() for _ in range(3)]
    for each in (client, *others):
        sign_in(each, person)
    page = client.get("/account")
    actions = [each.action for each in forms(page) if "/browsers/" in each.action]
    assert len(actions) == 4
    send(client, page, actions[0])
    assert [is_in(each) for each in others].count(False) == 1
    send(client, page, "/account/browsers/sign-out")
    assert [is_in(each) for each in others] == [False] * 3
    assert is_in(client)


def test_nobody_signs_another_persons_browser_out(
    app: Flask, client: FlaskClient, person: User, sign_in: SignIn, database: Session
) -> None:
    victim = app.test_client()
    sign_in(victim, make_user())
    database.rollback()
    row = database.scalars(select(SignInSession.public_id)).one()
    sign_in(client, person)
    page = client.get("/account")
    token = next(value for name, value in forms(page)[-1].fields if name == "csrf_token")
    answer = client.post(f"/account/browsers/{row}/sign-out", data={"csrf_token": token})
    assert answer.status_code == 404
    assert is_in(victim)


def test_a_person_without_a_role_has_an_account_page(
    client: FlaskClient, person: User, sign_in: SignIn
) -> None:
    sign_in(client, person)
    assert client.get("/account").status_code == 200


def test_sign_ins_stay_few_in_the_database(
    client: FlaskClient, person: User, database: Session
) -> None:
    type_in(client, person.email)
    type_in_again = client.get("/sign-in")
    assert type_in_again.status_code == 303
    database.rollback()
    assert database.scalar(select(func.count()).select_from(SignInSession)) == 1
    assert len(queries.browsers(database, person.id, clock.now())) == 1
