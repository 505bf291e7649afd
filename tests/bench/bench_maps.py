"""What maps and the timeline cost with few places and events, and with a hundred times as many: `make bench`.

CPU time of whole pages, medians. It works on a database of its own, as the tests do, and leaves none behind.
"""

import os
import random
import time
from statistics import median

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

from django.contrib.auth.models import User  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.runner import DiscoverRunner  # noqa: E402
from django.test.utils import setup_test_environment  # noqa: E402
from django.utils import timezone  # noqa: E402

from kb.book import facets, index  # noqa: E402
from kb.book.models import Release, Version  # noqa: E402
from kb.editorial.fields import canonical_json  # noqa: E402

SIZES = tuple(int(size) for size in os.environ.get("BENCH_PLACES", "1000,100000").split(","))
ROUNDS = 15
PAGES = {
    "map of the world": "/places/map/",
    "map of a region": "/places/map/?at=45,10&zoom=3",
    "map from near": "/places/map/?at=45,10&zoom=7",
    "page of a place": "/places/place-1/",
    "timeline, all": "/timeline/",
    "timeline, a decade": "/timeline/?date=1940/1949",
    "timeline, a month": "/timeline/?date=1945-08",
}


def place(number: int, chance: random.Random) -> dict:
    name = {
        "uid": f"n{number:011}", "text": f"Place {number}", "language": "en", "kind": "endonym", "when": "",
        "used_by": [], "used_in": [], "romanisation_of": None, "source": None, "locator": "",
    }  # fmt: skip
    return {
        "uid": f"p{number:011}", "kind": "place", "key": f"place-{number}", "place_kind": "city",
        "part_of": None, "latitude": f"{chance.gauss(45, 8):.5f}", "longitude": f"{chance.gauss(10, 25):.5f}",
        "geometry": None, "time_zone": "", "wikidata": "", "geonames": None, "note": "",
        "names": [name], "statuses": [],
    }  # fmt: skip


def event(number: int, chance: random.Random, places: int) -> dict:
    year = int(chance.triangular(1500, 2020, 1945))
    exact = f"{year:04}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
    when = chance.choice([exact, exact, exact, exact[:7], exact[:4], f"{exact}/{year + 1:04}"])
    return {
        "uid": f"e{number:011}", "kind": "event", "key": f"event-{number}", "title": f"Event {number}",
        "language": "en", "when": when, "note": "", "places": [f"p{chance.randrange(places):011}"],
        "participants": [], "part_of": None, "after": [],
    }  # fmt: skip


def publish(documents: list[dict], release: Release) -> None:
    made = [
        Version(
            uid=one["uid"], kind=one["kind"], number=1, release=release, schema=1, revision=1,
            document=canonical_json(one), sha256="0" * 64,
        )
        for one in documents
    ]  # fmt: skip
    index.add(list(zip(Version.objects.bulk_create(made), documents, strict=True)))


def grown(first: int, last: int, release: Release) -> None:
    chance = random.Random(first)  # noqa: S311
    for begin in range(first, last, 1000):
        numbers = range(begin, min(begin + 1000, last))
        publish([place(number, chance) for number in numbers], release)
        publish([event(number, chance, last) for number in numbers], release)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def measured(client: Client) -> dict[str, tuple[float, int]]:
    taken: dict[str, list[float]] = {name: [] for name in PAGES}
    size = {}
    for _ in range(ROUNDS):
        for name, address in PAGES.items():
            begin = time.process_time()
            response = client.get(address)
            taken[name].append(time.process_time() - begin)
            assert response.status_code == 200, address
            size[name] = len(response.content)
    return {name: (median(seconds) * 1000, size[name]) for name, seconds in taken.items()}


def main() -> None:
    setup_test_environment()
    runner = DiscoverRunner(verbosity=0, interactive=False)
    old = runner.setup_databases()
    try:
        by = User.objects.create_user("measurer")
        release = Release.objects.create(number=1, at=timezone.now(), by=by, why="First published.")
        found, there = {}, 0
        for size in SIZES:
            begin = time.process_time()
            grown(there, size, release)
            print(
                f"{size - there:,} places and events more, published in {time.process_time() - begin:.0f} s"
            )
            there = size
            found[size] = measured(Client())
        print(f"\n{'page':22}" + "".join(f"{size:>16,}" for size in SIZES) + f"{'ratio':>8}{'bytes':>10}")
        for name in PAGES:
            row = [found[size][name][0] for size in SIZES]
            print(
                f"{name:22}" + "".join(f"{one:>13.2f} ms" for one in row)
                + f"{row[-1] / row[0]:>8.2f}{found[SIZES[-1]][name][1]:>10,}"
            )  # fmt: skip
        print(f"\n{facets.Facet.objects.count():,} facets, on {connection.vendor}")
    finally:
        runner.teardown_databases(old)


if __name__ == "__main__":
    main()
