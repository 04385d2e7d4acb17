"""Name the reasons for which a file is refused; `inspection` turns them into sentences."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """Say why a file is refused."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    NOT_TAKEN = "not_taken"
    DISGUISED = "disguised"
    ENCRYPTED = "encrypted"
    DAMAGED = "damaged"
    DAMAGED_PICTURE = "damaged_picture"
    MACROS = "macros"
    SCRIPTS = "scripts"
    ATTACHMENTS = "attachments"
    REMOTE = "remote"
    BOMB = "bomb"
    ENTITIES = "entities"
    PIXELS = "pixels"
    MOVING = "moving"
    PICTURE_INSIDE = "picture_inside"
    SIGNED_PHOTOGRAPH = "signed_photograph"
    TOO_HARD = "too_hard"


class Refused(Exception):
    """Refuse a file; `values` fill the sentence and are codes, never text from the file."""

    def __init__(self, reason: Reason, **values: str) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.values = values
