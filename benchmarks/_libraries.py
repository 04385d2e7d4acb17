"""Ask Whoosh as it comes, and tantivy, the same questions."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from _corpus import FACETS, about
from _index import Text
from _questions import Answer, Asked
from whoosh import fields, index, qparser, query, sorting
from whoosh.analysis import Analyzer, StemmingAnalyzer, Token

from policytrack.search.language import analysis

try:
    import tantivy
except ImportError:
    HAS_TANTIVY = False
else:
    HAS_TANTIVY = True

SHOWN = 10


class Whoosh:
    """Answer with Whoosh's own scoring, grouping and highlighter."""

    name = "whoosh"

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "whoosh"
        self._folder.mkdir()
        words = StemmingAnalyzer()
        self._schema = fields.Schema(
            title=fields.TEXT(words, stored=True, field_boost=2.0),
            text=fields.TEXT(words, stored=True),
            # A column is read a document at a time; without one each question reads all of them.
            **{facet: fields.KEYWORD(sortable=True) for facet in FACETS},
        )

    def build(self, collection: Sequence[Text]) -> None:
        """Write the index and open it."""
        made = index.create_in(str(self._folder), self._schema)
        writer = made.writer(limitmb=256)
        for text in collection:
            writer.add_document(title=text.title, text=text.text, **_joined(text))
        writer.commit()
        self._searcher = made.searcher()
        self._parser = qparser.MultifieldParser(["title", "text"], self._schema)

    def ask(self, asked: Asked) -> Answer:
        """Answer; what a filter leaves is counted apart from what its own facet offers."""
        read = self._parser.parse(asked.typed)
        filtered = query.Term(asked.facet, asked.code) if asked.facet else None
        names = [facet for facet in FACETS if facet != asked.facet]
        found = self._searcher.search(
            read, limit=SHOWN, filter=filtered, groupedby=_facets(names), terms=True
        )
        counts = {name: _split(found.groups(name)) for name in names}
        if asked.facet:
            whole = self._searcher.search(read, limit=1, groupedby=_facets([asked.facet]))
            counts[asked.facet] = _split(whole.groups(asked.facet))
        shown = [
            (hit.highlights("title", minscore=0), hit.highlights("text", top=2)) for hit in found
        ]
        return Answer(len(found), shown, counts)

    def close(self) -> None:
        """Close the index."""
        self._searcher.close()


def _joined(text: Text) -> dict[str, str]:
    return {facet: " ".join(codes) for facet, codes in about(text).codes.items() if codes}


def _facets(names: Sequence[str]) -> sorting.Facets:
    facets = sorting.Facets()
    for name in names:
        facets.add_field(name, maptype=sorting.Count)
    return facets


def _split(groups: Mapping[Any, int]) -> dict[str, int]:
    """Return counts by code of counts by what stands together in a document."""
    counts: Counter[str] = Counter()
    for together, count in groups.items():
        for code in str(together or "").split():
            counts[code] += count
    return dict(counts)


class _Tagged(str):
    """Carry the language of a text to the analyzer."""

    language = "en"


def _tagged(text: str, language: str) -> _Tagged:
    made = _Tagged(text)
    made.language = language
    return made


class _Ours(Analyzer):  # type: ignore[misc]  # Whoosh has no types
    """Take a text apart as PolicyTrack does: all forms of a word at its place."""

    def __call__(self, value: _Tagged, **_options: Any) -> Iterator[Token]:
        token = Token(positions=True)
        for position, word in enumerate(analysis.words(value, value.language)):
            for form in word.forms:
                token.text, token.pos, token.boost = form, position, 1.0
                yield token


def built_with_our_words(collection: Sequence[Text], folder: Path, processes: int) -> float:
    """Return the seconds in which Whoosh as it comes builds an index of the same words as ours."""
    words = _Ours()
    schema = fields.Schema(
        key=fields.ID(stored=True, unique=True),
        title=fields.TEXT(words),
        text=fields.TEXT(words),
        **{facet: fields.KEYWORD() for facet in FACETS},
    )
    begun = time.perf_counter()
    with index.create_in(str(folder), schema).writer(limitmb=256, procs=processes) as writer:
        for text in collection:
            writer.add_document(
                key=text.id,
                title=_tagged(text.title, text.language),
                text=_tagged(text.text, text.language),
                **_joined(text),
            )
    return time.perf_counter() - begun


class Tantivy:
    """Answer with tantivy, which is written in Rust: what one machine can do at most."""

    name = "tantivy"

    def __init__(self, folder: Path) -> None:
        builder = tantivy.SchemaBuilder()
        for name in ("title", "text"):
            builder.add_text_field(name, stored=True, tokenizer_name="en_stem")
        for facet in FACETS:
            builder.add_text_field(facet, fast=True, tokenizer_name="raw", index_option="basic")
        self._schema = builder.build()
        path = folder / "tantivy"
        path.mkdir()
        self._index = tantivy.Index(self._schema, path=str(path))

    def build(self, collection: Sequence[Text]) -> None:
        """Write the index, wait until it is merged, and open it."""
        writer = self._index.writer(heap_size=256_000_000)
        for text in collection:
            held: dict[str, Any] = {"title": text.title, "text": text.text}
            held |= {facet: list(codes) for facet, codes in about(text).codes.items()}
            writer.add_document(tantivy.Document.from_dict(held, self._schema))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        self._searcher = self._index.searcher()

    def ask(self, asked: Asked) -> Answer:
        """Answer with one search and one aggregation, two where a filter is set."""
        read = self._index.parse_query(
            asked.typed,
            ["title", "text"],
            field_boosts={"title": 2.0},
            conjunction_by_default=True,
        )
        left, counts = read, {}
        names = [facet for facet in FACETS if facet != asked.facet]
        if asked.facet:
            must = tantivy.Occur.Must
            term = tantivy.Query.term_query(self._schema, asked.facet, asked.code)
            code = tantivy.Query.const_score_query(term, 0.0)
            left = tantivy.Query.boolean_query([(must, read), (must, code)])
            counts = self._counted(read, [asked.facet])
        found = self._searcher.search(left, SHOWN)
        counts |= self._counted(left, names)
        makers = [
            tantivy.SnippetGenerator.create(self._searcher, read, self._schema, name)
            for name in ("title", "text")
        ]
        makers[1].set_max_num_chars(280)
        documents = [self._searcher.doc(address) for _score, address in found.hits]
        shown = [
            (makers[0].snippet_from_doc(each).to_html(), makers[1].snippet_from_doc(each).to_html())
            for each in documents
        ]
        return Answer(found.count, shown, counts)

    def _counted(self, left: Any, names: Sequence[str]) -> dict[str, dict[str, int]]:
        wanted = {name: {"terms": {"field": name, "size": 10_000}} for name in names}
        counted = self._searcher.aggregate(left, wanted)
        return {
            name: {each["key"]: each["doc_count"] for each in counted[name]["buckets"]}
            for name in names
        }

    def close(self) -> None:
        """Close the index."""
        del self._searcher
