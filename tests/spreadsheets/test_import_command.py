"""The command line: one object, three exit statuses, nothing half done."""

from __future__ import annotations

import io
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from openpyxl import load_workbook

from kb.models import Claim, ImportBatch, Review
from kb.settings import BASE_DIR
from sources.models import Agent, Source
from tests.fixtures.case import load_undecided
from tests.kb import records
from tests.spreadsheets.test_applying import empty_desk, everything_said

FACTCKBR = BASE_DIR.parent / "shared/data/claims/FACTCKBR.tsv"


def written(folder: Path, name: str, *lines: str) -> Path:
    file = folder / name
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def run(file: Path, *options: str) -> tuple[int, str]:
    out = io.StringIO()
    try:
        call_command("import_workbook", str(file), *options, stdout=out)
    except SystemExit as ended:
        return int(ended.code or 0), out.getvalue()
    return 0, out.getvalue()


def told(file: Path, *options: str) -> tuple[int, dict[str, Any]]:
    status, text = run(file, "--json", *options)
    return status, json.loads(text)


@pytest.mark.django_db
def test_one_object_with_the_batch_the_counts_and_the_errors(tmp_path: Path) -> None:
    good = written(tmp_path, "agents.csv", "key,name,kind", "a,A,state", "b,B,state")
    status, found = told(good)
    batch = ImportBatch.objects.get()
    counts = {"created": 2, "changed": 0, "unchanged": 0, "refused": 0}
    assert (status, found) == (0, {"batch": batch.pk, "sheets": {"agents": counts}, "errors": []})
    assert batch.applied_by.username == "command-line"
    assert not batch.applied_by.is_active


@pytest.mark.django_db
def test_some_refused_is_1_and_nothing_is_written_unless_the_good_are_to_be_kept(tmp_path: Path) -> None:
    file = written(tmp_path, "agents.csv", "key,name,kind", "a,A,state", "b,B,robot")
    error = {
        "sheet": "agents",
        "cell": "C3",
        "value": "robot",
        "message": "“robot” is not known here. It is one of: person, organisation, state, group, anonymous.",
    }
    counts = {"created": 1, "changed": 0, "unchanged": 0, "refused": 1}
    assert told(file) == (1, {"batch": None, "sheets": {"agents": counts}, "errors": [error]})
    assert Agent.objects.count() == 0
    status, found = told(file, "--keep-good")
    assert (status, found["errors"], list(Agent.objects.values_list("key", flat=True))) == (1, [error], ["a"])


@pytest.mark.django_db
def test_a_file_that_cannot_be_read_is_2_with_the_reason(tmp_path: Path) -> None:
    file = tmp_path / "book.xlsx"
    file.write_bytes(b"PK\x03\x04 nothing else")
    status, found = told(file)
    assert (status, found["batch"], found["sheets"], len(found["errors"])) == (2, None, {}, 1)
    with pytest.raises(CommandError) as refused:
        call_command("import_workbook", str(file))
    assert refused.value.returncode == 2
    assert str(refused.value) == found["errors"][0]["message"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--into", "claimz"], "There is no sheet “claimz”."),
        (["--map", "statement"], "“statement” is not of the form --map Header=column."),
        (["--profile", "nope"], "There is no profile “nope”."),
        (["--as", "nobody"], "There is no account “nobody”."),
        (["--create", "claims"], "Records of “claims” are not made from a name alone."),
    ],
)
def test_options_that_cannot_be_are_2(tmp_path: Path, options: list[str], message: str) -> None:
    file = written(tmp_path, "agents.csv", "key,name", "a,A")
    with pytest.raises(CommandError, match=message) as refused:
        call_command("import_workbook", str(file), *options)
    assert refused.value.returncode == 2


@pytest.mark.django_db
def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    file = written(tmp_path, "agents.csv", "key,name", "a,A")
    status, found = told(file, "--dry-run")
    assert (status, found["batch"], found["sheets"]["agents"]["created"]) == (0, None, 1)
    assert (Agent.objects.count(), ImportBatch.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_somebody_elses_columns_values_and_references(tmp_path: Path) -> None:
    records.place("iturup", "Etorofu")
    file = written(
        tmp_path,
        "theirs.csv",
        "id;Headline;Truth;Where;Paper",
        "7;It fell.;pants-fire;Etorofu;The Daily",
        "8;It rose.;true;Etorofu;",
    )
    options = [
        "--into",
        "claims",
        "--map",
        "Headline=statement",
        "Truth=rating_text",
        "Where=places",
        "Paper=source",
    ]
    options += [
        "--set",
        "kind=other",
        "reviewer=Checkers",
        "--value",
        "rating_text:pants-fire=False",
        "--create",
        "agents,sources",
    ]
    status, found = told(file, *options)
    assert (status, found["errors"]) == (0, [])
    claim = Claim.objects.get(statement="It fell.")
    assert [place.key for place in claim.places.all()] == ["iturup"]
    assert Source.objects.get().title == "The Daily"
    assert Review.objects.get(claim=claim).rating_text == "False"
    assert told(file, *options)[1]["sheets"]["claims"]["unchanged"] == 2


@pytest.mark.django_db
def test_the_rights_are_those_of_the_account(tmp_path: Path) -> None:
    file = written(tmp_path, "agents.csv", "key,name", "a,A")
    records.account("reader", "Reader of everything")
    with pytest.raises(CommandError, match="Importing a spreadsheet needs a right that you do not have."):
        call_command("import_workbook", str(file), "--as", "reader")
    editor = records.account("editor", "Editor")
    call_command("import_workbook", str(file), "--as", "editor", stdout=io.StringIO())
    assert ImportBatch.objects.get().applied_by == editor


@pytest.mark.django_db
def test_the_report_is_the_file_with_what_is_refused_marked(tmp_path: Path) -> None:
    file = written(tmp_path, "agents.csv", "key,name,kind", "a,=A,state", "b,B,robot")
    report = tmp_path / "report.xlsx"
    assert told(file, "--report", str(report))[0] == 1
    page = load_workbook(report)["agents"]
    assert [[cell.value for cell in row] for row in page.iter_rows(max_col=3)] == [
        ["key", "name", "kind"],
        ["a", "=A", "state"],
        ["b", "B", "robot"],
    ]
    assert page["B2"].data_type == "s"
    message = "“robot” is not known here. It is one of: person, organisation, state, group, anonymous."
    assert page["C3"].comment.text == message
    assert page["C3"].fill.fgColor.rgb == "00FFD9D2"
    assert page["C2"].comment is None
    assert (page["D1"].value, page["D3"].value) == ("Why it was refused", f"C: {message}")


@pytest.mark.django_db
def test_undo_from_the_command_line(tmp_path: Path) -> None:
    run(written(tmp_path, "agents.csv", "key,name", "a,A", "b,B"))
    Agent.objects.filter(key="b").update(note="Work.")
    out = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("undo_import", str(ImportBatch.objects.get().pk), stdout=out)
    assert ended.value.code == 1
    assert out.getvalue() == (
        "agents.csv: 1 deleted, 0 put back as they were, 0 made again.\n"
        "  agents row 3: “b” was changed since it was imported, and stays as it is.\n"
    )
    with pytest.raises(CommandError, match="There is no import 0."):
        call_command("undo_import", "0")


@pytest.mark.django_db
def test_fact_checks_come_with_their_own_ratings_and_a_second_time_change_nothing() -> None:
    if not FACTCKBR.is_file():
        return
    status, found = told(FACTCKBR, "--profile", "factckbr", "--keep-good")
    counts = found["sheets"]["claims"]
    assert sum(counts.values()) == 1_313
    assert counts["created"] == Claim.objects.count() > 1_200
    assert set(Review.objects.values_list("reviewer__name", flat=True)) == {
        "Aos Fatos",
        "Agência Lupa",
        "Agência Pública",
    }
    assert {error["cell"].rstrip("0123456789") for error in found["errors"]} <= {"D", "I"}
    again = told(FACTCKBR, "--profile", "factckbr", "--keep-good")[1]
    assert again["batch"] is None
    assert {o: again["sheets"]["claims"][o] for o in ("created", "changed")} == {"created": 0, "changed": 0}


@pytest.mark.django_db
def test_the_founding_workbook_on_an_empty_desk_is_the_founding_case() -> None:
    load_undecided()
    loaded = everything_said()
    empty_desk()
    workbook = BASE_DIR / "fixtures/hot_spring_diplomacy.xlsx"
    status, found = told(workbook)
    assert (status, found["errors"]) == (0, [])
    assert everything_said() == loaded
    again = told(workbook)[1]
    assert again["batch"] is None
    assert {counts["created"] + counts["changed"] for counts in again["sheets"].values()} == {0}


# --- killed in the middle -------------------------------------------------------------------------------------------


def test_killed_at_any_moment_it_leaves_nothing_or_everything(
    tmp_path: Path, begin_with: Callable[[Path], None]
) -> None:
    """The process is killed at some moments of applying; a database of its own, so that it can be."""
    environment = {**os.environ, "DATA_DIR": str(tmp_path / "data"), "ENV_FILE": "", "DATABASE_URL": ""}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    manage = [sys.executable, str(BASE_DIR / "manage.py")]
    begin_with(tmp_path / "data/rejoinder.sqlite3")
    subprocess.run([*manage, "migrate", "-v0"], env=environment, check=True, cwd=BASE_DIR)
    file = written(tmp_path, "agents.csv", "key,name", *(f"a{i},Agent {i}" for i in range(3_000)))
    database = tmp_path / "data/rejoinder.sqlite3"
    whole = 3_000
    for _ in range(3):
        process = subprocess.Popen(
            [*manage, "import_workbook", str(file)], env=environment, cwd=BASE_DIR, stdout=subprocess.DEVNULL
        )
        _wait_for_writing(database, process)
        time.sleep(random.uniform(0, 0.15))
        process.send_signal(signal.SIGKILL)
        process.wait()
        with sqlite3.connect(database) as opened:
            agents, history, batches, rows = (
                opened.execute(f"SELECT COUNT(*) FROM {name}").fetchone()[0]
                for name in ("sources_agent", "sources_historicalagent", "kb_importbatch", "kb_importedrow")
            )
            assert (agents, history, batches, rows) in [(0, 0, 0, 0), (whole, whole, 1, whole)]
            assert opened.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        if agents:
            break
    subprocess.run(
        [*manage, "import_workbook", str(file)],
        env=environment,
        check=True,
        cwd=BASE_DIR,
        stdout=subprocess.DEVNULL,
    )
    with sqlite3.connect(database) as opened:
        assert opened.execute("SELECT COUNT(*), COUNT(DISTINCT key) FROM sources_agent").fetchone() == (
            whole,
            whole,
        )
        assert opened.execute("SELECT COUNT(*) FROM kb_importbatch").fetchone() == (1,)


def _wait_for_writing(database: Path, process: subprocess.Popen[bytes]) -> None:
    """Until something larger than the session of a migration stands in the write-ahead log, or the process ends."""
    log = database.with_name(database.name + "-wal")
    while process.poll() is None and not (log.exists() and log.stat().st_size > 20_000):
        time.sleep(0.005)


@pytest.mark.django_db
def test_a_column_that_the_whole_sheet_lacks_is_said_once(tmp_path: Path) -> None:
    file = written(tmp_path, "claims.csv", "statement", "One.", "Two.", "Three.")
    status, text = run(file)
    assert (status, text.splitlines()) == (
        1,
        [
            "“claims” has no column for “kind”, and no new record can be without it. Say which of its columns that "
            "is, or what every row has there.",
            "claims: 0 created, 0 changed, 0 unchanged, 3 refused",
            "Refused:",
            "  claims!A2 and 2 more: “kind” is required, and empty.",
            "Nothing was written: correct the refused rows, or import the others with --keep-good.",
        ],
    )
