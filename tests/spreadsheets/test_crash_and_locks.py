"""An import that is killed leaves nothing or everything, and one that runs keeps nobody from their work."""

from __future__ import annotations

import csv
import itertools
import os
import random
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.db import connection

from kb.models import Appearance, Claim, ImportBatch, ImportedRow, Topic
from kb.settings import BASE_DIR
from tests.kb import records

pytestmark = pytest.mark.django_db(transaction=True)
CLAIMS = 300
#: An import in a process of its own that dies right before its n-th statement.
IMPORT = """
import django, os, signal; django.setup()
from django.conf import settings; from django.db import connection
settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = {name!r}
from django.core.management import call_command
left = {left}
def count(execute, *arguments):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return execute(*arguments)
with connection.execute_wrapper(count):
    call_command("import_workbook", {file!r}, user="boss", verbosity=0)
print(-left)
"""


def started(file: Path, left: int = 0) -> subprocess.Popen[str]:
    code = IMPORT.format(name=str(connection.settings_dict["NAME"]), left=left, file=str(file))
    # Its own environment: the settings of the tests would make it a data folder, which nobody would remove.
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "kb.settings"}
    return subprocess.Popen(
        [sys.executable, "-c", code], cwd=BASE_DIR, env=environment, stdout=subprocess.PIPE, text=True
    )


def sheet(folder: Path) -> Path:
    """A file of claims, each with a topic and a first appearance; what it refers to is in the database."""
    records.account("boss", is_superuser=True)
    records.source("editorial")
    records.topic("islands")
    file = folder / "claims.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(["key", "statement", "kind", "topics", "source", "quote"])
        rows.writerows(
            (f"claim-{n}", f"Statement {n}.", "other", "islands", "editorial", f"words {n}")
            for n in range(CLAIMS)
        )
    return file


def there() -> dict[str, int]:
    return {
        "claims": Claim.objects.count(),
        "with history": Claim.history.values("id").distinct().count(),  # type: ignore[attr-defined]
        "appearances": Appearance.objects.count(),
        "topics": Topic.claims.through.objects.count(),  # type: ignore[attr-defined]
        "rows": ImportedRow.objects.count(),
        "batches": ImportBatch.objects.count(),
    }


NOTHING = dict.fromkeys(("claims", "with history", "appearances", "topics", "rows", "batches"), 0)
ALL = {**dict.fromkeys(NOTHING, CLAIMS), "rows": 2 * CLAIMS, "batches": 1}


def forget() -> None:
    """The desk as it was before any import."""
    for model in (Appearance, Claim, ImportBatch):
        model.objects.all().delete()
    Claim.history.all().delete()  # type: ignore[attr-defined]


def test_an_import_that_is_killed_leaves_nothing_or_everything_and_can_be_done_again(tmp_path: Path) -> None:
    file = sheet(tmp_path)
    statements = int(started(file).communicate()[0].splitlines()[-1])
    assert there() == ALL
    forget()
    found = {}
    for left in sorted({1, statements - 1, *random.Random(1945).sample(range(2, statements - 1), 4)}):
        killed = started(file, left)
        killed.communicate()
        found[left] = there()
        assert (left, killed.returncode, found[left] in (NOTHING, ALL)) == (left, -signal.SIGKILL, True)
        if found[left] == ALL:
            forget()
    # The last statements only tidy up behind what is written.
    assert (found[1], found[statements - 1]) == (NOTHING, ALL)
    assert started(file).wait() == 0
    assert there() == ALL
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            assert cursor.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert cursor.execute("PRAGMA foreign_key_check").fetchall() == []


def test_eight_others_read_and_write_as_long_as_an_import_runs(tmp_path: Path) -> None:
    file = sheet(tmp_path)
    topics = [records.topic(f"topic-{n}") for n in range(8)]
    errors: list[str] = []
    last: dict[str, str] = {}
    seen: set[int] = set()
    importing = started(file)

    def work(topic: Topic) -> None:
        try:
            for number in itertools.count():
                found = Topic.objects.get(pk=topic.pk)
                found.name = f"{topic.key}, the {number}."
                found.save()
                last[topic.key] = found.name
                seen.add(Claim.objects.count())
                if importing.poll() is not None:
                    return
        except Exception as reason:  # whatever it is, it is counted
            errors.append(repr(reason))
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=[topic]) for topic in topics]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # They wrote before the import did and until it had ended, and never saw a part of it.
    assert (errors, importing.wait(), seen - {CLAIMS}) == ([], 0, {0})
    assert dict(Topic.objects.exclude(key="islands").values_list("key", "name")) == last
    assert there() == ALL
