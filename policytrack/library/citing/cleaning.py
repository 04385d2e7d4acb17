"""Make what people and files gave harmless for every form of a citation, once and for all."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote, urlsplit

# Marks that turn the text after them around, from overrides to isolates. LRM, RLM and the joiners
# stay: Persian and Bengali words need them.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb]")
# Controls and the separators of lines become spaces; half a character becomes nothing.
_BREAKS = {"Cc": " ", "Zl": " ", "Zp": " ", "Cs": ""}
# What may stand in an address as it is: RFC 3986, and the sign that something was encoded before.
_ADDRESS = "!#$&'()*+,/:;=?@[]~%"
_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:)?\s*(10\.\d{4,9}/\S+)", re.IGNORECASE)
_ISBN = re.compile(r"(?:97[89][- ]?)?(?:\d[- ]?){9}[\dXx]")


def clean(text: str) -> str:
    """Return text on one line, without control characters, lone surrogates and turning marks."""
    spaced = "".join(_BREAKS.get(unicodedata.category(letter), letter) for letter in text)
    return unicodedata.normalize("NFC", " ".join(_TURNING.sub("", spaced).split()))


def address(text: str) -> str:
    """Return an address of the web, with everything else than its own letters encoded; or none."""
    found = quote(clean(text).replace(" ", "%20"), safe=_ADDRESS)
    try:
        parts = urlsplit(found)
    except ValueError:  # half an IPv6 address
        return ""
    return found if parts.scheme in {"http", "https"} and parts.netloc else ""


def doi(text: str) -> str:
    """Return a DOI without the resolver's address; or none."""
    found = _DOI.fullmatch(clean(text))
    return found.group(1) if found else ""


def isbn(text: str) -> str:
    """Return an ISBN as it was written; or none."""
    found = clean(text).removeprefix("ISBN").strip(" :")
    return found if _ISBN.fullmatch(found) else ""
