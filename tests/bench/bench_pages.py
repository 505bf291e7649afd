"""What public pages cost, beside a bare response, beside Datasette, and at ten times the claims.

    python -m tests.bench.bench_pages [CLAIMS…]

Books of so many claims are made where there are none yet (10,000 and 100,000; a million takes hours more;
`tests.bench.reading` says where). Where DATABASE_URL names a PostgreSQL server, each in a database of its own there.
What counts is the CPU time of the process that answers (without that of PostgreSQL's); pairs alternate, and each figure
is a ratio of medians. Datasette gets an environment of its own under BENCH_DIR, from the package index; without it, its
lines are missing.
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from functools import partial
from itertools import pairwise
from pathlib import Path
from time import perf_counter

from tests.bench.reading import kept
from tests.bench.reading.answering import BARE
from tests.bench.reading.asking import Question, Server, compared, ours
from tests.bench.reading.rivals.copying import copied

SIZES = (10_000, 100_000)
#: Of claims all over the book; the first events and places are those that most is said about.
CLAIMS = tuple(f"/claims/claim-{number}/" for number in (11, 222, 1_234, 2_345, 3_456, 4_567, 5_678, 7_777))
LIST = ("/claims/?rating=inaccurate",)
ALL, BY_PLACE, BY_DATE = ("/claims/",), ("/claims/?about=place/place-40",), ("/claims/?date=1945",)
PLACES = ("/places/place-40/", "/places/place-111/", "/places/place-333/")
SEARCH = ("/search/?q=harbour+census", "/search/?q=%E5%8D%A0%E9%A0%98", "/search/?q=railway")
#: Rows of a page of a list.
PAGE = 50
DATASETTE = "datasette==0.65.2"


class Table:
    """Prints lines as they are measured."""

    def line(self, what: str, one: float, other: float, goal: str, met: bool) -> None:
        mark = "" if met else "  (missed)"
        print(f"{what:<62}{one:9.2f} ms {other:9.2f} ms {one / other:8.2f}   {goal}{mark}", flush=True)

    def at_most(self, what: str, costs: tuple[float, float], goal: float | None) -> None:
        """A ratio that is to stay below its goal, if it has one."""
        said, met = ("", True) if goal is None else (f"≤ {goal:g}", costs[0] / costs[1] <= goal)
        self.line(what, *costs, said, met)

    def at_least(self, what: str, costs: tuple[float, float], goal: float) -> None:
        self.line(what, *costs, f"≥ {goal:g}", costs[0] / costs[1] >= goal)


def beside_bare(site: Server, table: Table) -> None:
    def bare() -> float:
        return site.cost(Question((BARE,)))

    for what, question, goal in (
        ("claim page, cold ÷ bare", Question(CLAIMS), 4),
        ("claim page, warm ÷ bare", Question(CLAIMS, cold=False), 2),
        ("claim page, conditional ÷ bare", Question(CLAIMS, conditional=True), 1.5),
        ("list narrowed to a rating, cold ÷ bare", Question(LIST), 10),
        ("list of all claims, cold ÷ bare", Question(ALL), 10),
        ("list by place, cold ÷ bare", Question(BY_PLACE), None),
        ("list by date, cold ÷ bare", Question(BY_DATE), None),
        ("search, cold ÷ bare", Question(SEARCH), None),
        ("place page, cold ÷ bare", Question(PLACES), None),
    ):
        table.at_most(what, compared(partial(site.cost, question), bare), goal)


def far_into_a_list(site: Server, book: kept.Kept, size: int, table: Table) -> None:
    """The thousandth page of the list of all claims beside the first; of a shorter list the last but one."""
    page = min(1_000, size // PAGE - 1)
    far = Question((f"/claims/?after={_end_of_page(book, page - 1)}",))
    costs = compared(partial(site.cost, far), partial(site.cost, Question(ALL)))
    table.at_most(f"page {page:,} of a list ÷ page 1", costs, 1.2)


def _end_of_page(book: kept.Kept, page: int) -> str:
    sql = (
        "SELECT begin, record FROM book_facet WHERE value = 'claim' ORDER BY begin, record "
        f"LIMIT 1 OFFSET {page * PAGE - 1}"
    )
    if book.database:
        import psycopg

        with psycopg.connect(book.database) as connection:
            key, record = connection.execute(sql).fetchone()  # type: ignore[call-overload,misc]
    else:
        with closing(sqlite3.connect(book.folder / "rejoinder.sqlite3")) as connection:
            key, record = connection.execute(sql).fetchone()
    return f"{key}~{record}"


def beside_datasette(site: Server, book: kept.Kept, table: Table) -> None:
    python = _environment(DATASETTE)
    if python is None:
        return
    copy = copied(book.folder / "rejoinder.sqlite3", book.folder / "copy.sqlite3")
    rival = Server([str(python), str(Path(__file__).parent / "reading/rivals/datasette_site.py"), str(copy)])
    print(f"{'':2}datasette {rival.versions['datasette']}")
    quick = "_nocount=1&_nosuggest=1&_size=50"
    rows = tuple(f"/copy/claims/{path.split('/')[2]}" for path in CLAIMS)
    searches = tuple(f"/copy/claims?_search={path.partition('=')[2]}&{quick}" for path in SEARCH)
    try:
        for what, theirs, mine in (
            ("Datasette's row page ÷ claim page, warm", rows, Question(CLAIMS, cold=False)),
            ("Datasette's row page ÷ claim page, cold", rows, Question(CLAIMS)),
            (
                "Datasette's filtered list ÷ ours, cold",
                (f"/copy/claims?rating=inaccurate&_sort=sort_date&{quick}",),
                Question(LIST),
            ),
            ("Datasette's search ÷ ours, cold", searches, Question(SEARCH)),
        ):
            costs = compared(partial(rival.cost, Question(theirs)), partial(site.cost, mine))
            table.at_least(what, costs, 4)
    finally:
        rival.close()


def _environment(requirement: str) -> Path | None:
    """The Python of an environment that has this package, made if need be."""
    name = requirement.partition("==")[0]
    folder = Path(os.environ.get("BENCH_DIR", kept.ROOT / "var" / "bench")).resolve() / name
    python = folder / "bin" / "python"
    if python.exists() and subprocess.run([python, "-c", f"import {name}"], check=False).returncode == 0:
        return python
    try:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run([python, "-m", "pip", "install", "-qq", requirement], check=True)
    except subprocess.CalledProcessError:
        print(f"  {requirement} could not be installed; what is measured beside it is left out.")
        return None
    return python


def growth(larger: Server, smaller: Server, names: str, table: Table) -> None:
    for what, question in (
        ("claim page, cold", Question(CLAIMS)),
        ("list", Question(LIST)),
        ("list by place", Question(BY_PLACE)),
        ("list by date", Question(BY_DATE)),
        ("search", Question(SEARCH)),
        ("place page", Question(PLACES)),
    ):
        costs = compared(partial(larger.cost, question), partial(smaller.cost, question))
        table.at_most(f"{what}, {names}", costs, 1.5)


def main() -> None:
    sizes = [int(size.replace(",", "").replace("_", "")) for size in sys.argv[1:]] or list(SIZES)
    start, table = perf_counter(), Table()
    url = os.environ.get("BENCH_DATABASE_URL") or os.environ.get("DATABASE_URL", "")
    server = url.rpartition("/")[0] if url.startswith("postgres") else ""
    books = [kept.ensured(size, server=server) for size in sizes]
    sites: list[Server] = [ours(book) for book in books]
    print(f"on {'PostgreSQL' if server else 'SQLite'}, {sites[0].versions}, {os.cpu_count()} processors")
    try:
        for size, site, book in zip(sizes, sites, books, strict=True):
            print(f"{size:,} claims{'':52}{'one':>9}    {'other':>9}    {'ratio':>8}   goal")
            beside_bare(site, table)
            far_into_a_list(site, book, size, table)
            if not server:
                beside_datasette(site, book, table)
        for (few, smaller), (many, larger) in pairwise(zip(sizes, sites, strict=True)):
            growth(larger, smaller, f"{many:,} ÷ {few:,}", table)
    finally:
        for site in sites:
            site.close()
    print(f"measured in {perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main()
