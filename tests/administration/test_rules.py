"""What the trail is called, and what an error may say, without a database."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from policytrack.administration import words
from policytrack.administration.presenters.health import safe_error
from policytrack.core import words as core_words
from policytrack.core.permissions import Permission, Reach, Role

PACKAGE = Path(words.__file__).parent.parent


def test_every_act_that_the_program_records_has_words() -> None:
    known = {code for acts in words.ACTS.values() for code in acts}
    written = set()
    for path in PACKAGE.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        written |= set(re.findall(r'\baction="([a-z_.]+)"', text))
        written |= set(re.findall(r'\brecord\(\s*session,\s*[\w().]+,\s*"([a-z_.]+)"', text))
        if "commitments" in path.parts:
            found = re.findall(r'\brecord\(\s*session, actor, commitment, "([a-z_]+)"', text)
            written |= {f"commitment.{verb}" for verb in found}
    assert len(written) > 40
    assert written - known - {"added", "changed", "removed", "overwritten"} == set()


def test_words_and_kinds_go_together() -> None:
    assert set(words.ACTS) == set(words.KINDS)
    assert set(core_words.PERMISSIONS) == set(Permission)
    assert set(core_words.REACHES) == set(Reach)
    assert set(core_words.ROLES) == set(Role)


@pytest.mark.parametrize(
    ("said", "hidden"),
    [
        ("SMTPRecipientsRefused: {'asha@example.org': (550, b'no')}", "asha"),
        ("refused https://site.example/reset/abc", "site.example"),
        ("ConnectionError: 192.0.2.7 refused", "192.0.2.7"),
        ("ConnectionError: 2001:db8::7 refused", "2001:db8"),
        ("KeyError: 'Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4'", "Zm9vYmFy"),
        ("OSError: [Errno 28] No space: '/srv/policytrack/instance/mail.log'", "instance"),
        ("smtp://user:secret@mail.example.org failed", "secret"),
        ("first line\nsecond line with asha", "second"),
    ],
)
def test_an_error_is_shown_without_addresses_and_secrets(said: str, hidden: str) -> None:
    shown = safe_error(said)
    assert hidden not in shown
    assert shown


def test_an_error_stays_readable() -> None:
    assert safe_error("ConnectionRefusedError: [Errno 111] Connection refused") == (
        "ConnectionRefusedError: [Errno 111] Connection refused"
    )
    assert safe_error("") == ""
