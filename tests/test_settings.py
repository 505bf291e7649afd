"""The settings: none needed, every bad value refused with a sentence, and strict as soon as others are served."""

import json
import os
import re
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from kb.environment import Environment, kept_secret_key
from kb.settings import BASE_DIR

KEY = "k3J8vQ2xN7mB4wZ9rT6yH1cF5gD0sLpAeUiOkXjWqRtYnMbV"
LONG_KEY = KEY + "0a9b8c7d"
PRODUCTION = {"ALLOWED_HOSTS": "facts.example.org", "SECRET_KEY": LONG_KEY}
SHOWN = (
    "DEMO DEBUG ALLOWED_HOSTS SECURE_SSL_REDIRECT SECURE_HSTS_SECONDS SESSION_COOKIE_NAME "
    "SESSION_COOKIE_SECURE CSRF_COOKIE_NAME CSRF_COOKIE_SECURE KNOWN_BROWSER_COOKIE_NAME SECOND_FACTOR_FOR"
)


def start(data: Path, *command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run Python as a person would, with these variables and no others."""
    environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(data), "ENV_FILE": "", **variables}
    return subprocess.run(
        [sys.executable, *command], cwd=BASE_DIR, env=environment, capture_output=True, text=True, timeout=120
    )


def shown(data: Path, names: str = SHOWN, **variables: str) -> dict[str, Any]:
    code = f"""
import json, django.conf
settings = django.conf.settings
print(json.dumps({{name: getattr(settings, name) for name in {names.split()!r}}}))
"""
    done = start(data, "-c", code, DJANGO_SETTINGS_MODULE="kb.settings", **variables)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def refusal(data: Path, **variables: str) -> str:
    done = start(data, "-c", "import kb.settings", **variables)
    assert done.returncode == 1
    return done.stderr.strip().splitlines()[-1].removeprefix("django.core.exceptions.ImproperlyConfigured: ")


# --- the two modes -------------------------------------------------------------------------------------------------


def test_without_any_variable_the_site_is_for_this_machine_alone(tmp_path: Path) -> None:
    assert shown(tmp_path / "data") == {
        "DEMO": True,
        "DEBUG": False,
        "ALLOWED_HOSTS": ["127.0.0.1", "localhost", "[::1]"],
        "SECURE_SSL_REDIRECT": False,
        "SECURE_HSTS_SECONDS": 0,
        "SESSION_COOKIE_NAME": "sessionid",
        "SESSION_COOKIE_SECURE": False,
        "CSRF_COOKIE_NAME": "csrftoken",
        "CSRF_COOKIE_SECURE": False,
        "KNOWN_BROWSER_COOKIE_NAME": "known-browser",
        "SECOND_FACTOR_FOR": [],
    }


def test_naming_hosts_ends_demo_mode(tmp_path: Path) -> None:
    assert shown(tmp_path / "data", **PRODUCTION) == {
        "DEMO": False,
        "DEBUG": False,
        "ALLOWED_HOSTS": ["facts.example.org"],
        "SECURE_SSL_REDIRECT": True,
        "SECURE_HSTS_SECONDS": 31536000,
        "SESSION_COOKIE_NAME": "__Host-session",
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_NAME": "__Host-csrf",
        "CSRF_COOKIE_SECURE": True,
        "KNOWN_BROWSER_COOKIE_NAME": "__Host-known-browser",
        "SECOND_FACTOR_FOR": ["publish", "decide", "import", "manage"],
    }


def test_the_deployment_check_is_clean_outside_demo_mode(tmp_path: Path) -> None:
    done = start(tmp_path / "data", "manage.py", "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "System check identified no issues (2 silenced).\n"


def test_outside_demo_mode_no_key_is_made(tmp_path: Path) -> None:
    assert refusal(tmp_path / "data", ALLOWED_HOSTS="facts.example.org") == (
        "SECRET_KEY must be set where ALLOWED_HOSTS is, and be 50 random characters or more. "
        'Make one with: python3 -c "import secrets; print(secrets.token_urlsafe(64))"'
    )
    assert not (tmp_path / "data" / "secret_key").exists()


def test_debug_is_refused_where_others_are_served(tmp_path: Path) -> None:
    assert refusal(tmp_path / "data", DEBUG="1", **PRODUCTION) == (
        "DEBUG shows readers the site's insides; it must be off where ALLOWED_HOSTS is set."
    )


MAIL = "SENDS_MAIL SITE_ADDRESS EMAIL_HOST EMAIL_PORT EMAIL_USE_TLS EMAIL_USE_SSL DEFAULT_FROM_EMAIL"


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"PORT": "8003"}, [True, "http://127.0.0.1:8003", "", 587, True, False, "rejoinder@localhost"]),
        (
            PRODUCTION,
            [False, "https://facts.example.org", "", 587, True, False, "rejoinder@facts.example.org"],
        ),
        (
            {
                **PRODUCTION,
                "EMAIL_HOST": "mail.example.org",
                "EMAIL_SECURITY": "tls",
                "SITE_ADDRESS": "https://f.org/",
            },
            [True, "https://f.org", "mail.example.org", 465, False, True, "rejoinder@facts.example.org"],
        ),
    ],
)
def test_mail_is_sent_where_a_server_is_named(
    tmp_path: Path, variables: dict[str, str], expected: list[Any]
) -> None:
    assert list(shown(tmp_path / "data", MAIL, **variables).values()) == expected


def test_an_address_of_the_site_has_no_path(tmp_path: Path) -> None:
    assert refusal(tmp_path / "data", SITE_ADDRESS="https://facts.example.org/facts") == (
        "SITE_ADDRESS is 'https://facts.example.org/facts'; it must be as https://facts.example.org, without a path."
    )


def test_an_env_file_lies_under_the_environment(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text(f"ALLOWED_HOSTS=file.example.org\nSECRET_KEY={LONG_KEY}\n", encoding="utf-8")
    assert shown(tmp_path / "data", ENV_FILE=str(file))["ALLOWED_HOSTS"] == ["file.example.org"]
    over = shown(tmp_path / "data", ENV_FILE=str(file), ALLOWED_HOSTS="facts.example.org")
    assert over["ALLOWED_HOSTS"] == ["facts.example.org"]


# --- the secret key ------------------------------------------------------------------------------------------------


def test_the_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "secret_key"
    key = kept_secret_key(file)
    assert len(key) >= 50
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert kept_secret_key(file) == key
    assert [entry.name for entry in tmp_path.iterdir()] == ["secret_key"]


def test_a_damaged_key_file_is_named(tmp_path: Path) -> None:
    file = tmp_path / "secret_key"
    file.write_text("short", encoding="ascii")
    with pytest.raises(ImproperlyConfigured) as refused:
        kept_secret_key(file)
    assert str(refused.value) == (
        f"{file} holds no usable key. Delete it, and a new one is made at the next start."
    )


def test_the_data_folder_is_private(tmp_path: Path) -> None:
    shown(tmp_path / "data")
    folders = {name: stat.S_IMODE((tmp_path / "data" / name).stat().st_mode) for name in (".", "uploads")}
    assert folders == {".": 0o700, "uploads": 0o700}


# --- bad values ----------------------------------------------------------------------------------------------------


def read(reader: str, value: str, monkeypatch: pytest.MonkeyPatch, **arguments: Any) -> Any:
    monkeypatch.setenv("VARIABLE", value)
    return getattr(Environment(), reader)("VARIABLE", **arguments)


@pytest.mark.parametrize(
    ("reader", "value", "arguments", "sentence"),
    [
        ("flag", "maybe", {}, "is 'maybe'; it must be true or false (1 and 0, yes and no will do)."),
        (
            "number",
            "eight",
            {"default": 1, "least": 1, "most": 9},
            "is 'eight'; it must be a whole number from 1 to 9.",
        ),
        ("number", "10", {"default": 1, "least": 1, "most": 9}, "is 10; it must be from 1 to 9."),
        (
            "choice",
            "xml",
            {"allowed": ("plain", "json"), "default": "plain"},
            "is 'xml'; it must be one of: plain, json.",
        ),
        (
            "choices",
            "a,none,x",
            {"allowed": ("a", "b"), "default": "a"},
            "has 'none'; it takes some of these, separated by commas: a, b. Or none.",
        ),
        (
            "folder",
            "data",
            {"default": Path("/")},
            "is 'data'; it must be an absolute path, such as /srv/rejoinder/data.",
        ),
        (
            "folder",
            "/dev/null/data",
            {"default": Path("/")},
            "is '/dev/null/data', which cannot be used as a folder (Not a directory).",
        ),
        (
            "database",
            "mysql://user:pass@localhost/facts",
            {"sqlite_file": Path("/x")},
            "names a database that is not supported; use postgres://… or sqlite:///absolute/path.",
        ),
        (
            "database",
            "facts.sqlite3",
            {"sqlite_file": Path("/x")},
            "cannot be read; it must look like postgres://user:password@host:5432/name.",
        ),
        (
            "database",
            "postgres://user:secret@localhost:port/facts",
            {"sqlite_file": Path("/x")},
            "cannot be read; it must look like postgres://user:password@host:5432/name.",
        ),
        (
            "database",
            "postgres://localhost:5432",
            {"sqlite_file": Path("/x")},
            "names no database; put its name after the host, as in postgres://host:5432/rejoinder.",
        ),
        (
            "database",
            "postgres://localhost/facts?sslmod=require",
            {"sqlite_file": Path("/x")},
            "has arguments PostgreSQL does not know: sslmod. Correct or remove them.",
        ),
        (
            "database",
            "sqlite:///facts.sqlite3",
            {"sqlite_file": Path("/x")},
            "must name SQLite's file by its absolute path, with four slashes: sqlite:////srv/facts.sqlite3.",
        ),
        (
            "database",
            "sqlite:////srv/facts.sqlite3?mode=ro",
            {"sqlite_file": Path("/x")},
            "has arguments after the file's name; for SQLite give the file alone.",
        ),
    ],
)
def test_a_bad_value_is_refused_by_name_with_what_would_be_right(
    reader: str, value: str, arguments: dict[str, Any], sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        read(reader, value, monkeypatch, **arguments)
    assert str(refused.value) == f"VARIABLE {sentence}"


@pytest.mark.parametrize(
    "host", ["https://facts.example.org", "facts.example.org:443", "*", "facts..org", "a b", "-a.org"]
)
def test_a_host_is_a_bare_name(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        read("hosts", f"facts.example.org,{host}", monkeypatch)
    assert str(refused.value) == (
        f"VARIABLE has {host!r}; it takes bare host names separated by commas, such as "
        "facts.example.org,www.example.org: no scheme, port, path or *."
    )


@pytest.mark.parametrize("key", ["", KEY, "a" * 64, "abcd" * 20])
def test_a_key_that_could_be_guessed_is_refused(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ImproperlyConfigured, match="^VARIABLE must be set where ALLOWED_HOSTS is"):
        read("secret_key", key, monkeypatch)


@pytest.mark.parametrize(
    "variable", ["LOG_FORMAT", "LOG_LEVEL", "DEBUG", "DATABASE_URL", "DATA_DIR", "ALLOWED_HOSTS"]
)
def test_the_site_does_not_start_on_a_bad_value(variable: str, tmp_path: Path) -> None:
    assert refusal(tmp_path / "data", **{variable: "no such thing:"}).startswith(f"{variable} ")


# --- good values ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reader", "value", "arguments", "expected"),
    [
        ("flag", "yes", {}, True),
        ("flag", "0", {}, False),
        ("flag", " ", {"default": True}, True),
        ("number", "", {"default": 4, "least": 1, "most": 9}, 4),
        ("number", "9", {"default": 4, "least": 1, "most": 9}, 9),
        ("choice", "", {"allowed": ("a", "b"), "default": "b"}, "b"),
        ("hosts", "", {}, []),
        ("choices", "", {"allowed": ("a", "b", "c"), "default": "c,a"}, ["a", "c"]),
        ("choices", "b, a", {"allowed": ("a", "b", "c"), "default": "c"}, ["a", "b"]),
        ("choices", "none", {"allowed": ("a", "b", "c"), "default": "c"}, []),
        ("hosts", " a.org , .b.org,10.0.0.7,[::1],", {}, ["a.org", ".b.org", "10.0.0.7", "[::1]"]),
        ("secret_key", LONG_KEY, {}, LONG_KEY),
    ],
)
def test_values_are_typed_and_blanks_count_as_absent(
    reader: str, value: str, arguments: dict[str, Any], expected: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert read(reader, value, monkeypatch, **arguments) == expected


def test_a_password_in_a_database_url_is_read_with_its_escapes(monkeypatch: pytest.MonkeyPatch) -> None:
    url = "postgres://desk:p%40ss%2Fword%24@db.example.org:5433/facts?sslmode=require"
    database = read("database", url, monkeypatch, sqlite_file=Path("/x"))
    assert {
        name: database[name] for name in ("ENGINE", "USER", "PASSWORD", "HOST", "PORT", "NAME", "OPTIONS")
    } == {
        "ENGINE": "django.db.backends.postgresql",
        "USER": "desk",
        "PASSWORD": "p@ss/word$",
        "HOST": "db.example.org",
        "PORT": 5433,
        "NAME": "facts",
        "OPTIONS": {"sslmode": "require"},
    }
    assert (database["CONN_MAX_AGE"], database["CONN_HEALTH_CHECKS"]) == (600, True)


def test_a_refused_database_url_does_not_show_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        read("database", "postgres://desk:hunter2@host:port/facts", monkeypatch, sqlite_file=Path("/x"))
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize("url", ["", "sqlite:////srv/facts.sqlite3"])
def test_sqlite_waits_for_its_lock_and_keeps_what_it_has_written(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert read("database", url, monkeypatch, sqlite_file=Path("/srv/facts.sqlite3")) == {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": Path("/srv/facts.sqlite3"),
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


def test_sqlite_runs_as_configured(tmp_path: Path) -> None:
    code = """
import django; django.setup()
from django.db import connection
with connection.cursor() as cursor:
    print([cursor.execute("PRAGMA " + name).fetchone()[0]
           for name in ("journal_mode", "synchronous", "foreign_keys", "trusted_schema", "busy_timeout",
                        "recursive_triggers")])
"""
    done = start(tmp_path / "data", "-c", code, DJANGO_SETTINGS_MODULE="kb.settings")
    assert done.stdout == "['wal', 2, 1, 0, 20000, 1]\n", done.stderr


def test_every_variable_is_in_the_example() -> None:
    example = (BASE_DIR / ".env.example").read_text(encoding="utf-8")
    source = "".join(
        (BASE_DIR / name).read_text(encoding="utf-8") for name in ("kb/settings.py", "kb/server.py")
    )
    read_there = set(re.findall(r"""env\.\w+\(["']([A-Z_]+)["']""", source))
    documented = set(re.findall(r"^#([A-Z_]+)=", example, re.MULTILINE))
    assert documented == read_there
