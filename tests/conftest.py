"""What all tests share; each file of `tests/support` says what it brings."""

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
]
