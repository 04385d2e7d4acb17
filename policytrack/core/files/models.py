"""Map stored files; rows of other features say who may read them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from policytrack.core.db import Base, PublicId
from policytrack.core.ids import new_id


class StoredFile(Base):
    """Hold what is known of one content; `sha256` addresses the bytes.

    Of one that was redacted the row stays, so that what named it can say so; its bytes are gone.
    """

    __tablename__ = "stored_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(PublicId, unique=True, default=new_id)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    created_at: Mapped[datetime]
    redacted_at: Mapped[datetime | None]


class RefusedFile(Base):
    """Hold the hash of a content that was redacted, as handed in or as kept: never taken again."""

    __tablename__ = "refused_file"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[datetime]


class FileContent(Base):
    """Hold a content's bytes in the database, where several machines serve."""

    __tablename__ = "file_content"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    data: Mapped[bytes] = mapped_column(LargeBinary)


class StagedFile(Base):
    """Hold an upload that waits for its form to be saved, so that nothing has to be sent twice.

    `source_sha256` is the hash of what was handed in, where the form asks for it.
    """

    __tablename__ = "staged_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(PublicId, unique=True, default=new_id)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    source_sha256: Mapped[str] = mapped_column(String(64), default="")
    file_name: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(index=True)

    file: Mapped[StoredFile] = relationship()
