"""What the two databases spell differently: lists of values, upserts, and the full-text index itself.

SQLite has the texts in an FTS5 table, whose words are divided by spaces alone; PostgreSQL has them in a table with a
tsvector made from them. Both keep positions, both can be asked for one column.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import connection, transaction

from kb.book import asking

AT_ONCE = 5_000
#: Entries of one kind have numbers from its place in `terms.ORDER` times this. PostgreSQL's index knows the block of
#: numbers that an entry is in, so that it need not gather all that have a frequent word.
KIND_BITS, BLOCK_BITS = 40, 12


def is_postgresql() -> bool:
    return connection.vendor == "postgresql"


def _values(values: Iterable[Any]) -> Any:
    some = list(values)
    return some if is_postgresql() else json.dumps(some)


def _among(kind: str) -> str:
    return f"(SELECT unnest(%s::{kind}[]))" if is_postgresql() else "(SELECT value FROM json_each(%s))"


# --- the vocabulary ---------------------------------------------------------------------------------------------


def present_words(words: Iterable[str]) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT word FROM book_searchterm WHERE word IN {_among('text')}",  # noqa: S608 - spelt above
            [_values(words)],
        )
        return {row[0] for row in cursor.fetchall()}


def add_to_counts(rows: Sequence[tuple[str, str, int]]) -> None:
    """Add to the number of records of each word: its word, its stem, how many more."""
    follow = "ON CONFLICT (word) DO UPDATE SET records = book_searchterm.records + excluded.records"
    with connection.cursor() as cursor:
        if is_postgresql():
            words, stems, numbers = (list(column) for column in zip(*rows, strict=True))
            rows_given = "SELECT * FROM unnest(%s::text[], %s::text[], %s::bigint[])"
            cursor.execute(
                f"INSERT INTO book_searchterm (word, stem, records) {rows_given} {follow}",  # noqa: S608
                [words, stems, numbers],
            )
        else:
            cursor.executemany(
                f"INSERT INTO book_searchterm (word, stem, records) VALUES (%s, %s, %s) {follow}",  # noqa: S608
                rows,
            )


def add_slips(rows: Iterable[tuple[str, str]]) -> None:
    waiting = iter(rows)
    with connection.cursor() as cursor:
        while some := list(islice(waiting, AT_ONCE)):
            if is_postgresql():
                cursor.execute(
                    "INSERT INTO book_searchslip (spelling, word) SELECT * FROM unnest(%s::text[], %s::text[])",
                    [[left for left, _ in some], [word for _, word in some]],
                )
            else:
                cursor.executemany("INSERT INTO book_searchslip (spelling, word) VALUES (%s, %s)", some)


def forget_words(words: Sequence[str]) -> None:
    with connection.cursor() as cursor:
        for table in ("book_searchslip", "book_searchterm"):
            cursor.execute(
                f"DELETE FROM {table} WHERE word IN {_among('text')}",  # noqa: S608 - spelt above
                [_values(words)],
            )


def words_known(words: Sequence[str], stems: Sequence[str]) -> list[tuple[str, str, int]]:
    """These words, and those with these stems, the frequent first: each with its stem and the number of records."""
    question = (
        f"SELECT word, stem, records FROM book_searchterm WHERE word IN ({asking.marks(words)})"  # noqa: S608
        f" OR stem IN ({asking.marks(stems) or 'NULL'}) ORDER BY records DESC, word"
    )
    return asking.rows(question, [*words, *stems])


def names_by_stems(stems: Sequence[str], most: int) -> list[tuple[str, str]]:
    """The names whose words have these stems: the stems, and the record."""
    question = (
        "SELECT stems, record_id FROM book_searchname WHERE stems IN {some} ORDER BY record_id LIMIT %s"
    )
    return asking.rows_of(question, stems, most)


def uids(numbers: Sequence[int]) -> dict[int, str]:
    """Of entries by number their records."""
    question = "SELECT position, record_id FROM book_searchentry WHERE position IN {some}"
    return dict(asking.rows_of(question, numbers))


def words_like(starts: Sequence[str], most: int = 500) -> list[list[tuple[str, int]]]:
    """For each start that ends in % words that begin so, for others that word; with the number of records."""
    parts, parameters = [], list[Any]()
    for at, start in enumerate(starts):
        condition, given = "word = %s", [start]
        if start.endswith("%") and is_postgresql():
            condition = "word LIKE %s"
        elif start.endswith("%"):
            # SQLite does not use an index for LIKE.
            condition, given = "word >= %s AND word < %s", [start[:-1], start[:-1] + "\U0010ffff"]
        parts.append(
            f"SELECT * FROM (SELECT {at}, word, records FROM book_searchterm WHERE {condition} LIMIT {most}) w"  # noqa: S608
        )
        parameters += given
    found: list[list[tuple[str, int]]] = [[] for _ in starts]
    if parts:
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(parts), parameters)
            for at, word, records in cursor.fetchall():
                found[at].append((word, records))
    return found


# --- the texts --------------------------------------------------------------------------------------------------


def texts(numbers: Iterable[int]) -> list[tuple[int, str, str]]:
    """Of these entries the number, title and body."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT rowid, title, body FROM book_searchtext WHERE rowid IN {_among('bigint')}",  # noqa: S608
            [_values(numbers)],
        )
        return cursor.fetchall()


def add_texts(rows: Iterable[tuple[int, str, str, str]]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO book_searchtext (rowid, title, body, marks) VALUES (%s, %s, %s, %s)", list(rows)
        )


def remove_texts(numbers: Iterable[int]) -> None:
    with connection.cursor() as cursor:
        # One by one: as a list, FTS5 would go through the whole table.
        if is_postgresql():
            cursor.execute("DELETE FROM book_searchtext WHERE rowid = ANY(%s)", [list(numbers)])
        else:
            cursor.executemany(
                "DELETE FROM book_searchtext WHERE rowid = %s", [(number,) for number in numbers]
            )


def clear_texts() -> None:
    with connection.cursor() as cursor:
        if is_postgresql():
            cursor.execute("DELETE FROM book_searchtext")
            return
        # FTS5 would take out a row after the other.
        cursor.execute("SELECT sql FROM sqlite_master WHERE name = 'book_searchtext'")
        (made,) = cursor.fetchone()
        cursor.execute("DROP TABLE book_searchtext")
        cursor.execute(made)


# --- expressions ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Phrase:
    """Words that follow each other, or one; `titles` alone, if only these count."""

    words: tuple[str, ...]
    titles: bool = False


@dataclass(frozen=True)
class All:
    parts: tuple[Expression, ...]


@dataclass(frozen=True)
class Any_:
    parts: tuple[Expression, ...]


@dataclass(frozen=True)
class Without:
    wanted: Expression
    unwanted: Expression


Expression = Phrase | All | Any_ | Without


def spelt(expression: Expression) -> str:
    """An expression as the full-text index reads it. Words hold letters and digits alone."""
    postgresql = is_postgresql()
    if isinstance(expression, Phrase):
        if postgresql:
            where = ":A" if expression.titles else ""
            return "(" + " <-> ".join(f"'{word}'{where}" for word in expression.words) + ")"
        where = "{title} : " if expression.titles else ""
        return where + '"' + " ".join(expression.words) + '"'
    if isinstance(expression, Without):
        wanted, unwanted = spelt(expression.wanted), spelt(expression.unwanted)
        return f"(({wanted}) & !({unwanted}))" if postgresql else f"(({wanted}) NOT ({unwanted}))"
    both, either = (" & ", " | ") if postgresql else (" AND ", " OR ")
    parts = [spelt(part) for part in expression.parts]
    return f"({(both if isinstance(expression, All) else either).join(parts)})"


# --- looking up -------------------------------------------------------------------------------------------------

Row = tuple[int, str, str]  # number, title, marks


@dataclass(frozen=True)
class Lookup:
    """Entries of a kind (its place in the order) that fit an expression: at most so many.

    `about` is a guess of how many of all `records` fit, never too low. `within`: look at the first so many only.
    `last_first`: those with the highest numbers, from the highest on.
    """

    kind: int
    expression: Expression
    most: int
    about: int
    records: int
    within: int | None = None
    last_first: bool = False


def fetch(lookups: Sequence[Lookup]) -> list[Row]:
    """What each finds, one after the other; the same entry may come twice."""
    return [row for part in _run(lookups, "rowid, title, marks") for row in part]


def count_up_to(lookups: Sequence[Lookup]) -> list[int]:
    """How many each finds, at most as many as it asks for."""
    return [len(part) for part in _run(lookups, "rowid")]


def titles_with(several: Sequence[Sequence[str]], most: int) -> list[tuple[int, str]]:
    """For each list of words the records (uids) that have one of them in their titles, at most so many."""
    condition = "vector @@ %s::tsquery" if is_postgresql() else "book_searchtext MATCH %s"
    parts, parameters = [], list[Any]()
    for at, words in enumerate(several):
        parts.append(
            f"SELECT {at}, record_id FROM (SELECT rowid AS at FROM book_searchtext WHERE {condition} LIMIT {most}) t "  # noqa: S608
            "JOIN book_searchentry ON position = t.at"
        )
        parameters.append(spelt(Any_(tuple(Phrase((word,), titles=True) for word in words))))
    if not parts:
        return []
    with _by_index() as cursor:
        cursor.execute(" UNION ALL ".join(parts), parameters)
        return cursor.fetchall()


def _run(lookups: Sequence[Lookup], columns: str) -> list[list[Any]]:
    if not lookups:
        return []
    with _by_index() as cursor:
        if not is_postgresql():
            return _in_one(cursor, lookups, columns)
        rare = [lookup for lookup in lookups if lookup.about <= _FEW]
        found = dict(zip(map(id, rare), _gathered(cursor, rare, columns), strict=True))
        frequent = [lookup for lookup in lookups if lookup.about > _FEW]
        found |= {id(lookup): _widening(cursor, lookup, columns) for lookup in frequent}
        return [found[id(lookup)] for lookup in lookups]


def _in_one(cursor: Any, lookups: Sequence[Lookup], columns: str) -> list[list[Any]]:
    """FTS5 goes through a range of numbers in order and stops as soon as it has enough: its work is bounded."""
    parts, parameters = [], list[Any]()
    for at, lookup in enumerate(lookups):
        first = lookup.kind << KIND_BITS
        last = first + (lookup.within or 1 << KIND_BITS) - 1
        order = " ORDER BY rowid DESC" if lookup.last_first else ""
        parts.append(
            f"SELECT * FROM (SELECT {at}, {columns} FROM book_searchtext "  # noqa: S608 - spelt here
            f"WHERE book_searchtext MATCH %s AND rowid BETWEEN %s AND %s{order} LIMIT %s)"
        )
        parameters += [spelt(lookup.expression), first, last, lookup.most]
    cursor.execute(" UNION ALL ".join(parts), parameters)
    found: list[list[Any]] = [[] for _ in lookups]
    for at, *row in cursor.fetchall():
        found[at].append(tuple(row))
    return found


#: Fewer than this PostgreSQL gathers in a few milliseconds.
_FEW = 20_000


def _gathered(cursor: Any, lookups: Sequence[Lookup], columns: str) -> list[list[Any]]:
    """All that fit, where these are few."""
    found: list[list[Any]] = [[] for _ in lookups]
    if lookups:
        parts = [
            f"(SELECT {at}, {columns} {_that_fit(lookup)} LIMIT {lookup.most})"  # noqa: S608
            for at, lookup in enumerate(lookups)
        ]
        asked = [f"{spelt(lookup.expression)} & 'zzk{lookup.kind}'" for lookup in lookups]
        cursor.execute(" UNION ALL ".join(parts), asked)
        for at, *row in cursor.fetchall():
            found[at].append(tuple(row))
    return found


def _that_fit(lookup: Lookup) -> str:
    """What follows the columns, with a mark for the expression."""
    if not lookup.last_first:
        return "FROM book_searchtext WHERE vector @@ %s::tsquery"
    # But for the OFFSET, PostgreSQL might look for the last ones by reading the whole table backwards.
    return (
        "FROM (SELECT rowid, title, marks FROM book_searchtext WHERE vector @@ %s::tsquery OFFSET 0) t "
        "ORDER BY rowid DESC"
    )


def _widening(cursor: Any, lookup: Lookup, columns: str) -> list[Any]:
    """A GIN index gathers all that fit before the first is given: of frequent words, some blocks first, then more."""
    asked = spelt(lookup.expression)
    query = f"SELECT {columns} {_that_fit(lookup)} LIMIT %s"  # noqa: S608 - spelt here
    blocks = range(_blocks(cursor, lookup))[:: -1 if lookup.last_first else 1]
    share = max(lookup.about / max(lookup.records, 1), 0.001)
    size, at, found = int(lookup.most / share / (1 << BLOCK_BITS)) + 1, 0, list[Any]()
    first = lookup.kind << (KIND_BITS - BLOCK_BITS)
    while at < len(blocks) and len(found) < lookup.most:
        some = " | ".join(f"'zzb{first + block}'" for block in blocks[at : at + size])
        cursor.execute(query, [f"{asked} & ({some})", lookup.most - len(found)])
        found += cursor.fetchall()
        at, size = at + size, size * 4
    return found


def _blocks(cursor: Any, lookup: Lookup) -> int:
    """In how many blocks entries of a kind are."""
    first = lookup.kind << KIND_BITS
    cursor.execute(
        "SELECT max(position) FROM book_searchentry WHERE position >= %s AND position < %s",
        [first, first + (1 << KIND_BITS)],
    )
    last = cursor.fetchone()[0]
    number = 0 if last is None else last - first + 1
    if lookup.within is not None:
        number = min(number, lookup.within)
    return -(-number >> BLOCK_BITS)


@contextmanager
def _by_index() -> Iterator[Any]:
    """A cursor for which PostgreSQL, which cannot tell how rare a word is, does not read the whole table."""
    if not is_postgresql():
        with connection.cursor() as cursor:
            yield cursor
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        yield cursor
        cursor.execute("SET LOCAL enable_seqscan = on")
