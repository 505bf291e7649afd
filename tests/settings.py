"""The settings of the tests: the real ones, in a data folder of their own, with what makes tests quick.

Only `DATABASE_URL` is taken from the environment (`TEST_DATABASE_URL` before it), so that one machine's `.env`
cannot decide what a test finds.
"""

import atexit
import os
import shutil
import tempfile

for variable in (
    "ALLOWED_HOSTS",
    "SECRET_KEY",
    "DEBUG",
    "LOG_FORMAT",
    "LOG_LEVEL",
    "HSTS_SECONDS",
    "SECOND_FACTOR_FOR",
):
    os.environ.pop(variable, None)
os.environ["ENV_FILE"] = ""
if url := os.environ.get("TEST_DATABASE_URL"):
    os.environ["DATABASE_URL"] = url
os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="rejoinder-tests-")
atexit.register(shutil.rmtree, os.environ["DATA_DIR"], ignore_errors=True)

from kb.settings import *  # noqa: E402, F403
from kb.settings import DATA_DIR, DATABASES, STORAGES  # noqa: E402

# A file, not memory: the live server's threads and the tests of locking need connections of their own.
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "tests.sqlite3")}
# Tests close what they open: a kept connection would hold PostgreSQL's test database at the end.
DATABASES["default"]["CONN_MAX_AGE"] = 0

# Neither needs `collectstatic`: files are served from where they lie, under their own names.
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True

# A page asked for twice is drawn twice, so that what it costs is counted; tests/kb/test_views_page_cache.py keeps some.
PAGE_CACHE_MB = 0

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
