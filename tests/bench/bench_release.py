"""What publishing costs for each claim, a hundred at once, a thousand, and ten thousand as a job: `make bench`.

It works on a database of its own, as the tests do, and leaves none behind.
"""

import os
import time
from collections.abc import Callable

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

from django.contrib.auth.models import User  # noqa: E402
from django.test.runner import DiscoverRunner  # noqa: E402
from django.test.utils import setup_test_environment  # noqa: E402

from kb import workflow  # noqa: E402
from kb.book import jobs, writing  # noqa: E402
from kb.book.models import PublishingJob  # noqa: E402
from kb.editorial.aggregate import Aggregate  # noqa: E402
from kb.models import Appearance, Claim  # noqa: E402
from sources.models import Source  # noqa: E402
from tests.kb import published, records  # noqa: E402

SIZES = (100, 1000)
#: As jobs: each claim with a source of its own, as imports bring them.
JOBS = (1_000, int(os.environ.get("BENCH_RECORDS", 10_000)))


def claims(number: int, source: Source | None) -> list[Claim]:
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
    if source:
        Appearance.objects.bulk_create([Appearance(claim=claim, source=source) for claim in made])
    return list(Claim.objects.filter(pk__in=[claim.pk for claim in made]))


def with_sources(number: int) -> list[Aggregate]:
    half = number // 2
    sources = Source.objects.bulk_create(
        [
            Source(key=f"said-{number}-{n}", title=f"Column {n} of {number}", type="article-newspaper")
            for n in range(half)
        ]
    )
    given = claims(half, None)
    Appearance.objects.bulk_create(
        [Appearance(claim=claim, source=source) for claim, source in zip(given, sources, strict=True)]
    )
    return [*Claim.objects.filter(key__startswith=f"claim-{half}-"), *sources]


def as_jobs(by: User) -> None:
    """Prints what a record costs in a small job and in a large one, and for how long others could not write."""
    cost, other = {}, published.publisher()
    for number in JOBS:
        given = with_sources(number)
        timed("submit", number, lambda given=given: workflow.submit(given, by=other))
        made: list[PublishingJob] = []
        timed("plan", number, lambda given=given, made=made: made.append(plan(given, by)))
        reports: list[jobs.Report] = []
        cost[number] = timed(
            "publish_many", number, lambda made=made, r=reports: r.append(jobs.publish_many(made[0]))
        )
        longest, releases = reports[0].longest, len(reports[0].releases)
        print(f"{'':<28}{releases:>6} releases; the longest kept others from writing for {longest:.2f} s")
    few, many = JOBS
    print(f"{'publish_many':<28}one of {many} costs {cost[many] / cost[few]:.2f} of one of {few}")


def plan(given: list[Aggregate], by: User) -> PublishingJob:
    return jobs.plan_publishing(given, by=by, why="All at once.")


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
    as_jobs(by)


if __name__ == "__main__":
    setup_test_environment()
    runner = DiscoverRunner(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    try:
        main()
    finally:
        runner.teardown_databases(databases)
