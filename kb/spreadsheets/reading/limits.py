"""What a file may cost, and how a file that cannot be read is spoken of.

No Django here: the parser's own process imports this module.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass


class Unreadable(Exception):
    """A file, or a sheet of it, that is refused. The message is for the editor who brought the file.

    `sheet` and `cell` (such as `D14`, or a row such as `14`) say where, as far as that is known.
    """

    def __init__(self, message: str, *, sheet: str = "", cell: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.sheet = sheet
        self.cell = cell

    def __str__(self) -> str:
        place = "!".join(part for part in (self.sheet, self.cell) if part)
        return f"{place}: {self.message}" if place else self.message


@dataclass(frozen=True)
class Limits:
    """The bounds of one reading. A file over any of them is refused by name, never read in part.

    `rows` counts the rows with content of all sheets, headers included; `cell_characters` is what one cell may hold,
    `text_characters` a cell of a zip that has long texts beside its sheets; `characters` all text of the file;
    `seconds` is time on the clock, `cpu_seconds` that of the parser's process, `memory_bytes` its address space.
    `ratio` is the unpacked size by the packed one, of parts that unpack to more than `ratio_from` bytes.
    """

    file_bytes: int = 50 * 1024 * 1024
    unpacked_bytes: int = 400 * 1024 * 1024
    ratio: int = 300
    ratio_from: int = 50 * 1024 * 1024
    members: int = 2_000
    sheets: int = 100
    rows: int = 250_000
    columns: int = 500
    cell_characters: int = 500_000
    text_characters: int = 5_000_000
    characters: int = 150_000_000
    seconds: int = 120
    cpu_seconds: int = 60
    memory_bytes: int = 1024 * 1024 * 1024

    @classmethod
    def from_settings(cls) -> Limits:
        """The site's own bounds: `IMPORT_LIMITS` of the settings over the defaults."""
        from django.conf import settings  # here, since the parser's process runs without Django

        bounds = dict(settings.IMPORT_LIMITS)
        return cls(**{"cpu_seconds": max(bounds.get("seconds", cls.seconds) // 2, 1), **bounds})

    def as_dict(self) -> dict[str, int]:
        return asdict(self)


def amount(count: int) -> str:
    """A whole number as editors read it: 1,048,576."""
    return f"{count:,}"


def megabytes(size: int) -> str:
    return f"{size / 1024 / 1024:,.0f} MB" if size >= 1024 * 1024 else f"{size:,} bytes"
