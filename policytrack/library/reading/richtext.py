"""Read rich text (RTF): its words in whatever encoding each font has, without what is hidden."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from policytrack.library.reading.blocks import BETWEEN_CELLS, Blocks
from policytrack.library.reading.draft import Draft, Unreadable
from policytrack.library.reading.limits import Limits
from policytrack.library.reading.parts import draft
from policytrack.library.reading.results import Outcome
from policytrack.library.reading.text.encodings import python_name

_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|[\r\n]+"
    rb"|([^\\{}\r\n]+)",
    re.DOTALL,
)
_MOST_GROUPS = 2_000
# Groups whose text is no text of the document.
_PASSED_OVER = frozenset(
    {
        "colortbl",
        "stylesheet",
        "listtable",
        "listoverridetable",
        "rsidtbl",
        "generator",
        "pict",
        "objdata",
        "objclass",
        "header",
        "headerl",
        "headerr",
        "headerf",
        "footer",
        "footerl",
        "footerr",
        "footerf",
        "ftnsep",
        "ftnsepc",
        "ftncn",
        "aftnsep",
        "aftnsepc",
        "aftncn",
        "themedata",
        "colorschememapping",
        "datastore",
        "latentstyles",
        "fldinst",
        "bkmkstart",
        "bkmkend",
        "xmlnstbl",
        "filetbl",
        "revtbl",
        "annotation",
        "atnid",
        "atnauthor",
        "atrfstart",
        "atrfend",
        "nonshppict",
        "sp",
        "picprop",
        "template",
        "docvar",
        "mmathPr",
        "xe",
        "tc",
        "tcn",
        "rxe",
        "txe",
        "wgrffmtfilter",
        "pgptbl",
        "factoidname",
        "keywords",
        "comment",
        "operator",
        "subject",
        "category",
        "doccomm",
        "hlinkbase",
        "company",
        "manager",
        "mailmerge",
        "protusertbl",
        "userprops",
    }
)
# Groups that old programs pass over (\*) but that hold text.
_READ_ALL_THE_SAME = frozenset({"shppict", "shpinst", "ud"})
_SIGNS: Mapping[str, str] = {
    "tab": "\t",
    "line": "\n",
    "emdash": "\u2014",
    "endash": "\u2013",
    "emspace": " ",
    "enspace": " ",
    "qmspace": " ",
    "bullet": "\u2022",
    "lquote": "\u2018",
    "rquote": "\u2019",
    "ldblquote": "\u201c",
    "rdblquote": "\u201d",
    "zwj": "\u200d",
    "zwnj": "\u200c",
}
_ESCAPED = {"~": "\xa0", "_": "-", "-": "\u00ad", "{": "{", "}": "}", "\\": "\\"}
_CHARSETS: Mapping[int, str] = {
    0: "cp1252",
    77: "mac_roman",
    128: "cp932",
    129: "cp949",
    134: "gb18030",
    136: "big5",
    161: "cp1253",
    162: "cp1254",
    163: "cp1258",
    177: "cp1255",
    178: "cp1256",
    186: "cp1257",
    204: "cp1251",
    222: "cp874",
    238: "cp1250",
    254: "cp437",
    255: "cp850",
}
_WHOLE_DOCUMENT = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850"}
_SAID = frozenset({"title", "author", "creatim"})


@dataclass(slots=True)
class _Group:
    """Hold what changes inside braces and is as before behind them."""

    passing: bool = False
    hidden: bool = False
    deleted: bool = False
    fonts: bool = False
    said: str = ""
    font: int = -1
    skip: int = 1


@dataclass(slots=True)
class _Reader:
    """Hold where the reading of a document stands."""

    blocks: Blocks
    groups: list[_Group] = field(default_factory=lambda: [_Group()])
    encoding: str = "cp1252"
    fonts: dict[int, str] = field(default_factory=dict)
    waiting: bytearray = field(default_factory=bytearray)
    to_skip: int = 0
    half: int = 0
    in_table: bool = False
    cells: list[str] = field(default_factory=list)
    cell: list[str] = field(default_factory=list)
    said: dict[str, list[str]] = field(default_factory=dict)
    made: dict[str, int] = field(default_factory=dict)


def read(data: bytes, limits: Limits) -> Draft:
    """Return the text of an RTF file; raise `Unreadable` for one that is nested without end."""
    reader = _Reader(Blocks(limits))
    reader.blocks.begin()
    position = 0
    while position < len(data):
        found = _TOKEN.match(data, position)
        if found is None:
            position += 1
            continue
        position = found.end() + _take(reader, found)
    _flush(reader)
    _end_row(reader)
    reader.blocks.finish()
    day = "-".join(f"{reader.made.get(part, 0):02}" for part in ("yr", "mo", "dy"))
    said = {key: "".join(parts) for key, parts in reader.said.items()}
    return draft(
        reader.blocks.done,
        title=said.get("title", ""),
        authors=[said.get("author", "")],
        created=day,
    )


def _take(reader: _Reader, found: re.Match[bytes]) -> int:
    """Take one token; return how many bytes behind it are to be passed over."""
    word, number, code, sign, brace, text = found.groups()
    if word is not None:
        return _control(reader, word.decode(), int(number) if number else None)
    if code is not None:
        _raw(reader, bytes([int(code, 16)]))
    elif text is not None:
        _raw(reader, text)
    elif sign is not None:
        _escape(reader, sign.decode("latin-1"))
    elif brace is not None:
        _flush(reader)
        reader.to_skip = 0
        if brace == b"{":
            if len(reader.groups) > _MOST_GROUPS:
                raise Unreadable(Outcome.TOO_HARD, "nested")
            reader.groups.append(replace(reader.groups[-1]))
        elif len(reader.groups) > 1:
            reader.groups.pop()
    return 0


def _raw(reader: _Reader, data: bytes) -> None:
    skipped = min(reader.to_skip, len(data))
    reader.to_skip -= skipped
    reader.waiting += data[skipped:]


def _flush(reader: _Reader) -> None:
    if reader.waiting:
        encoding = reader.fonts.get(reader.groups[-1].font, reader.encoding)
        text = reader.waiting.decode(encoding, "replace")
        reader.waiting.clear()
        _add(reader, text)


def _add(reader: _Reader, text: str) -> None:
    group = reader.groups[-1]
    if group.passing or group.hidden or group.deleted or group.fonts:
        return
    if group.said:
        reader.said.setdefault(group.said, []).append(text[:2_000])
    elif reader.in_table:
        reader.cell.append(text)
    else:
        reader.blocks.add(text)


def _escape(reader: _Reader, sign: str) -> None:
    _flush(reader)
    if sign == "*":
        reader.groups[-1].passing = True
    elif sign in _ESCAPED:
        _add(reader, _ESCAPED[sign])
    elif sign in "\r\n":
        _paragraph(reader)


def _control(reader: _Reader, word: str, number: int | None) -> int:
    """Do what a control word says; return how many bytes of a picture follow it."""
    group = reader.groups[-1]
    if word == "u":
        _unicode(reader, number or 0)
        return 0
    _flush(reader)
    reader.to_skip = 0
    if word == "bin":
        return max(number or 0, 0)
    if word in _PASSED_OVER:
        group.passing = True
    elif word in _READ_ALL_THE_SAME:
        group.passing = len(reader.groups) > 1 and reader.groups[-2].passing
    elif word in _SAID:
        group.said = word
    elif word in _SIGNS:
        _add(reader, _SIGNS[word])
    elif word in {"v", "deleted"}:
        setattr(group, "hidden" if word == "v" else "deleted", number != 0)
    elif word == "uc":
        group.skip = max(number or 0, 0)
    elif group.said == "creatim" and number is not None:
        reader.made[word] = number
    elif not group.passing:
        _layout(reader, word)
        _fonts(reader, word, number)
    return 0


def _unicode(reader: _Reader, number: int) -> None:
    _flush(reader)
    unit = number % 0x10000
    if 0xD800 <= unit < 0xDC00:  # the first half of a letter above 16 bits
        reader.half = unit
    elif 0xDC00 <= unit < 0xE000:
        pair = reader.half.to_bytes(2, "little") + unit.to_bytes(2, "little")
        _add(reader, pair.decode("utf-16-le", "replace"))
        reader.half = 0
    else:
        _add(reader, chr(unit))
    reader.to_skip = reader.groups[-1].skip


def _fonts(reader: _Reader, word: str, number: int | None) -> None:
    group = reader.groups[-1]
    if word == "fonttbl":
        group.fonts = True
    elif word in {"f", "deff"} and number is not None:
        group.font = number
    elif word == "plain":
        group.hidden = group.deleted = False
    elif word == "fcharset" and group.fonts and number in _CHARSETS:
        # The first of them says nothing more than what the document says as a whole.
        reader.fonts[group.font] = _CHARSETS[number] if number else reader.encoding
    elif word == "ansicpg" and number is not None:
        reader.encoding = python_name(f"cp{number}") or reader.encoding
    elif word in _WHOLE_DOCUMENT:
        reader.encoding = _WHOLE_DOCUMENT[word]


def _layout(reader: _Reader, word: str) -> None:
    if word in {"par", "sect"}:
        _paragraph(reader)
    elif word in {"page", "pagebb"}:
        reader.blocks.page_break()
    elif word == "pard":
        if reader.in_table and not reader.cells and not "".join(reader.cell).strip():
            reader.in_table = False
    elif word == "intbl":
        reader.in_table = True
    elif word in {"cell", "nestcell"}:
        reader.cells.append("".join(reader.cell).strip())
        reader.cell.clear()
    elif word in {"row", "nestrow"}:
        _end_row(reader)
    elif word == "outlinelevel":
        reader.blocks.head()


def _paragraph(reader: _Reader) -> None:
    if reader.in_table:
        reader.cell.append("\n")
        return
    reader.blocks.finish()
    reader.blocks.begin()


def _end_row(reader: _Reader) -> None:
    reader.in_table = False
    cells = [*reader.cells, "".join(reader.cell).strip()]
    reader.cells, reader.cell = [], []
    text = BETWEEN_CELLS.join(filter(None, cells))
    if text:
        reader.blocks.add(text)
        _paragraph(reader)
