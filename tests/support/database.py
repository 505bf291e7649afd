"""What tests that really commit need: the database's own rules stand in the way of emptying its tables."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.models.signals import post_migrate

from kb.editorial import triggers
from kb.seeding import seed

COMMITTING = {"transactional_db", "live_server", "django_db_reset_sequences", "django_db_serialized_rollback"}


def commits(item: pytest.Item) -> bool:
    """Whether the test commits, so that its tables are emptied behind it."""
    marker = item.get_closest_marker("django_db")
    by_mark = bool(marker and (marker.kwargs.get("transaction") or (marker.args and marker.args[0])))
    return by_mark or not COMMITTING.isdisjoint(getattr(item, "fixturenames", ()))


def asks_database(item: pytest.Item) -> bool:
    """Whether the test may ask the database anything."""
    return bool(item.get_closest_marker("django_db")) or not {"db", *COMMITTING}.isdisjoint(
        getattr(item, "fixturenames", ())
    )


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--only-database",
        action="store_true",
        help="leave out the tests that ask no database or are marked `once`: on a second one they would say the same",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--only-database"):
        wanted = [item for item in items if asks_database(item) and not item.get_closest_marker("once")]
        config.hook.pytest_deselected(items=[item for item in items if item not in set(wanted)])
        items[:] = wanted


@contextmanager
def taken_back() -> Iterator[None]:
    """What is written within is taken back, so that what is costly to make can be made once for many trials."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def rules_lifted_before_the_tables_are_emptied(request: pytest.FixtureRequest) -> Iterator[None]:
    """Published records cannot be deleted. Emptying the tables puts the rules back (they are set after `migrate`)."""
    if not commits(request.node):
        yield
        return
    request.getfixturevalue("transactional_db")
    yield
    triggers.lift(connection)


def seed_again(**kwargs: Any) -> None:
    seed()


def pytest_sessionstart(session: pytest.Session) -> None:
    # The groups and the vocabulary come from a migration, and go when the tables are emptied. What Django itself puts
    # back then (content types, rights) it does app by app; the groups need all of them, so they follow the last.
    last = [config for config in apps.get_app_configs() if config.models_module][-1]
    post_migrate.connect(seed_again, sender=last)
