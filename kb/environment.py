"""How the settings read the environment: every value typed, every bad one refused with a sentence.

Each reader raises `ImproperlyConfigured`, naming the variable and saying what would be right. An empty value
counts as absent, so that a line left blank in `.env` does no harm.
"""

import os
import re
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NoReturn

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from environs import Env, EnvError

# What a connection URL may carry after its question mark. Anything else would be handed to the database driver
# unread, and a misspelt `sslmode` should not be found out by listening in.
POSTGRESQL_ARGUMENTS = {
    "application_name",
    "connect_timeout",
    "options",
    "sslcert",
    "sslkey",
    "sslmode",
    "sslrootcert",
    "target_session_attrs",
}
SECRET_KEY_LENGTH = 50
HOST = re.compile(
    r"\.?[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*|\[[0-9a-f:.]+\]", re.IGNORECASE
)

_NAME = "[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
FEED_AUTHORITY = re.compile(rf"{_NAME}(?:\.{_NAME})*,\d{{4}}(?:-\d{{2}}(?:-\d{{2}})?)?")
ADDRESS = re.compile(rf"https?://(?:{HOST.pattern})(?::[0-9]{{1,5}})?", re.IGNORECASE)


def _refuse(variable: str, problem: str) -> NoReturn:
    raise ImproperlyConfigured(f"{variable} {problem}")


class Environment:
    """The variables of one process, with those of an optional `.env` file under them."""

    def __init__(self, env_file: Path | None = None) -> None:
        self._env = Env()
        if env_file is not None and env_file.is_file():
            self._env.read_env(env_file, recurse=False)

    def text(self, variable: str, default: str = "") -> str:
        return self._env.str(variable, "").strip() or default

    def flag(self, variable: str, default: bool = False) -> bool:
        if not self.text(variable):
            return default
        try:
            return self._env.bool(variable)
        except EnvError:
            _refuse(
                variable,
                f"is {self.text(variable)!r}; it must be true or false (1 and 0, yes and no will do).",
            )

    def number(self, variable: str, default: int, *, least: int, most: int) -> int:
        if not self.text(variable):
            return default
        try:
            value = self._env.int(variable)
        except EnvError:
            _refuse(
                variable, f"is {self.text(variable)!r}; it must be a whole number from {least} to {most}."
            )
        if not least <= value <= most:
            _refuse(variable, f"is {value}; it must be from {least} to {most}.")
        return value

    def choice(self, variable: str, allowed: Iterable[str], default: str) -> str:
        value = self.text(variable, default)
        if value not in (options := tuple(allowed)):
            _refuse(variable, f"is {value!r}; it must be one of: {', '.join(options)}.")
        return value

    def choices(self, variable: str, allowed: Iterable[str], default: str) -> list[str]:
        """Some of the allowed words, separated by commas, in the order in which they are allowed; `none` is none."""
        options = tuple(allowed)
        words = {word.strip() for word in self.text(variable, default).split(",") if word.strip()}
        if words == {"none"}:
            return []
        for word in sorted(words - set(options)):
            _refuse(
                variable,
                f"has {word!r}; it takes some of these, separated by commas: {', '.join(options)}. Or none.",
            )
        return [word for word in options if word in words]

    def hosts(self, variable: str) -> list[str]:
        """The host names that the site answers to. `.example.org` takes its subdomains in."""
        hosts = [name.strip() for name in self.text(variable).split(",") if name.strip()]
        for name in hosts:
            if not HOST.fullmatch(name):
                _refuse(
                    variable,
                    f"has {name!r}; it takes bare host names separated by commas, such as "
                    "facts.example.org,www.example.org: no scheme, port, path or *.",
                )
        return hosts

    def address(self, variable: str) -> str:
        """An address on the web without a path, such as https://facts.example.org; "" where none is given."""
        address = self.text(variable).rstrip("/")
        if address and not ADDRESS.fullmatch(address):
            _refuse(variable, f"is {address!r}; it must be as https://facts.example.org, without a path.")
        return address

    def feed_authority(self, variable: str) -> str:
        """What tag: URIs begin with (RFC 4151): a host name and a day, such as facts.example.org,2026-11-28; or ""."""
        value = self.text(variable).lower()
        if value and not FEED_AUTHORITY.fullmatch(value):
            _refuse(
                variable,
                f"is {value!r}; it must be a host name and a day on which it was yours, such as "
                "facts.example.org,2026-11-28.",
            )
        return value

    def folder(self, variable: str, default: Path) -> Path:
        """An absolute folder for private data, made with mode 0700 where it is missing, and writable."""
        folder = Path(self.text(variable, str(default))).expanduser()
        if not folder.is_absolute():
            _refuse(
                variable, f"is {str(folder)!r}; it must be an absolute path, such as /srv/rejoinder/data."
            )
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as reason:
            _refuse(variable, f"is {str(folder)!r}, which cannot be used as a folder ({reason.strerror}).")
        if not os.access(folder, os.W_OK | os.X_OK):
            _refuse(
                variable, f"is {str(folder)!r}, where this account may not write. Name a folder that it owns."
            )
        return folder

    def database(self, variable: str, sqlite_file: Path) -> dict[str, Any]:
        """The `DATABASES` entry for a connection URL; SQLite in `sqlite_file` where none is given."""
        url = self.text(variable)
        if not url:
            return sqlite(sqlite_file)
        try:
            parsed: dict[str, Any] = {**dj_database_url.parse(url, conn_max_age=600, conn_health_checks=True)}
        except (ValueError, KeyError):
            # The URL carries a password: it is not repeated in the message.
            _refuse(variable, "cannot be read; it must look like postgres://user:password@host:5432/name.")
        if parsed["ENGINE"] == "django.db.backends.sqlite3":
            return self._sqlite_from_url(variable, parsed)
        if parsed["ENGINE"] != "django.db.backends.postgresql":
            _refuse(
                variable,
                "names a database that is not supported; use postgres://… or sqlite:///absolute/path.",
            )
        if not parsed["NAME"]:
            _refuse(
                variable,
                "names no database; put its name after the host, as in postgres://host:5432/rejoinder.",
            )
        if unknown := sorted(set(parsed.get("OPTIONS", {})) - POSTGRESQL_ARGUMENTS):
            _refuse(
                variable,
                f"has arguments PostgreSQL does not know: {', '.join(unknown)}. Correct or remove them.",
            )
        return parsed

    def _sqlite_from_url(self, variable: str, parsed: dict[str, Any]) -> dict[str, Any]:
        if parsed.get("OPTIONS"):
            _refuse(variable, "has arguments after the file's name; for SQLite give the file alone.")
        file = Path(str(parsed["NAME"]))
        if not file.is_absolute():
            _refuse(
                variable,
                "must name SQLite's file by its absolute path, with four slashes: sqlite:////srv/facts.sqlite3.",
            )
        return sqlite(file)

    def secret_key(self, variable: str) -> str:
        """The key given by whoever runs the site: required, and long enough that it cannot be guessed."""
        key = self.text(variable)
        if len(key) < SECRET_KEY_LENGTH or len(set(key)) < 5:
            _refuse(
                variable,
                f"must be set where ALLOWED_HOSTS is, and be {SECRET_KEY_LENGTH} random characters or more. "
                'Make one with: python3 -c "import secrets; print(secrets.token_urlsafe(64))"',
            )
        return key


def sqlite(file: Path) -> dict[str, Any]:
    """The `DATABASES` entry for an SQLite file.

    A write transaction takes its lock at the start (IMMEDIATE) and waits for it: deferred ones fail with "database
    is locked" as soon as two processes write. `synchronous=FULL` since a published correction must survive a power
    cut. `trusted_schema=OFF` keeps a tampered file from calling functions; so a constraint cannot use REGEXP.
    `recursive_triggers=ON` since without it a REPLACE deletes rows that are final without asking their triggers.
    """
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": file,
        "CONN_MAX_AGE": 600,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; "
                "PRAGMA foreign_keys=ON; PRAGMA trusted_schema=OFF; PRAGMA recursive_triggers=ON;"
            ),
        },
    }


def kept_secret_key(file: Path) -> str:
    """The key in `file`, made once with mode 0600. Two processes that start together use the same one."""
    if not file.exists():
        draft = file.with_name(f"{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
        with open(
            os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii"
        ) as stream:
            stream.write(secrets.token_urlsafe(64))
        try:
            # A link, unlike a rename, never replaces the key that another process has just put there.
            os.link(draft, file)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    key = file.read_text(encoding="ascii").strip()
    if len(key) < SECRET_KEY_LENGTH:
        raise ImproperlyConfigured(
            f"{file} holds no usable key. Delete it, and a new one is made at the next start."
        )
    return key
