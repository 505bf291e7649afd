"""What public pages cost, beside a bare response, beside Datasette, and at ten times the claims.

    python -m tests.bench.bench_pages [CLAIMS…]

Books of so many claims are made where there are none yet (10,000, 100,000 and 1,000,000; `tests.bench.reading` says
where). BENCH_SERVER=postgres://user@host:port has them made in PostgreSQL. What counts is the CPU time of the process
that answers (without that of PostgreSQL's); pairs alternate, and each figure is a ratio of medians. Datasette gets an
environment of its own under BENCH_DIR, from the package index; without it, its lines are missing.
"""

from __future__ import annotations

import os
import subprocess
import sys
from functools import partial
from itertools import pairwise
from pathlib import Path
from time import perf_counter

from tests.bench.reading import kept
from tests.bench.reading.answering import BARE
from tests.bench.reading.asking import Question, Server, compared, ours
from tests.bench.reading.rivals.copying import copied

SIZES = (10_000, 100_000, 1_000_000)
#: Of claims all over the book; the first events and places are those that most is said about.
CLAIMS = tuple(f"/claims/claim-{number}/" for number in (11, 222, 1_234, 2_345, 3_456, 4_567, 5_678, 7_777))
LIST = ("/claims/?rating=inaccurate",)
SEARCH = ("/search/?q=harbour+census", "/search/?q=%E5%8D%A0%E9%A0%98", "/search/?q=railway")
DATASETTE = "datasette==0.65.2"


class Table:
    """Prints lines as they are measured."""

    def line(self, what: str, one: float, other: float, goal: str, met: bool) -> None:
        mark = "" if met else "  (missed)"
        print(f"{what:<62}{one:9.2f} ms {other:9.2f} ms {one / other:8.2f}   {goal}{mark}", flush=True)

    def at_most(self, what: str, costs: tuple[float, float], goal: float) -> None:
        self.line(what, *costs, f"≤ {goal:g}", costs[0] / costs[1] <= goal)

    def at_least(self, what: str, costs: tuple[float, float], goal: float) -> None:
        self.line(what, *costs, f"≥ {goal:g}", costs[0] / costs[1] >= goal)


def beside_bare(site: Server, table: Table) -> None:
    def bare() -> float:
        return site.cost(Question((BARE,)))

    for what, question, goal in (
        ("claim page, cold ÷ bare", Question(CLAIMS), 4),
        ("claim page, warm ÷ bare", Question(CLAIMS, cold=False), 2),
        ("claim page, conditional ÷ bare", Question(CLAIMS, conditional=True), 1.5),
        ("list, cold ÷ bare", Question(LIST), 10),
    ):
        table.at_most(what, compared(partial(site.cost, question), bare), goal)


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
        ("list by place", Question(("/claims/?about=place/place-40",))),
        ("search", Question(SEARCH)),
    ):
        costs = compared(partial(larger.cost, question), partial(smaller.cost, question))
        table.at_most(f"{what}, {names}", costs, 1.5)


def main() -> None:
    sizes = [int(size.replace(",", "").replace("_", "")) for size in sys.argv[1:]] or list(SIZES)
    start, table = perf_counter(), Table()
    server = os.environ.get("BENCH_SERVER", "")
    books = [kept.ensured(size, server=server) for size in sizes]
    sites: list[Server] = [ours(book) for book in books]
    print(f"on {'PostgreSQL' if server else 'SQLite'}, {sites[0].versions}, {os.cpu_count()} processors")
    try:
        for size, site, book in zip(sizes, sites, books, strict=True):
            print(f"{size:,} claims{'':52}{'one':>9}    {'other':>9}    {'ratio':>8}   goal")
            beside_bare(site, table)
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
