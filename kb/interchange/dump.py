"""The whole book as files: each kind as JSON lines and as csv, zipped, with what they are and the hash of each.

Versions never change, so one pass over them in the order of their publication, up to the release that was the last when
it began, gives the book of that release, with a few hundred records in memory. What was withdrawn, by that release or
while the dump was made, is named and not told.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from kb.book import reading, walking
from kb.book.kinds import KINDS
from kb.interchange import tables
from kb.interchange.records import licence

MANIFEST = "manifest.json"
WITHDRAWN = "withdrawn"
#: 1: as described in `README`.
FORMAT = 1
README = """The book of {desk}, release {release} of {released_at}.

Licence of the data: {licence} {licence_url}

Of each kind of record there is a file of JSON lines (UTF-8, one record a line, in the order of publication) and a csv
file of the same records. manifest.json names the files with their hashes. withdrawn.jsonl names what was published once
and is no longer.

A line holds where the record is, its version, and its document, whose SHA-256 is that of its canonical JSON: names
sorted, no spaces, no escapes but the necessary. A document's fields are described at {api}.

A cell of the csv files that a spreadsheet program would take for a formula has a backslash before it. Items of a list
are divided by "; ", and a semicolon in one has a backslash before it. What has parts of its own is JSON.
"""

Absolute = Callable[[str], str]
Progress = Callable[[int, int], None]


class _Counted:
    """A file that knows how much was written into it, and its hash."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.file: IO[bytes] = path.open("wb")
        self.digest = hashlib.sha256()
        self.bytes = self.records = 0

    def write(self, text: str) -> None:
        # A lone surrogate, which JSON can hold and UTF-8 cannot, becomes a question mark.
        data = text.encode(errors="replace")
        self.file.write(data)
        self.digest.update(data)
        self.bytes += len(data)


@dataclass(frozen=True)
class Written:
    """The dump that was made: its file, and what the manifest says of it."""

    path: Path
    manifest: dict[str, Any]


def dump(folder: Path, *, absolute: Absolute, made_at: datetime, progress: Progress | None = None) -> Written:
    """Make the dump in a folder, in place of the one that is there; readers get the one or the other, whole."""
    folder.mkdir(parents=True, exist_ok=True)
    desk = reading.desk()
    with TemporaryDirectory(dir=folder, prefix=".dump-") as name:
        work = Path(name)
        book = walking.Snapshot()
        files = _write_files(work, book, absolute, progress)
        told = {
            "format": FORMAT,
            "release": book.release,
            "released_at": book.released_at.isoformat() if book.released_at else None,
            "licence": licence(desk),
            "files": [
                {
                    "name": one.path.name,
                    "kind": one.path.stem,
                    "records": one.records,
                    "bytes": one.bytes,
                    "sha256": one.digest.hexdigest(),
                }
                for one in files
            ],
        }
        packed = work / "book.zip"
        _pack(packed, files, told, _readme(desk, told, absolute))
        whole = _hash(packed)
        target = folder / f"book-{book.release}-{whole[:8]}.zip"
        manifest = {
            **told,
            "file": target.name,
            "bytes": packed.stat().st_size,
            "sha256": whole,
            "made_at": made_at.isoformat(),
        }
        os.replace(packed, target)
        (work / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=1), encoding="utf-8")
        os.replace(work / MANIFEST, folder / MANIFEST)
    # Whoever is getting the old one gets it to its end.
    for old in folder.glob("book-*.zip"):
        if old != target:
            old.unlink()
    return Written(target, manifest)


def manifest(folder: Path) -> dict[str, Any] | None:
    """What the dump in a folder says of itself; None where there is none."""
    try:
        return json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None


def _write_files(
    work: Path, book: walking.Snapshot, absolute: Absolute, progress: Progress | None
) -> list[_Counted]:
    with ExitStack() as stack:
        lines, cells = {}, {}
        for kind, about in sorted(KINDS.items()):
            name = about.plural.replace(" ", "-")
            lines[kind], cells[kind] = _Counted(work / f"{name}.jsonl"), _Counted(work / f"{name}.csv")
        gone = _Counted(work / f"{WITHDRAWN}.jsonl")
        files = [*(file for kind in lines for file in (lines[kind], cells[kind])), gone]
        for one in files:
            stack.enter_context(one.file)
        for kind, file in cells.items():
            for text in tables.lines(tables.columns(kind), ()):
                file.write(text)
        for done, published in enumerate(book, start=1):
            if isinstance(published, walking.Withdrawn):
                _write(gone, json.dumps(_withdrawn(published), ensure_ascii=False) + "\n")
            else:
                head, document = tables.head(published, absolute), published.data()
                told = {"kind": published.kind, **head, "document": document}
                _write(lines[published.kind], json.dumps(told, ensure_ascii=False) + "\n")
                _write(cells[published.kind], tables.line(tables.row(head, document)))
            if progress and done % 1_000 == 0:
                progress(done, book.total)
    return files


def _write(file: _Counted, line: str) -> None:
    file.write(line)
    file.records += 1


def _withdrawn(gone: walking.Withdrawn) -> dict[str, Any]:
    return {
        "kind": gone.kind,
        "uid": gone.uid,
        "key": gone.key,
        "withdrawn_at": gone.at.isoformat(),
        "why": gone.why,
        "merged_into": gone.merged_into,
    }


def _pack(target: Path, files: list[_Counted], told: Mapping[str, Any], readme: str) -> None:
    with ZipFile(target, "w", ZIP_DEFLATED, compresslevel=6) as archive:
        for name, text in (
            ("README.txt", readme),
            (MANIFEST, json.dumps(told, ensure_ascii=False, indent=1)),
        ):
            archive.writestr(_member(name), text)
        for one in files:
            with (
                one.path.open("rb") as source,
                archive.open(_member(one.path.name), "w", force_zip64=True) as member,
            ):
                for part in _parts(source):
                    member.write(part)
            one.path.unlink()


def _member(name: str) -> ZipInfo:
    """Without a time of its own, so that equal books give equal bytes."""
    info = ZipInfo(name)
    info.compress_type = ZIP_DEFLATED
    info.external_attr = 0o100644 << 16
    return info


def _readme(desk: Mapping[str, Any], told: Mapping[str, Any], absolute: Absolute) -> str:
    return README.format(
        desk=desk.get("name") or "this desk",
        release=told["release"],
        released_at=told["released_at"] or "no day",
        licence=desk.get("licence") or "not stated.",
        licence_url=desk.get("licence_url", ""),
        api=absolute("/api/"),
    )


def _hash(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for part in _parts(file):
            digest.update(part)
    return digest.hexdigest()


def _parts(file: IO[bytes]) -> Iterator[bytes]:
    while part := file.read(1 << 20):
        yield part
