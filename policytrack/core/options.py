"""Keep the settings that may change while the site runs, the same on every machine.

Each is declared here once: its name, its kind, what it is without an entry, and the sentence that
explains it. The table holds only what differs. Each process remembers what it read for a few
seconds, so that a change reaches every machine and a page costs no query more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from time import monotonic
from typing import Any, Generic, TypeVar, cast

from flask import current_app
from sqlalchemy import ForeignKey, String, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Mapped, Session, mapped_column

from policytrack.core import audit, emails
from policytrack.core import db as database
from policytrack.core.db import Base
from policytrack.core.errors import InvalidInput
from policytrack.core.i18n import LANGUAGES
from policytrack.core.i18n import lazy_gettext as _
from policytrack.core.permissions import Actor, Permission, require
from policytrack.core.requests import settings

REMEMBERED_SECONDS = 5.0

T = TypeVar("T")


class Option(Base):
    """Hold a setting that differs from its default; `value` is {"value": ...}."""

    __tablename__ = "option"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[dict[str, Any]]
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))


class Kind(StrEnum):
    """Name what a setting holds."""

    SWITCH = "switch"
    NUMBER = "number"
    WORDS = "words"  # a text in each language of the site, any of them may be missing
    ADDRESS = "address"  # a mail address, or nothing


@dataclass(frozen=True, slots=True)
class Declared(Generic[T]):
    """Declare one setting.

    Without a `default` the installation's own setting of the same name is it (`settings.toml`).
    A number lies between `least` and `most`; words have at most `most` characters a language.
    """

    name: str
    kind: Kind
    label: object
    sentence: object
    default: T | None = None
    least: int = 0
    most: int = 0

    @property
    def usual(self) -> T:
        """Return the value without an entry."""
        return cast(T, getattr(settings(), self.name) if self.default is None else self.default)

    def checked(self, value: object) -> T:
        """Return a value as it is kept; raise `ValueError` with a sentence for one that cannot be.

        Whoever declared this setting is the only one who knows its type: kinds and types agree.
        """
        return cast(T, _CHECKS[self.kind](self, value))


def _switch(_option: Declared[Any], value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError(_("Choose from the list."))
    return value


def _number(option: Declared[Any], value: object) -> int:
    whole = isinstance(value, int) and not isinstance(value, bool)
    if not whole or not option.least <= cast(int, value) <= option.most:
        raise ValueError(
            _(
                "Write a whole number between %(least)s and %(most)s.",
                least=option.least,
                most=option.most,
            )
        )
    return cast(int, value)


def _words(option: Declared[Any], value: object) -> dict[str, str]:
    if not isinstance(value, Mapping) or not all(isinstance(each, str) for each in value.values()):
        raise ValueError(_("Write a text."))
    kept = {code: text.strip() for code, text in value.items() if text.strip()}
    if set(kept) - set(LANGUAGES):
        raise ValueError(_("Choose a language."))
    if any(len(text) > option.most for text in kept.values()):
        raise ValueError(
            _("This is longer than %(max)d characters; please shorten it.", max=option.most)
        )
    return kept


def _address(_option: Declared[Any], value: object) -> str:
    text = value.strip() if isinstance(value, str) else None
    if text is None:
        raise ValueError(_("Write a mail address, such as name@example.org."))
    if not text:
        return ""
    try:
        return emails.parse(text)
    except ValueError:
        raise ValueError(_("Write a mail address, such as name@example.org.")) from None


_CHECKS = {
    Kind.SWITCH: _switch,
    Kind.NUMBER: _number,
    Kind.WORDS: _words,
    Kind.ADDRESS: _address,
}

NOTICE: Declared[dict[str, str]] = Declared(
    "notice",
    Kind.WORDS,
    _("Notice on every page"),
    _("For a maintenance, or the opening of a round. Empty: no notice."),
    default={},
    most=300,
)
CONTACT: Declared[str] = Declared(
    "contact",
    Kind.ADDRESS,
    _("Contact address"),
    _("Shown to everybody under Contact. Empty: none is shown."),
    default="",
)
REGISTRATION_OPEN: Declared[bool] = Declared(
    "registration_open",
    Kind.SWITCH,
    _("Researchers may register"),
    _("When this is off, the page says so, and links that were sent before open nothing."),
    default=True,
)
REGISTRATION_MESSAGES: Declared[int] = Declared(
    "registration_messages",
    Kind.NUMBER,
    _("Messages to one address in an hour"),
    _("How often registration writes to the same mail address, whoever asks for it."),
    default=3,
    least=1,
    most=20,
)
INVITATION_DAYS: Declared[int] = Declared(
    "invitation_days",
    Kind.NUMBER,
    _("Days for which an invitation can be used"),
    _("For invitations sent from now on; confirmations of a registration too."),
    least=1,
    most=90,
)
RESET_HOURS: Declared[int] = Declared(
    "reset_hours",
    Kind.NUMBER,
    _("Hours for which a link to a new password can be used"),
    _("For links sent from now on."),
    least=1,
    most=72,
)
SESSION_DAYS: Declared[int] = Declared(
    "session_days",
    Kind.NUMBER,
    _("Days after which an unused sign-in ends"),
    _("Counted anew whenever a browser is used."),
    least=1,
    most=90,
)
ADDRESS_DAYS: Declared[int] = Declared(
    "address_days",
    Kind.NUMBER,
    _("Days for which network addresses are kept"),
    _("A smaller number also removes those kept already, within a quarter of an hour."),
    least=1,
    most=365,
)

# In the order in which the page shows them.
DECLARED: tuple[Declared[Any], ...] = (
    NOTICE,
    CONTACT,
    REGISTRATION_OPEN,
    REGISTRATION_MESSAGES,
    INVITATION_DAYS,
    RESET_HOURS,
    SESSION_DAYS,
    ADDRESS_DAYS,
)


@dataclass(slots=True)
class _Remembered:
    until: float = 0.0
    values: dict[str, Any] = field(default_factory=dict)


def _remembered() -> _Remembered:
    return cast(_Remembered, current_app.extensions.setdefault("options", _Remembered()))


def forget() -> None:
    """Read anew when next asked: this process has changed something."""
    _remembered().until = 0.0


def differing(session: Session) -> dict[str, Any]:
    """Return what the table holds, by name."""
    with session.no_autoflush:
        rows = session.execute(select(Option.name, Option.value)).all()
    return {name: value.get("value") for name, value in rows}


def _known() -> dict[str, Any]:
    held = _remembered()
    # In tests every statement counts, and one application serves many databases.
    if monotonic() > held.until or settings().testing:
        try:
            held.values = differing(database.session())
        except (DBAPIError, PoolTimeout):
            # Error pages must not need the database: what was known before still holds.
            return held.values
        held.until = monotonic() + REMEMBERED_SECONDS
    return held.values


def value(option: Declared[T]) -> T:
    """Return the value in force; an entry that no longer makes sense counts as none."""
    return _sound(option, _known())


def _sound(option: Declared[T], known: Mapping[str, Any]) -> T:
    try:
        return option.checked(known[option.name])
    except (KeyError, ValueError):
        return option.usual


def in_force(session: Session) -> dict[str, Any]:
    """Return the value in force of every setting, read now, by name."""
    known = differing(session)
    return {option.name: _sound(option, known) for option in DECLARED}


def change(
    session: Session, *, actor: Actor, wanted: Mapping[str, object], now: datetime
) -> list[str]:
    """Set all given settings or none; return the names of those that changed.

    Raises `NotPermitted`, or `InvalidInput` with a sentence for each value that cannot be. What is
    as it would be without an entry is kept without one. The caller forgets after the commit.
    """
    require(actor, Permission.ADMINISTER)
    problems: dict[str, object] = {}
    values: dict[str, Any] = {}
    for option in DECLARED:
        if option.name in wanted:
            try:
                values[option.name] = option.checked(wanted[option.name])
            except ValueError as error:
                problems[option.name] = error.args[0]
    if problems:
        raise InvalidInput(fields=problems)
    before = in_force(session)
    touched = [name for name in values if values[name] != before[name]]
    for option in DECLARED:
        if option.name in touched:
            _keep(session, option, values[option.name], actor, now)
    return touched


def _keep(
    session: Session, option: Declared[Any], chosen: object, actor: Actor, now: datetime
) -> None:
    entry = session.get(Option, option.name, with_for_update=True)
    if chosen == option.usual:
        if entry is not None:
            session.delete(entry)
    elif entry is None:
        session.add(
            Option(
                name=option.name,
                value={"value": chosen},
                changed_at=now,
                changed_by_id=actor.user_id,
            )
        )
    else:
        entry.value = {"value": chosen}
        entry.changed_at = now
        entry.changed_by_id = actor.user_id
    # Codes and counts only: a notice or an address is no matter for the trail.
    said = option.kind in {Kind.SWITCH, Kind.NUMBER}
    audit.record(
        session,
        actor=actor,
        action="option.change",
        kind="option",
        public_id=option.name,
        now=now,
        fields=[option.name],
        details={"value": chosen} if said else {},
    )
