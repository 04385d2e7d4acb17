"""Look at the machine: its folder, its disk, its key, its worker, its mail."""

from __future__ import annotations

import smtplib
import ssl
import stat
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from policytrack.core import clock
from policytrack.core.files import scanner as scanners
from policytrack.core.machine import (
    MEGABYTE,
    ROOM_NEEDED,
    ROOM_WANTED,
    free_room,
    worker_runs,
)
from policytrack.core.requests import settings
from policytrack.operations.findings import Finding, error, fine, warning

_MAIL_SECONDS = 5
_SIGNATURES_KEPT = timedelta(days=7)
# No installation of this version can live before it was written.
_EARLIEST = datetime(2026, 1, 1, tzinfo=UTC)


def folder() -> Iterator[Finding]:
    """Look whether the instance folder can be written to and has room."""
    instance = settings().instance
    try:
        with tempfile.TemporaryFile(dir=str(instance)) as file:
            file.write(b"x" * 4096)
            file.flush()
    except OSError as problem:
        yield error(
            "instance folder",
            f"{instance} cannot be written to ({problem.strerror})",
            "give the folder to the user under which the services run, and make room on its disk",
        )
        return
    free = free_room()
    seen = f"{free // MEGABYTE} MB free at {instance}"
    if free < ROOM_NEEDED:
        yield error("disk", seen, "make room now: below this, saving begins to fail")
    elif free < ROOM_WANTED:
        yield warning("disk", seen, "make room before it runs out")
    else:
        yield fine("disk", seen)


def key() -> Iterator[Finding]:
    """Look who may read the key that signs cookies."""
    path = settings().instance / "secret_key"
    if settings().secret_key:
        yield fine("secret key", "set by a setting")
        return
    try:
        state = path.stat()
    except OSError as problem:
        yield error("secret key", f"{path} cannot be read ({problem.strerror})", "restart `serve`")
        return
    if state.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        yield error("secret key", f"others on this machine can read {path}", f"chmod 600 {path}")
    elif state.st_size < 32:
        yield error(
            "secret key",
            f"{path} is too short",
            f"remove {path} and restart the services; everybody then signs in again",
        )
    else:
        yield fine("secret key", "readable by its owner only")


def moment() -> Iterator[Finding]:
    """Look whether the machine's clock can be right."""
    now = clock.now()
    if now < _EARLIEST:
        yield error("clock", f"this machine believes it is {now:%d %b %Y}", "set the clock (NTP)")
    else:
        yield fine("clock", f"{now:%d %b %Y, %H:%M} UTC")


def address() -> Iterator[Finding]:
    """Look whether people reach the site through TLS."""
    url = settings().external_url
    host = urlsplit(url).hostname or ""
    if settings().secure or host in {"localhost", "127.0.0.1", "::1"}:
        yield fine("address", url)
    else:
        yield warning(
            "address",
            f"{url} is not encrypted",
            "put a TLS proxy in front and set external_url to https://... (docs/operations.md)",
        )


def worker() -> Iterator[Finding]:
    """Look whether a worker runs on this machine."""
    if worker_runs():
        yield fine("worker", "running")
    else:
        yield warning(
            "worker",
            "none runs on this machine: no mail goes out and search does not follow",
            "start `policytrack worker` (or its service)",
        )


def mail() -> Iterator[Finding]:
    """Look whether mail goes anywhere."""
    url = urlsplit(settings().mail_url)
    if url.scheme != "console":
        yield fine("mail", f"through {url.hostname} (not tried; `doctor --mail` does)")
    elif settings().secure:
        yield warning(
            "mail",
            "it is only written to the log and a file",
            "set mail_url to the organisation's SMTP server",
        )
    else:
        yield fine("mail", "written to the log and a file")


def scanner() -> Iterator[Finding]:
    """Look whether the malware scanner answers, where one is set."""
    address = settings().scanner
    if not address:
        yield fine("malware scanner", "none is set")
        return
    try:
        said = scanners.standing(address)
    except scanners.NoAnswer as problem:
        yield error(
            "malware scanner",
            f"{address} does not answer ({problem}): no file from outside is accepted",
            "start it, or correct scanner in the settings",
        )
        return
    seen = f"{said.program}, signatures of {said.signed:%d %b %Y}" if said.signed else said.program
    if said.signed is not None and clock.now() - said.signed > _SIGNATURES_KEPT:
        yield warning("malware scanner", seen, "look why they are not renewed (freshclam)")
    else:
        yield fine("malware scanner", seen)


def mail_server() -> Iterator[Finding]:
    """Look whether the mail server answers."""
    url = urlsplit(settings().mail_url)
    if url.scheme == "console":
        yield from mail()
        return
    try:
        _greet(url.scheme, url.hostname or "", url.port)
    except (OSError, smtplib.SMTPException) as problem:
        yield error(
            "mail",
            f"{url.hostname} does not answer ({problem})",
            "look at mail_url and at the firewall; mail waits in the outbox meanwhile",
        )
    else:
        yield fine("mail", f"{url.hostname} answers")


def _greet(scheme: str, host: str, port: int | None) -> None:
    if scheme == "smtps":
        context = ssl.create_default_context()
        with smtplib.SMTP_SSL(host, port or 465, timeout=_MAIL_SECONDS, context=context) as server:
            server.noop()
        return
    with smtplib.SMTP(host, port or 587, timeout=_MAIL_SECONDS) as server:
        server.noop()
