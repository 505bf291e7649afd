"""Zip files, bounded before a byte is unpacked, and their XML parts, without entities of their own."""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from collections.abc import Callable
from typing import IO, BinaryIO, NoReturn
from xml.parsers import expat

from kb.spreadsheets.reading.limits import Limits, Unreadable, amount, megabytes

DAMAGED = "The file is damaged and cannot be opened. Open it in the spreadsheet program and save it again."
PASSWORD = "The file is protected by a password. Save it without one, and bring that."  # noqa: S105
ENTITIES = (
    "The file declares XML entities of its own, which spreadsheet programs never write and which can be used to do "
    "harm. Open it in the spreadsheet program and save it again."
)
CHUNK = 256 * 1024
# What reading a part raises where it is not what the zip's list or XML says.
BROKEN = (
    expat.ExpatError,
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    NotImplementedError,
    UnicodeDecodeError,
)

Attributes = dict[str, str]


class Package:
    """A zip file whose members are known to fit the limits. Raises Unreadable where they do not."""

    def __init__(self, file: BinaryIO, limits: Limits) -> None:
        try:
            self.zip = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as reason:
            raise Unreadable(DAMAGED) from reason
        members = self.zip.infolist()
        if len(members) > limits.members:
            raise Unreadable(
                f"The file is a zip of {amount(len(members))} parts, and no more than {amount(limits.members)} are "
                "opened."
            )
        # The sizes can be believed: reading a member stops at the size that it declares.
        unpacked = sum(member.file_size for member in members)
        if unpacked > limits.unpacked_bytes:
            raise Unreadable(
                f"The file unpacks to {megabytes(unpacked)}, and no more than {megabytes(limits.unpacked_bytes)} are "
                "read. Divide it."
            )
        for member in members:
            big = member.file_size > limits.ratio_from
            if big and member.file_size > limits.ratio * max(member.compress_size, 1):
                raise Unreadable(
                    f"A part of the file is packed to less than a {limits.ratio}th of its size, as no ordinary table "
                    "can be. Open it in the spreadsheet program and save it again, or divide it."
                )
            if member.flag_bits & 1:
                raise Unreadable(PASSWORD)
        # Excel looks for a part without regard to case, and some programs write backslashes.
        self._names = {member.filename.replace("\\", "/").lower(): member.filename for member in members}

    def has(self, name: str) -> bool:
        return name.lower() in self._names

    def names(self) -> list[str]:
        return list(self._names.values())

    def open(self, name: str) -> IO[bytes]:
        try:
            return self.zip.open(self._names[name.lower()])
        except (KeyError, *BROKEN) as reason:
            raise Unreadable(DAMAGED) from reason

    def read(self, name: str) -> bytes:
        with self.open(name) as part:
            try:
                return part.read()
            except BROKEN as reason:
                raise Unreadable(DAMAGED) from reason


def resolve(base: str, target: str) -> str:
    """The name of the part that a relationship of the part `base` leads to."""
    target = target.replace("\\", "/")
    if target.startswith("/"):
        return target.lstrip("/")
    return posixpath.normpath(posixpath.join(posixpath.dirname(base), target))


def local(name: str) -> str:
    """A name without its namespace prefix."""
    return name.rpartition(":")[2]


def parser(
    start: Callable[[str, Attributes], None], end: Callable[[str], None] | None = None
) -> expat.XMLParserType:
    """An XML parser that refuses entities. Names come with their prefixes; pass them through `local`."""

    def refuse(*_: object) -> NoReturn:
        raise Unreadable(ENTITIES)

    made = expat.ParserCreate()
    made.buffer_text = True
    made.StartElementHandler = start
    if end is not None:
        made.EndElementHandler = end
    made.EntityDeclHandler = refuse
    made.SkippedEntityHandler = refuse
    return made


def parse(source: IO[bytes], made: expat.XMLParserType) -> None:
    """Feed a part to a parser. Raises Unreadable where it is not well-formed."""
    try:
        while chunk := source.read(CHUNK):
            made.Parse(chunk, False)
        made.Parse(b"", True)
    except BROKEN as reason:
        raise Unreadable(DAMAGED) from reason


def elements(package: Package, name: str, start: Callable[[str, Attributes], None]) -> None:
    """Call `start` for each element of a part, with its local name."""
    with package.open(name) as source:
        parse(source, parser(lambda tag, attributes: start(local(tag), attributes)))
