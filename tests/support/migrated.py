"""A migrated SQLite database to begin with. To migrate takes half a minute of a run that may test for one second.

It is kept under `var/`, by the migrations and what they call, and each run migrates its copy again, which then finds
nothing to do but to set rights and the database's rules as the code of today says.
"""

import hashlib
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import django
import pytest
from django.db import connection

from kb.settings import BASE_DIR

KEPT = BASE_DIR / "var" / "tests"
#: Beside the migrations, what they call.
CALLED = ("kb/seeding.py", "kb/editorial/triggers.py")


def kept() -> Path | None:
    """Where the migrated database is, or will be; None where this run is not on SQLite."""
    if connection.vendor != "sqlite":
        return None
    digest = hashlib.sha256(f"{django.get_version()} {sqlite3.sqlite_version}".encode())
    for path in [*sorted(BASE_DIR.glob("**/migrations/*.py")), *(BASE_DIR / name for name in CALLED)]:
        if ".venv" not in path.parts:
            digest.update(path.relative_to(BASE_DIR).as_posix().encode() + path.read_bytes())
    return KEPT / f"migrated-{digest.hexdigest()[:16]}.sqlite3"


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_keepdb: bool) -> bool:
    """On SQLite the copy is "kept" as it is set up; its folder goes with the run."""
    return django_db_keepdb or connection.vendor == "sqlite"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """By now the name of this worker's own database is known."""
    template = kept()
    if template and template.is_file():
        shutil.copyfile(template, connection.settings_dict["TEST"]["NAME"])


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> None:
    template = kept()
    if template and not template.is_file() and there():
        keep(template)


@pytest.fixture
def begin_with(django_db_setup: None) -> Callable[[Path], None]:
    """`begin_with(path)` puts a database there for a process of its own to migrate, which then finds little to do."""

    def put(path: Path) -> None:
        template = kept()
        if template and template.is_file():
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(template, path)

    return put


def there() -> bool:
    """Whether there is anything to keep: a run of tests that ask no database migrates none."""
    with closing(sqlite3.connect(connection.settings_dict["TEST"]["NAME"])) as database:
        return bool(
            database.execute("SELECT 1 FROM sqlite_master WHERE name = 'django_migrations'").fetchone()
        )


def keep(template: Path) -> None:
    KEPT.mkdir(parents=True, exist_ok=True)
    for old in KEPT.glob("migrated-*.sqlite3"):
        old.unlink(missing_ok=True)
    handle, name = tempfile.mkstemp(dir=KEPT)
    os.close(handle)
    os.unlink(name)
    # Not a copy of the file: what is written may still stand beside it.
    with closing(sqlite3.connect(connection.settings_dict["TEST"]["NAME"])) as database:
        database.execute("VACUUM INTO ?", [name])
    os.replace(name, template)
