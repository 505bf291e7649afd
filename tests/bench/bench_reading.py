"""How fast and in how much memory a workbook is read, beside openpyxl and tablib where they are installed.

Run it from the root: `python -m tests.bench.bench_reading [ROWS]`. Each is a process of its own, since memory is that
of a whole process with its children; pairs alternate, five times, and what counts is the ratio of the medians.
"""

import csv
import json
import os
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from time import perf_counter

PAIRS = 5
COLUMNS = 12
OURS = """
from kb.spreadsheets.reading import Limits, read
rows = sum(len(batch) for batch in read(FILE, limits=Limits(rows=10**7)).sheets[0].everything.batches())
"""
THEIRS = {
    "xlsx": (
        "openpyxl",
        "import openpyxl\nsheet = openpyxl.load_workbook(FILE, read_only=True).active\n"
        "rows = sum(1 for _ in sheet.iter_rows(values_only=True))",
    ),
    "csv": (
        "tablib",
        "import tablib\nrows = len(tablib.Dataset().load(open(FILE, encoding='utf-8'), format='csv')) + 1",
    ),
}
MEASURE = """
import json, resource, sys, time
FILE = sys.argv[1]
start = time.perf_counter()
{code}
used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
print(json.dumps({{"rows": rows, "seconds": time.perf_counter() - start,
    "cpu": sum(one.ru_utime + one.ru_stime for one in used), "own": used[0].ru_maxrss, "child": used[1].ru_maxrss}}))
"""


def row(number: int) -> list[str]:
    return [
        f"claim-{number}", f"The statement of number {number}, which is about as long as one is & has a comma",
        "factual", "ru", f"topic-{number % 30}", f"place-{number % 97}", "", f"note {number}",
        f"source-{number % 1000}", "a passage that is quoted", "1945-08-09", str(number),
    ]  # fmt: skip


def make(folder: Path, rows: int) -> dict[str, Path]:
    files = {"csv": folder / "claims.csv"}
    with open(files["csv"], "w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows([[f"column {n}" for n in range(COLUMNS)], *map(row, range(rows))])
    if find_spec("openpyxl"):
        from openpyxl import Workbook

        files["xlsx"] = folder / "claims.xlsx"
        book = Workbook(write_only=True)
        sheet = book.create_sheet("claims")
        sheet.append([f"column {n}" for n in range(COLUMNS)])
        for number in range(rows):
            sheet.append([*row(number)[:-1], number])
        book.save(files["xlsx"])
    return files


def measured(code: str, file: Path) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-c", MEASURE.format(code=code), str(file)],
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])},
    )
    return json.loads(done.stdout)


def line(name: str, runs: list[dict[str, float]]) -> str:
    cpu, seconds = (median(run[part] for run in runs) for part in ("cpu", "seconds"))
    own, child = (max(run[part] for run in runs) / 1024 for part in ("own", "child"))
    rate = runs[0]["rows"] / cpu
    return f"{name:9} {cpu:7.2f} s CPU, {seconds:7.2f} s, {rate:8,.0f} rows/s, {own:4.0f} MB, child {child:4.0f} MB"


def main() -> None:
    """Prints, for each format, both measurements and the ratio of the CPU times."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    start = perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        for kind, file in make(Path(folder), rows).items():
            package, code = THEIRS[kind]
            print(f"{kind}, {rows:,} rows of {COLUMNS} columns, {file.stat().st_size:,} bytes")
            ours, theirs = [], []
            for _ in range(PAIRS):
                ours.append(measured(OURS, file))
                if find_spec(package):
                    theirs.append(measured(code, file))
            print("  " + line("ours", ours))
            if theirs:
                ratio = median(run["cpu"] for run in theirs) / median(run["cpu"] for run in ours)
                print("  " + line(package, theirs))
                print(f"  {package} / ours = {ratio:.1f}")
    print(f"measured in {perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main()
