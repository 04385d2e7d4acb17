"""Decide what a password may be, where a sign-in may lead, and how often one may try."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

PASSWORD_MIN = 12
PASSWORD_MAX = 200

# The most used passwords of at least twelve characters in public lists of leaked ones (the
# "10 million" list and its successors), and what this site's name invites.
_COMMON_LIST = """
123456789012 1234567890123 12345678901234 123456789012345 1234567890123456 012345678910
0123456789012 123123123123 1234512345123 121212121212 123456123456 123456789123
1234567891234 12345678910 123456789101112 987654321012 9876543210987 098765432109
1q2w3e4r5t6y 1q2w3e4r5t6y7u 1q2w3e4r5t6y7u8i 1qaz2wsx3edc 1qaz2wsx3edc4rfv zaq12wsxcde3
qwertyuiop12 qwertyuiop123 qwertyuiop1234 qwertyuiop[] qwertyuiopasdf qwertyuiopasdfgh
qwerty123456 qwerty1234567 qwerty12345678 qwerty123456789 qwertyqwerty qwerty123qwerty
asdfghjkl123 asdfghjkl1234 zxcvbnm12345 zxcvbnm123456 asdfghjklzxc asdfasdfasdf
password1234 password12345 password123456 password123456789 password12345678 passwordpassword
password@123 p@ssw0rd1234 p@ssword1234 passw0rd1234 mypassword123 newpassword123 changeme1234
changemechangeme changeit1234 letmeinletmein letmein12345 welcome12345 welcome123456
administrator administrator1 admin1234567 admin12345678 adminadminadmin administrator123
iloveyou1234 iloveyouiloveyou abcdefghijkl abcdefghijklm abcdefgh1234 abcd12345678
abc123abc123 abc123456789 a1b2c3d4e5f6 a123456789012 test12345678 testtesttest
correcthorsebatterystaple trustno1trustno1 computer1234 football1234 baseball1234
sunshine1234 princess1234 internet1234 secret123456 secretsecret
policytrack12 policytrack123 policytrack1234 policytrackpolicytrack labourmigration
balideclaration balideclaration2016 ministryoflabour
"""
_COMMON = frozenset(_COMMON_LIST.split())


class PasswordProblem(StrEnum):
    """Name why a password is refused."""

    SHORT = "short"
    LONG = "long"
    COMMON = "common"
    PERSONAL = "personal"


def _letters(text: str) -> str:
    return re.sub(r"[\W_]", "", text.casefold())


def password_problem(password: str, email: str, name: str) -> PasswordProblem | None:
    """Return why a password is refused, or None; length is counted in characters."""
    if len(password) < PASSWORD_MIN:
        return PasswordProblem.SHORT
    if len(password) > PASSWORD_MAX:
        return PasswordProblem.LONG
    plain = password.casefold().strip()
    if plain in _COMMON or len(set(plain)) <= 1:
        return PasswordProblem.COMMON
    if _letters(password) in {_letters(own) for own in (email, email.split("@")[0], name)}:
        return PasswordProblem.PERSONAL
    return None


_UNSAFE = re.compile(r"[\x00-\x20\x7f\\]")


def local_path(address: str | None) -> str | None:
    r"""Return an address where it lies on this site, else None.

    Only `/path?query` passes. Browsers read `//host`, `/\host` and addresses with control
    characters as other sites, so these are refused rather than mended.
    """
    if not address or len(address) > 2000 or _UNSAFE.search(address):
        return None
    if not address.startswith("/") or address.startswith("//"):
        return None
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return None if parts.scheme or parts.netloc else address


@dataclass(frozen=True, slots=True)
class Limit:
    """Bound how often something may be tried in one window of time."""

    name: str
    most: int
    window: timedelta

    def window_start(self, now: datetime) -> datetime:
        """Return when the present window began; windows are the same on every machine."""
        seconds = int(self.window.total_seconds())
        return datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, tz=now.tzinfo)

    def wait(self, now: datetime) -> int:
        """Return the seconds until the next window, at least 1."""
        return max(1, int((self.window_start(now) + self.window - now).total_seconds()))


_QUARTER = timedelta(minutes=15)
# A delegation, or a whole ministry, may share one network address; an account has one owner.
SIGN_IN_BY_ACCOUNT = Limit("in-account", 10, _QUARTER)
SIGN_IN_BY_ADDRESS = Limit("in-address", 100, _QUARTER)
RESET_BY_ACCOUNT = Limit("reset-account", 3, timedelta(hours=1))
RESET_BY_ADDRESS = Limit("reset-address", 20, timedelta(hours=1))
REGISTER_BY_ADDRESS = Limit("register-address", 20, timedelta(hours=1))
LINK_BY_ADDRESS = Limit("link-address", 60, _QUARTER)
PASSWORD_BY_ACCOUNT = Limit("change-account", 10, _QUARTER)


def registration_by_account(most: int) -> Limit:
    """Return how often registration may write to one mail address; a setting says it."""
    return Limit("register-account", most, timedelta(hours=1))


_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("UCBrowser", "UC Browser"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def browser_name(user_agent: str) -> str:
    """Return what a person calls their browser (`Firefox, Windows`); empty when unknown."""
    named = (
        next((name for mark, name in table if mark in user_agent), "")
        for table in (_BROWSERS, _SYSTEMS)
    )
    return ", ".join(part for part in named if part)
