"""What has to be there before the server starts."""

import os
from pathlib import Path
from unittest.mock import Mock

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError
from pytest_django import Settings

from kb.management.commands import prepare


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The commands that `prepare` calls, in their order; none of them runs."""
    called: list[str] = []
    monkeypatch.setattr(prepare, "call_command", lambda name, **options: called.append(name))
    monkeypatch.setattr(prepare, "collect_static_files", lambda: called.append("static files"))
    return called


@pytest.mark.django_db
def test_in_demo_mode_the_founding_case_and_the_accounts_follow_the_schema(calls: list[str]) -> None:
    call_command("prepare")
    assert calls == ["migrate", "static files", "founding_case", "demo_accounts"]


@pytest.mark.django_db
def test_outside_demo_mode_nothing_is_put_into_the_database(calls: list[str], settings: Settings) -> None:
    settings.DEMO = False
    call_command("prepare")
    assert calls == ["migrate", "static files"]


def test_a_database_that_does_not_answer_is_told_in_a_sentence(
    calls: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        prepare.connection, "ensure_connection", Mock(side_effect=OperationalError("refused\n"))
    )
    with pytest.raises(CommandError) as told:
        call_command("prepare")
    assert str(told.value) == (
        "The database does not answer: refused\n"
        "Start it, or correct DATABASE_URL; without DATABASE_URL the site keeps its data in an SQLite file."
    )
    assert calls == []


def test_static_files_are_collected_when_one_has_changed_and_only_then(
    tmp_path: Path, settings: Settings
) -> None:
    ours = tmp_path / "ours"
    ours.mkdir()
    style = ours / "desk.css"
    style.write_text("a { color: red }", encoding="utf-8")
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATICFILES_DIRS = [ours]
    settings.STATIC_ROOT = tmp_path / "collected"
    settings.STATIC_ROOT.mkdir()
    collected = settings.STATIC_ROOT / "desk.css"

    prepare.collect_static_files()
    assert collected.read_text(encoding="utf-8") == "a { color: red }"

    collected.write_text("untouched", encoding="utf-8")
    prepare.collect_static_files()
    assert collected.read_text(encoding="utf-8") == "untouched"

    style.write_text("a { color: blue }", encoding="utf-8")
    os.utime(style, (1, 1))
    prepare.collect_static_files()
    assert collected.read_text(encoding="utf-8") == "a { color: blue }"
