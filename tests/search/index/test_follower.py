"""The index follows the change log through whatever happens to it."""

from __future__ import annotations

import gc
import os
import random
import shutil
import signal
import sys
import time
from contextlib import suppress
from multiprocessing.connection import Connection

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session
from whoosh.index import TOC

from policytrack import create_app
from policytrack.core import changes
from policytrack.core.changes import Epoch
from policytrack.core.db import session as current_session
from policytrack.core.db import transaction
from policytrack.core.permissions import ANONYMOUS
from policytrack.search import engine
from policytrack.search.engine import Wanted
from policytrack.search.index import follower, generations
from policytrack.search.index.follower import Follower
from policytrack.search.index.generations import Busy, Unusable
from policytrack.search.index.schema import entity
from policytrack.search.index.snapshot import reading, search_of
from policytrack.search.queries import standing
from policytrack.settings import load
from tests.operations.processes import forking
from tests.search.conftest import Ask, ids
from tests.search.sources import Logged, Shelf

# Whoosh leaves the files that it fails on to the garbage collector.
leaves_files_open = pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning"
)


def search(app: Flask, typed: str) -> list[str]:
    return ids(engine.search(app, Wanted(typed), actor=ANONYMOUS, language="en"))


def test_changes_are_followed(notes: Shelf, following: Follower, ask: Ask) -> None:
    notes.put("one", "A", "zebra")
    assert following.behind()
    assert following.follow() == 0  # the new index already holds it
    assert not following.behind()
    notes.put("one", "A", "giraffe")
    notes.put("two", "B", "giraffe")
    notes.remove("two")
    assert following.lag() == 3
    assert following.follow() == 3
    assert following.lag() == 0
    assert ids(ask("giraffe")) == ["one"]
    assert ids(ask("zebra")) == []
    assert following.verify() == []


def test_a_thing_of_several_documents(notes: Shelf, following: Follower, ask: Ask) -> None:
    notes.put("one", "A", "zebra")
    notes.put("one2", "A", "giraffe", part="open")
    following.follow()
    notes.things["one"] = []
    notes.changed("one")
    assert ids(ask("zebra")) == []
    assert ids(ask("giraffe")) == ["one2"]


def test_a_change_of_an_unknown_kind_is_passed_over(notes: Shelf, following: Follower) -> None:
    following.follow()
    with transaction() as session:
        changes.append(session, "unheard", "x")
    assert following.follow() == 1
    assert not following.behind()
    assert following.verify() == []


def test_more_changes_than_a_batch(notes: Shelf, following: Follower) -> None:
    following.follow()
    with transaction() as session:
        for number in range(450):
            changes.append(session, "note", f"n{number}")
    notes.put("last", "A", "zebra")
    assert following.follow() == 451
    assert following.verify() == []


def test_an_open_search_sees_the_next_commit(app: Flask, notes: Shelf, following: Follower) -> None:
    notes.put("one", "A", "zebra")
    following.follow()
    assert search(app, "zebra") == ["one"]
    notes.put("two", "A", "zebra zebra")
    following.follow()
    assert sorted(search(app, "zebra")) == ["one", "two"]


def test_an_index_is_opened_while_a_commit_replaces_its_table(
    app: Flask, notes: Shelf, following: Follower, monkeypatch: pytest.MonkeyPatch
) -> None:
    notes.put("n1", "First")
    following.follow()
    generation, found = generations.current(app), TOC._latest_generation

    def late(storage: object, name: str) -> int:
        told: int = found(storage, name)
        monkeypatch.setattr(TOC, "_latest_generation", found)
        notes.put("n2", "Second")
        following.follow()
        return told

    monkeypatch.setattr(TOC, "_latest_generation", late)
    reader = generation.index().reader()
    assert reader.doc_count() == 3  # and how far it has come
    reader.close()
    monkeypatch.setattr(TOC, "_latest_generation", lambda *_: 1_000)
    with pytest.raises(FileNotFoundError):
        generation.index()


def test_a_rebuild_swaps_and_tells_how_far_it_is(
    app: Flask, notes: Shelf, following: Follower
) -> None:
    for number in range(450):
        notes.things[f"n{number}"] = []
    notes.put("one", "A", "zebra")
    following.follow()
    old = generations.current(app).folder
    told: list[tuple[int, int]] = []
    following.rebuild(lambda done, total: told.append((done, total)))
    assert told[-1] == (451, 451)
    assert told == sorted(told)
    assert generations.current(app).folder != old
    assert not old.exists()
    assert search(app, "zebra") == ["one"]
    assert following.verify() == []


def test_what_changes_during_a_rebuild_is_not_lost(
    app: Flask, notes: Shelf, following: Follower
) -> None:
    notes.put("one", "A", "zebra")

    def interfere(_done: int, _total: int) -> None:
        if "two" not in notes.things:
            notes.put("two", "B", "giraffe")

    following.rebuild(interfere)
    assert search(app, "giraffe") == ["two"]
    assert following.verify() == []


def test_a_failed_rebuild_leaves_the_old_index(
    app: Flask, notes: Shelf, following: Follower
) -> None:
    notes.put("one", "A", "zebra")
    following.follow()

    def fail(_done: int, _total: int) -> None:
        raise OSError("disk")

    with pytest.raises(OSError, match="disk"):
        following.rebuild(fail)
    assert search(app, "zebra") == ["one"]
    assert len([path for path in generations.root(app).iterdir() if path.is_dir()]) == 2
    following.rebuild()


@pytest.mark.parametrize(
    "harm",
    [
        "everything",
        "generation",
        "link",
        "state",
        "state-junk",
        "state-list",
        "fingerprint",
        "table",
        "segment",
        "table-short",
        "segment-short",
        "segment-empty",
        "segment-zeros",
    ],
)
@pytest.mark.parametrize("opened", [False, True])
@leaves_files_open
def test_a_harmed_index_is_made_anew(
    once: None, app: Flask, notes: Shelf, following: Follower, harm: str, opened: bool
) -> None:
    for number in range(30):
        notes.put(f"n{number}", "A", f"zebra giraffe lion{number}")
    following.follow()
    if opened:
        search(app, "zebra")
    harm_index(app, harm)
    fresh = Follower(app)
    try:
        found = search(app, "zebra")
    except Unusable:
        assert fresh.behind()
    else:
        assert opened  # what was read before still answers, unless it was written over
        assert len(found) == 20 or harm == "segment-zeros"
    fresh.follow()
    assert fresh.verify() == []
    assert len(search(app, "giraffe")) == 20
    assert not fresh.behind()
    assert following.follow() == 0
    gc.collect()


def harm_index(app: Flask, harm: str) -> None:
    root, folder = generations.root(app), generations.current(app).folder
    (table,) = folder.glob("*.toc")
    segments = list(folder.glob("*.seg"))
    if harm == "everything":
        shutil.rmtree(root)
    elif harm == "generation":
        shutil.rmtree(folder)
    elif harm == "link":
        (root / "current").unlink()
    elif harm == "state":
        (folder / "generation.json").unlink()
    elif harm == "state-junk":
        (folder / "generation.json").write_bytes(b"\xff\x00{")
    elif harm == "state-list":
        (folder / "generation.json").write_text("[1, 2]")
    elif harm == "fingerprint":
        (folder / "generation.json").write_text('{"fingerprint": "0", "epoch": "test"}')
    elif harm == "table":
        table.unlink()
    elif harm == "table-short":
        os.truncate(table, table.stat().st_size // 2)
    else:
        for segment in segments:
            if harm == "segment":
                segment.unlink()
            elif harm == "segment-short":
                os.truncate(segment, segment.stat().st_size // 2)
            elif harm == "segment-empty":
                os.truncate(segment, 0)
            else:
                size = segment.stat().st_size
                with segment.open("r+b") as file:
                    file.seek(size // 3)
                    file.write(bytes(size // 2))


def test_a_foreign_index_is_not_searched(app: Flask, notes: Shelf, following: Follower) -> None:
    notes.put("one", "A", "zebra")
    following.follow()
    assert search(app, "zebra") == ["one"]
    with transaction() as session:
        session.execute(update(Epoch).values(name="another life"))
    with pytest.raises(Unusable, match="another database"):
        search(app, "zebra")
    assert following.lag() is None
    assert following.behind()
    following.follow()
    assert search(app, "zebra") == ["one"]
    assert generations.current(app).epoch == "another life"


def test_an_index_from_the_future_is_made_anew(
    app: Flask, notes: Shelf, following: Follower, database: Session
) -> None:
    """A database put back by copying its file keeps its name; its numbers tell."""
    notes.put("one", "A", "zebra")
    notes.put("two", "A", "giraffe")
    following.follow()
    with transaction() as session:
        session.query(changes.Change).filter(changes.Change.seq > 1).delete()
    del notes.things["two"]
    fresh = Follower(app)
    assert fresh.behind()
    fresh.follow()
    assert fresh.verify() == []
    assert search(app, "giraffe") == []


def test_a_doubt_without_reason_is_taken_back(
    app: Flask, notes: Shelf, following: Follower
) -> None:
    notes.put("one", "A", "zebra")
    following.follow()
    kept = generations.current(app)
    generations.doubt(kept)
    assert following.behind()
    following.follow()
    assert not following.behind()
    assert generations.current(app) == kept


def test_two_writers(app: Flask, notes: Shelf, following: Follower) -> None:
    notes.put("one", "A", "zebra")
    following.follow()
    notes.put("two", "A", "zebra")
    other = Follower(app)
    with generations.sole_writer(app):
        assert other.follow() == 0
        with pytest.raises(Busy):
            other.rebuild()
        assert search(app, "zebra") == ["one"]  # readers go on
    assert other.follow() == 1
    assert following.follow() == 0
    assert following.verify() == []


def test_verify_tells_what_differs(app: Flask, notes: Shelf, following: Follower) -> None:
    for name in ("kept", "lost"):
        notes.put(name, "A", "zebra")
    following.follow()
    generation = generations.current(app)
    now = changes.newest(current_session())
    with generations.writing(generation, now) as writer:
        writer.delete_by_term("entity", entity("note", "lost"))
        writer.add_document(key="note:extra:p", entity="note:extra", digest="x", on=0)
        writer.add_document(key="note:kept:published", entity="note:kept", digest="x", on=0)
    differences = "\n".join(following.verify())
    assert "missing in the index: note:lost:published" in differences
    assert "in the index, not in the database: note:extra:p" in differences
    assert "twice in the index: note:kept:published" in differences
    following.rebuild()
    assert following.verify() == []


def test_verify_tells_of_a_changed_text_and_of_waiting_changes(
    notes: Shelf, following: Follower
) -> None:
    notes.put("one", "A", "zebra")
    following.follow()
    document = notes.things["one"][0]
    notes.things["one"] = [
        type(document)(
            document.kind, document.public_id, document.part, ("own7",), document.passages
        )
    ]
    assert following.verify() == ["stale in the index: note:one:published"]
    notes.changed("one")
    assert following.verify() == ["1 thing has changed and is not yet in the index"]
    following.follow()
    assert following.verify() == []


@leaves_files_open
def test_a_full_disk_leaves_the_index_as_it_was(
    app: Flask, notes: Shelf, following: Follower, monkeypatch: pytest.MonkeyPatch
) -> None:
    notes.put("one", "A", "zebra")
    following.follow()
    notes.put("two", "A", "giraffe")
    import resource

    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200, limits[1]))
    try:
        with pytest.raises(OSError, match="large"):
            following.follow()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)
    assert search(app, "zebra") == ["one"]
    assert following.follow() == 1
    assert search(app, "giraffe") == ["two"]
    assert following.verify() == []
    gc.collect()


def _follow(instance: str, url: str, told: Connection) -> None:
    app = create_app(load({}, instance=instance, database_url=url, testing=True))
    follower.init_app(app, (Logged(),))
    with app.app_context():
        told.send("begins")
        follower.Follower(app).follow()
        told.send("done")


def test_a_killed_writer_loses_nothing(once: None, app: Flask, database: Session) -> None:
    real = search_of(app)
    follower.init_app(app, (Logged(),))
    following = Follower(app)
    following.follow()
    dice = random.Random(1)
    killed = 0
    try:
        for round_ in range(4):
            with transaction() as session:
                for number in range(300):
                    changes.append(session, "thing", f"r{round_}n{number}")
            hears, tells = forking.Pipe(duplex=False)
            given = (app.instance_path, app.config["SQLALCHEMY_DATABASE_URI"], tells)
            child = forking.Process(target=_follow, args=given)
            child.start()
            tells.close()
            with hears:
                assert hears.recv() == "begins"
                time.sleep(dice.uniform(0.05, 0.5))
                child.kill()
                child.join()
                with suppress(EOFError):
                    killed -= hears.recv() == "done"
                killed += 1
            if round_ % 2:
                following.follow()
                assert following.verify() == []
        following.follow()
        assert following.verify() == []
        assert killed >= 2
    finally:
        search_of(app).close()
        app.extensions["search"] = real


# What a process can do to a folder, as Python tells of it before it happens.
_DEEDS = frozenset(
    {"open", "os.mkdir", "os.symlink", "os.rename", "os.remove", "os.rmdir", "shutil.rmtree"}
)


def _rebuild_until(instance: str, url: str, deed: int) -> None:
    """Rebuild, and be killed before the process does its so-manieth deed to the index."""
    app = create_app(load({}, instance=instance, database_url=url, testing=True))
    follower.init_app(app, (Logged(),))
    folder, left = str(generations.root(app)), deed

    def watch(event: str, given: tuple[object, ...]) -> None:
        nonlocal left
        here = any(str(each).startswith(folder) for each in given)
        # What a folder holds is taken away by its name in the folder.
        if event in _DEEDS and (here or event in {"os.remove", "os.rmdir"}):
            left -= 1
            if not left:
                os.kill(os.getpid(), signal.SIGKILL)

    with app.app_context():
        sys.addaudithook(watch)
        follower.Follower(app).rebuild()


def test_a_rebuild_killed_at_any_moment_leaves_an_index_that_answers(
    once: None, app: Flask, database: Session
) -> None:
    real = search_of(app)
    follower.init_app(app, (Logged(),))
    following = Follower(app)
    with transaction() as session:
        for number in range(3):
            changes.append(session, "thing", f"n{number}")
    following.follow()
    first = generations.current(app)
    deed, killed, swapped = 0, 0, 0
    try:
        while True:
            deed += 1
            given = (app.instance_path, app.config["SQLALCHEMY_DATABASE_URI"], deed)
            child = forking.Process(target=_rebuild_until, args=given)
            child.start()
            child.join()
            if child.exitcode == 0:
                break
            assert child.exitcode == -signal.SIGKILL
            killed += 1
            # A reader that knows nothing of what happened, and nobody has tidied up.
            search_of(app).close()
            with reading(app, standing(current_session()).epoch) as snapshot:
                assert len(list(snapshot.rows())) == 3
            swapped += generations.current(app) != first
        assert killed > 10
        assert 0 < swapped < killed
        following.follow()
        assert following.verify() == []
        assert len([each for each in generations.root(app).iterdir() if each.is_dir()]) == 2
    finally:
        search_of(app).close()
        app.extensions["search"] = real
