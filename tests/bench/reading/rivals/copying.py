"""A copy of a book's claims as somebody would lay them out for Datasette: plain columns, indexes, full text."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

_TABLES = """
CREATE TABLE claims (
    key TEXT PRIMARY KEY, statement TEXT, language TEXT, kind TEXT, rating TEXT, disputed INTEGER, rationale TEXT,
    sort_date INTEGER, place TEXT, event TEXT, topic TEXT, source TEXT, quote TEXT,
    challenged INTEGER, corrected INTEGER
);
CREATE TABLE rebuttals (key TEXT PRIMARY KEY, claim TEXT REFERENCES claims(key), text TEXT, decision TEXT);
"""
_INDEXES = """
CREATE INDEX claims_sort_date ON claims(sort_date);
CREATE INDEX claims_rating ON claims(rating, sort_date);
CREATE INDEX claims_place ON claims(place, sort_date);
CREATE INDEX claims_event ON claims(event, sort_date);
CREATE INDEX rebuttals_claim ON rebuttals(claim);
CREATE VIRTUAL TABLE claims_fts USING fts5(statement, content='claims', tokenize='unicode61 remove_diacritics 2');
INSERT INTO claims_fts(claims_fts) VALUES ('rebuild');
ANALYZE;
"""
_CLAIMS = """
SELECT r.key, v.document, e.sort_date, e.challenged, e.corrected FROM book_claimentry e
JOIN book_record r ON r.uid = e.record_id JOIN book_version v ON v.id = r.version_id
"""
_REBUTTALS = """
SELECT r.key, claim.key, v.document FROM book_rebuttalentry e JOIN book_record r ON r.uid = e.record_id
JOIN book_version v ON v.id = r.version_id
JOIN book_record claim ON claim.uid = json_extract(v.document, '$.claim')
"""


def copied(book: Path, copy: Path) -> Path:
    """Make the copy of a book in SQLite, unless it is there."""
    if copy.exists():
        return copy
    part = copy.with_suffix(".part")
    part.unlink(missing_ok=True)
    with closing(sqlite3.connect(book)) as source, closing(sqlite3.connect(part)) as target:
        target.executescript(_TABLES)
        keys = dict(source.execute("SELECT uid, key FROM book_record"))
        target.executemany(
            "INSERT INTO claims VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (_row(keys, *row) for row in source.execute(_CLAIMS)),
        )
        target.executemany(
            "INSERT INTO rebuttals VALUES (?, ?, ?, ?)",
            (
                (key, claim, told["text"], told["decision"])
                for key, claim, text in source.execute(_REBUTTALS)
                for told in (json.loads(text),)
            ),
        )
        target.executescript(_INDEXES)
        target.commit()
    return part.rename(copy)


def _row(
    keys: dict[str, str], key: str, text: str, sort_date: int, challenged: int, corrected: int
) -> tuple[object, ...]:
    claim = json.loads(text)
    judged = claim["assessment"] or {"rating": "", "disputed": False, "rationale": ""}

    def first(name: str) -> str:
        return keys[claim[name][0]] if claim[name] else ""

    said = claim["appearances"][0]
    return (
        *(key, claim["statement"], claim["language"], claim["claim_kind"]),
        *(judged["rating"], judged["disputed"], judged["rationale"], sort_date),
        *(first("places"), first("events"), first("topics"), keys[said["source"]], said["quote"]),
        *(challenged, corrected),
    )
