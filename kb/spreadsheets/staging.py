"""Rows prepared beside the tables: in temporary tables of this connection, which no lock and no other process knows of.

SQLite has one lock for writing. What is staged is poured into the tables by one statement each, so that the lock is
held for seconds where preparing takes a minute. A process that dies takes what it staged with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Self

from django.db import connection, models

from kb.spreadsheets import storing

PREFIX = "staged_"
EXPECTED = "staged"
#: Of SQLite's pages held in memory while much is written, in KiB: indexes are written to in no order.
CACHE_KIB = 131_072


class Staging:
    """Holds rows until they are poured; used as a context, at whose end all of it is gone."""

    def __init__(self) -> None:
        self.columns: dict[str, Sequence[str]] = {}
        self.expected: set[type[models.Model]] = set()
        self.chosen: list[str] = []
        self.cache: int | None = None

    def __enter__(self) -> Self:
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA cache_size")
                self.cache = cursor.fetchone()[0]
                cursor.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, reason: BaseException | None, trace: TracebackType | None
    ) -> None:
        with connection.cursor() as cursor:
            for table in (*self.columns, *(m._meta.db_table + "_" + EXPECTED for m in self.expected)):
                cursor.execute(f'DROP TABLE IF EXISTS "{PREFIX}{table}"')
            for table in self.chosen:
                cursor.execute(f'DROP TABLE IF EXISTS "{table}"')
            if self.cache is not None:
                cursor.execute(f"PRAGMA cache_size = {self.cache}")

    # --- before the lock ---------------------------------------------------------------------------------------------

    def put(self, model: type[models.Model], rows: Sequence[Mapping[str, Any]]) -> None:
        """Stage rows of a model, given by attname with their primary keys; what is not given has its default."""
        if rows:
            self.put_spelt(model._meta.db_table, storing.columns_of(model), storing.spelt_rows(model, rows))

    def put_links(self, model: type[models.Model], name: str, pairs: Sequence[tuple[int, int]]) -> None:
        """Stage links of a many-to-many field: owner and target of each."""
        if pairs:
            table, owner, target = storing.through_table(model, name)
            self.put_spelt(table, [owner, target], pairs)

    def put_spelt(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Stage rows of a table, as the database takes them."""
        with _unlocked():
            if table not in self.columns:
                self.columns[table] = columns
                listed = _listed(columns)
                _execute(
                    f'CREATE TEMPORARY TABLE "{PREFIX}{table}" AS SELECT {listed} FROM "{table}" WHERE 1 = 0'
                )
            storing.write_rows(f"{PREFIX}{table}", columns, rows)

    def expect(self, model: type[models.Model], rows: Iterable[tuple[int, int | None]]) -> None:
        """Stage what has to be so when it is written: primary keys, each with its revision or None for any."""
        table = f"{PREFIX}{model._meta.db_table}_{EXPECTED}"
        with _unlocked():
            if model not in self.expected:
                self.expected.add(model)
                _execute(f'CREATE TEMPORARY TABLE "{table}" (id bigint, revision bigint)')
            storing.write_rows(table, ["id", "revision"], rows)

    def choose(self, model: type[models.Model], pks: Iterable[int], purpose: str) -> str:
        """Stage primary keys of rows that are there. Returns the table whose column `id` holds them."""
        table = f"{PREFIX}{model._meta.db_table}_{purpose}"
        self.chosen.append(table)
        with _unlocked():
            _execute(f'CREATE TEMPORARY TABLE "{table}" (id bigint PRIMARY KEY)')
            storing.write_rows(table, ["id"], ((pk,) for pk in pks))
        return table

    def table(self, model: type[models.Model]) -> str:
        """The temporary table of a model's staged rows, "" where there are none."""
        table = model._meta.db_table
        return f"{PREFIX}{table}" if table in self.columns else ""

    # --- under it ----------------------------------------------------------------------------------------------------

    def still_so(self) -> bool:
        """Whether what was expected is so, and the keys that are staged are free. What is found stays so."""
        return all(self._as_expected(model) for model in self.expected)

    def _as_expected(self, model: type[models.Model]) -> bool:
        table, expected = model._meta.db_table, f"{PREFIX}{model._meta.db_table}_{EXPECTED}"
        counted = any(field.name == "revision" for field in model._meta.local_fields)
        differs = " OR (e.revision IS NOT NULL AND e.revision <> m.revision)" if counted else ""
        with connection.cursor() as cursor:
            if counted and connection.features.has_select_for_update:
                cursor.execute(
                    f'SELECT m.id FROM "{table}" m JOIN "{expected}" e ON e.id = m.id WHERE e.revision IS NOT NULL '
                    "ORDER BY m.id FOR UPDATE OF m"
                )
            cursor.execute(
                f'SELECT 1 FROM "{expected}" e LEFT JOIN "{table}" m ON m.id = e.id '
                f"WHERE m.id IS NULL{differs} LIMIT 1"
            )
            return cursor.fetchone() is None

    def free(self, model: type[models.Model], column: str) -> bool:
        """Whether no row of the table has a value that a staged row has in this column."""
        table = model._meta.db_table
        if table not in self.columns:
            return True
        with connection.cursor() as cursor:
            cursor.execute(
                f'SELECT 1 FROM "{PREFIX}{table}" s JOIN "{table}" m ON m."{column}" = s."{column}" LIMIT 1'
            )
            return cursor.fetchone() is None

    def pour(self, table: str) -> None:
        """Put what is staged for a table into it."""
        if columns := self.columns.get(table):
            listed = _listed(columns)
            _execute(f'INSERT INTO "{table}" ({listed}) SELECT {listed} FROM "{PREFIX}{table}"')


def referring(staged: str, table: str, column: str, own: str) -> list[tuple[Any, Any]]:
    """The rows of a table whose column has one of the staged keys: that key, and what the row's column `own` has."""
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT "{column}", "{own}" FROM "{table}" WHERE "{column}" IN (SELECT id FROM "{staged}")'
        )
        return cursor.fetchall()


def has_uid_of(table: str, staged: str, model: type[models.Model]) -> bool:
    """Whether a table has a row with the uid of one of the model whose key is staged."""
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT 1 FROM "{staged}" s JOIN "{model._meta.db_table}" m ON m.id = s.id '
            f'JOIN "{table}" t ON t.uid = m.uid LIMIT 1'
        )
        return cursor.fetchone() is not None


def _listed(columns: Iterable[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)


def _execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


@contextmanager
def _unlocked() -> Iterator[None]:
    """One transaction that takes no lock for writing: Django's own would take SQLite's at its start."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    _execute("BEGIN DEFERRED")
    try:
        yield
    except BaseException:
        _execute("ROLLBACK")
        raise
    _execute("COMMIT")
