"""Hand mail over: to a mail server, or in development to a file."""

from __future__ import annotations

import ipaddress
import logging
import os
import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from policytrack.settings import Settings, SettingsError

log = logging.getLogger(__name__)

_TIMEOUT_SECONDS = 20.0


class Delivery(Protocol):
    """Be a way in which mail goes out."""

    def send(self, message: EmailMessage) -> None:
        """Hand a message over; raise where that fails, so that it is tried again."""


@dataclass(frozen=True, slots=True)
class ToFile:
    """Write mail to a file of the instance folder, for development."""

    path: Path

    def send(self, message: EmailMessage) -> None:
        """Append a message, readable, and say in the log that it is there."""
        head = "\n".join(f"{name}: {value}" for name, value in message.items())
        text = f"{head}\n\n{message.get_content()}\n{'-' * 72}\n"
        self.path.parent.mkdir(parents=True, exist_ok=True)
        # It holds links that open accounts: for this user's eyes only.
        descriptor = os.open(self.path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        # Neither address nor link goes into the log.
        log.info("mail %s is in %s", message["Message-ID"], self.path.name)


@dataclass(frozen=True, slots=True)
class ThroughServer:
    """Send mail through an SMTP server."""

    host: str
    port: int
    user: str
    password: str
    tls: bool
    local_name: str

    def send(self, message: EmailMessage) -> None:
        """Send a message; raise `smtplib.SMTPException` or `OSError` where that fails.

        On a plain connection TLS is taken up where the server offers it. A password never
        travels in the clear, but to this machine itself.
        """
        context = ssl.create_default_context()
        with self._connect(context) as server:
            server.ehlo()
            secure = self.tls
            if not secure and server.has_extn("starttls"):
                server.starttls(context=context)
                server.ehlo()
                secure = True
            if self.user:
                if not secure and not _is_this_machine(self.host):
                    raise smtplib.SMTPException("the server offers no TLS for the password")
                server.login(self.user, self.password)
            server.send_message(message)

    def _connect(self, context: ssl.SSLContext) -> smtplib.SMTP:
        if self.tls:
            return smtplib.SMTP_SSL(
                self.host, self.port, self.local_name, timeout=_TIMEOUT_SECONDS, context=context
            )
        return smtplib.SMTP(self.host, self.port, self.local_name, timeout=_TIMEOUT_SECONDS)


def _is_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _greeting_name(external_url: str) -> str:
    # Servers want a name or a bracketed address; looking one's own up may take many seconds.
    host = urlsplit(external_url).hostname or "localhost"
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    return f"[IPv6:{address}]" if address.version == 6 else f"[{address}]"


def chosen(settings: Settings) -> Delivery:
    """Return the delivery that `mail_url` names; raise `SettingsError` for one without a host."""
    parts = urlsplit(settings.mail_url)
    if parts.scheme == "console":
        return ToFile(settings.instance / "mail.log")
    try:
        port = parts.port
    except ValueError:
        raise SettingsError("mail_url names a port that is no number") from None
    if not parts.hostname:
        raise SettingsError("mail_url must name a host, such as smtp://mail.example.org:587")
    tls = parts.scheme == "smtps"
    return ThroughServer(
        host=parts.hostname,
        port=port or (465 if tls else 587 if parts.username else 25),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        tls=tls,
        local_name=_greeting_name(settings.external_url),
    )
