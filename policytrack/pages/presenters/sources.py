"""Name where a figure comes from: short, linked, and how sure it is where it is not sure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from policytrack.core.confidence import WEAK as WEAK
from policytrack.core.i18n import gettext
from policytrack.core.i18n import lazy_gettext as _
from policytrack.core.text import excerpt

_CONFIDENCE: dict[str, Any] = {
    "medium": _("medium confidence"),
    "low": _("low confidence"),
    "unverified": _("not verified"),
}
_UNKNOWN = re.compile(r"(?:from )?general knowledge, unverified")
# Between sources, not inside what one says of itself in brackets.
_BETWEEN = re.compile(r";\s*(?![^()]*\))")
_URL = re.compile(r"https?://[^\s;,]+[^\s;,.)]")
_SHORT = 70


@dataclass(frozen=True, slots=True)
class Cited:
    """Hold one source in a few words; `url` is empty where there is no page of it."""

    words: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """Hold the sources of a figure, and in words how sure they are: empty where they are sure."""

    cited: Sequence[Cited]
    confidence: str
    weak: bool


def source(text: str, confidence: str, part: str = "") -> Source:
    """Return the sources that a reference row names, as they stand beside its figure.

    `part` picks what a row says of one of its columns: of "codes: A; migrants: B" only B.
    """
    cited = list(dict.fromkeys(_cited(_part(text, part))))
    weak = confidence in WEAK
    if not weak and any(each.words == _unverified() for each in cited):
        return Source(cited, "", weak)  # nothing is surer than that
    return Source(cited, str(_CONFIDENCE.get(confidence, "")), weak)


def _unverified() -> str:
    return gettext("general knowledge, not verified")


def _part(text: str, part: str) -> str:
    if not part:
        return text
    found = [piece for piece in _BETWEEN.split(text) if piece.startswith(f"{part}:")]
    return found[0].removeprefix(f"{part}:").strip() if found else ""


def _cited(text: str) -> Iterator[Cited]:
    for piece in (part.strip() for part in _BETWEEN.split(text)):
        if _UNKNOWN.fullmatch(piece):
            yield Cited(_unverified())
            continue
        urls = _URL.findall(piece)
        yield from (Cited(_host(url), url) for url in urls)
        # What is said beside an address explains it; alone it is the source.
        if piece and not urls:
            yield Cited(excerpt(re.sub(r"\s+\([^()]*\)$", "", piece), _SHORT))


def _host(url: str) -> str:
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:  # a bracket that begins no address
        host = ""
    return host.removeprefix("www.") or excerpt(url, _SHORT)
