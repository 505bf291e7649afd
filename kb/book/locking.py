"""The one lock under which the book is written."""

from __future__ import annotations

from django.db import connection

#: One number for the book's lock; PostgreSQL's advisory locks are named by 64-bit integers.
LOCK = 0x5245_4A4F_494E_4452


def lock() -> None:
    """Let one transaction at a time write the book. SQLite's transactions, being immediate, do so already."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
