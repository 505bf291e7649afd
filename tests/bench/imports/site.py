"""A site of the benchmark's own: its database is put back as it was before every run."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg

from kb.settings import BASE_DIR


@dataclass(frozen=True)
class Run:
    """What a whole process took: processor time with its children's and wall time in seconds, MB at most."""

    cpu: float
    wall: float
    memory: float
    printed: str


class Site:
    """On SQLite, or on the PostgreSQL server of `BENCH_DATABASE_URL`."""

    def __init__(self, url: str = "") -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="rejoinder-bench-"))
        self.url, self.name = url.rsplit("/", 1) if url else ("", "")
        if url:
            self._server(f'DROP DATABASE IF EXISTS "{self.name}"', f'CREATE DATABASE "{self.name}"')
        self._python("manage.py", "migrate", "-v0")
        self._python("manage.py", "collectstatic", "--noinput", "-v0")
        self._python("-m", "tests.bench.imports.samples", "--prepare")
        if url:
            self._server(
                f'DROP DATABASE IF EXISTS "{self.name}_clean"',
                f'CREATE DATABASE "{self.name}_clean" TEMPLATE "{self.name}"',
            )
        else:
            shutil.copy(self.file, self.folder / "clean")

    @property
    def file(self) -> Path:
        return self.folder / "rejoinder.sqlite3"

    @property
    def database(self) -> str:
        """What `raw` takes."""
        return f"{self.url}/{self.name}" if self.url else str(self.file)

    def reset(self) -> None:
        """The database as it was before the first run."""
        if self.url:
            self._server(
                f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)',
                f'CREATE DATABASE "{self.name}" TEMPLATE "{self.name}_clean"',
            )
            return
        for journal in ("-wal", "-shm"):
            self.file.with_name(self.file.name + journal).unlink(missing_ok=True)
        shutil.copy(self.folder / "clean", self.file)

    def run(self, *command: str) -> Run:
        """A whole process of this Python's. Raises CalledProcessError."""
        start = time.perf_counter()
        process = self.start(*command)
        printed = process.stdout.read() if process.stdout else ""
        _, status, used = os.wait4(process.pid, 0)
        code = process.returncode = os.waitstatus_to_exitcode(status)
        if code:
            raise subprocess.CalledProcessError(code, command, printed)
        wall = time.perf_counter() - start
        return Run(used.ru_utime + used.ru_stime, wall, used.ru_maxrss / 1024, printed)

    def start(self, *command: str) -> subprocess.Popen[str]:
        return subprocess.Popen(  # noqa: S603 - our own modules
            [sys.executable, *command],
            cwd=BASE_DIR,
            env=self._environment(),
            stdout=subprocess.PIPE,
            text=True,
        )

    def close(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        if self.url:
            self._server(
                *(f'DROP DATABASE IF EXISTS "{n}" WITH (FORCE)' for n in (self.name, f"{self.name}_clean"))
            )

    def _python(self, *command: str) -> None:
        subprocess.run([sys.executable, *command], cwd=BASE_DIR, env=self._environment(), check=True)  # noqa: S603

    def _environment(self) -> dict[str, str]:
        # Compiled modules are kept, as where the site runs.
        kept = {n: v for n, v in os.environ.items() if n not in ("PYTHONDONTWRITEBYTECODE", "DATABASE_URL")}
        own = {"DATA_DIR": str(self.folder), "DJANGO_SETTINGS_MODULE": "kb.settings", "ENV_FILE": ""}
        return {**kept, **own, **({"DATABASE_URL": self.database} if self.url else {})}

    def _server(self, *statements: str) -> None:
        with psycopg.connect(f"{self.url}/postgres", autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)  # type: ignore[arg-type]
