"""Zip files whose bytes follow from what is in them: no clock, no rights, no names of whoever made them."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

#: The earliest time that a zip file can note.
NO_TIME = (1980, 1, 1, 0, 0, 0)
REGULAR_FILE = 0o100644 << 16


def member(name: str, *, packed: bool = True) -> ZipInfo:
    """The entry of a member without a time of its own."""
    info = ZipInfo(name, NO_TIME)
    info.compress_type = ZIP_DEFLATED if packed else ZIP_STORED
    info.external_attr = REGULAR_FILE
    info.create_system = 3
    return info


class TimelessZip(ZipFile):
    """A zip file for writing, in which equal contents give equal bytes."""

    def __init__(self, file: Any) -> None:
        super().__init__(file, "w", ZIP_DEFLATED)

    def writestr(self, zinfo_or_arcname: str | ZipInfo, data: Any, *args: Any, **kwargs: Any) -> None:
        entry = zinfo_or_arcname if isinstance(zinfo_or_arcname, ZipInfo) else member(zinfo_or_arcname)
        super().writestr(entry, data)

    def write(self, filename: Any, arcname: Any = None, *args: Any, **kwargs: Any) -> None:
        with Path(filename).open("rb") as source, self.begin(str(arcname or filename)) as target:
            shutil.copyfileobj(source, target, 1 << 20)

    def begin(self, name: str) -> IO[bytes]:
        """A member to be written bit by bit."""
        return self.open(member(name), "w", force_zip64=True)


def pack(folder: Path, names: Iterable[str], target: Path) -> None:
    """A zip of files of a folder, by their names in it."""
    with TimelessZip(target) as archive:
        for name in names:
            archive.write(folder / name, name)
