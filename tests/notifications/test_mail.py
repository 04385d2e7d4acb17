from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope
from aiosmtpd.smtp import Session as SMTPSession
from flask import Flask
from sqlalchemy import select

from policytrack.accounts import service
from policytrack.accounts.models import AccountState, User
from policytrack.commitments.rules import TextState
from policytrack.core import clock, outbox
from policytrack.core.db import session as current_session
from policytrack.core.db import transaction
from policytrack.core.outbox import OutboxItem
from policytrack.core.permissions import Role
from policytrack.notifications import delivery
from policytrack.notifications.presenters import isolated
from policytrack.settings import SettingsError, load
from tests.factories import NOW, make_commitment, make_constituent, make_member, make_user


class Postbox:
    """Take mail like a server, and refuse who is named."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.refused = ""

    async def handle_RCPT(  # noqa: N802 - the server's name for it
        self, _server: SMTP, _session: SMTPSession, envelope: Envelope, to: str, _options: list[str]
    ) -> str:
        if to == self.refused:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(to)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - the server's name for it
        self, _server: SMTP, _session: SMTPSession, envelope: Envelope
    ) -> str:
        made = message_from_bytes(envelope.original_content or b"", policy=policy.default)
        assert isinstance(made, EmailMessage)
        self.mails.append(made)
        self.recipients += envelope.rcpt_tos
        return "250 OK"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def postbox() -> Postbox:
    return Postbox()


@pytest.fixture
def server(postbox: Postbox) -> Iterator[Controller]:
    controller = Controller(postbox, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield controller
    controller.stop()


@pytest.fixture
def site(make_app: Callable[..., Flask], server: Controller) -> Iterator[Flask]:
    made = make_app(
        mail_url=f"smtp://127.0.0.1:{server.port}",
        mail_from="PolicyTrack <office@example.org>",
        external_url="https://track.example.org/bali",
    )
    with made.app_context():
        yield made


def work(app: Flask, now: datetime | None = None) -> bool:
    return outbox.work_one(app.extensions["outbox_handlers"], now or clock.now())


def post(payload: dict[str, Any], key: str = "a key") -> None:
    with transaction() as session:
        outbox.enqueue(session, "mail", payload, key=key, now=NOW)


def item() -> OutboxItem:
    current_session().rollback()
    return current_session().scalars(select(OutboxItem)).one()


INVITATION: dict[str, Any] = {
    "template": "invitation",
    "to": "noor@example.org",
    "language": "en",
    "values": {
        "token": "a-secret_token",
        "name": "Noor",
        "inviter": "Asha",
        "organisation": {"en": "Ministry of Labour", "ar": "وزارة العمل"},
        "role": "focal_point",
        "days": 14,
    },
}


def test_a_mail_goes_out_with_links_to_the_external_address(site: Flask, postbox: Postbox) -> None:
    post(INVITATION)
    assert work(site)
    (mail,) = postbox.mails
    assert postbox.recipients == ["noor@example.org"]
    assert mail["From"] == "PolicyTrack <office@example.org>"
    assert mail["Subject"] == "Your invitation to PolicyTrack"
    assert mail["Content-Language"] == "en"
    assert mail["Auto-Submitted"] == "auto-generated"
    body = mail.get_content()
    assert "https://track.example.org/bali/invitation/a-secret_token" in body.split()
    assert isolated("Ministry of Labour") in body
    assert "{{" not in body
    assert "%(" not in body
    done = item()
    assert done.done_at is not None
    assert done.payload == {}  # the link is nowhere any more
    assert not work(site)


def test_an_invitation_to_an_office_says_who_invites_to_what(site: Flask, postbox: Postbox) -> None:
    values = {**INVITATION["values"], "organisation": {}, "role": "administrator"}
    post({**INVITATION, "values": values})
    assert work(site)
    body = postbox.mails[0].get_content()
    assert f"{isolated('Asha')} has made you an administrator." in body
    assert "for {}" not in body


def test_a_second_attempt_has_the_same_message_id(site: Flask, postbox: Postbox) -> None:
    handler = site.extensions["outbox_handlers"]["mail"]
    handler(INVITATION, "one")
    handler(INVITATION, "one")
    handler(INVITATION, "two")
    ids = [mail["Message-ID"] for mail in postbox.mails]
    assert ids[0] == ids[1] != ids[2]
    assert ids[0].endswith("@track.example.org>")


def test_a_refused_recipient_is_kept_and_tried_again(site: Flask, postbox: Postbox) -> None:
    postbox.refused = "noor@example.org"
    post(INVITATION)
    assert work(site)
    failed = item()
    assert failed.done_at is None
    assert "550" in failed.last_error
    assert not work(site)  # not before its time
    postbox.refused = ""
    assert work(site, clock.now() + timedelta(minutes=2))
    assert len(postbox.mails) == 1


def test_a_recipient_refused_for_good_is_shown_as_failed(site: Flask, postbox: Postbox) -> None:
    postbox.refused = "noor@example.org"
    post(INVITATION)
    for day in range(outbox.MAX_ATTEMPTS):
        assert work(site, clock.now() + timedelta(days=day))
    assert not work(site, clock.now() + timedelta(days=30))
    assert item().failed_at is not None


def test_mail_waits_for_a_server_that_is_down(
    make_app: Callable[..., Flask], postbox: Postbox
) -> None:
    port = free_port()
    site = make_app(mail_url=f"smtp://127.0.0.1:{port}")
    with site.app_context():
        post(INVITATION)
        assert work(site)
        assert "ConnectionRefusedError" in item().last_error
        controller = Controller(postbox, hostname="127.0.0.1", port=port)
        controller.start()
        try:
            assert work(site, clock.now() + timedelta(minutes=2))
        finally:
            controller.stop()
        assert item().done_at is not None
    assert len(postbox.mails) == 1


@pytest.mark.parametrize(
    "hostile",
    ["Noor\r\nBcc: all@example.org", "Noor\nX-Evil: 1\n\nbody", "Noor\x00\x0b\u2028Bcc: x@y.org"],
)
def test_nobody_writes_headers(site: Flask, postbox: Postbox, hostile: str) -> None:
    values = {
        "name": hostile,
        "organisation": {"en": hostile},
        "round": hostile,
        "code": hostile,
        "path": "/notes/k3v9qmt2ab",
    }
    post({**INVITATION, "template": "note_submitted", "values": values})
    assert work(site)
    (mail,) = postbox.mails
    assert postbox.recipients == ["noor@example.org"]
    assert set(mail.keys()) == {
        "From",
        "To",
        "Subject",
        "Date",
        "Message-ID",
        "Content-Language",
        "Auto-Submitted",
        "Content-Type",
        "Content-Transfer-Encoding",
        "MIME-Version",
    }
    assert mail["Subject"].startswith("A progress note waits for review (Noor")


@pytest.mark.parametrize("to", ["", "nobody", "a@example.org\r\nRCPT TO:<b@example.org>", "a@b@c"])
def test_a_recipient_that_is_no_address_is_refused(site: Flask, postbox: Postbox, to: str) -> None:
    post({**INVITATION, "to": to})
    assert work(site)
    assert item().last_error
    assert postbox.mails == []


def test_an_address_in_another_script_gets_its_mail(site: Flask, postbox: Postbox) -> None:
    post({**INVITATION, "to": "noor@مثال.example"})
    assert work(site)
    assert postbox.recipients == ["noor@xn--mgbh0fb.example"]


def test_a_very_long_subject_is_cut_between_words(site: Flask, postbox: Postbox) -> None:
    post(
        {
            **INVITATION,
            "template": "note_published",
            "values": {
                "name": "N",
                "organisation": {"en": "O"},
                "round": "word " * 100,
                "code": "",
                "path": "/notes/x",
            },
        }
    )
    assert work(site)
    assert len(postbox.mails[0]["Subject"]) <= 202
    assert postbox.mails[0]["Subject"].endswith("word …")


TEMPLATES = sorted(
    path.stem
    for path in (Path(__file__).parents[2] / "templates" / "mail").glob("*.txt")
    if not path.stem.startswith("_")
)


@pytest.mark.parametrize("language", ["en", "ar", "xx", None])
def test_every_template_speaks_every_language(
    site: Flask, postbox: Postbox, language: str | None
) -> None:
    values = {
        **INVITATION["values"],
        "hours": 2,
        "round": "2026",
        "code": "BALI-B1-NP-01",
        "path": "/notes/k3v9qmt2ab",
        "address": "BALI-B1-NP-01",
        "title": "لا رسوم <b>&",
        "reason": "Please add the source.",
        "count": 3,
    }
    for template in TEMPLATES:
        item = {"template": template, "to": "a@example.org", "language": language, "values": values}
        site.extensions["outbox_handlers"]["mail"](item, template)
        mail = postbox.mails.pop()
        body = mail.get_content()
        assert "https://track.example.org/bali" in body, template
        assert "&lt;" not in body, template
        assert "%(" not in body + mail["Subject"], template
        assert mail["Content-Language"] == (language if language in ("en", "ar") else "en")


# Mail about a commitment is read when it goes out


def about(user: User, template: str, commitment: Any) -> dict[str, Any]:
    return {
        "template": template,
        "user_id": user.id,
        "commitment": commitment.public_id,
        "revision": 1,
    }


def test_a_focal_point_reads_what_was_proposed(site: Flask, postbox: Postbox) -> None:
    body = make_constituent()
    user = make_member(body, language="ar")
    proposed = make_commitment(body, state=TextState.PROPOSED, title="No fees at all")
    post(about(user, "commitment_proposed", proposed))
    assert work(site)
    (mail,) = postbox.mails
    assert mail["To"] == user.email
    assert "No fees at all" in mail["Subject"]
    assert f"https://track.example.org/bali/commitments/{proposed.public_id}" in mail.get_content()
    assert mail["Content-Language"] == "ar"


def test_nothing_is_sent_of_what_its_reader_may_not_see(site: Flask, postbox: Postbox) -> None:
    body, other = make_constituent(), make_constituent()
    proposed = make_commitment(body, state=TextState.PROPOSED)
    stranger = make_member(other, Role.FOCAL_POINT)
    gone = make_member(body, state=AccountState.SUSPENDED)
    for number, user in enumerate((stranger, gone)):
        post(about(user, "commitment_proposed", proposed), key=str(number))
    post({**about(gone, "commitment_proposed", proposed), "user_id": 10**9}, key="nobody")
    for _ in range(3):
        assert work(site)
    current_session().rollback()
    items = current_session().scalars(select(OutboxItem)).all()
    assert all(each.done_at and not each.last_error for each in items)
    assert postbox.mails == []


# Ways out


def test_in_development_mail_goes_to_a_file(
    make_app: Callable[..., Flask], caplog: pytest.LogCaptureFixture
) -> None:
    app = make_app(mail_url="console:")
    with app.app_context(), caplog.at_level("INFO"):
        post({**INVITATION, "language": "ar"})
        assert work(app)
        path = Path(app.instance_path) / "mail.log"
        text = path.read_text(encoding="utf-8")
    assert "To: noor@example.org" in text
    assert "http://127.0.0.1:5000/invitation/a-secret_token" in text
    assert "وزارة العمل" in text
    assert path.stat().st_mode & 0o077 == 0
    assert "mail.log" in caplog.text
    assert "a-secret_token" not in caplog.text
    assert "noor@example.org" not in caplog.text


@pytest.mark.parametrize(
    "mail_url", ["smtp:", "smtp://", "smtps:///x", "smtp://host:port", "smtp://host:99999"]
)
def test_a_bad_mail_server_stops_the_start(tmp_path: Path, mail_url: str) -> None:
    with pytest.raises(SettingsError, match="mail_url"):
        delivery.chosen(load({}, instance=tmp_path, mail_url=mail_url))


@pytest.mark.parametrize(
    ("mail_url", "host", "port", "tls", "user", "password"),
    [
        ("smtp://mail.example.org", "mail.example.org", 25, False, "", ""),
        ("smtp://me%40x.org:p%2Fw@example.org", "example.org", 587, False, "me@x.org", "p/w"),
        ("smtps://mail.example.org", "mail.example.org", 465, True, "", ""),
        ("smtp://[::1]:2525", "::1", 2525, False, "", ""),
    ],
)
def test_what_a_mail_address_of_a_server_means(
    tmp_path: Path, mail_url: str, host: str, port: int, tls: bool, user: str, password: str
) -> None:
    way = delivery.chosen(load({}, instance=tmp_path, mail_url=mail_url))
    assert isinstance(way, delivery.ThroughServer)
    assert (way.host, way.port, way.tls) == (host, port, tls)
    assert (way.user, way.password) == (user, password)


def test_a_server_that_asks_for_a_password_gets_it(
    make_app: Callable[..., Flask], postbox: Postbox
) -> None:
    asked: list[tuple[bytes, bytes]] = []

    def check(_server: SMTP, _session: Any, _envelope: Any, _way: str, given: Any) -> AuthResult:
        asked.append((given.login, given.password))
        return AuthResult(success=True)

    controller = Controller(
        postbox,
        hostname="127.0.0.1",
        port=free_port(),
        authenticator=check,
        auth_require_tls=False,
    )
    controller.start()
    try:
        app = make_app(mail_url=f"smtp://office:p%20w@127.0.0.1:{controller.port}")
        with app.app_context():
            app.extensions["outbox_handlers"]["mail"](INVITATION, "k")
    finally:
        controller.stop()
    assert asked == [(b"office", b"p w")]
    assert len(postbox.mails) == 1


# The whole way


def test_a_reset_asked_for_on_the_site_arrives(site: Flask, postbox: Postbox) -> None:
    user = make_user(language="ar")
    with transaction() as session:
        service.request_reset(session, email=user.email, now=clock.now())
        service.request_reset(session, email="stranger@example.org", now=clock.now())
    while work(site):
        pass
    assert postbox.recipients == [user.email]
    assert "https://track.example.org/bali/reset/" in postbox.mails[0].get_content()
