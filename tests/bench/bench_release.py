"""What publishing costs for each claim, a hundred at once and a thousand: run with `make bench`.

It works on a database of its own, as the tests do, and leaves none behind.
"""

import os
import time
from collections.abc import Callable

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

from django.test.runner import DiscoverRunner  # noqa: E402
from django.test.utils import setup_test_environment  # noqa: E402

from kb.book import writing  # noqa: E402
from kb.models import Appearance, Claim  # noqa: E402
from sources.models import Source  # noqa: E402
from tests.kb import published, records  # noqa: E402

SIZES = (100, 1000)


def claims(number: int, source: Source) -> list[Claim]:
    made = Claim.objects.bulk_create(
        [
            Claim(
                key=f"claim-{number}-{n}",
                statement=f"Statement {n} of {number} on the islands taken in August 1945.",
                kind="other",
            )
            for n in range(number)
        ]
    )
    Appearance.objects.bulk_create([Appearance(claim=claim, source=source) for claim in made])
    return list(Claim.objects.filter(pk__in=[claim.pk for claim in made]))


def timed(label: str, number: int, act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    each = (time.perf_counter() - start) / number * 1000
    print(f"{label:<28}{number:>6} records {each:8.2f} ms each")
    return each


def main() -> None:
    """Prints a line for each step and size, and what one record costs among many beside one among few."""
    source, by = records.source(), published.publisher()
    published.publish(source)
    cost = {}
    for number in SIZES:
        given = claims(number, source)
        steps = {
            "blockers": lambda given=given: writing.blockers(given),
            "release": lambda given=given: writing.release(given, by=by, why="All at once."),
            "release, unchanged": lambda given=given: writing.release(given, by=by, why="Again."),
            "withdraw": lambda given=given: writing.withdraw(given, by=by, why="All at once."),
        }
        cost[number] = {label: timed(label, number, act) for label, act in steps.items()}
    few, many = (cost[number] for number in SIZES)
    for label in few:
        print(f"{label:<28}one of {SIZES[1]} costs {many[label] / few[label]:.2f} of one of {SIZES[0]}")


if __name__ == "__main__":
    setup_test_environment()
    runner = DiscoverRunner(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    try:
        main()
    finally:
        runner.teardown_databases(databases)
