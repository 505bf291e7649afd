"""One database's part of `bench_admin`: fills it, then times pages of both admins. Prints a line for each page."""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator
from statistics import median
from typing import Any

import django

django.setup()

from django.contrib import admin  # noqa: E402
from django.contrib.auth.models import User  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import RequestFactory  # noqa: E402

from kb.analysis import claim_index  # noqa: E402
from kb.models import Appearance, Claim  # noqa: E402
from kb.spreadsheets import storing  # noqa: E402
from sources.models import Source  # noqa: E402
from tests.bench.imports.samples import USER, WORDS  # noqa: E402

AT_ONCE = 20_000
PAGES = {
    "list": {},
    "list, page 100": {"p": "100"},
    "list, one kind": {"kind__exact": "quantity"},
    "search, a rare word": {"q": "rare77"},
    "search, two frequent words": {"q": "острова берега"},
    "search, the beginning of a word": {"q": "высад"},
    "search, a key": {"q": "claim-77"},
}


class StockAdmin(admin.ModelAdmin):
    """Django's own, with the same columns, filters and fields to search."""

    list_per_page = 50
    list_display = ("statement", "kind", "editing_state")
    list_filter = ("editing_state", "kind", "topics")
    search_fields = ("statement", "key", "appearances__quote", "appearances__source__title")


def sentences(rows: int) -> Iterator[tuple[str, str, str]]:
    """A language, a statement and a quote; in each thousandth statement a word that is rare."""
    chance = random.Random(7)  # noqa: S311 - a benchmark's
    languages = sorted(WORDS)
    for number in range(rows):
        language = languages[number % len(languages)]
        words = WORDS[language]
        rare = f" rare{number // 1_000}" if number % 1_000 == 0 else ""
        said = [" ".join(chance.choices(words, k=14)) for _ in range(2)]
        yield language, f"{said[0]}{rare} {number}.", said[1]


def fill(rows: int) -> None:
    sources = range(10_001, 10_001 + max(1, rows // 10))
    titled = [
        {"id": n, "uid": f"s{n}", "key": f"s-{n}", "title": f"Report {n}", "type": "report"} for n in sources
    ]
    with transaction.atomic():
        storing.insert(Source, titled)
    told = sentences(rows)
    for start in range(0, rows, AT_ONCE):
        claims: list[dict[str, Any]] = []
        quotes: list[dict[str, Any]] = []
        for n in range(start + 1, min(start + AT_ONCE, rows) + 1):
            language, statement, quote = next(told)
            own = {"statement": statement, "language": language, "kind": "quantity" if n % 3 else "other"}
            claims.append({"id": n, "uid": f"c{n}", "key": f"claim-{n}", **own})
            source = sources[n % len(sources)]
            quotes.append({"id": n, "uid": f"a{n}", "claim_id": n, "source_id": source, "quote": quote})
        with transaction.atomic():
            storing.insert(Claim, claims)
            storing.insert(Appearance, quotes)
    claim_index.catch_up()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


class Watch:
    """Times pages, and the database's part of them."""

    def __init__(self) -> None:
        self.database = 0.0

    def __call__(self, execute: Any, *arguments: Any) -> Any:
        start = time.perf_counter()
        try:
            return execute(*arguments)
        finally:
            self.database += time.perf_counter() - start

    def page(self, one: admin.ModelAdmin, asked: dict[str, str], user: User) -> tuple[float, float]:
        request = RequestFactory().get("/admin/kb/claim/", asked)
        request.user = user
        request.session = {}  # type: ignore[assignment]
        self.database = 0.0
        start = time.perf_counter()
        with connection.execute_wrapper(self):
            answer: Any = one.changelist_view(request)
            if answer.status_code != 200:
                raise RuntimeError(f"{asked} was answered {answer.status_code}.")
            answer.render()
        return time.perf_counter() - start, self.database


def main(rows: int, pairs: int) -> None:
    start = time.perf_counter()
    fill(rows)
    print(f"filled in {time.perf_counter() - start:.0f} s", flush=True)
    user = User.objects.get(username=USER)
    user.is_superuser = True
    admin.autodiscover()
    stock, ours = StockAdmin(Claim, admin.site), admin.site.get_model_admin(Claim)
    watch = Watch()
    for name, asked in PAGES.items():
        watch.page(ours, asked, user)
        both = [(watch.page(stock, asked, user), watch.page(ours, asked, user)) for _ in range(pairs)]
        theirs, own = ([median(pair[n][part] for pair in both) * 1e3 for part in (0, 1)] for n in (0, 1))
        print(
            f"{name:<32} stock ÷ ours {theirs[0] / own[0]:7.1f} ({theirs[0]:.0f} ÷ {own[0]:.0f} ms), in the database "
            f"alone {theirs[1] / own[1]:7.1f} ({theirs[1]:.0f} ÷ {own[1]:.1f} ms)",
            flush=True,
        )


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
