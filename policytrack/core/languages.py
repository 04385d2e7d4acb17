"""Name the languages that content may be written in (the site itself speaks fewer, `core.i18n`)."""

from __future__ import annotations

import icu

from policytrack.core.i18n import collated, language

# As in reference/data/languages.csv; a test keeps the two in step.
CONTENT = (
    "am", "ar", "bn", "en", "es", "fa", "fr", "ha", "hi", "id", "km", "lo", "ms", "my", "ne", "ps",
    "pt", "si", "so", "sw", "ta", "th", "tl", "ur", "vi", "zh",
)  # fmt: skip


def name(code: str, reader: str | None = None) -> str:
    """Return the name of a language in the reader's language."""
    # ICU knows Filipino, the language of officials, by its own code.
    locale = icu.Locale("fil" if code == "tl" else code)
    return str(locale.getDisplayName(icu.Locale(reader or language().code)))


def choices(reader: str | None = None) -> list[tuple[str, str]]:
    """Return (code, name) of every language, in the reader's order of names."""
    code = reader or language().code
    names = [name(each, code) for each in CONTENT]
    return collated(list(zip(CONTENT, names, strict=True)), names, code)
