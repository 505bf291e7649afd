"""The desk's list and search of claims beside Django's own admin: `python -m tests.bench.bench_admin [ROWS]` (100,000).

Both list the same tables (so many claims, each with an appearance; a source for ten of them), alternating in one
process; a whole page is made, and the median counts. `BENCH_DATABASE_URL` adds PostgreSQL, `BENCH_PAIRS` says how many
pairs (5).
"""

from __future__ import annotations

import os
import sys

from tests.bench.imports.site import Site

PAIRS = int(os.environ.get("BENCH_PAIRS", 5))


def main(rows: int) -> None:
    for url in filter(None, ("sqlite", os.environ.get("BENCH_DATABASE_URL", ""))):
        site = Site("" if url == "sqlite" else url)
        try:
            print(f"-- {url.partition(':')[0]}, {rows:,} claims", flush=True)
            print(
                site.run("-m", "tests.bench.admin_pages", str(rows), str(PAIRS)).printed, end="", flush=True
            )
        finally:
            site.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
