"""Pages that are pictures are read by machine, where the machine is installed."""

from __future__ import annotations

import tempfile

import pytest

from policytrack.library.reading import Legible, Origin, can_read, recognise, recognition
from tests.library.reading import made

TEXT = "The worker shall be paid in full and on time"


def test_without_the_program_nothing_is_promised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recognition, "_installed", frozenset)
    assert not can_read("en")
    with pytest.raises(RuntimeError, match="not installed"), tempfile.TemporaryFile() as file:
        list(recognise(file.fileno(), [1], "en"))


def test_a_language_without_data_is_not_promised() -> None:
    assert not can_read("tlh")


@pytest.mark.skipif(not can_read("en"), reason="tesseract is not installed")
def test_a_page_is_drawn_and_read() -> None:
    with tempfile.TemporaryFile() as file:
        file.write(made.pdf([TEXT, ""]))
        file.flush()
        pages = list(recognise(file.fileno(), [1, 2, 9], "en-GB"))
    assert [found.page.number for found in pages] == [1, 2, 9]
    assert TEXT in pages[0].page.text
    assert (pages[0].page.origin, pages[0].page.language) == (Origin.MACHINE, "en")
    assert [(found.page.text, found.page.origin) for found in pages[1:]] == [("", Origin.NONE)] * 2
    assert [found.legible for found in pages] == [Legible.READ, Legible.NOTHING, Legible.FAILED]
