"""Documents of one kind as a table: a column for each of their fields, in cells that no program takes for formulas.

A list of texts has its items divided by semicolons; what has parts of its own is JSON. Cells follow
`kb.editorial.cell_text`, so that each reads back as the very text.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from kb.book.walking import Published
from kb.editorial.cell_text import protect, write_list, write_text
from kb.interchange.schemas import DOCUMENTS

#: What stands before the fields of its document.
HEAD = ("uid", "key", "url", "label", "version", "released_at", "release", "sha256")
_OF_EVERY_DOCUMENT = ("schema", "kind", "uid", "key")
#: Excel takes a file without it for the encoding of its country.
BYTE_ORDER_MARK = "\ufeff"


def columns(kind: str) -> list[str]:
    own = [name for name in DOCUMENTS[kind]["properties"] if name not in _OF_EVERY_DOCUMENT]
    # A field may be called as a column of every table is.
    return [*HEAD, *(f"{kind}_{name}" if name in HEAD else name for name in own)]


def head(published: Published, absolute: Callable[[str], str]) -> dict[str, Any]:
    """What stands before the fields of a record's document."""
    return {
        "uid": published.uid,
        "key": published.key,
        "url": absolute(published.address) if published.address else "",
        "label": published.label,
        "version": published.number,
        "released_at": published.released_at.isoformat(),
        "release": published.release,
        "sha256": published.sha256,
    }


def row(head: Mapping[str, Any], document: Mapping[str, Any]) -> list[str]:
    """The cells of one record; `head` has what `HEAD` names."""
    own = [name for name in DOCUMENTS[document["kind"]]["properties"] if name not in _OF_EVERY_DOCUMENT]
    return [cell(head[name]) for name in HEAD] + [cell(document.get(name)) for name in own]


def cell(value: Any) -> str:
    """The cell of any value that JSON has."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return protect(write_text(value))
    if isinstance(value, list) and all(isinstance(item, str) and item for item in value):
        return protect(write_list(value))
    if isinstance(value, (list, dict)):
        return protect(write_text(json.dumps(value, ensure_ascii=False, sort_keys=True)))
    return protect(str(value))


def lines(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """A csv file line by line: UTF-8 with a mark that says so, commas, lines that end as RFC 4180 says."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    buffer.write(BYTE_ORDER_MARK)
    writer.writerow(header)
    for cells in rows:
        yield _taken(buffer)
        writer.writerow(cells)
    yield _taken(buffer)


def line(cells: Sequence[str]) -> str:
    """One line of such a file."""
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerow(cells)
    return buffer.getvalue()


def _taken(buffer: io.StringIO) -> str:
    written = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return written
