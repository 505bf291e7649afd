"""How the cost of a search grows: the same questions in an index of a tenth of the records and in the whole.

Run it from the root: `python -m tests.bench.bench_search [RECORDS]` (100,000). On SQLite in a folder of its own, or
with `BENCH_DATABASE_URL` on that PostgreSQL database and one beside it, which are emptied. Each index is asked in a
process of its own, by turns; processor time is that of the process, on PostgreSQL with that of its backend.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter, process_time
from typing import Any

ROUNDS, REPEATED = 5, 5
AT_ONCE = 2_000
#: Of a hundred records so many are of each kind.
SHARES = {"claim": 74, "source": 7, "place": 3, "rebuttal": 15, "event": 1}
QUESTIONS = {
    "a name, in 1 of 5,000": "NAME",
    "a frequent word": "islands",
    "two frequent words": "islands government",
    "a frequent and a rare word": "government NAME",
    "a phrase of two": '"the islands"',
    "words in no record together": "islands правительство",
    "a slip": "goverment",
    "a beginning": "governm",
    "Japanese": "政府の条約",
    "one character": "島",
    "Russian, another form": "правительства",
}


def entries(number: int) -> Iterator[Any]:
    from kb.book.search.terms import LONGEST_NAME, Entry, about, joined, rated, spoken_in, stems_of
    from kb.editorial.folding import line
    from tests.bench.reading.texts import language, name, prose, sentence

    rng = Random(number)
    kinds = [kind for kind, share in SHARES.items() for _ in range(share)]
    for at in range(number):
        kind, tongue = kinds[at % 100], language(rng)
        uid = f"{at:012d}"
        if kind == "place":
            titles, body = [name(rng, tongue), name(rng, "en")], ""
        else:
            titles, body = [sentence(rng, tongue)], prose(rng, tongue, 3)
        names = (
            {line(title)[:LONGEST_NAME] for title in titles}
            if kind in ("place", "event", "source")
            else set()
        )
        marks = [about(uid), about(f"{rng.randrange(number):012d}"), spoken_in(tongue)]
        marks += [rated(rng.choice(["accurate", "inaccurate", "unproven", ""]))] if kind == "claim" else []
        named = tuple((one, stems_of(one)[:LONGEST_NAME]) for one in sorted(names))
        yield Entry(uid, kind, joined(titles), joined([body]), " ".join(marks), named)


def prepare(database: str, number: int) -> None:
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "kb.settings"
    if database.startswith("postgres"):
        os.environ["DATABASE_URL"] = database
    else:
        os.environ["DATA_DIR"] = database
        os.environ.pop("DATABASE_URL", None)
    django.setup()
    from django.core.management import call_command
    from django.db import connection, transaction

    from kb.book.search.engine import engine

    if connection.vendor == "postgresql":
        create(database)
    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        # The index alone is measured: there are no records behind its entries.
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = replica")
        else:
            cursor.execute("PRAGMA foreign_keys = OFF")
    with transaction.atomic():
        engine().clear()
    waiting, start = entries(number), process_time()
    done = 0
    while some := [one for one, _ in zip(waiting, range(AT_ONCE), strict=False)]:
        with transaction.atomic():
            engine().index(some)
        done += len(some)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE book_searchtext" if connection.vendor == "postgresql" else "ANALYZE")
    tell({"made": number, "seconds": process_time() - start})


def create(database: str) -> None:
    import psycopg

    server, _, name = database.rpartition("/")
    with (
        psycopg.connect(f"{server}/postgres", autocommit=True) as beside,
        suppress(psycopg.errors.DuplicateDatabase),
    ):
        beside.execute(f'CREATE DATABASE "{name}"')  # type: ignore[call-overload]


def answer() -> None:
    """Ask what comes in, a line each, and tell what it cost."""
    from django.db import connection

    from kb.book.search.engine import Chosen, engine
    from kb.book.search.questions import read
    from kb.book.search.tables import SearchTerm

    backend = 0
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            backend = cursor.fetchone()[0]
    number = SearchTerm.objects.get(word="").records
    rare = SearchTerm.objects.filter(records__gte=number // 5000, word__regex="^[a-z]{6,}$").order_by(
        "records", "word"
    )
    word = rare.values_list("word", flat=True)[0]
    for asked in sys.stdin:
        question = read(json.loads(asked).replace("NAME", word))
        start, cpu, there = perf_counter(), process_time(), spent(backend)
        for _ in range(REPEATED):
            found = engine().find(question, Chosen())
        used = process_time() - cpu + spent(backend) - there
        took = (perf_counter() - start) / REPEATED
        tell(
            {
                "cpu": 1000 * used / REPEATED,
                "wall": 1000 * took,
                "found": found.total.number,
                "more": found.total.more,
            }
        )


def spent(backend: int) -> float:
    """Processor seconds of a PostgreSQL backend on this machine."""
    if not backend or not Path(f"/proc/{backend}/stat").exists():
        return 0.0
    columns = Path(f"/proc/{backend}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(columns[11]) + int(columns[12])) / os.sysconf("SC_CLK_TCK")


def tell(what: dict[str, Any]) -> None:
    print(json.dumps(what), flush=True)


def child(database: str, number: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.bench.bench_search", "--child", database, str(number)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def main(number: int) -> None:
    url = os.environ.get("BENCH_DATABASE_URL", "")
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR")) as folder:
        sizes = {number // 10: url and f"{url}_tenth", number: url}
        for size in sizes:
            sizes[size] = sizes[size] or str(Path(folder) / str(size))
            Path(folder, str(size)).mkdir()
        running = {size: child(database, size) for size, database in sizes.items()}
        for size, process in running.items():
            made = json.loads(process.stdout.readline())  # type: ignore[union-attr]
            print(f"{size:,} records: indexed in {made['seconds']:.0f} s of processor time", flush=True)
        print(f"{'':30}{'ms at':>12}{'ms at':>12}\n{'':30}{number // 10:12,}{number:12,}{'ratio':>8}   found")
        for name, question in QUESTIONS.items():
            costs: dict[int, list[float]] = {size: [] for size in running}
            found = {}
            for _ in range(ROUNDS):
                for size, process in running.items():
                    print(json.dumps(question), file=process.stdin, flush=True)
                    found[size] = json.loads(process.stdout.readline())  # type: ignore[union-attr]
                    costs[size].append(found[size]["cpu"])
            few, many = (median(costs[size]) for size in running)
            told = [f"{one['found']:,}{'+' if one['more'] else ''}" for one in found.values()]
            print(
                f"{name:30}{few:12.1f}{many:12.1f}{many / max(few, 0.01):8.2f}   {' and '.join(told)}",
                flush=True,
            )
        for process in running.values():
            process.stdin.close()  # type: ignore[union-attr]
            process.wait()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        prepare(sys.argv[2], int(sys.argv[3]))
        answer()
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
