"""django-import-export's resources, made from the sheets of the workbook: one set of declarations serves both.

A resource reads and writes the very cells of its sheet. What it imports goes through the same plan and is applied by
the same function as a workbook, so the same rules, rights, history and batch record hold, and it can be undone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO, ClassVar

import tablib
from django.contrib.auth.models import AnonymousUser, User
from import_export.fields import Field
from import_export.formats.base_formats import Format
from import_export.resources import Resource
from import_export.results import Error, Result, RowResult

from kb.spreadsheets import writing
from kb.spreadsheets.applying import NotApplied, apply
from kb.spreadsheets.choices import Choices
from kb.spreadsheets.flow import read_workbook
from kb.spreadsheets.layout import BY_NAME, Sheet
from kb.spreadsheets.mapping import map_columns
from kb.spreadsheets.plan import CHANGED, CREATED, REFUSED, Plan
from kb.spreadsheets.planning import Table, plan
from kb.spreadsheets.reading import Row, Unreadable
from kb.spreadsheets.rights import Rights
from kb.spreadsheets.rows import Rows, all_records, hidden_from, rows

_TYPES = {
    CREATED: RowResult.IMPORT_TYPE_NEW,
    CHANGED: RowResult.IMPORT_TYPE_UPDATE,
    REFUSED: RowResult.IMPORT_TYPE_ERROR,
}


class SheetDataset(tablib.Dataset):
    """A sheet of a file. `numbers` are its rows' numbers there, for messages: blank rows are not among them."""

    numbers: Sequence[int] = ()


class SheetResource(Resource):
    """The records of one sheet. `user` is who asks; None, on the command line, sees all."""

    sheet: ClassVar[Sheet]

    def table(self, records: Rows | None = None, user: User | AnonymousUser | None = None) -> writing.Table:
        """The rows of these records (all, if None), streamed. Raises CannotWrite for who may not see the sheet."""
        hidden = {self.sheet.name: frozenset[str]()} if user is None else hidden_from(user)
        if self.sheet.name not in hidden:
            raise writing.CannotWrite(f"There is no sheet “{self.sheet.name}” that you may see.")
        found = all_records(self.sheet) if records is None else records
        return writing.Table(
            self.sheet, rows(self.sheet, found, hidden=hidden[self.sheet.name]), found.count()
        )

    def export(self, queryset: Rows | None = None, **kwargs: Any) -> tablib.Dataset:
        """The rows of these records, with the columns of the workbook."""
        table = self.table(queryset, kwargs.get("user"))
        return tablib.Dataset(*(row.cells for row in table.rows), headers=table.header, title=self.sheet.name)

    def import_data(
        self,
        dataset: tablib.Dataset,
        dry_run: bool = False,
        *,
        user: User,
        keep_good: bool = False,
        **kwargs: Any,
    ) -> Result:
        """Plan the rows with this user's rights, and unless it is a dry run apply them: all, or nothing.

        Raises PermissionDenied, MappingError for columns that cannot be, and NotApplied.
        """
        rights = Rights(user)
        mapped = map_columns(self.sheet, list(dataset.headers or ()), Choices())
        numbers = dataset.numbers if isinstance(dataset, SheetDataset) else range(2, len(dataset) + 2)
        found = [
            # Nought and “no” are no blanks.
            Row(number, tuple(None if cell == "" else cell for cell in row))
            for number, row in zip(numbers, dataset, strict=True)
        ]
        made = plan(
            [Table(self.sheet.name, found, mapped)], rights=rights, file_name=self.sheet.name, sha256=""
        )
        if not dry_run:
            apply(made, rights=rights, keep_good=keep_good)
        return _result(made)


def _result(made: Plan) -> Result:
    result = Result()
    for sheet in made.sheets:
        of_rows: dict[int, list[Error]] = defaultdict(list)
        for problem in sheet.problems:
            said = NotApplied(f"{problem.cell}: {problem.message}")
            of_rows[problem.row].append(Error(said, number=problem.row))
        for number, outcome in sheet.outcomes.items():
            row = RowResult()
            row.number, row.import_type = number, _TYPES.get(outcome, RowResult.IMPORT_TYPE_SKIP)
            row.errors = of_rows[number]
            result.append_row_result(row)
            result.increment_row_result_total(row)
            result.total_rows += 1
    return result


def resource_of(name: str) -> type[SheetResource]:
    """The resource of a sheet, its fields the sheet's columns in their order."""
    sheet = BY_NAME[name]
    fields: dict[str, Any] = {column.name: Field(column_name=column.name) for column in sheet.columns}
    meta = type("Meta", (), {"fields": tuple(fields), "export_order": tuple(fields)})
    title = "".join(part.capitalize() for part in name.rstrip("s").split("_"))
    return type(f"{title}Resource", (SheetResource,), {**fields, "Meta": meta, "sheet": sheet})


class SheetFormat(Format):
    """One of the formats that are written safely and read within bounds; `extension` says which."""

    extension = ""
    content_type = "application/octet-stream"

    def get_title(self) -> str:
        return self.extension

    def get_extension(self) -> str:
        return self.extension

    def get_content_type(self) -> str:
        return self.content_type

    def is_binary(self) -> bool:
        return True

    def get_read_mode(self) -> str:
        return "rb"

    def can_import(self) -> bool:
        return True

    def can_export(self) -> bool:
        return True

    def create_dataset(self, in_stream: Any) -> SheetDataset:
        """The sheet of a file that is named as one of ours, else the first that is not hidden. Raises Unreadable."""
        book = read_workbook(BytesIO(in_stream), file_name=f"upload.{self.extension}")
        sheets = [sheet for sheet in book.sheets if sheet.read]
        named = [sheet for sheet in sheets if sheet.name in BY_NAME]
        seen = [sheet for sheet in sheets if not sheet.hidden]
        chosen = next(iter([*named, *seen, *sheets]), None)
        if chosen is None:
            raise Unreadable("The file has no sheet.")
        headers = [column.header for column in chosen.columns]
        found = ([*row.values, *[None] * (len(headers) - len(row.values))] for row in chosen.rows)
        dataset = SheetDataset(*found, headers=headers, title=chosen.name)
        dataset.numbers = [row.number for row in chosen.rows]
        return dataset

    def export_data(self, dataset: tablib.Dataset, **kwargs: Any) -> bytes:
        """A file of a dataset that a `SheetResource` has made. Raises CannotWrite."""
        sheet = BY_NAME[dataset.title]
        found = [writing.Row(number, str(row[0]), tuple(row)) for number, row in enumerate(dataset, 1)]
        with self.file_of(writing.Table(sheet, found, len(found)))[1] as file:
            return file.read()

    def file_of(self, table: writing.Table) -> tuple[str, BinaryIO]:
        """A file's name and the file, open, which is gone once it is closed; a zip where a text is longer than a cell
        holds. Raises CannotWrite.
        """
        with TemporaryDirectory() as folder:
            out = Path(folder) / f"{table.sheet.name}.{self.extension}"
            written = writing.write(out, [table])
            # What is open can be read to its end, though its name goes with the folder.
            return written.path.name, written.path.open("rb")


def _format(extension: str, content_type: str) -> type[SheetFormat]:
    return type(extension.upper(), (SheetFormat,), {"extension": extension, "content_type": content_type})


FORMATS: Sequence[type[SheetFormat]] = (
    _format("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    _format("ods", "application/vnd.oasis.opendocument.spreadsheet"),
    _format("csv", "text/csv"),
    _format("json", "application/json"),
)
