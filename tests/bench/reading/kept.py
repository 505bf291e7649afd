"""Books kept from one run to the next: where they are, and whether they still are what the code would write."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[3]
#: What decides what a made book holds.
MADE_BY = (
    "kb/book/**/*.py",
    "kb/analysis/naming.py",
    "kb/editorial/*.py",
    "kb/migrations/*.py",
    "tests/bench/reading/[dmtw]*.py",
)


@dataclass(frozen=True)
class Kept:
    """One book: the folder with its data, and the environment that serves it."""

    folder: Path
    database: str

    @property
    def environment(self) -> dict[str, str]:
        return {"DATA_DIR": str(self.folder), "DATABASE_URL": self.database, "ENV_FILE": ""}

    @property
    def told(self) -> str:
        """What to type before a command to have it work on this book."""
        url = f" DATABASE_URL={self.database}" if self.database else ""
        return f"DATA_DIR={self.folder}{url}"


def state_of_the_code() -> str:
    digest = hashlib.sha256()
    for pattern in MADE_BY:
        for path in sorted(ROOT.glob(pattern)):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:8]


def book(claims: int, *, seed: int = 1, server: str = "", database: str = "") -> Kept:
    """Where the book of this size is, or would be. `server` is a PostgreSQL address without a database's name."""
    name = f"book_{claims}_{seed}_{state_of_the_code()}"
    folder = Path(os.environ.get("BENCH_DIR", ROOT / "var" / "bench")) / (name + ("_pg" if server else ""))
    return Kept(folder.resolve(), database or (f"{server.rstrip('/')}/{name}" if server else ""))


def ensured(claims: int, *, seed: int = 1, server: str = "") -> Kept:
    """The book of this size, made if it is not there, in a process of its own."""
    found = book(claims, seed=seed, server=server)
    command = [sys.executable, "-m", "tests.bench.reading", str(claims), "--seed", str(seed)]
    command += ["--server", server] if server else []
    subprocess.run(command, check=True, cwd=ROOT, env={**os.environ, **found.environment})
    return found


def create_database(url: str) -> None:
    """Make a PostgreSQL database where there is none of that name."""
    import psycopg
    from psycopg import sql

    parts = urlsplit(url)
    name = parts.path.lstrip("/")
    with psycopg.connect(parts._replace(path="/postgres").geturl(), autocommit=True) as connection:
        there = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        if not there:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
