"""Map people, their sign-in sessions and their one-time links."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    SQLColumnExpression,
    String,
    UniqueConstraint,
)
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from policytrack.core.db import Base, PublicId
from policytrack.core.i18n import gettext as _
from policytrack.core.ids import new_id


class AccountState(StrEnum):
    """Name where an account stands."""

    INVITED = "invited"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    CLOSED = "closed"


class LinkPurpose(StrEnum):
    """Name what a one-time link is for."""

    INVITATION = "invitation"
    PASSWORD_RESET = "password_reset"  # noqa: S105 - a purpose, not a password
    REGISTRATION = "registration"


class User(Base):
    """Hold a person with an account."""

    __tablename__ = "user"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(PublicId, unique=True, default=new_id)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    # What the person chose to be called; empty once the account is closed.
    chosen_name: Mapped[str] = mapped_column("name", String(200))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    language: Mapped[str | None] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20), default=AccountState.INVITED)
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    demonstration: Mapped[bool] = mapped_column(default=False)
    # Why a researcher registered, in their own words; for administrators.
    purpose: Mapped[str] = mapped_column(String(300), default="")

    offices: Mapped[list[Office]] = relationship(cascade="all, delete-orphan")

    __table_args__ = (
        CheckConstraint("state IN ('invited', 'active', 'suspended', 'closed')", name="state"),
    )

    @hybrid_property
    def name(self) -> str:
        """Return the name to show: that of a closed account is the same for all, in every language.

        What somebody wrote stays; whoever shows an author need not ask whether there still is one.
        """
        return self.chosen_name if self.state != AccountState.CLOSED else _("Closed account")

    @name.inplace.setter
    def _set_name(self, name: str) -> None:
        self.chosen_name = name

    @name.inplace.expression
    @classmethod
    def _name_column(cls) -> SQLColumnExpression[str]:
        return cls.chosen_name


class Office(Base):
    """Give a person a role that no organisation gives: researcher, secretariat, administrator."""

    __tablename__ = "office"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), primary_key=True
    )
    role: Mapped[str] = mapped_column(String(20), primary_key=True)

    __table_args__ = (
        CheckConstraint("role IN ('researcher', 'secretariat', 'administrator')", name="role"),
    )


class SignInSession(Base):
    """Hold one signed-in browser; the cookie carries a secret of which this is the hash."""

    __tablename__ = "sign_in_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(PublicId, unique=True, default=new_id)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    browser: Mapped[str] = mapped_column(String(200), default="")

    user: Mapped[User] = relationship()


class OneTimeLink(Base):
    """Hold a link sent by mail: single use, expires; only the hash of its secret is kept."""

    __tablename__ = "one_time_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[str] = mapped_column(String(20))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    user: Mapped[User] = relationship()

    __table_args__ = (
        CheckConstraint(
            "purpose IN ('invitation', 'password_reset', 'registration')", name="purpose"
        ),
    )


class NetworkAddress(Base):
    """Hold where an act came from, apart from the trail, until it expires."""

    __tablename__ = "network_address"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    address: Mapped[str] = mapped_column(String(45))
    action: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class Attempts(Base):
    """Count attempts in one window of time, on whichever machine they arrive."""

    __tablename__ = "attempts"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(80))
    window_start: Mapped[datetime]
    count: Mapped[int] = mapped_column(default=0)

    __table_args__ = (
        UniqueConstraint("key", "window_start"),
        Index("ix_attempts_window_start", "window_start"),
    )
