"""The least that an import can cost: parse the sheet and write its rows, in one transaction, with nothing else done.

    python -m tests.bench.imports.raw DATABASE FILE.csv

DATABASE is a file of SQLite's (written with `executemany`) or the address of a PostgreSQL one (written with COPY). The
tables are the real ones, with their indexes, constraints and triggers. Nothing is checked, compared, recorded in
history or in a batch.
"""

from __future__ import annotations

import csv
import sqlite3
import sys
from collections.abc import Iterable
from typing import Any

Rows = Iterable[tuple[Any, ...]]
#: What the columns that the sheet does not have hold in a new record.
FIXED: dict[str, dict[str, Any]] = {
    "kb_claim": {"revision": 1, "editing_state": "draft", "stale_reason": "", "note": ""},
    "kb_appearance": {"prefix": "", "suffix": "", "translation": "", "anchor": "none"},
}


def main(database: str, path: str) -> None:
    if database.startswith("postgres"):
        import psycopg

        with psycopg.connect(database) as connection, connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            write(path, cursor, lambda table, columns, rows: copy(cursor, table, columns, rows))
        return
    connection = sqlite3.connect(database, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "recursive_triggers=ON"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("BEGIN IMMEDIATE")
    write(path, connection, lambda table, columns, rows: insert(connection, table, columns, rows))
    connection.execute("COMMIT")


def insert(connection: sqlite3.Connection, table: str, columns: list[str], rows: Rows) -> None:
    marks = ", ".join("?" * len(columns))
    connection.executemany(f'INSERT INTO "{table}" ({", ".join(columns)}) VALUES ({marks})', rows)  # noqa: S608


def copy(cursor: Any, table: str, columns: list[str], rows: Rows) -> None:
    with cursor.copy(f'COPY "{table}" ({", ".join(columns)}) FROM STDIN') as into:
        for row in rows:
            into.write_row(row)


def write(path: str, cursor: Any, into: Any) -> None:
    ids = {}
    for table in ("kb_topic", "kb_place", "kb_event", "sources_source"):
        ids[table] = {
            key: pk
            for pk, key in cursor.execute(f'SELECT id, key FROM "{table}"').fetchall()  # noqa: S608
        }
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(enumerate(csv.DictReader(file), 1))
    quoted = [
        (
            n,
            f"a{n:011}",
            n,
            ids["sources_source"][r["source"]],
            r["quote"],
            r["locator"],
            r["stance"],
            r["fidelity"],
        )
        for n, r in rows
    ]
    stated = [(n, f"c{n:011}", r["key"], r["statement"], r["kind"], r["language"]) for n, r in rows]
    parts = ["id", "uid", "claim_id", "source_id", "quote", "locator", "stance", "fidelity"]
    put(into, "kb_appearance", parts, quoted)
    for name, table in (("topic", "kb_topic"), ("place", "kb_place"), ("event", "kb_event")):
        links = [(n, ids[table][key]) for n, r in rows for key in r[f"{name}s"].split(";")]
        into(f"kb_claim_{name}s", ["claim_id", f"{name}_id"], links)
    put(into, "kb_claim", ["id", "uid", "key", "statement", "kind", "language"], stated)


def put(into: Any, table: str, columns: list[str], rows: list[tuple[Any, ...]]) -> None:
    fixed = FIXED[table]
    more = tuple(fixed.values())
    into(table, [*columns, *fixed], (row + more for row in rows))


if __name__ == "__main__":
    main(*sys.argv[1:])
