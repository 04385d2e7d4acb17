"""Name the few ways in which a request can be refused.

Messages are lazy translations: they are spoken in the reader's language by the error pages.
"""

from __future__ import annotations

from collections.abc import Mapping


class DomainError(Exception):
    """Refuse what was asked, with a sentence for the person who asked."""

    def __init__(self, message: object = "") -> None:
        super().__init__(str(message) if isinstance(message, str) else "")
        self.message = message


class NotPermitted(DomainError):
    """Refuse an act to an actor who can see the thing but may not do this to it."""


class NotFound(DomainError):
    """Say that there is no such thing, or none that this actor may see."""


class RuleViolation(DomainError):
    """Refuse an act that the rules do not allow in the present state."""


class StaleVersion(DomainError):
    """Refuse a save made from a form older than what is stored now."""


class TooManyAttempts(DomainError):
    """Refuse for a while; `retry_after` is in seconds."""

    def __init__(self, message: object, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class InvalidInput(DomainError):
    """Refuse input; `fields` maps a form field's name to its sentence."""

    def __init__(self, message: object = "", fields: Mapping[str, object] | None = None) -> None:
        super().__init__(message)
        self.fields = dict(fields or {})
