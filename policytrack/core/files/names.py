"""Make file names harmless and honest, in every script."""

from __future__ import annotations

import re

import icu

from policytrack.core.files.kinds import BY_EXTENSION, Kind, extension_of
from policytrack.core.forms import clean_line

# With its extension a name stays below the 255 bytes of common file systems.
_MAX_BYTES = 180
_MAX_CHARACTERS = 120
# Marks, isolates and tags that show nothing and turn text around; joiners stay, since words of
# Persian, Sinhala and Bengali are spelt with them.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\uffa0\ufff0-\uffff\U000e0000-\U000e0fff]"
)
_FORBIDDEN = re.compile(r'[<>:"|?*\x00-\x1f\x7f]')
_RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])", re.IGNORECASE)
# What the ends of names are known by: replaced by the right one, where others are part of a name.
_KNOWN = frozenset(BY_EXTENSION) | frozenset(
    # Written as one text: a list of sixty words takes sixty lines.
    re.findall(
        r"\w+",
        "doc docm dot dotx dotm xls xlsm xlsb xlt xltx xltm ppt pptx pptm ods odp ott rtf txt csv"
        " htm html xhtml svg xml gif bmp tif tiff heic heif avif exe com scr bat cmd msi js jar vbs"
        " ps1 sh lnk hta zip rar 7z gz tar eml msg bin tmp",
    )
)
_FALLBACK = "file"


def safe_name(name: str, kind: Kind | None = None) -> str:
    """Return a name that any system can keep, ending as its content asks where that is known.

    Folders, control characters, turned-around text, reserved names and leading dots go; letters
    of every script stay, composed (NFC), and nothing is cut inside a letter and its signs.
    """
    line = clean_line(re.split(r"[/\\\u2044\u2215\u29f8\uff0f]", name)[-1])
    line = _FORBIDDEN.sub("_", _INVISIBLE.sub("", line)).strip(" .")
    extension = extension_of(line)
    stem = line
    while extension_of(stem) in _KNOWN:
        stem = stem.rpartition(".")[0].rstrip(" .")
    if kind is not None:
        extension = extension if extension in kind.extensions else kind.extensions[0]
    elif extension not in _KNOWN:
        extension = ""
    stem = _shortened(stem).strip(" .") or _FALLBACK
    if _RESERVED.fullmatch(stem.split(".")[0].rstrip()):
        stem = f"_{stem}"
    return f"{stem}.{extension}" if extension else stem


def _shortened(text: str) -> str:
    """Return the beginning of a text that fits, whole letters only."""
    if len(text) <= _MAX_CHARACTERS and len(text.encode()) <= _MAX_BYTES:
        return text
    text = text[: _MAX_CHARACTERS * 2]
    breaks = icu.BreakIterator.createCharacterInstance(icu.Locale.getRoot())
    # ICU counts in UTF-16 units.
    units = text.encode("utf-16-le")
    breaks.setText(text)
    kept = ""
    for end in breaks:
        longer = units[: end * 2].decode("utf-16-le")
        if len(longer) > _MAX_CHARACTERS or len(longer.encode()) > _MAX_BYTES:
            break
        kept = longer
    return kept
