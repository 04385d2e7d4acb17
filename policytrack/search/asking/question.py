"""Read what a person typed into what is looked for; whatever it is, it is answered.

    recruitment fees           both words
    "recruitment fees"         one after the other
    fees OR charges            either; brackets keep together what belongs together
    fees -construction         without; NOT does the same
    recruit*                   words that begin so
    title:fees                 in the title
    country:NP corridor:BD-SA theme:A1.1 sector:care    what it is about
    country:Nepal corridor:"Nepal to Qatar" lang:Arabic the same by name, in any language
    type:law kind:note group:workers status:complete    what it is
    lang:ar year:2018..2023                             in which language, of when

A question that is half written is read as what was most likely meant, and `said` tells how it was
read: what is no field is a word, a bracket that is never closed ends with the question, an OR with
one side only is left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as with_default

from policytrack.core.forms import clean_line, latin_digits
from policytrack.search.language import analysis, folding

LONGEST = 1_000
_MOST_WORDS = 60
_MOST_PREFIXES = 4
# Brackets within brackets, deeper than anybody means them, are read as if they were not there.
_DEEPEST = 8
_SHORTEST_PREFIX = 2
# More letters than this without a space are a sentence; its words are looked for.
_LONGEST_RUN = 40

# What can stand before a colon, and the facet of the index that it asks for.
FIELDS = {
    "country": "country",
    "corridor": "corridor",
    "theme": "theme",
    "provision": "provision",
    "sector": "sector",
    "type": "type",
    "kind": "kind",
    "group": "group",
    "status": "status",
    "legal": "legal",
    "gender": "gender",
    "lang": "language",
    "language": "language",
}
TITLE, YEAR = "title", "year"
_OPERATORS = frozenset({"OR", "AND", "NOT"})
_NAMES = frozenset({TITLE, YEAR, *FIELDS})

_QUOTES = '"“”„‟«»\uff02「」『』'
_QUOTE = re.compile(f"[{_QUOTES}]")
_TOKEN = re.compile(
    rf"""(?P<open>[(\uff08])
       | (?P<close>[)\uff09])
       | (?P<minus>(?<![^\s(\uff08])-(?=[^\s\-]))?
         (?:(?P<field>[A-Za-z]+):(?=[^\s:]))?
         (?:[{_QUOTES}](?P<phrase>[^{_QUOTES}]*)[{_QUOTES}]
           | (?P<group>[(\uff08])
           | (?P<words>[^\s{_QUOTES}()\uff08\uff09]+))
    """,
    re.VERBOSE,
)
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}")
_YEARS = re.compile(r"(?P<first>\d{4})?(?P<to>\.\.\.?|…|-|–)?(?P<last>\d{4})?")
_SHAPES = {
    "country": re.compile(r"[A-Za-z]{2}"),
    "corridor": re.compile(r"[A-Za-z]{2}-[A-Za-z]{2}"),
    "theme": re.compile(r"[A-Za-z]\d{1,2}(\.\d{1,2})?"),
}
_UPPER = frozenset({"country", "corridor", "theme", "provision"})

# The forms of one word; any of them will do.
Forms = tuple[str, ...]
# Gives the code that somebody means by a name in a field, or None.
Namer = Callable[[str, str], str | None]


@dataclass(frozen=True, slots=True)
class Word:
    """Ask for a word in any of its forms."""

    forms: Forms


@dataclass(frozen=True, slots=True)
class Phrase:
    """Ask for words one after the other."""

    words: tuple[Forms, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """Ask for letters of a script without spaces: as they stand, or all words that they make.

    `grams` are the letters in groups, as the index has them; without words they must stand so.
    """

    letters: str
    grams: tuple[str, ...]
    words: tuple[Forms, ...]


@dataclass(frozen=True, slots=True)
class Prefix:
    """Ask for any word that begins with these letters."""

    letters: str


@dataclass(frozen=True, slots=True)
class Marked:
    """Ask for what carries one of these codes."""

    field: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Years:
    """Ask for what is of these years, both included."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Titled:
    """Ask for something in the title."""

    part: Part


@dataclass(frozen=True, slots=True)
class Every:
    """Ask for all of these."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """Ask for any of these."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Without:
    """Leave out what this asks for."""

    part: Part


@dataclass(frozen=True, slots=True)
class Sought:
    """Hold the phrases, each with its language, any of which says what a concept is."""

    code: str
    phrases: tuple[tuple[str, Phrase], ...] = with_default(compare=False)


@dataclass(frozen=True, slots=True)
class Widened:
    """Ask for all of these words, or for a concept that they name; the words come first."""

    parts: tuple[Word | Run, ...]
    added: tuple[Sought, ...]


Part = Word | Phrase | Run | Prefix | Marked | Years | Titled | Every | Either | Without | Widened


@dataclass(frozen=True, slots=True)
class Piece:
    """Hold what a question can go without: the text as it was understood, and its parts."""

    text: str
    parts: tuple[Part, ...]

    @property
    def is_worded(self) -> bool:
        """Tell whether words are looked for."""
        return any(map(_worded, self.parts))

    @property
    def unquoted(self) -> Piece:
        """Return a phrase as its words, anything else as it is."""
        if len(self.parts) != 1 or not isinstance(self.parts[0], Phrase):
            return self
        return Piece(self.text.strip('"'), tuple(map(Word, self.parts[0].words)))


def _all(pieces: Iterable[Piece]) -> tuple[Part, ...]:
    return tuple(part for piece in pieces for part in piece.parts)


@dataclass(frozen=True, slots=True)
class Question:
    """Hold what was asked: the text, how it was understood, and that in words.

    A word that was written twice counts twice. `lines` are the words that were written one after
    the other, those that tell nothing among them; `runs` the same of letters without spaces.
    """

    text: str
    parts: tuple[Part, ...] = ()
    said: str = ""
    cut: bool = False
    lines: tuple[tuple[Forms, ...], ...] = ()
    runs: tuple[tuple[str, ...], ...] = ()
    pieces: tuple[Piece, ...] = ()

    def of(self, pieces: tuple[Piece, ...]) -> Question:
        """Return the question that asks for some of its pieces."""
        text = " ".join(piece.text for piece in pieces)
        return Question(text, _all(pieces), text, pieces=pieces)

    @property
    def unquoted(self) -> Question | None:
        """Return the question with its phrases as words; None where it has none."""
        pieces = tuple(piece.unquoted for piece in self.pieces)
        return None if pieces == self.pieces else self.of(pieces)

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to look for."""
        return not self.parts

    @property
    def is_plain(self) -> bool:
        """Tell whether nothing but words was asked for."""
        return all(isinstance(part, Word | Run) for part in self.parts)

    @property
    def sought(self) -> tuple[Sought, ...]:
        """Return the concepts by which it is widened, each once."""
        return tuple(dict.fromkeys(each for part in self.parts for each in _sought(part)))

    @property
    def forms(self) -> frozenset[str]:
        """Return every form that may stand in a result, to mark it there."""
        return frozenset(form for part in self.parts for form in _forms(part))


def _worded(part: Part) -> bool:
    match part:
        case Word() | Phrase() | Run() | Prefix() | Widened():
            return True
        case Titled(inner):
            return _worded(inner)
        case Every(parts) | Either(parts):
            return any(map(_worded, parts))
    return False


def _forms(part: Part) -> Iterator[str]:
    match part:
        case Word(forms):
            yield from forms
        case Phrase(words):
            for forms in words:
                yield from forms
        case Run(letters, _grams, words):
            yield analysis.AS_WRITTEN + letters
            for forms in words:
                yield from forms
        case Titled(inner):
            yield from _forms(inner)
        case Widened(parts) | Every(parts) | Either(parts):
            for each in parts:
                yield from _forms(each)


def _sought(part: Part) -> Iterator[Sought]:
    match part:
        case Widened(_parts, added):
            yield from added
        case Every(parts) | Either(parts):
            for each in parts:
                yield from _sought(each)


def as_typed(part: Part) -> Part:
    """Return a part without what it was widened by."""
    match part:
        case Widened(parts):
            return _together(parts)
        case Every(parts):
            return Every(tuple(map(as_typed, parts)))
        case Either(parts):
            return Either(tuple(map(as_typed, parts)))
    return part


def tidy(typed: str) -> str:
    """Return what was typed on one line, without control characters."""
    return clean_line(typed)


def quoted(text: str) -> frozenset[str]:
    """Return the words, folded, that stand in quotation marks and nowhere else."""
    if not _QUOTE.search(text):
        return frozenset()
    words: dict[bool, set[str]] = {True: set(), False: set()}
    for token in _TOKEN.finditer(text):
        if value := token["phrase"] or token["words"]:
            found = analysis.asked(value, ())
            words[token["phrase"] is not None].update(word.forms[0] for word in found)
    return frozenset(words[True] - words[False])


def wording(said: str) -> tuple[str, ...]:
    """Return the words that a question looks for as they were typed, without those it leaves out.

    `said` is how it was understood; fields and operators are passed over.
    """
    words: dict[str, str] = {}
    left_out = [False]
    for token in _TOKEN.finditer(said):
        without = bool(token["minus"]) or left_out[-1]
        if token["open"] or token["group"]:
            left_out.append(without)
        elif token["close"]:
            left_out = left_out[:-1] or [False]
        elif not without and token["words"] not in _OPERATORS:
            if (token["field"] or "").lower() in _NAMES - {TITLE}:
                continue
            value = token["phrase"] or token["words"] or ""
            for word in analysis.asked(value, ()):
                text = value[word.start : word.end]
                words.setdefault(text.casefold(), text)
    return tuple(words.values())


def read(
    typed: str,
    languages: Iterable[str],
    namer: Namer | None = None,
    known: frozenset[str] = frozenset(),
) -> Question:
    """Understand what was typed; `languages` are those in which words may be meant.

    `known` are the facets of which `namer` knows every code: another name is a word there.
    """
    text = tidy(typed[: 20 * LONGEST])
    cut = len(text) > LONGEST
    text = text[:LONGEST]
    reader = _Reader(tuple(languages), namer or _nameless, known)
    pieces, said = reader.read(text)
    found = Question(text, _all(pieces), said, cut, reader.lines, pieces=pieces)
    if not found.is_plain:
        return found
    runs = tuple(run for each in analysis.runs(text) if (run := analysis.grams(each.letters)))
    return replace(found, runs=runs) if runs else found


def _nameless(_field: str, _name: str) -> None:
    return None


@dataclass(frozen=True, slots=True)
class _Said:
    """Hold a part with what it was read as.

    `loose`: its sides belong together by an OR; `inner` are the parts of a bracket.
    """

    part: Part
    text: str
    loose: bool = False
    inner: tuple[_Said, ...] = ()

    @property
    def within(self) -> str:
        """Return what it was read as, to stand beside others."""
        return f"({self.text})" if self.loose else self.text


@dataclass(slots=True)
class _Group:
    """Hold what a bracket has so far."""

    minus: bool = False
    field: str = ""
    parts: list[_Said] = with_default(default_factory=list)
    joins: bool = False

    def add(self, part: Part, text: str, inner: tuple[_Said, ...] = ()) -> None:
        """Add something: beside what came before, or as its other side after an OR."""
        if self.joins and self.parts:
            before = self.parts.pop()
            sides = before.part.parts if isinstance(before.part, Either) else (before.part,)
            part = Either((*sides, part))
            self.parts.append(_Said(part, f"{before.text} OR {text}", loose=True))
        else:
            self.parts.append(_Said(part, text, inner=inner))
        self.joins = False

    def closed(self) -> list[_Said]:
        """Return what the bracket comes to, without words that tell nothing beside others."""
        telling = [
            each
            for each in self.parts
            if not (isinstance(each.part, Word) and each.part.forms[0] in analysis.COMMON)
        ]
        return telling if any(_worded(each.part) for each in telling) else self.parts


def _line(parts: Sequence[_Said]) -> str:
    if len(parts) == 1:
        return parts[0].text
    return " ".join(each.within for each in parts)


def _together(parts: Sequence[Part]) -> Part:
    return parts[0] if len(parts) == 1 else Every(tuple(parts))


class _Reader:
    """Read one question."""

    def __init__(self, languages: tuple[str, ...], namer: Namer, known: frozenset[str]) -> None:
        self._languages = languages
        self._namer = namer
        self._known = known
        self._left = _MOST_WORDS
        self._prefixes = _MOST_PREFIXES
        self._open: list[_Group] = [_Group()]
        self._ignored = 0
        self._negated = False
        self._line: list[Forms] = []
        self._lines: list[tuple[Forms, ...]] = []

    @property
    def lines(self) -> tuple[tuple[Forms, ...], ...]:
        """Return the words that were written one after the other."""
        return tuple(line for line in (*self._lines, tuple(self._line)) if len(line) > 1)

    def read(self, text: str) -> tuple[tuple[Piece, ...], str]:
        """Return the pieces of a question, and how they were understood."""
        for token in _TOKEN.finditer(text):
            self._take(token)
        while len(self._open) > 1:
            self._close()
        found = self._open[0].closed()
        pieces = tuple(Piece(each.within, tuple(_flat([each.part]))) for each in found)
        return pieces, _line(found)

    def _take(self, token: re.Match[str]) -> None:
        minus = bool(token["minus"]) or self._negated
        named = (token["field"] or "").lower()
        word = "" if named else token["words"]
        self._negated = False
        if not (token["words"] or token["phrase"]) or word in _OPERATORS:
            self._break()
        if token["open"] or token["group"]:
            self._begin(minus, named if named in _NAMES - {YEAR} else "")
        elif token["close"]:
            self._close()
        elif word in {"OR", "|", "||"}:
            self._open[-1].joins = True
        elif word == "NOT":
            self._negated = True
        elif word not in {"AND", "&", "&&"} and not _is_begun(word):
            self._read_value(token, minus, named)

    def _begin(self, minus: bool, named: str) -> None:
        if len(self._open) > _DEEPEST:
            self._ignored += 1
        else:
            self._open.append(_Group(minus, named))

    def _close(self) -> None:
        if self._ignored:
            self._ignored -= 1
            return
        if len(self._open) == 1:
            return
        group = self._open.pop()
        if found := group.closed():
            whole = _whole(found, group.field)
            part, text, inner = whole.part, whole.text, whole.inner
            if group.minus:
                part, text = _without(part, text)
            self._open[-1].add(part, text, inner)

    def _read_value(self, token: re.Match[str], minus: bool, named: str) -> None:
        quoted = token["phrase"] is not None
        value = token["phrase"] if quoted else token["words"]
        # Within `country:( ... )` the field holds for each value.
        outer = next((group.field for group in reversed(self._open) if group.field), "")
        named = named or (outer if outer in FIELDS else "")
        found: list[tuple[Part, str]] = []
        if named in FIELDS:
            found = self._marked(named, value)
        elif named == YEAR:
            found = _years(value)
        if not found:
            whole = value if named in {"", *_NAMES} else f"{named}:{value}"
            found = self._words(whole, quoted=quoted)
            if minus or quoted or named or len(self._open) > 1:
                self._break()
            else:
                self._line += [part.forms for part, _said in found if isinstance(part, Word)]
            if named == TITLE:
                found = [(Titled(part), f"title:{said}") for part, said in found]
        if minus and found:
            part = _together([part for part, _said in found])
            said = " ".join(said for _part, said in found)
            found = [(Without(part), f"-{said}" if len(found) == 1 else f"-({said})")]
        for part, said in found:
            self._open[-1].add(part, said)

    def _break(self) -> None:
        """Begin another line: what comes now does not stand beside what came before."""
        self._lines.append(tuple(self._line))
        self._line = []

    def _marked(self, named: str, value: str) -> list[tuple[Part, str]]:
        facet = FIELDS[named]
        codes = []
        for each in re.split("[,،;]", value):
            code = self._code(facet, each.strip())
            if code is None:
                return []
            codes.append(code)
        return [(Marked(facet, tuple(dict.fromkeys(codes))), f"{named}:{','.join(codes)}")]

    def _code(self, facet: str, value: str) -> str | None:
        if not value:
            return None
        shape = _SHAPES.get(facet)
        if shape is None or not shape.fullmatch(value):
            found = self._namer(facet, folding.folded(value))
            if found is not None or shape is not None or facet in self._known:
                return found
        if not _CODE.fullmatch(value):
            return None
        return value.upper() if facet in _UPPER else value.lower()

    def _words(self, value: str, *, quoted: bool) -> list[tuple[Part, str]]:
        if not quoted and value.endswith("*") and (prefix := self._prefix(value)):
            return [(Prefix(prefix), f"{prefix}*")]
        found = analysis.asked(value, self._languages)[: self._left]
        self._left -= len(found)
        runs = [run for run in analysis.runs(value) if analysis.grams(run.letters)]
        if quoted and len(runs) == 1 and all(_within(word, runs[0]) for word in found):
            run = _run(value, runs[0], ())
            return [(run[0], f'"{run[1]}"')]
        if quoted and len(found) > 1:
            phrase = Phrase(tuple(word.forms for word in found))
            texts = [value[word.start : word.end] for word in found]
            return [(phrase, f'"{" ".join(texts)}"')]
        return list(_parts(value, found, runs))

    def _prefix(self, value: str) -> str:
        """Return the letters that words shall begin with; empty where they would be too many."""
        words = analysis.asked(value.rstrip("*"), ())
        if len(words) != 1 or not self._prefixes:
            return ""
        letters = words[0].forms[0]
        if len(letters) < _SHORTEST_PREFIX:
            return ""
        self._prefixes -= 1
        return letters


def _within(word: analysis.Word, run: analysis.Run) -> bool:
    return run.start <= word.start < run.end


def _run(value: str, run: analysis.Run, words: Sequence[analysis.Word]) -> tuple[Part, str]:
    forms = tuple(word.forms for word in words)
    part = Run(run.letters, analysis.grams(run.letters), forms)
    return part, value[run.start : run.end]


def _parts(
    value: str, words: Sequence[analysis.Word], runs: Sequence[analysis.Run]
) -> Iterator[tuple[Part, str]]:
    """Yield the words of a text, those of a run of letters together."""
    left = list(runs)
    for word in words:
        while left and left[0].end <= word.start:
            left.pop(0)
        if not left or not _within(word, left[0]) or len(left[0].letters) > _LONGEST_RUN:
            text = value[word.start : word.end]
            # What would be read as more than a word keeps its quotation marks.
            yield Word(word.forms), f'"{text}"' if _reads_as_more(text) else text
        elif not any(_within(each, left[0]) for each in words if each.start < word.start):
            yield _run(value, left[0], [each for each in words if _within(each, left[0])])


def _flat(parts: Iterable[Part]) -> Iterator[Part]:
    """Yield parts without brackets that change nothing."""
    for part in parts:
        if isinstance(part, Every):
            yield from _flat(part.parts)
        else:
            yield part


def _reads_as_more(text: str) -> bool:
    return text in _OPERATORS or (":" in text and text.partition(":")[0].lower() in _NAMES)


def _is_begun(word: str | None) -> bool:
    """Tell whether somebody has begun to write a field and not said yet what it shall be."""
    return bool(word) and str(word).endswith(":") and str(word)[:-1].lower() in _NAMES


def _whole(found: Sequence[_Said], named: str) -> _Said:
    """Return what a bracket comes to as one part; `named` is the field that stood before it."""
    marks = [each.part for each in found if isinstance(each.part, Marked)]
    if len(marks) == len(found) and len({mark.field for mark in marks}) == 1:
        # `country:(NP QA)` names places, any of which will do.
        codes = tuple(dict.fromkeys(code for mark in marks for code in mark.codes))
        name = named if named in FIELDS else marks[0].field
        return _Said(Marked(marks[0].field, codes), f"{name}:{','.join(codes)}")
    parts = [_titled(each) for each in found] if named == TITLE else found
    if len(parts) == 1:
        return _Said(parts[0].part, parts[0].within, inner=parts[0].inner)
    return _Said(_together([each.part for each in parts]), f"({_line(parts)})", inner=tuple(parts))


def _titled(said: _Said) -> _Said:
    """Ask for a part in the title; what is no matter of words stays as it is."""
    if isinstance(said.part, Without):
        inner = _titled(_Said(said.part.part, said.text.removeprefix("-"), inner=said.inner))
        return _Said(*_without(inner.part, inner.text), inner=inner.inner)
    if said.inner:
        return _whole(said.inner, TITLE)
    if not _worded(said.part) or isinstance(said.part, Titled):
        return said
    return _Said(Titled(said.part), f"title:{said.within}")


def _without(part: Part, text: str) -> tuple[Part, str]:
    """Return what leaves out a part; what leaves out an exclusion asks for it."""
    if isinstance(part, Without):
        return part.part, text.removeprefix("-")
    return Without(part), f"-{text}"


def _years(value: str) -> list[tuple[Part, str]]:
    found = _YEARS.fullmatch(latin_digits(value))
    if found is None or not (found["first"] or found["last"]):
        return []
    first, last = int(found["first"] or 1), int(found["last"] or 9999)
    if not found["to"]:
        last = first
    if first > last:
        first, last = last, first
    ends = ["" if year in {1, 9999} else str(year) for year in (first, last)]
    return [(Years(first, last), f"year:{ends[0] if first == last else '..'.join(ends)}")]
