"""Hold a citation as pieces of text, which a page sets in italics and a button copies plain."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

# After these no full stop follows, nor after a quotation that ends in one.
_ENDS = (".", "?", "!", "؟", "…", "।", ".”", "?”", "!”", ".»", "؟»", "?\u00a0»", "!\u00a0»")


@dataclass(frozen=True, slots=True)
class Span:
    """Hold a piece: `language` where it is not that of the citation, `address` if it is a link."""

    text: str
    italic: bool = False
    language: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """Hold pieces in their order; a page escapes each of them."""

    spans: tuple[Span, ...] = ()

    @property
    def plain(self) -> str:
        """Return the text without italics, to be copied."""
        return "".join(span.text for span in self.spans)

    def __bool__(self) -> bool:
        return bool(self.spans)

    def __add__(self, other: Text | str) -> Text:
        return Text(self.spans + as_text(other).spans)

    def ended(self, sign: str = ".") -> Text:
        """Return the text with a full stop, unless it ends with one."""
        return self + sign if self and not self.plain.endswith(_ENDS) else self


def as_text(piece: Text | str) -> Text:
    """Return words of the citation itself as text."""
    return piece if isinstance(piece, Text) else Text((Span(piece),) if piece else ())


def joined(pieces: Iterable[Text | str], sign: str) -> Text:
    """Return what there is of the pieces, with a sign between them."""
    found = Text()
    for piece in filter(None, map(as_text, pieces)):
        # A comma inside quotation marks is the sign already.
        between = " " if found.plain.endswith(",”") else sign
        found = found + between + piece if found else piece
    return found


def sentences(pieces: Iterable[Text | str]) -> Text:
    """Return what there is of the pieces, each a sentence."""
    return joined([as_text(piece).ended() for piece in pieces], " ")


def link(address: str) -> Text:
    """Return an address that leads there."""
    return Text((Span(address, address=address),) if address else ())
