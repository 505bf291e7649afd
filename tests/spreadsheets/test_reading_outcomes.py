"""Every messy, odd and hostile file is read right, or refused with the sentence that the table has for it."""

import resource
import shutil
import subprocess
import sys
import tracemalloc
from pathlib import Path

import pytest

from tests.spreadsheets.outcomes import SHARED, TABLE, Outcome, of, table

OWN = TABLE.parent
EXPECTED = table()
# The largest hostile files are written by a script that lies beside the others.
SCRIPT = SHARED / "hostile" / "make_corpus.py"


def here(name: str) -> Path | None:
    return next((file for file in (OWN / name, SHARED / name) if file.is_file()), None)


PRESENT = [name for name in EXPECTED if here(name)]


@pytest.mark.parametrize("name", PRESENT)
def test_a_file_has_the_outcome_of_the_table(name: str) -> None:
    file = here(name)
    assert file is not None
    spent = work_of_children()
    assert of(file, name) == EXPECTED[name]
    assert work_of_children() - spent < (5 if name.startswith("hostile") else 10)


def test_every_file_that_is_here_is_in_the_table() -> None:
    folders = [OWN / "messy", SHARED / "torture", SHARED / "hostile" / "files"]
    files = [file for folder in folders if folder.is_dir() for file in folder.rglob("*") if file.is_file()]
    names = {
        str(file.relative_to(OWN if file.is_relative_to(OWN) else SHARED))
        for file in files
        if "csv-spectrum/json" not in str(file)
    }
    assert names - set(EXPECTED) == set()


def test_the_largest_hostile_files_are_refused_in_time_without_memory_of_ours(tmp_path: Path) -> None:
    if not SCRIPT.is_file():
        assert PRESENT
        return
    shutil.copy(SCRIPT, tmp_path)
    subprocess.run(
        [sys.executable, str(tmp_path / SCRIPT.name)], cwd=tmp_path, capture_output=True, check=True
    )
    made = {f"hostile/files/{file.name}": file for file in (tmp_path / "files").iterdir()}
    large = sorted(name for name in made if name in EXPECTED and not here(name))
    assert large
    tracemalloc.start()
    found: dict[str, Outcome] = {}
    slow: list[str] = []
    for name in large:
        spent = work_of_children()
        found[name] = of(made[name], name)
        if work_of_children() - spent > 5:
            slow.append(name)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found == {name: EXPECTED[name] for name in large}
    assert slow == []
    assert peak < 20 * 1024 * 1024


def work_of_children() -> float:
    """Seconds of work of the processes that were started and have ended."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime
