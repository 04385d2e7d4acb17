"""What is written as arrays is what Whoosh would have written, and damage to it is noticed."""

from __future__ import annotations

import io
import random
import secrets
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh import query
from whoosh.filedb.filestore import RamStorage
from whoosh.index import FileIndex
from whoosh.writing import SegmentWriter

from policytrack.core.documents import Passage, SearchDocument
from policytrack.search.index import generations, postings, writing
from policytrack.search.index.arrays import ArrayFile, ArrayWriter, Damaged
from policytrack.search.index.generations import Generation
from policytrack.search.index.postings import Entries
from policytrack.search.index.schema import SCHEMA, row
from policytrack.search.index.segments import Kept, Segment
from policytrack.search.index.writing import Writer, worth_merging

WORDS = (
    "the", "of", "recruitment", "fees", "fee", "workers’", "employer's", "travailleuses",
    "l'accord", "élève", "2,500", "3.5", "___", "_", "–", "©", "العاملات", "المهاجرات", "للعاملات",
    "حمايةُ", "من", "श्रमिकों", "प्रवासी", "แรงงานข้ามชาติ", "移民労働者の権利",
    *(f"word{number}" for number in range(40)),
)  # fmt: skip
LANGUAGES = ("en", "fr", "ar", "hi", "th", "ja", "en-GB", "x")
Rows = dict[str, dict[str, Any]]


def document(dice: random.Random, name: str) -> SearchDocument:
    """Return a document of some words in some languages."""

    def text(most: int) -> str:
        return " ".join(dice.choices(WORDS, k=dice.randint(0, most)))

    passages = [
        Passage(text(30), dice.choice(LANGUAGES), dice.choice(("title", "body", "body")))
        for _ in range(dice.randint(0, 4))
    ]
    return SearchDocument(
        kind="note",
        public_id=name,
        part="open",
        access=tuple(dice.choices(("public", "own7", "office"), k=2)),
        passages=tuple(passages),
        codes={"country": tuple(dice.choices(("NP", "QA", "BD"), k=dice.randint(0, 3)))},
    )


def fresh() -> FileIndex:
    # Whoosh's writer has its temporary files in a folder of this name, for all processes.
    return FileIndex.create(RamStorage(), SCHEMA, f"whoosh{secrets.token_hex(4)}")


def stock(documents: list[SearchDocument]) -> FileIndex:
    """Return an index that Whoosh's own writer made in its own format."""
    index = fresh()
    writer = SegmentWriter(index)
    for each in documents:
        writer.add_document(**row(each))
    writer.commit()
    return index


def content(index: FileIndex) -> tuple[Rows, dict[tuple[str, bytes], Any]]:
    """Return all that an index says, through Whoosh's own readers."""
    reader = index.reader()
    documents: Rows = {}
    for number in reader.all_doc_ids():
        held = reader.stored_fields(number)
        lengths = [reader.doc_field_length(number, field) or 0 for field in ("title", "body")]
        documents[held["key"]] = {**held, "lengths": lengths}
    terms = {}
    for field, term in reader.all_terms():
        matcher, read = reader.postings(field, term), SCHEMA[field].format
        found = {}
        while matcher.is_active():
            key = reader.stored_fields(matcher.id())["key"]
            places = matcher.value_as("positions") if read.supports("positions") else None
            times = matcher.value_as("frequency") if read.supports("frequency") else None
            assert key not in found
            found[key] = matcher.weight(), times, places
            matcher.next()
        if found:
            terms[field, term] = found
    reader.close()
    return documents, terms


@pytest.fixture(params=["whole", "in runs", "in small parts"])
def small(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Write at once; or in many runs, in files; or in many parts of few places."""
    if request.param == "in runs":
        monkeypatch.setattr(writing, "_WORDS_TO_A_MEGABYTE", 2)
        monkeypatch.setattr(writing, "_FEW", 300)
    if request.param == "in small parts":
        monkeypatch.setattr(postings, "_PART", 20)


@pytest.mark.parametrize("seed", range(4))
def test_the_same_as_whoosh_writes(small: None, seed: int) -> None:
    dice = random.Random(seed)
    documents = [document(dice, f"n{number}") for number in range(60)]
    index = fresh()
    writer = Writer(index)
    for each in documents:
        writer.add_document(**row(each))
    writer.commit()
    assert content(index) == content(stock(documents))


@pytest.mark.parametrize("seed", range(4))
def test_the_same_after_many_commits(small: None, seed: int) -> None:
    dice = random.Random(seed)
    held: dict[str, SearchDocument] = {}
    index = fresh()
    most = 0
    for _round in range(25):
        writer = Writer(index)
        for _change in range(dice.choice((1, 1, 3, 12))):
            name = f"n{dice.randint(0, 40)}"
            if name in held:
                assert writer.delete_by_term("entity", f"note:{name}") <= 1
                del held[name]
        for _change in range(dice.choice((0, 1, 1, 3, 12))):
            name = f"n{dice.randint(0, 40)}"
            if name not in held:
                held[name] = document(dice, name)
                writer.add_document(**row(held[name]))
        writer.commit()
        most = max(most, len(index._segments()))
    assert content(index) == content(stock(list(held.values())))
    assert most < 8


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.lists(
            st.tuples(st.text(st.characters(codec=None), max_size=60), st.sampled_from(LANGUAGES)),
            max_size=3,
        ),
        min_size=1,
        max_size=4,
    )
)
def test_the_same_for_any_text(texts: list[list[tuple[str, str]]]) -> None:
    documents = [
        SearchDocument(
            "note", str(number), "open", ("public",), tuple(Passage(*each) for each in passages)
        )
        for number, passages in enumerate(texts)
    ]
    index = fresh()
    writer = Writer(index)
    for each in documents:
        writer.add_document(**row(each))
    writer.commit()
    assert content(index) == content(stock(documents))


def test_whoosh_itself_finds_and_scores_the_same(small: None) -> None:
    dice = random.Random(9)
    documents = [document(dice, f"n{number}") for number in range(80)]
    ours = fresh()
    writer = Writer(ours)
    for each in documents:
        writer.add_document(**row(each))
    writer.commit()
    asked = [
        query.Term("body", "fee"),
        query.And([query.Term("body", "the"), query.Term("body", "recruitment")]),
        query.Or([query.Term("title", "en~fee"), query.Term("body", "word7")]),
        query.Or([query.Term(field, word) for field in ("title", "body") for word in ("fee", "x")]),
        query.Prefix("body", "word1"),
        query.Phrase("body", ["recruitment", "fees"]),
        query.Term("country", "NP") - query.Term("access", "office"),
    ]
    answers = []
    for index in (ours, stock(documents)):
        with index.searcher() as searcher:
            answers.append(
                [
                    [(hit["key"], round(hit.score, 4)) for hit in searcher.search(each, limit=None)]
                    for each in asked
                ]
            )
    assert answers[0] == answers[1]
    assert sum(map(bool, answers[0])) >= 4


def test_few_segments_however_many_commits() -> None:
    class Of:
        def __init__(self, count: int) -> None:
            self.count = count

        def doc_count_all(self) -> int:
            return self.count

        def doc_count(self) -> int:
            return self.count

        def deleted_count(self) -> int:
            return 0

    segments: list[Of] = []
    rewritten = 0
    for _commit in range(5000):
        merged = worth_merging(segments, 1)
        rewritten += sum(each.count for each in merged)
        left = [each for each in segments if each not in merged]
        segments = [*left, Of(1 + sum(each.count for each in merged))]
        assert len(segments) <= 13
    assert rewritten < 5000 * 13


def test_a_hollow_segment_is_written_anew() -> None:
    index = fresh()
    writer = Writer(index)
    for number in range(50):
        writer.add_document(key=f"k{number}", entity=f"e{number}", digest="d", on=number)
    writer.commit()
    for number in range(30):
        writer = Writer(index)
        writer.delete_by_term("entity", f"e{number}")
        writer.commit()
    assert index.doc_count() == 20
    assert index.doc_count_all() <= 40
    reader = index.reader()
    (leaf,) = [leaf for leaf, _offset in reader.leaf_readers()]
    live = np.isin(Segment(leaf, Kept()).days(), range(30, 50))
    assert live.sum() == 20
    reader.close()


def test_a_writer_that_gives_up_leaves_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "_WORDS_TO_A_MEGABYTE", 2)
    monkeypatch.setattr(writing, "_FEW", 10)
    index = FileIndex.create(generations._storage(tmp_path), SCHEMA, "whoosh")
    before = {path.name for path in tmp_path.iterdir()}
    dice = random.Random(3)
    writer = Writer(index)
    for number in range(40):
        writer.add_document(**row(document(dice, f"n{number}")))
    assert len(writer._runs) > 1
    writer.cancel()
    assert {path.name for path in tmp_path.iterdir() if "LOCK" not in path.name} == before


def test_what_a_table_names_is_on_the_disk_before_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    brought: list[str] = []

    def bring(path: Path) -> None:
        assert path.exists()
        brought.append(path.name.split(".")[-1])
        assert not (tmp_path / f"_whoosh_{commit}.toc").exists()

    FileIndex.create(generations._storage(tmp_path), SCHEMA, "whoosh")
    generation = Generation(tmp_path, "test")
    monkeypatch.setattr(generations, "_bring_to_disk", bring)
    for commit in (1, 2, 3):
        brought.clear()
        with generations.writing(generation, commit):
            pass
        # The segment that this commit made and the table, under the name that it has until then.
        assert len(brought) == 2
        assert brought.count("seg") == 1


def test_unheard_of_fields_are_refused() -> None:
    writer = Writer(fresh())
    with pytest.raises(Exception, match="No field"):
        writer.add_document(nothing="x")
    writer.cancel()


# Damage


@pytest.fixture
def built(tmp_path: Path) -> tuple[Generation, Path]:
    """Return a small index on the disk, and its one segment."""
    FileIndex.create(generations._storage(tmp_path), SCHEMA, "whoosh")
    generation = Generation(tmp_path, "test")
    dice = random.Random(5)
    with generations.writing(generation, 7) as writer:
        for number in range(30):
            writer.add_document(**row(document(dice, f"n{number}")))
    (path,) = tmp_path.glob("*.seg")
    return generation, path


def everything(generation: Generation) -> Iterator[object]:
    """Yield all that the site reads of an index."""
    reader = generation.index().reader()
    try:
        for leaf, _offset in reader.leaf_readers():
            segment = Segment(leaf, Kept())
            for field in ("title", "body"):
                yield segment.lengths(field).tolist()
                for form in segment.forms(field, ""):
                    found, places = segment.postings(field, form), segment.places(field, form)
                    yield found.numbers.tolist(), found.counts.tolist()
                    yield places.numbers.tolist(), places.positions.tolist()
            for field in ("access", "country", "tongue"):
                marks = segment.marks(field)
                yield marks.codes, marks.numbers.tolist(), marks.places.tolist()
            yield segment.days().tolist()
        yield from (reader.stored_fields(number) for number in reader.all_doc_ids())
    finally:
        reader.close()


def harm_with(path: Path, change: Callable[[bytearray], object]) -> None:
    held = bytearray(path.read_bytes())
    change(held)
    path.write_bytes(held)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_any_changed_byte_is_noticed(built: tuple[Generation, Path]) -> None:
    generation, path = built
    generations.read_through(generation)
    sound, said = path.read_bytes(), list(everything(generation))
    dice = random.Random(1)
    for at in [*range(8), *dice.sample(range(len(sound)), 60), *range(len(sound) - 30, len(sound))]:
        held = bytearray(sound)
        held[at] ^= 1 << dice.randrange(8)
        path.write_bytes(held)
        with pytest.raises(Damaged):
            generations.read_through(generation)
        # Whoever reads without looking first stumbles over it, too, or reads what was written.
        with suppress(Damaged):
            assert list(everything(generation)) == said


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.parametrize(
    "change",
    [
        lambda held: held.clear(),
        lambda held: held.__delitem__(slice(10, None)),
        lambda held: held.__delitem__(slice(len(held) // 2, None)),
        lambda held: held.__delitem__(slice(-1, None)),
        lambda held: held.__delitem__(slice(0, 1)),
        lambda held: held.extend(b"more"),
        lambda held: held.__setitem__(slice(0, None), bytes(len(held))),
        lambda held: held.reverse(),
    ],
)
def test_a_file_of_other_bytes_is_noticed(
    built: tuple[Generation, Path], change: Callable[[bytearray], object]
) -> None:
    generation, path = built
    harm_with(path, change)
    with pytest.raises(Damaged):
        generations.read_through(generation)
    with pytest.raises(Damaged):
        list(everything(generation))


# Arrays


def test_arrays_across_pages_are_read_in_parts() -> None:
    file = io.BytesIO()
    out = ArrayWriter(file)
    dice = np.random.default_rng(1)
    written = [
        dice.integers(0, 1 << bits, size, dtype=np.uint64).astype(kind)
        for bits, kind, size in [
            (8, "u1", 0), (8, "u1", 8192), (16, "u2", 5), (32, "u4", 30_000), (63, "u8", 77),
            (31, "i4", 4097),
        ]
    ]  # fmt: skip
    places = [out.put(each) for each in written]
    out.finish({"places": places})
    held = ArrayFile(file, file.tell())
    held.check()
    for place, each in zip(held.contents["places"], written, strict=True):
        assert np.array_equal(held.get(place), each)
        for _try in range(20):
            begin, end = sorted(dice.integers(0, len(each) + 1, 2).tolist())
            assert np.array_equal(held.get(place, begin, end), each[begin:end])
        with pytest.raises(Damaged):
            held.get(place, 0, len(each) + 1)
        with pytest.raises(Damaged):
            held.get((place[0], place[1], 1 << 40))


def test_numbers_too_large_for_one_are_ordered_all_the_same() -> None:
    dice = np.random.default_rng(2)
    for most in (1 << 10, 1 << 31):
        entries = Entries(*(dice.integers(0, most, 500).astype(np.uint32) for _ in range(3)))
        found = postings.ordered(entries)
        expected = sorted(zip(*(each.tolist() for each in entries), strict=True))
        assert list(zip(*(each.tolist() for each in found), strict=True)) == expected
