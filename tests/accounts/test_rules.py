from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from policytrack.accounts import limits, rules
from policytrack.accounts.rules import PasswordProblem
from policytrack.core import emails


@pytest.mark.parametrize(
    ("password", "problem"),
    [
        ("eleven char", PasswordProblem.SHORT),
        ("twelve chars", None),
        ("x" + "y" * 199, None),
        ("x" + "y" * 200, PasswordProblem.LONG),
        ("aaaaaaaaaaaaaaaa", PasswordProblem.COMMON),
        ("Password1234", PasswordProblem.COMMON),
        ("qwertyuiop123", PasswordProblem.COMMON),
        ("asha.rai@example.org", PasswordProblem.PERSONAL),
        ("Asha Kumari Rai", PasswordProblem.PERSONAL),
        ("ashakumarirai", PasswordProblem.PERSONAL),
        ("مراكب صغيرة عند الفجر", None),
        ("            ", PasswordProblem.COMMON),
    ],
)
def test_which_passwords_are_refused(password: str, problem: PasswordProblem | None) -> None:
    assert rules.password_problem(password, "asha.rai@example.org", "Asha Kumari Rai") == problem


def test_a_person_without_letters_in_the_name_can_choose_a_password() -> None:
    assert rules.password_problem("!?!?!?!?!?!?", "a@example.org", "Asha") is None


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/notes/k3v9qmt2ab",
        "/commitments?q=fees&page=2",
        "/a//b",
        "/r%C3%A9gion",
        "/x?next=//y",
    ],
)
def test_local_addresses_pass(address: str) -> None:
    assert rules.local_path(address) == address


@pytest.mark.parametrize(
    "address",
    [
        None,
        "",
        "notes",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "\t//evil.example",
        " //evil.example",
        "/ /evil",
        "https://evil.example/",
        "javascript:alert(1)",
        "JaVaScRiPt://x",
        "data:text/html,x",
        "/\x00",
        "//[",
        "/" + "a" * 2000,
    ],
)
def test_addresses_elsewhere_do_not_pass(address: str | None) -> None:
    assert rules.local_path(address) is None


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Asha@Example.ORG", "asha@example.org"),
        ("  asha@example.org ", "asha@example.org"),
        ("Ame\u0301lie@example.org", "am\u00e9lie@example.org"),
        ("asha@xn--mgbh0fb.example", "asha@مثال.example"),
        ("asha@مثال.example", "asha@مثال.example"),
        ("आशा@example.org", "आशा@example.org"),
        ("Strauß@example.org", "strauß@example.org"),
        ("o'brien+ilo@example.org", "o'brien+ilo@example.org"),
    ],
)
def test_an_address_has_one_spelling(typed: str, kept: str) -> None:
    assert emails.parse(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "asha",
        "asha@",
        "@example.org",
        "a@b@c",
        "Asha <asha@example.org>",
        "a@exa mple.org",
        "asha@example.org\r\nBcc: all@example.org",
        "a" * 300 + "@example.org",
        "asha@[127.0.0.1]",
        "asha@ministry",
    ],
)
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="no mail address"):
        emails.parse(typed)


def test_a_window_is_the_same_on_every_machine_and_ends() -> None:
    now = datetime(2026, 10, 1, 9, 7, 30, tzinfo=UTC)
    limit = rules.SIGN_IN_BY_ACCOUNT
    assert limit.window_start(now) == datetime(2026, 10, 1, 9, 0, tzinfo=UTC)
    assert limit.wait(now) == 7 * 60 + 30
    assert limit.window_start(now + timedelta(minutes=8)) > limit.window_start(now)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("unknown", "unknown", True),
    ],
)
def test_what_counts_as_one_network_address(one: str, other: str, same: bool) -> None:
    assert (limits.network_key(one) == limits.network_key(other)) is same


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Firefox, Linux",
        ),
        (
            "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36",
            "Chrome, Android",
        ),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1", "Safari, iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/130.0 Safari/537.36 Edg/130.0", "Edge, Windows"),
        ("<script>alert(1)</script>", ""),
        ("", ""),
    ],
)
def test_a_browser_has_a_name_that_people_know(user_agent: str, name: str) -> None:
    assert rules.browser_name(user_agent) == name
