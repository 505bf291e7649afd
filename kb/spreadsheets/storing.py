"""Many rows into a table at once, with their history: plain statements spelt from the models' own names.

One statement a row is where imports lose their time. What the ORM would do beside is done here: defaults, computed
columns (they come with the rows), history (copied inside the database). The database's own rules and triggers hold.
Every function has to run inside a transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, models, transaction

from kb.spreadsheets.references import batches

Adapter = Callable[[Any], Any] | None
#: Lists of whole numbers are written into statements: they need no escaping, and no database's limit of parameters.
IDS = 500


def allocate(model: type[models.Model], count: int) -> list[int]:
    """Primary keys that no row has or will have, in order; they are taken from now on, used or not."""
    if not count:
        return []
    table = model._meta.db_table
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                # Found once: looking for the sequence costs more than counting on in it.
                "WITH counted AS MATERIALIZED (SELECT pg_get_serial_sequence(%s, 'id')::regclass AS sequence) "
                "SELECT nextval(sequence) FROM counted, generate_series(1, %s)",
                [f'"{table}"', count],
            )
            return sorted(row[0] for row in cursor.fetchall())
        # The transaction holds SQLite's one write lock, so nobody else counts on; AUTOINCREMENT never counts back.
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        counted = cursor.fetchone()
        cursor.execute(f'SELECT COALESCE(MAX(id), 0) FROM "{table}"')
        first = max(counted[0] if counted else 0, cursor.fetchone()[0]) + 1
        if counted:
            cursor.execute("UPDATE sqlite_sequence SET seq = %s WHERE name = %s", [first + count - 1, table])
        else:
            cursor.execute(
                "INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, first + count - 1]
            )
    return list(range(first, first + count))


def insert(model: type[models.Model], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows, given by attname with their primary keys; what is not given has its default."""
    if rows:
        write_rows(model._meta.db_table, columns_of(model), spelt_rows(model, rows))


def columns_of(model: type[models.Model]) -> list[str]:
    return [str(f.column) for f in model._meta.local_concrete_fields]


def spelt_rows(model: type[models.Model], rows: Iterable[Mapping[str, Any]]) -> Iterator[tuple[Any, ...]]:
    """Rows, given by attname, as the database takes them: every column in the model's order."""
    fields: list[Any] = list(model._meta.local_concrete_fields)
    adapters = [_adapter(f) for f in fields]
    defaults = [None if f.primary_key else f._get_default for f in fields]
    names = [f.attname for f in fields]
    constant = [
        d() if d is not None and not _varies(f) else None for f, d in zip(fields, defaults, strict=True)
    ]
    varying = [(i, f._get_default) for i, f in enumerate(fields) if not f.primary_key and _varies(f)]
    adapted = [(i, adapt) for i, adapt in enumerate(adapters) if adapt is not None]
    spelt = list(zip(names, constant, strict=True))
    for row in rows:
        given = row.get
        found = [given(name, default) for name, default in spelt]
        for index, default in varying:
            if names[index] not in row:
                found[index] = default()
        for index, adapt in adapted:
            if found[index] is not None:
                found[index] = adapt(found[index])
        yield tuple(found)


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


def delete(model: type[models.Model], rows: Iterable[int] | str) -> None:
    """Delete rows with their own lists; whatever else refers to them stops the transaction at its end.

    `rows` are primary keys, or a table whose column `id` holds them.
    """
    with connection.cursor() as cursor:
        for among in _among(rows):
            for field in model._meta.local_many_to_many:
                through: Any = field.remote_field.through
                column = through._meta.get_field(field.m2m_field_name()).column
                cursor.execute(f'DELETE FROM "{through._meta.db_table}" WHERE "{column}" IN ({among})')
            cursor.execute(f'DELETE FROM "{model._meta.db_table}" WHERE id IN ({among})')


def _among(rows: Iterable[int] | str) -> Iterable[str]:
    return [f'SELECT id FROM "{rows}"'] if isinstance(rows, str) else map(_ids, batches(sorted(rows), IDS))


def link(model: type[models.Model], name: str, pairs: Iterable[tuple[int, int]]) -> None:
    """Add to a many-to-many field: owner and target of each link."""
    table, owner, target = through_table(model, name)
    write_rows(table, [owner, target], pairs)


def unlink(model: type[models.Model], name: str, pairs: Iterable[tuple[int, int]]) -> None:
    """Take links away."""
    table, owner, target = through_table(model, name)
    with connection.cursor() as cursor:
        cursor.executemany(f'DELETE FROM "{table}" WHERE "{owner}" = %s AND "{target}" = %s', list(pairs))


def note_history(
    model: type[models.Model],
    rows: Iterable[int] | str,
    sign: str,
    *,
    user: int | None,
    reason: str,
    when: datetime,
) -> None:
    """Copy rows as they are now into their history.

    `rows` are primary keys, or a table whose column `id` holds them. `sign` is + (created), ~ (changed) or - (about to
    be deleted).
    """
    history: Any = model.history.model  # type: ignore[attr-defined]
    table = history._meta.db_table
    kept = {f.column for f in history._meta.local_concrete_fields}
    columns = ", ".join(f'"{f.column}"' for f in model._meta.local_concrete_fields if f.column in kept)
    user_column = history._meta.get_field("history_user").column
    at = _adapted(history._meta.get_field("history_date"), when)
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT COALESCE(MAX(history_id), 0) FROM "{table}"')
        before = cursor.fetchone()[0]
        for among in _among(rows):
            cursor.execute(
                f'INSERT INTO "{table}" '
                f'({columns}, history_date, history_change_reason, history_type, "{user_column}") '
                f'SELECT {columns}, %s, %s, %s, %s FROM "{model._meta.db_table}" WHERE id IN ({among})',
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


def through_table(model: type[models.Model], name: str) -> tuple[str, str, str]:
    """The table of a many-to-many field, and its columns that lead to the owner and to the target."""
    field: Any = model._meta.get_field(name)
    through = field.remote_field.through._meta
    columns = [through.get_field(n).column for n in (field.m2m_field_name(), field.m2m_reverse_field_name())]
    return through.db_table, columns[0], columns[1]


def write_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write rows into a table as they come."""
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
