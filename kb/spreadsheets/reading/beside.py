"""Texts that are too long for a cell: in a zip, a cell says `file:texts/NAME.txt`, and that file has the text."""

from __future__ import annotations

from kb.editorial.cell_text import file_named
from kb.spreadsheets.reading.limits import Limits, Unreadable, amount
from kb.spreadsheets.reading.packages import Package

FOLDER = "texts/"


class Texts:
    """The files beside the sheets of a zip."""

    def __init__(self, package: Package, limits: Limits) -> None:
        self.package = package
        self.limits = limits

    def of(self, cell: str) -> str:
        """What a cell holds: itself, or the text of the file that it names. Raises Unreadable."""
        name = file_named(cell)
        if not name:
            return cell
        if not (name.startswith(FOLDER) and self.package.has(name)):
            raise Unreadable(
                f"The cell says that its text is in the file “{name}”, which the zip does not have. "
                f"Put it there, or the text into the cell; if “{cell}” is the text itself, write “\\{cell}”."
            )
        try:
            text = self.package.read(name).decode("utf-8-sig")
        except UnicodeDecodeError as reason:
            raise Unreadable(f"The file “{name}” is not in UTF-8. Save it so.") from reason
        if len(text) > self.limits.text_characters:
            raise Unreadable(
                f"The file “{name}” has {amount(len(text))} characters, and no more than "
                f"{amount(self.limits.text_characters)} are read."
            )
        return text
