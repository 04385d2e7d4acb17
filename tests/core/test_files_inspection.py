"""Every refusal is a sentence in the person's language, and no file can harm the site."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from policytrack.core import errors, files
from policytrack.core.files import inspection, quarantine
from policytrack.core.files.kinds import Found
from policytrack.core.files.refusals import Reason, Refused
from policytrack.core.isolation import Zygote
from tests.core import files_made as made


def refusal(data: bytes, name: str) -> str:
    with pytest.raises(errors.InvalidInput) as refused:
        files.inspect(data, name=name)
    return str(refused.value.message)


@pytest.fixture
def hostile(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Let something else than the examination run where it runs (see `test_isolation`)."""
    module = "tests.core.hostile_work"
    zygote = Zygote(module, packages=[Path(__file__).parents[1]])
    monkeypatch.setattr(quarantine, "_ZYGOTE", zygote)
    monkeypatch.setattr(
        quarantine, "LIMITS", dataclasses.replace(quarantine.LIMITS, output_bytes=1024 * 1024)
    )
    yield lambda work: monkeypatch.setattr(quarantine, "_WORK", f"{module}:{work}")
    zygote.close()


@pytest.fixture(autouse=True)
def _in_english(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


def test_an_upload_is_taken_with_a_safe_name_and_its_true_type() -> None:
    taken = files.inspect(io.BytesIO(made.picture("PNG")), name="C:\\photos\\..\\a\u202e.jpg")
    assert (taken.name, taken.media_type, taken.size) == ("a.png", "image/png", len(taken.data))
    assert taken.data.startswith(b"\x89PNG")


@pytest.mark.parametrize("name", ["a.p\x00df", "a.\ud800", "a." + "x" * 300_000, "."])
def test_no_name_breaks_the_examination(name: str) -> None:
    assert files.inspect(made.pdf(), name=name).name.endswith(".pdf")


def test_an_upload_over_the_limit_is_refused_and_one_at_the_limit_is_not(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = dataclasses.replace(app.config["POLICYTRACK"], max_upload_megabytes=1)
    monkeypatch.setitem(app.config, "POLICYTRACK", settings)
    tail = b"%" * 20_000
    padded = made.pdf().replace(b"startxref", b"%" * (1024 * 1024) + b"\nstartxref")
    assert "larger than 1 megabytes" in refusal(padded, "a.pdf")
    assert files.inspect(made.pdf() + tail[:100] + b"\n", name="a.pdf").size < 1024 * 1024


def test_a_lie_is_named_in_the_sentence() -> None:
    assert refusal(b"MZ\x90\x00", "letter.pdf") == (
        "By its name this file is a PDF, but its content is a program. Send the file itself, not a"
        " renamed one."
    )
    assert refusal(b"<!doctype html>", "page.html").startswith("This is a web page. PDF, Word")


def test_every_reason_has_its_sentence_and_every_kind_its_name() -> None:
    named = {"claimed": Found.PDF.value, "found": Found.ZIP.value}
    for reason in Reason:
        if reason is Reason.TOO_LARGE:  # told before the file is looked at
            continue
        sentence = str(inspection._sentence(Refused(reason, **named), library=False))
        assert sentence.endswith(".")
        assert "%(" not in sentence
    assert set(inspection._NAMES) == set(Found)


def test_a_file_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    limits = dataclasses.replace(quarantine.LIMITS, wall_seconds=0.0)
    monkeypatch.setattr(quarantine, "LIMITS", limits)
    assert "too intricate" in refusal(made.pdf(), "a.pdf")


@pytest.mark.parametrize(
    ("work", "answer"),
    [("die", "too intricate"), ("swell", "too intricate"), ("flood", "too intricate")],
)
def test_a_library_that_breaks_down_takes_only_its_own_process(
    work: str, answer: str, hostile: Callable[[str], None]
) -> None:
    hostile(work)
    assert answer in refusal(made.pdf(), "a.pdf")


@pytest.mark.parametrize("work", ["no_such_work", "write_input"])
def test_a_mistake_of_our_own_is_not_blamed_on_the_file(
    work: str, hostile: Callable[[str], None]
) -> None:
    hostile(work)
    with pytest.raises(RuntimeError, match=r"no_such_work|File too large"):
        files.inspect(made.pdf(), name="a.pdf")
