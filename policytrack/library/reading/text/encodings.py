"""Find out in which encoding a text was written that does not say so."""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence

from policytrack.library.reading.text.language import script_of, share_of_small_words

_MARKS: Sequence[tuple[bytes, str]] = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# What the labels mean in practice (WHATWG's table, in Python's names).
_LABELS = {
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "tis-620": "cp874",
    "windows-874": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "macintosh": "mac_roman",
    "x-mac-roman": "mac_roman",
}
# Tried where a text says nothing: first those of the regions that the site serves.
CANDIDATES = (
    "cp1252",
    "cp1256",
    "cp874",
    "iso8859_6",
    "cp1251",
    "cp1250",
    "cp720",
    "cp437",
    "cp850",
    "mac_roman",
    "koi8_r",
)
_EBCDIC = "cp500"
_SAMPLE = 16_384
_LEAST_SCORE = 0.04
_THAI = re.compile("[\u0e01-\u0e4e]")
# A vowel sign or tone without a letter before it, a vowel that comes first without one behind it,
# a Thai letter beside a Latin one or a sign of typography.
_NOT_THAI = re.compile(
    "(?<![\u0e01-\u0e2e\u0e31-\u0e4e])[\u0e30-\u0e3a\u0e47-\u0e4e]|[\u0e40-\u0e44](?![\u0e01-\u0e2e])"
    "|(?<=[\u0e01-\u0e4e])[A-Za-z\u00a0-\u00ff\u2013-\u2026\u0e4f-\u0e5b]"
)
# The Arabic article: on every third word.
_ARTICLE = re.compile(r"\b[وبكفل]?ال\w{2}")
_INSIDE = re.compile(r"(?<=[^\W\d_])[^\w\s\x00-\x7f’–—…”»،؛]")
_EBCDIC_SPACE, _ASCII_SPACE = 0x40, 0x20
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
# Named by files now and then; never guessed.
_NAMED = (
    "cp1253",
    "cp1254",
    "cp1255",
    "cp1257",
    "cp866",
    "cp932",
    "latin_1",
    "iso8859_2",
    "iso8859_15",
    "euc_jp",
    "utf_7",
    "gb18030",
    "big5",
    "cp949",
    "cp1258",
)
# Loaded now: where files are read nothing more can be loaded.
_LOADED = {
    codecs.lookup(name).name
    for name in {
        *CANDIDATES,
        _EBCDIC,
        *_LABELS.values(),
        *_NAMED,
        *(name for _mark, name in _MARKS),
    }
}


def python_name(label: str) -> str:
    """Return the name of an encoding that files may ask for, or nothing for any other."""
    label = label.strip().lower()
    name = _LABELS.get(label, label).replace("windows-", "cp")
    try:
        return known if (known := codecs.lookup(name).name) in _LOADED else ""
    except (LookupError, OSError, ValueError):
        return ""


def decode(data: bytes, declared: str = "") -> str:
    """Return a text, whatever its encoding; unknown bytes become U+FFFD.

    `declared` is what the file says of itself (a label as in HTML), which counts where the bytes
    allow it and nothing more certain is known.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(name, "replace")
    name = encoding_of(data, declared)
    return data.decode(name, "replace")


def encoding_of(data: bytes, declared: str = "") -> str:
    """Return the encoding of bytes without a mark, in Python's name."""
    sample = data[:_SAMPLE]
    if (wide := _wide(sample)) is not None:
        return wide
    if _is_utf8(data):
        return "utf-8"
    name = python_name(declared[:40])
    if name and _decodes(data, name) and not _CONTROLS.search(sample.decode(name, "ignore")):
        return name
    return _guessed(sample)


def _wide(sample: bytes) -> str | None:
    """Return the kind of UTF-16 in which every second byte is one of very few, or nothing."""
    if len(sample) < 4:
        return None
    even, odd = sample[::2], sample[1::2]
    # Letters of one script share their high byte; spaces and line ends have none.
    for high, low, name in ((odd, even, "utf-16-le"), (even, odd, "utf-16-be")):
        zeros = high.count(0)
        script = max((high.count(byte) for byte in range(1, 0x20)), default=0)
        if zeros and zeros + script > 0.8 * len(high) and low.count(0) < 0.05 * len(low):
            return name
    return None


def _is_utf8(data: bytes) -> bool:
    if b"\x00" in data[:_SAMPLE]:
        return False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        # A file cut short in the middle of its last letter.
        return error.start > len(data) - 4 and len(data) > 64
    return True


def _decodes(data: bytes, name: str) -> bool:
    try:
        data.decode(name)
    except (UnicodeError, LookupError, OSError, ValueError):
        return False
    return True


def _guessed(sample: bytes) -> str:
    """Return the encoding that gives words of our languages, or else the commonest."""
    if sample.count(_EBCDIC_SPACE) > max(0.05 * len(sample), 4 * sample.count(_ASCII_SPACE)):
        return _EBCDIC
    scores = {name: _score(sample.decode(name)) for name in CANDIDATES if _decodes(sample, name)}
    best = max(scores, key=lambda name: scores[name], default="")
    if best and scores[best] >= _LEAST_SCORE:
        return best
    return "cp1252"


def _score(text: str) -> float:
    """Return how much a decoded text looks like one: small words, or signs that can follow."""
    if _CONTROLS.search(text):
        return 0.0
    if script_of(text) == "thai":
        signs = len(_THAI.findall(text))
        return max(0.5 - 5 * len(_NOT_THAI.findall(text)) / signs, 0.0) if signs else 0.0
    if script_of(text) == "arabic":
        return max(share_of_small_words(text), len(_ARTICLE.findall(text)) / len(text.split()))
    # Signs that do not belong inside words tell between encodings of the same language.
    return share_of_small_words(text) - len(_INSIDE.findall(text)) / len(text)
