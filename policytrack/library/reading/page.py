"""Read HTML: what a reader of the page sees, without loading anything."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from policytrack.library.reading.blocks import Blocks
from policytrack.library.reading.draft import Block, Draft
from policytrack.library.reading.limits import Limits
from policytrack.library.reading.parts import draft
from policytrack.library.reading.text.encodings import decode

_PASSED_OVER = frozenset(
    {
        "script",
        "style",
        "template",
        "noscript",
        "iframe",
        "frame",
        "object",
        "embed",
        "applet",
        "svg",
        "canvas",
        "audio",
        "video",
        "select",
        "button",
        "input",
        "textarea",
        "datalist",
        "dialog",
        "nav",
        "head",
        "math",
        "map",
    }
)
_AUTHOR = frozenset({"author", "dc.creator", "dcterms.creator", "citation_author"})
_CREATED = frozenset(
    {"dc.date", "dcterms.created", "dcterms.issued", "citation_publication_date", "date"}
)
_HEADINGS = frozenset({"h1", "h2", "h3"})
_PARAGRAPHS = frozenset(
    {
        "p",
        "div",
        "section",
        "article",
        "main",
        "header",
        "footer",
        "aside",
        "address",
        "blockquote",
        "pre",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "figure",
        "figcaption",
        "form",
        "fieldset",
        "legend",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "table",
        "caption",
        "thead",
        "tbody",
        "tfoot",
        "hr",
        "center",
        "details",
        "summary",
        "body",
        "html",
    }
)
_DECLARED = re.compile(
    rb"<(?:meta|\?xml)[^>]{0,300}?(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.I
)
_WHITE = re.compile(r"[ \t\r\n\f]+")
_HIDDEN = re.compile(r"(display\s*:\s*none|visibility\s*:\s*hidden)", re.I)


@dataclass(slots=True)
class Page:
    """Hold the blocks of a page and what it says of itself."""

    blocks: list[Block]
    title: str = ""
    authors: list[str] = field(default_factory=list)
    created: str = ""
    language: str = ""


def read(data: bytes, limits: Limits) -> Draft:
    """Return the text of a page in parts."""
    page = parsed(decode(data, _declared(data)), limits)
    return draft(
        page.blocks,
        title=page.title,
        authors=page.authors,
        created=page.created,
        language=page.language,
    )


def _declared(data: bytes) -> str:
    found = _DECLARED.search(data[:4096])
    return found[1].decode("ascii", "ignore") if found else ""


def parsed(text: str, limits: Limits) -> Page:
    """Return a page whose text was decoded before."""
    tree = LexborHTMLParser(text)
    page = Page([])
    blocks = Blocks(limits)
    if tree.root is not None:
        page.language = (tree.root.attributes.get("lang") or "") if tree.root.tag == "html" else ""
    if tree.body is not None:
        _walk(tree.body, blocks)
    page.blocks = blocks.done
    _say(tree, page)
    return page


def _say(tree: LexborHTMLParser, page: Page) -> None:
    title = tree.css_first("title") or tree.css_first("h1")
    page.title = title.text() if title is not None else ""
    for meta in tree.css("meta[name][content]")[:200]:
        name = (meta.attributes.get("name") or "").lower()
        content = meta.attributes.get("content") or ""
        if name in _AUTHOR:
            page.authors.append(content)
        elif name in _CREATED:
            page.created = page.created or content


def _walk(body: LexborNode, blocks: Blocks) -> None:
    """Go through a page without recursion: it may be nested without end."""
    blocks.begin()
    node = body
    down = True
    while True:
        if down:
            entered = _enter(node, blocks)
            child = node.child if entered else None
            if child is not None:
                node = child
                continue
            if entered:
                _leave(node, blocks)
        if node.mem_id == body.mem_id:
            blocks.finish()
            return
        following = node.next
        down = following is not None
        if following is None:
            following = node.parent
            if following is None:
                return
            _leave(following, blocks)
        node = following


def _enter(node: LexborNode, blocks: Blocks) -> bool:
    """Take in a node; return whether what it holds is to be read."""
    tag = node.tag or ""
    if tag == "-text":
        _add(node, blocks)
        return False
    if tag in _PASSED_OVER or tag.startswith("-") or _is_hidden(node):
        return False
    if tag == "br":
        blocks.add("\n")
    elif tag == "tr":
        blocks.finish()
        blocks.row()
        blocks.cell()
        blocks.begin()
    elif tag in {"td", "th"}:
        blocks.finish()
        blocks.cell()
        blocks.begin()
    elif tag in _PARAGRAPHS:
        blocks.finish()
        blocks.begin(heading=tag in _HEADINGS)
    return True


def _leave(node: LexborNode, blocks: Blocks) -> None:
    tag = node.tag or ""
    if tag == "tr":
        blocks.finish()
        blocks.finish_row()
        blocks.begin()
    elif tag in _PARAGRAPHS:
        blocks.finish()
        blocks.begin()


def _add(node: LexborNode, blocks: Blocks) -> None:
    text = node.text_content or ""
    parent = node.parent
    while parent is not None and parent.tag in {"code", "span", "b", "i"}:
        parent = parent.parent
    if parent is None or parent.tag != "pre":
        text = _WHITE.sub(" ", text)
    blocks.add(text)


def _is_hidden(node: LexborNode) -> bool:
    attributes = node.attributes
    if not attributes:
        return False
    return (
        "hidden" in attributes
        or attributes.get("aria-hidden") == "true"
        or bool(_HIDDEN.search(attributes.get("style") or ""))
    )
