"""Rules that the database itself keeps: revisions rise with every change, and what is final stays as it is.

They are triggers and not methods, since bulk writes and plain SQL pass methods by. Models declare them:
`Aggregate` and `Part` by being what they are, others through a `database_rules` attribute (a tuple of
`Frozen` and `Touch`). `install` and `lift` are wired to `post_migrate` and `pre_migrate`: a migration that
rebuilds a table drops its triggers silently on SQLite, and one that renames it fails on them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import AppConfig
from django.db import connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.signals import post_migrate, pre_migrate

from kb.editorial.aggregate import Aggregate, Part

PREFIX = "desk_rule_"
INSERT, UPDATE, DELETE = "INSERT", "UPDATE", "DELETE"


@dataclass(frozen=True)
class Frozen:
    """Rows of which the named columns never change (all of them if none is named).

    `when` is an SQL condition on OLD and NEW that says from which moment; empty means from the first.
    With `delete`, they cannot be deleted either, from the moment that `delete_when`, a condition on OLD, says.
    """

    message: str
    columns: tuple[str, ...] = ()
    when: str = ""
    delete: bool = True
    delete_when: str | None = None
    #: Tells apart several rules of one model.
    name: str = "frozen"


@dataclass(frozen=True)
class Touch:
    """On a write to this table, run `statement`, where {row} stands for OLD or NEW.

    On UPDATE it runs only if one of `columns` differs (any column if none is named).
    """

    name: str
    statement: str
    on: tuple[str, ...] = (INSERT, UPDATE, DELETE)
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Trigger:
    """One trigger in terms that both databases are spelled from.

    With `before`, `statement` is the message of a refusal; given `where`, a query that may name OLD, it is refused only
    where that finds a row (PostgreSQL allows no query in a trigger's condition).
    """

    name: str
    table: str
    event: str
    condition: str
    statement: str
    before: bool = False
    where: str = ""


def columns_of(model: type[models.Model], *, but: Iterable[str] = ()) -> tuple[str, ...]:
    left_out = {"id", *but}
    return tuple(str(f.column) for f in model._meta.local_concrete_fields if f.name not in left_out)


def differs(columns: Iterable[str], sign: str) -> str:
    """A condition: OLD and NEW are not the same in one of the columns. `sign` is the database's null-safe ≠."""
    return "(" + " OR ".join(f'OLD."{c}" {sign} NEW."{c}"' for c in columns) + ")"


def rules_for(model: type[models.Model], sign: str) -> Iterator[Trigger]:
    """The triggers that a model asks for."""
    table = model._meta.db_table
    if issubclass(model, Aggregate):
        yield from _root_of(model, sign)
    if issubclass(model, Part):
        yield from _part_of(model, sign)
    for rule in getattr(model, "database_rules", ()):
        if isinstance(rule, Frozen):
            yield from _frozen(model, rule, sign)
        else:
            columns = rule.columns or columns_of(model)
            yield from _on_write(
                f"{table}_{rule.name}", table, _touching(rule.statement), differs(columns, sign), rule.on
            )


def _root_of(model: type[Aggregate], sign: str) -> Iterator[Trigger]:
    table = model._meta.db_table
    said = columns_of(model, but=("revision", *model.standing_fields))
    yield Trigger(
        name=f"{table}_revision",
        table=table,
        event=UPDATE,
        condition=f"NEW.revision <= OLD.revision AND {differs(said, sign)}",
        statement=f'UPDATE "{table}" SET revision = OLD.revision + 1 WHERE id = NEW.id;',
    )
    yield Trigger(
        name=f"{table}_published",
        table=table,
        event=DELETE,
        condition="",
        statement="What has been published is not deleted. Withdraw it instead.",
        before=True,
        # One that was merged into another goes, and its address will lead to that one, which therefore stays.
        where="SELECT 1 FROM book_record WHERE (uid = OLD.uid OR uid IN "
        "(SELECT merged_uid FROM kb_merge WHERE kept_uid = OLD.uid AND undone_at IS NULL)) AND NOT EXISTS "
        "(SELECT 1 FROM kb_merge WHERE merged_uid = OLD.uid AND undone_at IS NULL)",
    )
    # A copy read before somebody else's change must not turn the count back.
    yield Trigger(
        name=f"{table}_revision_kept",
        table=table,
        event=UPDATE,
        condition=f"NEW.revision < OLD.revision AND NOT {differs(said, sign)}",
        statement=f'UPDATE "{table}" SET revision = OLD.revision WHERE id = NEW.id;',
    )
    # Nobody has in hand what is no more, however it was deleted.
    gone = _touching("DELETE FROM kb_assignment WHERE uid = {row}.uid;")
    yield from _on_write(f"{table}_in_hand", table, gone, "", (DELETE,))
    for through, own in _links_of(model):
        link_table = through._meta.db_table
        raise_own = _raising(table, f'{{row}}."{own}"')
        yield from _on_write(
            f"{link_table}_revision", link_table, raise_own, differs(columns_of(through), sign)
        )


def _part_of(model: type[Part], sign: str) -> Iterator[Trigger]:
    table = model._meta.db_table
    for name in model.part_of:
        link: Any = model._meta.get_field(name)
        root = link.related_model._meta.db_table
        raise_root = _raising(root, f'{{row}}."{link.column}"')
        yield from _on_write(f"{table}_{name}_revision", table, raise_root, differs(columns_of(model), sign))
        for through, own in _links_of(model):
            link_table = through._meta.db_table
            owner = f'(SELECT "{link.column}" FROM "{table}" WHERE id = {{row}}."{own}")'
            yield from _on_write(
                f"{link_table}_{name}_revision",
                link_table,
                _raising(root, owner),
                differs(columns_of(through), sign),
            )


def _links_of(model: type[models.Model]) -> Iterator[tuple[type[models.Model], str]]:
    """The tables of a model's many-to-many fields, each with its column that leads back to the model."""
    for field in model._meta.local_many_to_many:
        through: Any = field.remote_field.through
        yield through, through._meta.get_field(field.m2m_field_name()).column


#: Spells a statement for the rows concerned: OLD, NEW, or both on an UPDATE.
Spelling = Callable[..., str]


def _raising(table: str, which: str) -> Spelling:
    """Raise the revision of the owners, once where a row stays with its own."""

    def spell(*rows: str) -> str:
        owners = [which.format(row=row) for row in rows]
        # SQLite builds a table for each IN that names a row of the trigger, which costs more than the write.
        among = f"= {owners[0]}" if len(owners) == 1 else f"IN ({', '.join(owners)})"
        return f'UPDATE "{table}" SET revision = revision + 1 WHERE id {among};'

    return spell


def _touching(statement: str) -> Spelling:
    return lambda *rows: " ".join(dict.fromkeys(statement.format(row=row) for row in rows))


def _on_write(
    name: str,
    table: str,
    spell: Spelling,
    changed: str,
    on: tuple[str, ...] = (INSERT, UPDATE, DELETE),
) -> Iterator[Trigger]:
    """A trigger for each event; an UPDATE concerns the row's old owner and, where it moved, the new one."""
    if INSERT in on:
        yield Trigger(f"{name}_insert", table, INSERT, "", spell("NEW"))
    if UPDATE in on:
        yield Trigger(f"{name}_update", table, UPDATE, changed, spell("OLD", "NEW"))
    if DELETE in on:
        yield Trigger(f"{name}_delete", table, DELETE, "", spell("OLD"))


def _frozen(model: type[models.Model], rule: Frozen, sign: str) -> Iterator[Trigger]:
    table = model._meta.db_table
    changed = differs(rule.columns or columns_of(model), sign)
    since = f"({rule.when})" if rule.when else ""
    yield Trigger(
        f"{table}_{rule.name}_update",
        table,
        UPDATE,
        " AND ".join(filter(None, [since, changed])),
        rule.message,
        before=True,
    )
    if rule.delete:
        until = rule.when if rule.delete_when is None else rule.delete_when
        yield Trigger(f"{table}_{rule.name}_delete", table, DELETE, until, rule.message, before=True)


# --- spelling them -------------------------------------------------------------------------------------------


def _sqlite(trigger: Trigger) -> list[str]:
    when = f"WHEN {trigger.condition}" if trigger.condition else ""
    timing = "BEFORE" if trigger.before else "AFTER"
    body = trigger.statement
    if trigger.before:
        only = f" WHERE EXISTS ({trigger.where})" if trigger.where else ""
        body = f"SELECT RAISE(ABORT, {_quoted(body)}){only};"
    return [
        f'CREATE TRIGGER "{PREFIX}{trigger.name}" {timing} {trigger.event} ON "{trigger.table}" '
        f"FOR EACH ROW {when} BEGIN {body} END"
    ]


def _postgresql(trigger: Trigger) -> list[str]:
    when = f"WHEN ({trigger.condition})" if trigger.condition else ""
    timing = "BEFORE" if trigger.before else "AFTER"
    body = trigger.statement
    if trigger.before:
        body = f"RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = {_quoted(body)};"
        if trigger.where:
            body = f"IF EXISTS ({trigger.where}) THEN {body} END IF; RETURN OLD;"
    name = _short(f"{PREFIX}{trigger.name}")
    return [
        f'CREATE FUNCTION "{name}"() RETURNS trigger LANGUAGE plpgsql AS $rule$ BEGIN {body} RETURN NULL; END $rule$',
        f'CREATE TRIGGER "{name}" {timing} {trigger.event} ON "{trigger.table}" '
        f'FOR EACH ROW {when} EXECUTE FUNCTION "{name}"()',
    ]


def _short(name: str) -> str:
    """PostgreSQL cuts names at 63 bytes; two that differ only after that would be one."""
    if len(name) <= 63:
        return name
    return f"{name[:54]}_{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def keep_rules(config: AppConfig) -> None:
    """Have an app's rules lifted before migrations and written again after them; for `AppConfig.ready`."""
    name = f"rules of {config.label}"
    pre_migrate.connect(_lift_before, sender=config, dispatch_uid=name)
    post_migrate.connect(_install_after, sender=config, dispatch_uid=name)


def _lift_before(using: str, **kwargs: Any) -> None:
    lift(connections[using])


def _install_after(sender: AppConfig, using: str, **kwargs: Any) -> None:
    install(connections[using], sender.get_models())


def install(connection: BaseDatabaseWrapper, app_models: Iterable[type[models.Model]]) -> None:
    """Write the triggers of some models anew, passing over those whose tables are not what they say (or not yet)."""
    spell, sign = _spelling(connection)
    triggers = [t for model in _in_place(connection, app_models) for t in rules_for(model, sign)]
    _drop(connection, only={trigger.table for trigger in triggers})
    with connection.cursor() as cursor:
        for trigger in triggers:
            for statement in spell(trigger):
                cursor.execute(statement)


def _in_place(
    connection: BaseDatabaseWrapper, app_models: Iterable[type[models.Model]]
) -> list[type[models.Model]]:
    """Those whose tables have every column: after a migration to an older state, some have not."""
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        return [
            model
            for model in app_models
            if model._meta.db_table in tables
            and {f.column for f in model._meta.local_concrete_fields} <= _columns_there(cursor, model)
        ]


def _columns_there(cursor: Any, model: type[models.Model]) -> set[str]:
    # Django's own description parses the table's SQL, which for all tables together takes seconds.
    cursor.execute(f'SELECT * FROM "{model._meta.db_table}" LIMIT 0')
    return {column[0] for column in cursor.description}


def lift(connection: BaseDatabaseWrapper) -> None:
    """Take all the triggers away: before a migration, and before a test empties the tables."""
    _drop(connection)


def _spelling(connection: BaseDatabaseWrapper) -> tuple[Callable[[Trigger], list[str]], str]:
    """How this database writes a trigger, and its null-safe ≠."""
    if connection.vendor == "postgresql":
        return _postgresql, "IS DISTINCT FROM"
    return _sqlite, "IS NOT"


def _drop(connection: BaseDatabaseWrapper, only: set[str] | None = None) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT c.relname, p.proname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
                "JOIN pg_proc p ON p.oid = t.tgfoid WHERE p.proname LIKE %s "
                "AND p.pronamespace = current_schema()::regnamespace",
                [PREFIX.replace("_", r"\_") + "%"],
            )
            command = 'DROP FUNCTION IF EXISTS "{}" CASCADE'
        else:
            cursor.execute(
                "SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger' AND name GLOB %s",
                [PREFIX + "*"],
            )
            command = 'DROP TRIGGER IF EXISTS "{}"'
        for table, name in cursor.fetchall():
            if only is None or table in only:
                cursor.execute(command.format(name))
