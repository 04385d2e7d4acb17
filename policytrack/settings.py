"""Read the settings: typed, checked at the start, one clear line for what is wrong.

They come from `settings.toml` in the instance folder and from the environment (`POLICYTRACK_` and
the name in capitals), which prevails. docs/settings.md is written from this module.
"""

from __future__ import annotations

import os
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

PREFIX = "POLICYTRACK_"


class SettingsError(Exception):
    """Say in one line which setting is wrong and how to mend it."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Hold what an installation may choose. Empty means: derived, as the help says."""

    instance: Path = field(metadata={"help": "Folder of the database, files, index and secrets."})
    database_url: str = field(
        default="",
        metadata={
            "help": "Database address, `sqlite:///...` or `postgresql+psycopg://...`;"
            " empty: `policytrack.sqlite3` in the instance folder."
        },
    )
    secret_key: str = field(
        default="",
        repr=False,
        metadata={
            "help": "Key that signs cookies, 32 characters or more, the same on every machine;"
            " empty: made once and kept in `secret_key` in the instance folder."
        },
    )
    external_url: str = field(
        default="http://127.0.0.1:5000",
        metadata={"help": "Address under which people reach the site; links in mail use it."},
    )
    trusted_hosts: tuple[str, ...] = field(
        default=(),
        metadata={
            "help": "Host names that requests may ask for, separated by commas;"
            " empty: the host of `external_url` and this machine itself."
        },
    )
    proxies: int = field(
        default=0,
        metadata={"help": "Number of proxies in front whose X-Forwarded headers are believed."},
    )
    files: str = field(
        default="directory",
        metadata={
            "help": "Where evidence is kept: `directory` (in the instance folder), or `database`"
            " where several machines serve."
        },
    )
    max_upload_megabytes: int = field(
        default=20, metadata={"help": "Largest file that may be handed in, in megabytes."}
    )
    scanner: str = field(
        default="",
        metadata={
            "help": "Malware scanner that speaks clamd's protocol: `host:port`, or the path of its"
            " socket; every file from outside passes it. Empty: none."
        },
    )
    recognition: bool = field(
        default=True,
        metadata={
            "help": "Whether the worker reads pages that are pictures by machine, where tesseract"
            " is installed."
        },
    )
    mail_url: str = field(
        default="console:",
        metadata={
            "help": "`smtp://user:password@host:port` (STARTTLS where offered),"
            " `smtps://...`, or `console:` (log and a file in the instance folder)."
        },
    )
    mail_from: str = field(
        default="PolicyTrack <policytrack@localhost>",
        metadata={"help": "Sender of mail."},
    )
    time_zone: str = field(
        default="Asia/Bangkok",
        metadata={"help": "Zone in which the secretariat's dates are meant."},
    )
    session_days: int = field(
        default=14, metadata={"help": "Days after which an unused sign-in ends."}
    )
    invitation_days: int = field(
        default=14, metadata={"help": "Days for which an invitation can be used."}
    )
    reset_hours: int = field(
        default=2, metadata={"help": "Hours for which a password reset can be used."}
    )
    address_days: int = field(
        default=90, metadata={"help": "Days for which network addresses are kept."}
    )
    testing: bool = field(
        default=False, metadata={"help": "For the project's own tests; leave it alone."}
    )

    @property
    def database(self) -> str:
        """Return the database's address."""
        return self.database_url or f"sqlite:///{self.instance / 'policytrack.sqlite3'}"

    @property
    def hosts(self) -> tuple[str, ...]:
        """Return the host names that may be asked for."""
        own = urlsplit(self.external_url).hostname or "localhost"
        return self.trusted_hosts or tuple(dict.fromkeys((own, "localhost", "127.0.0.1", "[::1]")))

    @property
    def secure(self) -> bool:
        """Tell whether people reach the site through TLS."""
        return self.external_url.startswith("https://")


def _convert(name: str, kind: object, value: object) -> object:
    text = str(value)
    if kind == "int":
        if not text.isdecimal():
            raise SettingsError(f"{name} must be a whole number, not {text!r}")
        return int(text)
    if kind == "bool":
        if text.lower() not in {"true", "false", "1", "0"}:
            raise SettingsError(f"{name} must be true or false, not {text!r}")
        return text.lower() in {"true", "1"}
    if kind == "Path":
        return Path(text).absolute()
    if kind == "tuple[str, ...]":
        given = value if isinstance(value, list) else text.split(",")
        return tuple(str(part).strip() for part in given if str(part).strip())
    return text


def _check(settings: Settings) -> None:
    try:
        backend = make_url(settings.database).get_backend_name()
    except ArgumentError:
        raise SettingsError("database_url is not a database address") from None
    if backend not in {"sqlite", "postgresql"}:
        raise SettingsError(f"database_url must be sqlite or postgresql, not {backend}")
    if settings.secret_key and len(settings.secret_key) < 32:
        raise SettingsError("secret_key must have at least 32 characters")
    address = urlsplit(settings.external_url)
    if address.scheme not in {"http", "https"} or not address.hostname:
        raise SettingsError("external_url must begin with http:// or https:// and name a host")
    if settings.files not in {"directory", "database"}:
        raise SettingsError("files must be `directory` or `database`")
    if settings.scanner and not _is_scanner(settings.scanner):
        raise SettingsError("scanner must be host:port, or the path of a socket from / on")
    if urlsplit(settings.mail_url).scheme not in {"smtp", "smtps", "console"}:
        raise SettingsError("mail_url must begin with smtp:, smtps: or console:")
    try:
        ZoneInfo(settings.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise SettingsError(f"time_zone: there is no zone {settings.time_zone!r}") from None
    for name in ("max_upload_megabytes", "session_days", "invitation_days", "reset_hours"):
        if getattr(settings, name) < 1:
            raise SettingsError(f"{name} must be 1 or more")


def _is_scanner(address: str) -> bool:
    if address.startswith("/"):
        return True
    host, _, port = address.rpartition(":")
    return bool(host) and port.isdecimal() and 0 < int(port) < 65_536


def load(environment: Mapping[str, str] | None = None, **overrides: object) -> Settings:
    """Return the settings; raise `SettingsError` with one line for the first that is wrong."""
    environ = os.environ if environment is None else environment
    instance = Path(
        str(overrides.get("instance") or environ.get(f"{PREFIX}INSTANCE", "instance"))
    ).absolute()
    given: dict[str, object] = {}
    path = instance / "settings.toml"
    if path.exists():
        try:
            given.update(tomllib.loads(path.read_text(encoding="utf-8")))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise SettingsError(f"{path.name} cannot be read: {error}") from None
    known = {item.name: item for item in fields(Settings)}
    for name in known:
        if (value := environ.get(PREFIX + name.upper())) is not None:
            given[name] = value
    given.update(overrides)
    given["instance"] = instance
    if unknown := sorted(set(given) - set(known)):
        raise SettingsError(f"there is no setting {unknown[0]!r}")
    settings = Settings(
        **{name: _convert(name, known[name].type, value) for name, value in given.items()}  # type: ignore[arg-type]  # converted by the declared type
    )
    _check(settings)
    return settings


def secret_key(settings: Settings) -> str:
    """Return the key that signs cookies, making and keeping one where none was set."""
    if settings.secret_key:
        return settings.secret_key
    path = settings.instance / "secret_key"
    settings.instance.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32))
    return path.read_text(encoding="ascii").strip()
