"""Bring characters into one form, so that the same word is the same string everywhere.

What changes: NFC; ligatures and presentation forms become letters; soft hyphens, controls and
marks of direction go (text is in logical order, and a page sets its own direction); all spaces
become one. What stays: tatweel, joiners, digits and punctuation of every script.
"""

from __future__ import annotations

import re
import unicodedata

# Letters of Latin, Armenian, Hebrew and Arabic in the shapes that old fonts and PDFs hold.
_FORMS = re.compile("[\ufb00-\ufb06\ufb13-\ufb17\ufb1d-\ufdfb\ufe70-\ufefc]+")
_GONE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u061c\u200e\u200f\u202a-\u202e\u2060-\u2064"
    "\u2066-\u206f\ufeff\ufff0-\ufffb\ufffe\uffff\ud800-\udfff]+"
)
_LINE_ENDS = re.compile("[\r\x85\u2028\x0b]")
_PARAGRAPH_ENDS = re.compile("[\u2029\x0c]")
_SPACE = "\t\xa0\u1680\u2000-\u200a\u202f\u205f\u3000"
_SPACES = re.compile(f"[ {_SPACE}]{{2,}}|[{_SPACE}]")
_EMPTY_LINES = re.compile("\n{3,}")
# The same for texts of ASCII alone, byte by byte: most files have little else.
_PLAIN = bytes.maketrans(b"\r\x0b\t", b"\n\n ")
_GONE_PLAIN = bytes(sign for sign in range(128) if _GONE.fullmatch(chr(sign)))
# Between words it is a mark for line breaks only in scripts that write without spaces.
_ZERO_SPACE = re.compile(
    "(?<![\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff])\u200b|\u200b(?![\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff])"
)
# Thai sara am, taken apart by fonts; Thai letters in the private shapes of old Windows fonts.
_SARA_AM = re.compile("\u0e4d([\u0e48-\u0e4b]?)\u0e32")
_OLD_THAI = str.maketrans(
    "".join(map(chr, range(0xF700, 0xF71B))),
    "\u0e10\u0e34\u0e35\u0e36\u0e37\u0e48\u0e49\u0e4a\u0e4b\u0e4c\u0e48\u0e49\u0e4a\u0e4b\u0e4c"
    "\u0e0d\u0e31\u0e4d\u0e47\u0e48\u0e49\u0e4a\u0e4b\u0e4c\u0e38\u0e39\u0e3a",
)
_PRIVATE = re.compile("[\uf000-\uf0ff\uf700-\uf71a]")
# One look tells whether a page has any of all these.
_SPECIAL = re.compile(
    "[\u0e4d\u200b\uf000-\uf0ff\uf700-\uf71a\ufb00-\ufb06\ufb13-\ufb17\ufb1d-\ufdfb\ufe70-\ufefc]"
)
# Signs of the fonts Symbol and Wingdings that lists begin with.
_BULLETS = {
    "\uf0b7": "•",
    "\uf0a7": "▪",
    "\uf0d8": "➢",
    "\uf0fc": "✓",
    "\uf06f": "○",
    "\uf076": "❖",
    "\uf02d": "-",
}


def clean(text: str) -> str:
    """Return a text in its one form, without space at the ends of lines."""
    text = text.replace("\r\n", "\n")
    text = _clean_plain(text) if text.isascii() else _clean_any(text)
    if " \n" in text or "\n " in text:
        text = "\n".join(map(str.strip, text.split("\n")))
    if "\n\n\n" in text:
        text = _EMPTY_LINES.sub("\n\n", text)
    return text.strip()


def _clean_plain(text: str) -> str:
    data = text.replace("\x0c", "\n\n").encode("ascii").translate(_PLAIN, _GONE_PLAIN)
    while b"  " in data:
        data = data.replace(b"  ", b" ")
    return data.decode("ascii")


def _clean_any(text: str) -> str:
    text = _LINE_ENDS.sub("\n", text)
    text = _PARAGRAPH_ENDS.sub("\n\n", text)
    text = _GONE.sub("", text)
    return _SPACES.sub(" ", _letters(text))


def _letters(text: str) -> str:
    if _SPECIAL.search(text):
        text = _special(text)
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    return text


def _special(text: str) -> str:
    if _PRIVATE.search(text):
        text = _PRIVATE.sub(lambda sign: _BULLETS.get(sign[0], sign[0]), text)
        text = text.translate(_OLD_THAI)
    text = _FORMS.sub(_undone, text)
    text = _ZERO_SPACE.sub("", text)
    return _SARA_AM.sub("\\1\u0e33", text)


def _undone(found: re.Match[str]) -> str:
    # The shapes of single vowel signs stand on a space, which is no part of the text.
    return "".join(unicodedata.normalize("NFKC", sign).lstrip(" ") or sign for sign in found[0])
