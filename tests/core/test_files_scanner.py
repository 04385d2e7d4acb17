"""The malware scanner is asked in clamd's protocol, and only its clear word counts."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from policytrack.core.files import scanner
from policytrack.core.files.scanner import Answer, NoAnswer, Verdict, scan, standing
from policytrack.settings import SettingsError, load
from tests.core.clamd_server import TEST_CONTENT, Clamd, serving

pytestmark = pytest.mark.usefixtures("once")


@pytest.fixture(params=["port", "path"])
def clamd(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Clamd]:
    with serving(tmp_path / "s" if request.param == "path" else None) as server:
        yield server


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scanner, "SCAN_SECONDS", 0.5)
    monkeypatch.setattr(scanner, "STATE_SECONDS", 0.5)


# Several chunks, whose borders differ from those of what is read at the other end.
LARGE = bytes(range(251)) * 2_000


def test_a_clean_content_arrives_whole(clamd: Clamd) -> None:
    for content in (b"", b"a", LARGE):
        assert scan(clamd.address, content) == Answer(Verdict.CLEAN)
    assert clamd.heard == [b"", b"a", LARGE]
    assert clamd.asked == ["INSTREAM"] * 3


def test_what_is_found_is_named(clamd: Clamd) -> None:
    for content in (TEST_CONTENT, LARGE + TEST_CONTENT):
        found = scan(clamd.address, content)
        assert found == Answer(Verdict.FOUND, "Eicar-Test-Signature")


def test_too_large_is_told_apart_even_when_the_line_is_cut_on_the_way(clamd: Clamd) -> None:
    clamd.most = 200_000
    assert scan(clamd.address, LARGE).verdict is Verdict.TOO_LARGE
    # More than the system takes on by itself: the cut is noticed while sending.
    assert scan(clamd.address, LARGE * 20).verdict is Verdict.TOO_LARGE
    clamd.most, clamd.mode = 1_000_000, "stream: Heuristics.Limits.Exceeded.MaxFileSize FOUND"
    assert scan(clamd.address, b"a").verdict is Verdict.TOO_LARGE


@pytest.mark.parametrize(
    "mode",
    [
        "cut",
        "gone",
        "UNKNOWN COMMAND",
        "COMMAND READ TIMED OUT",
        "stream: Can't allocate memory ERROR",
        "stream: OK FOUNDLING",
        "nothing like it: OK",
        "OK",
        "stream: OK\nstream: OK",
        "x" * 10_000,
    ],
)
def test_nothing_but_a_clear_word_is_an_answer(clamd: Clamd, mode: str) -> None:
    clamd.mode = mode
    with pytest.raises(NoAnswer):
        scan(clamd.address, LARGE)


def test_one_that_has_not_heard_all_cannot_say_that_it_is_clean(clamd: Clamd) -> None:
    clamd.mode = "early"
    with pytest.raises(NoAnswer):
        scan(clamd.address, LARGE * 40)  # more than the system takes on by itself


@pytest.mark.usefixtures("hasty")
def test_one_that_does_not_answer_is_not_waited_for(clamd: Clamd) -> None:
    clamd.mode = "slow"
    for ask in (lambda: scan(clamd.address, b"a"), lambda: standing(clamd.address)):
        with pytest.raises(NoAnswer, match="in time"):
            ask()


@pytest.mark.usefixtures("hasty")
def test_one_that_takes_nothing_in_is_not_waited_for(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf, pytest.raises(NoAnswer, match="in time"):
        scan(f"127.0.0.1:{deaf.getsockname()[1]}", LARGE * 40)


def test_nobody_there(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closing:
        address = f"127.0.0.1:{closing.getsockname()[1]}"
    for place in (address, str(tmp_path / "none"), f"/{'x' * 200}", f"{'x' * 70}.invalid:1"):
        with pytest.raises(NoAnswer):
            scan(place, b"a")
        with pytest.raises(NoAnswer):
            standing(place)


def test_it_says_what_it_is(clamd: Clamd) -> None:
    found = standing(clamd.address)
    assert found.program == "ClamAV 1.4.3"
    assert found.signed == datetime(2026, 11, 20, 9, 12, 44, tzinfo=UTC)
    clamd.version = "ClamAV 1.4.3"  # before it has any signatures
    assert standing(clamd.address).signed is None
    clamd.version = "220 mail.example.org ESMTP"
    with pytest.raises(NoAnswer, match="ESMTP"):
        standing(clamd.address)


@pytest.mark.parametrize("given", ["", "127.0.0.1:3310", "[::1]:3310", "clamd:1", "/run/clamd.ctl"])
def test_addresses(tmp_path: Path, given: str) -> None:
    assert load({}, instance=tmp_path, scanner=given).scanner == given


@pytest.mark.parametrize(
    "given", ["clamd", ":3310", "clamd:", "clamd:0", "clamd:99999", "run/clamd"]
)
def test_what_is_no_address_stops_the_start(tmp_path: Path, given: str) -> None:
    with pytest.raises(SettingsError, match="scanner must be"):
        load({}, instance=tmp_path, scanner=given)
