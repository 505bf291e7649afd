"""`python -m tests.bench.reading CLAIMS`: makes a book of that size, once, and says how to serve it."""

from __future__ import annotations

import argparse
import os
import sys
from time import perf_counter

from tests.bench.reading import kept


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.reading", description=__doc__)
    parser.add_argument("claims", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--server", default="", help="postgres://user@host:port: in a database made there")
    parser.add_argument("--database", default="", help="postgres://user@host:port/name: in this database")
    parser.add_argument("--again", action="store_true", help="even if the database holds a book already")
    return parser.parse_args()


def main() -> None:
    asked = arguments()
    found = kept.book(asked.claims, seed=asked.seed, server=asked.server, database=asked.database)
    found.folder.mkdir(parents=True, exist_ok=True)
    os.environ.update(found.environment)
    os.environ["DJANGO_SETTINGS_MODULE"] = "kb.settings"
    if found.database:
        kept.create_database(found.database)
    import django

    django.setup()
    from django.core.management import call_command

    from tests.bench.reading.making import empty, hurry, make, settle, state
    from tests.bench.reading.world import World

    call_command("migrate", verbosity=0)
    there = state()
    if there == "other" and asked.database and not asked.again:
        sys.exit("That database holds another book. Name an empty one, or say --again.")
    if there == "other" or asked.again:
        empty()
    if state() == "empty":
        start = perf_counter()
        hurry()
        make(World(asked.claims, asked.seed), lambda line: print(f"{perf_counter() - start:6.0f} s  {line}"))
        settle()
    call_command("collectstatic", interactive=False, verbosity=0)
    print(f"{found.told} .venv/bin/gunicorn --config python:kb.server kb.wsgi")


if __name__ == "__main__":
    main()
