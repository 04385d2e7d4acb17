"""Read mail addresses: one spelling for each, so that an account is found however it is typed."""

from __future__ import annotations

from email_validator import EmailNotValidError, validate_email

MAX_LENGTH = 254


def parse(text: str) -> str:
    """Return the one spelling of a mail address: composed, without capitals, names in Unicode.

    Whether mail arrives there is not asked, but it must be a name that mail could reach from
    anywhere. Raises `ValueError` for what is no address.
    """
    try:
        found = validate_email(text.strip(), check_deliverability=False)
    except EmailNotValidError as error:
        raise ValueError("no mail address") from error
    # Not casefold: that writes ß as ss, which is somebody else's address.
    address = found.normalized.lower()
    if len(address) > MAX_LENGTH:
        raise ValueError("no mail address")
    return address


def one_spelling(typed: str) -> str:
    """Return the one spelling of an address where it is one, else a spelling that nobody has."""
    try:
        return parse(typed)
    except ValueError:
        return typed.lower()[:MAX_LENGTH]


def for_delivery(address: str) -> str:
    """Return an address as mail servers want it: the domain in ASCII, where the rest is."""
    found = validate_email(address, check_deliverability=False)
    return found.ascii_email or found.normalized
