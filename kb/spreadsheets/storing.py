"""Many rows into a table at once, with their history: plain statements spelt from the models' own names.

One statement a row is where imports lose their time. What the ORM would do beside is done here: defaults, computed
columns (they come with the rows), history (copied inside the database). The database's own rules and triggers hold.
Every function has to run inside a transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, models

from kb.spreadsheets.references import batches

Adapter = Callable[[Any], Any] | None
#: Lists of whole numbers are written into statements: they need no escaping, and no database's limit of parameters.
IDS = 500


def allocate(model: type[models.Model], count: int) -> list[int]:
    """Primary keys that no row has or will have, in order."""
    if not count:
        return []
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                [f'"{table}"', count],
            )
            return sorted(row[0] for row in cursor.fetchall())
        # The transaction holds SQLite's one write lock, so nobody else counts on; AUTOINCREMENT never counts back.
        cursor.execute("SELECT COALESCE(MAX(seq), 0) FROM sqlite_sequence WHERE name = %s", [table])
        counted = cursor.fetchone()[0]
        cursor.execute(f'SELECT COALESCE(MAX(id), 0) FROM "{table}"')
        first = max(counted, cursor.fetchone()[0]) + 1
    return list(range(first, first + count))


def insert(model: type[models.Model], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows, given by attname with their primary keys; what is not given has its default."""
    if not rows:
        return
    fields: list[Any] = list(model._meta.local_concrete_fields)
    adapters = [_adapter(f) for f in fields]
    defaults = [None if f.primary_key else f._get_default for f in fields]
    names = [f.attname for f in fields]
    constant = [
        d() if d is not None and not _varies(f) else None for f, d in zip(fields, defaults, strict=True)
    ]
    varying = {f.attname: f._get_default for f in fields if not f.primary_key and _varies(f)}
    spelt = list(zip(names, adapters, constant, strict=True))

    def values(row: Mapping[str, Any]) -> tuple[Any, ...]:
        found = []
        for name, adapt, default in spelt:
            value = row[name] if name in row else varying[name]() if name in varying else default
            found.append(value if adapt is None or value is None else adapt(value))
        return tuple(found)

    _write(model._meta.db_table, [f.column for f in fields], map(values, rows))


def update(model: type[models.Model], rows: Iterable[tuple[int, Mapping[str, Any]]]) -> None:
    """Write the columns given for each primary key."""
    by_columns: dict[tuple[str, ...], list[tuple[Any, ...]]] = {}
    adapters = {f.attname: _adapter(f) for f in model._meta.local_concrete_fields}
    columns = {f.attname: f.column for f in model._meta.local_concrete_fields}
    for pk, values in rows:
        if values:
            adapted = [v if (a := adapters[n]) is None or v is None else a(v) for n, v in values.items()]
            by_columns.setdefault(tuple(values), []).append((*adapted, pk))
    with connection.cursor() as cursor:
        for names, parameters in by_columns.items():
            setting = ", ".join(f'"{columns[name]}" = %s' for name in names)
            cursor.executemany(f'UPDATE "{model._meta.db_table}" SET {setting} WHERE id = %s', parameters)


def delete(model: type[models.Model], pks: Iterable[int]) -> None:
    """Delete rows with their own lists; whatever else refers to them stops the transaction at its end."""
    with connection.cursor() as cursor:
        for batch in batches(sorted(pks), IDS):
            listed = _ids(batch)
            for field in model._meta.local_many_to_many:
                through: Any = field.remote_field.through
                column = through._meta.get_field(field.m2m_field_name()).column
                cursor.execute(f'DELETE FROM "{through._meta.db_table}" WHERE "{column}" IN ({listed})')
            cursor.execute(f'DELETE FROM "{model._meta.db_table}" WHERE id IN ({listed})')


def link(model: type[models.Model], name: str, pairs: Iterable[tuple[int, int]]) -> None:
    """Add to a many-to-many field: owner and target of each link."""
    table, owner, target = _through(model, name)
    _write(table, [owner, target], pairs)


def unlink(model: type[models.Model], name: str, pairs: Iterable[tuple[int, int]]) -> None:
    """Take links away."""
    table, owner, target = _through(model, name)
    with connection.cursor() as cursor:
        cursor.executemany(f'DELETE FROM "{table}" WHERE "{owner}" = %s AND "{target}" = %s', list(pairs))


def note_history(
    model: type[models.Model], pks: Iterable[int], sign: str, *, user: int | None, reason: str, when: datetime
) -> None:
    """Copy rows as they are now into their history. `sign` is + (created), ~ (changed) or - (about to be deleted)."""
    history: Any = model.history.model  # type: ignore[attr-defined]
    table = history._meta.db_table
    kept = {f.column for f in history._meta.local_concrete_fields}
    columns = ", ".join(f'"{f.column}"' for f in model._meta.local_concrete_fields if f.column in kept)
    user_column = history._meta.get_field("history_user").column
    at = _adapted(history._meta.get_field("history_date"), when)
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT COALESCE(MAX(history_id), 0) FROM "{table}"')
        before = cursor.fetchone()[0]
        for batch in batches(sorted(pks), IDS):
            cursor.execute(
                f'INSERT INTO "{table}" '
                f'({columns}, history_date, history_change_reason, history_type, "{user_column}") '
                f'SELECT {columns}, %s, %s, %s, %s FROM "{model._meta.db_table}" WHERE id IN ({_ids(batch)})',
                [at, reason[:100], sign, user],
            )
        for field in history._history_m2m_fields:
            _note_links(cursor, model, history, field, before, at)


def _note_links(
    cursor: Any, model: type[models.Model], history: Any, field: Any, before: int, at: Any
) -> None:
    """Copy the lists of the rows whose history was written just now."""
    copies = getattr(history, field.name).model
    through = field.remote_field.through
    columns = [f.column for f in through._meta.local_concrete_fields]
    listed = ", ".join(f'"{c}"' for c in columns)
    owner = through._meta.get_field(field.m2m_field_name()).column
    own = ", ".join(f't."{c}"' for c in columns)
    cursor.execute(
        f'INSERT INTO "{copies._meta.db_table}" (history_id, {listed}) '
        f'SELECT h.history_id, {own} FROM "{history._meta.db_table}" h '
        f'JOIN "{through._meta.db_table}" t ON t."{owner}" = h.id WHERE h.history_id > %s AND h.history_date = %s',
        [before, at],
    )


def _through(model: type[models.Model], name: str) -> tuple[str, str, str]:
    field: Any = model._meta.get_field(name)
    through = field.remote_field.through._meta
    columns = [through.get_field(n).column for n in (field.m2m_field_name(), field.m2m_reverse_field_name())]
    return through.db_table, columns[0], columns[1]


def _write(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    listed = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f'COPY "{table}" ({listed}) FROM STDIN') as copy:
                for row in rows:
                    copy.write_row(row)
            return
        marks = ", ".join(["%s"] * len(columns))
        cursor.executemany(f'INSERT INTO "{table}" ({listed}) VALUES ({marks})', rows)  # type: ignore[arg-type]


def _ids(pks: Iterable[int]) -> str:
    return ",".join(str(int(pk)) for pk in pks)


def _varies(field: Any) -> bool:
    return callable(field.default)


def _adapted(field: Any, value: Any) -> Any:
    return field.get_db_prep_save(value, connection)


_AS_IT_IS = (models.CharField, models.TextField, models.IntegerField, models.ForeignKey, models.BooleanField)


def _adapter(field: Any) -> Adapter:
    """What makes a value fit for the database; None where it is so already."""
    if isinstance(field, _AS_IT_IS):
        return None
    return lambda value: _adapted(field, value)
