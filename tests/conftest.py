"""What all tests share; each file of `tests/support` says what it brings."""

pytest_plugins = [
    "tests.support.groups",
    "tests.support.database",
    "tests.support.browser",
    "tests.support.html",
]
