"""Read Markdown: its words without its marks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from policytrack.library.reading import page
from policytrack.library.reading.blocks import BETWEEN_CELLS
from policytrack.library.reading.draft import Block, Draft, counted
from policytrack.library.reading.limits import Limits
from policytrack.library.reading.parts import draft
from policytrack.library.reading.text.encodings import decode

_FRONT = re.compile(r"\s*---[ \t]*\n(.{0,20000}?)\n(?:---|\.\.\.)[ \t]*(?:\n|$)", re.S)
_FIELD = re.compile(r"^([A-Za-z_]+):[ \t]*[\"']?(.*?)[\"']?[ \t]*$", re.M)
_MARKDOWN = MarkdownIt("commonmark", {"maxNesting": 50}).enable("table")


def read(data: bytes, limits: Limits) -> Draft:
    """Return the text of a Markdown file in parts."""
    text = decode(data).replace("\r\n", "\n")
    front = _FRONT.match(text)
    said = {key.lower(): value for key, value in _FIELD.findall(front[1])} if front else {}
    body = text[front.end() :] if front else text
    blocks = list(counted(_blocks(_MARKDOWN.parse(body), limits), limits))
    return draft(
        blocks,
        title=said.get("title", "") or next((b.text for b in blocks if b.heading), ""),
        authors=[said.get("author", "")],
        created=said.get("date", ""),
        language=said.get("lang", "") or said.get("language", ""),
    )


def _blocks(tokens: Sequence[Token], limits: Limits) -> Iterator[Block]:
    marks: list[str] = []  # of the list item that begins
    cells: list[str] | None = None
    heading = False
    for token in tokens:
        if token.type == "tr_open":
            cells = []
        elif token.type == "tr_close" and cells is not None:
            yield Block(BETWEEN_CELLS.join(cell for cell in cells if cell))
            cells = None
        elif token.type == "heading_open":
            heading = token.tag in {"h1", "h2", "h3"}
        elif token.type == "list_item_open":
            marks = [f"{token.info}{token.markup}" if token.info else token.markup]
        elif token.type in {"fence", "code_block"}:
            yield Block(token.content)
        elif token.type == "html_block":
            yield from page.parsed(token.content, limits).blocks
        elif token.type == "inline":
            text = "".join(_words(token.children or ()))
            if cells is not None:
                cells.append(text.strip())
                continue
            yield Block(" ".join([*marks, text]), heading)
            marks, heading = [], False


def _words(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type in {"softbreak", "hardbreak"}:
            yield "\n"
        elif token.type == "html_inline":
            yield "\n" if token.content.lower().startswith("<br") else ""
        elif token.type == "image":
            yield from _words(token.children or ())
        else:
            yield token.content
