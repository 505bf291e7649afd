"""The workbook as JSON: an object with a list for each sheet, of an object for each row. Blank cells are left out.

What stands in a cell is the same text as in the other formats, lists and escapes included. JSON has no longest text,
so nothing goes to a file beside it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from kb.spreadsheets.writing.tables import Beside, Table


def write_json(path: Path, tables: Sequence[Table], beside: Beside) -> None:
    """Write the sheets, a row a line, streaming."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write("{")
        for number, table in enumerate(tables):
            file.write(f"{',' if number else ''}\n{json.dumps(table.sheet.name)}: [")
            for index, row in enumerate(table.rows):
                cells = {name: cell for name, cell in zip(table.header, row.cells, strict=True) if cell}
                file.write(f"{',' if index else ''}\n  {json.dumps(cells, ensure_ascii=False)}")
            file.write("\n]")
        file.write("\n}\n")
