"""What all tests share; each file of `tests/support` says what it brings."""

import gc

import pytest
from hypothesis import HealthCheck, settings

# How long a machine takes to think of an example says nothing about the code: no deadline, no complaint of slowness.
settings.register_profile("anywhere", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("anywhere")

pytest_plugins = [
    "tests.support.migrated",
    "tests.support.groups",
    "tests.support.database",
    "tests.support.browser",
    "tests.support.html",
    "tests.support.ordering",
]


def pytest_collection_finish(session: pytest.Session) -> None:
    # Thousands of tests are objects that stay: to look through them for garbage again and again took a tenth of a run.
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
