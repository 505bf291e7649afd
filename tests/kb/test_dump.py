"""The whole book as files: what is published, as it was released, and nothing else; replaced as a whole."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kb.book import walking
from kb.book.models import Record, Release
from kb.editorial.cell_text import read_list, read_text
from kb.editorial.fields import canonical_json
from kb.interchange import dump
from kb.models import Claim
from tests.kb import published, records

pytestmark = pytest.mark.django_db
Files = dict[str, bytes]


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.DUMP_DIR = tmp_path / "dump"
    settings.SITE_ADDRESS = "https://facts.example.org"
    return settings.DUMP_DIR


@pytest.fixture
def dumped(folder: Path) -> Callable[[], Files]:
    """Makes the dump and gives its members."""

    def make() -> Files:
        call_command("dump_book", verbosity=0)
        (archive,) = folder.glob("*.zip")
        with ZipFile(archive) as opened:
            return {name: opened.read(name) for name in opened.namelist()}

    return make


def lines(files: Files, name: str) -> list[Any]:
    return [json.loads(line) for line in files[name].decode().splitlines()]


def rows(files: Files, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files[name].decode("utf-8-sig"), newline="")))


def test_every_record_is_there_with_the_document_that_was_released(dumped: Callable[[], Files]) -> None:
    published.publish(records.desk())
    published.full(2)
    files = dumped()
    told = [line for name in files if name.endswith(".jsonl") for line in lines(files, name)]
    standing = {record.uid: record for record in Record.objects.select_related("version")}
    assert {line["uid"] for line in told} == standing.keys()
    for line in told:
        version = standing[line["uid"]].version
        assert canonical_json(line["document"]) == version.document
        assert hashlib.sha256(canonical_json(line["document"]).encode()).hexdigest() == line["sha256"]
    (claim,) = lines(files, "claims.jsonl")
    assert (claim["url"], claim["version"]) == ("https://facts.example.org/claims/claim-2/", 1)


def test_the_table_says_the_same_and_no_cell_is_a_formula(dumped: Callable[[], Files]) -> None:
    evil = [
        "=1+1",
        "@SUM(A1)",
        "\t=1",
        "＝1",
        "-1+1",
        "a; b",
        "\\=1",
        " x ",
        "line\nbreak",
        '"quoted", so',
        "−",
        "択捉",
    ]
    for number, text in enumerate(evil):
        published.publish(records.topic(f"topic-{number}"))
        topic = records.agent(f"agent-{number}", name=text, note=text)
        published.publish(topic)
    made = published.full(2)
    files = dumped()
    found = {row["key"]: row for row in rows(files, "agents.csv")}
    for number, text in enumerate(evil):
        row = found[f"agent-{number}"]
        assert (read_text(row["name"]), read_text(row["note"])) == (text, text)
        assert row["name"][0] not in "=+@＝＋＠\t"
    (claim,) = rows(files, "claims.csv")
    (whole,) = lines(files, "claims.jsonl")
    assert sorted(read_list(claim["topics"])) == sorted(topic.uid for topic in made["claim"].topics.all())
    assert json.loads(read_text(claim["appearances"])) == whole["document"]["appearances"]
    assert (claim["stale"], claim["version"], claim["sha256"]) == ("", "1", whole["sha256"])


def test_the_manifest_tells_release_licence_and_hashes(dumped: Callable[[], Files], folder: Path) -> None:
    desk = records.desk()
    published.publish(desk)
    published.full(1)
    files = dumped()
    outer = json.loads((folder / "manifest.json").read_text())
    archive = (folder / outer["file"]).read_bytes()
    assert (outer["sha256"], outer["bytes"]) == (hashlib.sha256(archive).hexdigest(), len(archive))
    inner = json.loads(files["manifest.json"])
    assert inner["release"] == outer["release"] == Release.objects.count()
    assert inner["licence"] == {"text": desk.licence, "url": desk.licence_url, "desk": desk.name}
    for told in inner["files"]:
        data = files[told["name"]]
        assert (told["sha256"], told["bytes"]) == (hashlib.sha256(data).hexdigest(), len(data))
    assert {told["name"]: told["records"] for told in inner["files"]}["claims.csv"] == 1
    assert set(files) == {"README.txt", "manifest.json", *(told["name"] for told in inner["files"])}


def test_no_draft_is_in_it_and_what_was_withdrawn_is_only_named(dumped: Callable[[], Files]) -> None:
    made = published.full(1)
    canary = "kanarienvogel"
    records.claim(canary, statement=f"{canary} statement.")
    records.source(canary, title=canary)
    Claim.objects.filter(pk=made["claim"].pk).update(statement=f"An edit of the {canary}.")
    hoax = records.event("a-hoax", title="Something that never happened", note=canary)
    published.publish(hoax)
    published.withdraw(hoax, why="There is no trace of it.")
    files = dumped()
    assert [name for name, data in files.items() if canary in data.decode()] == []
    assert [name for name, data in files.items() if "never happened" in data.decode()] == []
    (gone,) = lines(files, "withdrawn.jsonl")
    assert (gone["kind"], gone["key"], gone["why"]) == ("event", "a-hoax", "There is no trace of it.")
    assert [row["key"] for row in rows(files, "events.csv")] == ["event-1"]


def test_what_is_released_while_it_is_made_is_not_in_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = published.full(1)
    monkeypatch.setattr(walking, "WALKED", 2)
    book = walking.Snapshot()
    walk = iter(book)
    seen = [next(walk)]
    Claim.objects.filter(pk=made["claim"].pk).update(statement="Edited statement.")
    published.publish(made["claim"], records.topic("later"))
    alone = records.topic("withdrawn-at-once")
    published.publish(alone)
    seen += walk
    told = {one.uid: one for one in seen}
    assert made["claim"].uid in told
    assert len(told) == len(seen) == Record.objects.count() - 2
    assert "Edited" not in str(seen)
    assert book.release == Release.objects.count() - 2


def test_a_new_dump_takes_the_place_of_the_old_one(dumped: Callable[[], Files], folder: Path) -> None:
    published.full(1)
    dumped()
    (first,) = folder.glob("*.zip")
    dumped()
    assert list(folder.glob("*.zip")) == [first]
    published.publish(records.topic("later"))
    dumped()
    assert first not in folder.glob("*.zip")
    assert sorted(path.name for path in folder.iterdir())[1:] == ["manifest.json"]


def test_a_dump_that_fails_leaves_the_old_one(
    dumped: Callable[[], Files], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    published.full(1)
    dumped()
    before = sorted(folder.iterdir())
    monkeypatch.setattr(dump, "_pack", lambda *args: 1 / 0)
    published.publish(records.topic("later"))
    with pytest.raises(ZeroDivisionError):
        call_command("dump_book", verbosity=0)
    assert sorted(folder.iterdir()) == before


def test_queries_grow_with_the_chunks_alone(folder: Path) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as made:
            call_command("dump_book", verbosity=0)
        return len(made)

    published.full(1)
    one = queries()
    published.full(2)
    published.full(3)
    assert queries() == one


def test_the_page_offers_it_and_says_how_old_it_is(
    client: Client, dumped: Callable[[], Files], folder: Path
) -> None:
    published.full(1)
    empty = client.get("/data/")
    assert "has not been made into a file yet" in empty.content.decode()
    assert client.get("/data/manifest.json").status_code == 404
    dumped()
    made = client.get("/data/", headers={"If-None-Match": empty["ETag"]})
    (archive,) = folder.glob("*.zip")
    assert made.status_code == 200
    assert f'href="/data/{archive.name}"' in made.content.decode()
    assert client.get("/data/", headers={"If-None-Match": made["ETag"]}).status_code == 304
    manifest = client.get("/data/manifest.json").json()
    assert manifest["url"] == f"http://testserver/data/{archive.name}"
    answer = client.get(f"/data/{archive.name}")
    assert answer.getvalue() == archive.read_bytes()
    assert answer["Content-Type"] == "application/zip"
    assert answer["Content-Disposition"] == f'attachment; filename="{archive.name}"'
    published.publish(records.topic("later"))
    assert "1 release since" in client.get("/data/", headers={"If-None-Match": made["ETag"]}).content.decode()


@pytest.mark.parametrize("name", ["manifest", "book-1-00000000", "-dump", "x" * 300])
def test_no_other_file_is_given_away(
    client: Client, dumped: Callable[[], Files], folder: Path, name: str
) -> None:
    dumped()
    (folder / f"{name[:100]}.zip").write_bytes(b"secret")
    assert client.get(f"/data/{name}.zip").status_code == 404
