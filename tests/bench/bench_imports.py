"""What bringing a spreadsheet costs beside django-import-export and beside the least it can cost: `make bench`.

Whole processes, alternating, each on a database as it was before; processor time counts, the median of the pairs. On
PostgreSQL the server's own time is not in it. `BENCH_DATABASE_URL` adds PostgreSQL, `BENCH_PAIRS` says how many pairs
(5), `BENCH_ROWS` the size of the large file (100,000), `BENCH_LARGEST` that of one larger yet (none; 1000000).
"""

from __future__ import annotations

import json
import os
import platform
import sqlite3
from collections.abc import Callable
from pathlib import Path
from statistics import median

import django
import import_export

from tests.bench.imports.samples import USER, write_csv
from tests.bench.imports.site import Run, Site

FEW, MANY = 10_000, int(os.environ.get("BENCH_ROWS", 100_000))
LARGEST = int(os.environ.get("BENCH_LARGEST", 0))
PAIRS = int(os.environ.get("BENCH_PAIRS", 5))
OURS = ("manage.py", "import_workbook", "--as", USER, "--json")


class Bench:
    """The measurements on one site, each printed as it is made."""

    def __init__(self, site: Site) -> None:
        self.site = site

    def sheet(self, rows: int) -> Path:
        file = self.site.folder / f"claims-{rows}.csv"
        if not file.exists():
            write_csv(rows, file)
        return file

    def ours(self, rows: int, *options: str) -> Run:
        return self.site.run(*OURS, str(self.sheet(rows)), *options)

    def stock(self, rows: int, *options: str) -> Run:
        return self.site.run("-m", "tests.bench.imports.stock", str(self.sheet(rows)), *options)

    def raw(self, rows: int) -> Run:
        return self.site.run("-m", "tests.bench.imports.raw", self.site.database, str(self.sheet(rows)))

    def afresh(self, act: Callable[[], Run]) -> Run:
        self.site.reset()
        return act()

    def pairs(
        self, one: Callable[[], Run], other: Callable[[], Run], pairs: int
    ) -> tuple[list[Run], list[Run]]:
        found: tuple[list[Run], list[Run]] = ([], [])
        for _ in range(pairs):
            found[0].append(one())
            found[1].append(other())
        return found

    def compare(self, label: str, goal: str, one: list[Run], other: list[Run]) -> None:
        ratio = median(a.cpu / b.cpu for a, b in zip(one, other, strict=True))
        figures = " ÷ ".join(
            f"{median(r.cpu for r in runs):.2f} s CPU ({median(r.memory for r in runs):.0f} MB)"
            for runs in (one, other)
        )
        wall = " ÷ ".join(f"{median(r.wall for r in runs):.1f}" for runs in (one, other))
        aim = f"goal {goal}" if goal else ""
        print(
            f"{label:<58}{ratio:7.2f}  {aim:<11} {figures}, {wall} s on the clock, {len(one)} pairs",
            flush=True,
        )

    # --- what is asked -----------------------------------------------------------------------------------------------

    def beside_stock(self) -> None:
        first, again = ([], []), ([], [])  # type: tuple[list[Run], list[Run]], tuple[list[Run], list[Run]]
        skipping = []
        for _ in range(PAIRS):
            for place, act in enumerate((lambda: self.stock(FEW), lambda: self.ours(FEW))):
                first[place].append(self.afresh(act))
                again[place].append(act())
            skipping.append(self.stock(FEW, "--skip-unchanged"))
        self.compare(f"stock ÷ ours, {FEW:,} rows", "≥ 20", *first)
        self.compare(f"stock ÷ ours, {FEW:,} rows again, unchanged", "≥ 40", *again)
        self.compare("the same, stock told to skip what is unchanged", "", skipping, again[1])

    def beside_least(self) -> None:
        least = "COPY" if self.site.url else "executemany"
        runs = self.pairs(
            lambda: self.afresh(lambda: self.ours(MANY)),
            lambda: self.afresh(lambda: self.raw(MANY)),
            max(PAIRS // 2, 1),
        )
        self.compare(f"ours ÷ parse and {least}, {MANY:,} rows", "≤ 2.5", *runs)

    def planning(self) -> None:
        for rows, pairs in ((FEW, PAIRS), (MANY, max(PAIRS // 2, 1))):
            runs = self.pairs(
                lambda rows=rows: self.afresh(lambda: self.ours(rows, "--dry-run")),  # type: ignore[misc]
                lambda rows=rows: self.afresh(lambda: self.ours(rows)),  # type: ignore[misc]
                pairs,
            )
            self.compare(f"plan ÷ plan and apply, {rows:,} rows", "≤ 0.5", *runs)

    def growth(self) -> None:
        costs = {}
        for rows in filter(None, (FEW, MANY, LARGEST)):
            run = self.afresh(lambda rows=rows: self.ours(rows))  # type: ignore[misc]
            costs[rows] = run.cpu / rows
            size = self.sheet(rows).stat().st_size / 1e6
            print(
                f"{rows:>9,} rows ({size:.1f} MB): {run.cpu:.1f} s CPU, {costs[rows] * 1e6:.0f} µs a row "
                f"({costs[rows] / costs[FEW]:.2f} of that at {FEW:,}), {run.memory:.0f} MB at most",
                flush=True,
            )

    def phases(self) -> None:
        self.site.reset()
        run = self.site.run("-m", "tests.bench.imports.phases", str(self.sheet(MANY)))
        print(f"{MANY:,} rows, in seconds: {run.printed.strip()}", flush=True)

    def others(self) -> None:
        """Readers and editors on the same database while a large import runs."""
        self.site.reset()
        stop = self.site.folder / "stop"
        stop.unlink(missing_ok=True)
        beside = {
            act: self.site.start("-m", "tests.bench.imports.beside", act, str(stop))
            for act in ("read", "write")
        }
        try:
            self.ours(MANY)
        finally:
            stop.touch()
        for act, process in beside.items():
            told = json.loads(process.communicate()[0])
            print(
                f"while {MANY:,} rows are imported: {told['times']} times {act}, longest {told['longest']:.2f} s, "
                f"{len(told['errors'])} errors {sorted(set(told['errors']))[:2]}",
                flush=True,
            )


def main() -> None:
    """Prints every figure, on SQLite and, where there is one, on PostgreSQL."""
    print(
        f"Python {platform.python_version()}, Django {django.__version__}, import-export {import_export.__version__}, "
        f"SQLite {sqlite3.sqlite_version}; 12 columns, with topics, places, events, sources and a first appearance"
    )
    for url in filter(None, ("sqlite", os.environ.get("BENCH_DATABASE_URL", ""))):
        print(f"-- {url.partition(':')[0]}")
        site = Site("" if url == "sqlite" else url)
        try:
            bench = Bench(site)
            bench.beside_stock()
            bench.beside_least()
            bench.planning()
            bench.growth()
            bench.phases()
            bench.others()
        finally:
            site.close()


if __name__ == "__main__":
    main()
