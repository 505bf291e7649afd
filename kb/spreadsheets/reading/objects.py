"""JSON: a list of objects, one a row; or an object whose members are such lists, one a sheet."""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from kb.spreadsheets.reading.cells import LONGEST_NUMBER, Mark, Value, coordinate
from kb.spreadsheets.reading.cells import number as as_number
from kb.spreadsheets.reading.collecting import Collector
from kb.spreadsheets.reading.limits import Unreadable

SHAPE = (
    "A JSON file must hold a list of objects, one for each row, such as "
    '[{"key": "a", "name": "A"}], or one object with such a list for each sheet, such as {"agents": [{"key": "a"}]}.'
)


class Number(str):
    """A number as it is written, since JSON's have no bound."""

    __slots__ = ()


class Pairs(list[tuple[str, Any]]):
    """An object, with members of the same name kept apart."""


def read_json(data: bytes, collector: Collector, wanted: list[str] | None) -> None:
    """Read the sheets of a JSON file; one that is a bare list has no name. Raises Unreadable."""
    try:
        text = data.decode(json.detect_encoding(data))
    except UnicodeDecodeError as reason:
        raise Unreadable("The JSON file is not in UTF-8, as JSON must be. Save it in UTF-8.") from reason
    found = _parsed(text.removeprefix("\ufeff"))
    for name, rows in _sheets(found):
        collector.start(name)
        if wanted is None or name in wanted:
            _read_sheet(rows, collector)
        collector.finish()


def _parsed(text: str) -> Any:
    try:
        return _loads(text)
    except RecursionError as reason:
        raise Unreadable("The JSON file nests lists in lists without end. " + SHAPE) from reason
    except json.JSONDecodeError as reason:
        try:  # one object on each line
            rows = [_loads(line) for line in text.splitlines() if line.strip()]
        except (json.JSONDecodeError, RecursionError):
            rows = []
        if len(rows) > 1 and all(isinstance(row, Pairs) for row in rows):
            return rows
        raise Unreadable(
            f"The JSON file is not well-formed: line {reason.lineno}, character {reason.colno}."
        ) from reason


def _loads(text: str) -> Any:
    return json.loads(
        text, object_pairs_hook=Pairs, parse_int=Number, parse_float=Number, parse_constant=Number
    )


def _sheets(found: Any) -> list[tuple[str, list[Any]]]:
    if isinstance(found, Pairs):
        names = [name for name, _ in found]
        if not found or not all(isinstance(rows, list) and not isinstance(rows, Pairs) for _, rows in found):
            raise Unreadable(SHAPE)
        if repeated := next((name for name in names if names.count(name) > 1), None):
            raise Unreadable("Two sheets have this name. Rename one.", sheet=repeated)
        return found
    if not isinstance(found, list):
        raise Unreadable(SHAPE)
    return [("", found)]


def _read_sheet(rows: list[Any], collector: Collector) -> None:
    columns: dict[str, int] = {}
    for index, row in enumerate(rows):
        if not isinstance(row, Pairs):
            raise collector.refuse(f"Entry {index + 1} of the list is no object. {SHAPE}", f"{index + 2}")
        for name, _ in row:
            columns.setdefault(name, len(columns))
        collector.check_column(1, len(columns) - 1)
    collector.row(1, list(columns))
    for index, row in enumerate(rows):
        collector.row(*_row(row, index + 2, columns, collector))


def _row(
    row: Pairs, number: int, columns: dict[str, int], collector: Collector
) -> tuple[int, list[Value], dict[int, str] | None]:
    values: list[Value] = [None] * len(columns)
    marks: dict[int, str] = {}
    seen: set[str] = set()
    for name, item in row:
        if name in seen:
            raise collector.refuse(
                f"This object has “{name}” twice, and only one can be meant.",
                coordinate(number, columns[name]),
            )
        seen.add(name)
        value, mark = _value(item)
        values[columns[name]] = value
        if mark is not None:
            marks[columns[name]] = mark
    return number, values, marks or None


def _value(item: Any) -> tuple[Value, Mark | None]:
    if isinstance(item, Number):
        return _number(item)
    if item is None or isinstance(item, bool):
        return item, None
    if isinstance(item, str):
        return item or None, None
    if not isinstance(item, Pairs) and all(
        isinstance(part, str) and not isinstance(part, Number) for part in item
    ):
        return _joined(item) or None, None
    return json.dumps(_plain(item), ensure_ascii=False), Mark.NESTED


def _number(text: Number) -> tuple[Value, Mark | None]:
    """A number, exactly: JSON's are decimal, not of 15 digits."""
    if len(text) > LONGEST_NUMBER:
        return str(text), Mark.NOT_A_NUMBER
    value, mark = as_number(text)
    if mark in (None, Mark.ROUNDED) and value.__class__ is not str:
        exact = Decimal(text)
        return (int(exact) if exact == exact.to_integral_value() else exact), None
    return str(text), Mark.NOT_A_NUMBER


def _joined(parts: Iterable[str]) -> str:
    """A list of texts as the lists of the workbook are written: divided by semicolons, their own escaped."""
    return "; ".join(part.replace(";", "\\;") for part in parts)


def _plain(item: Any) -> Any:
    if isinstance(item, Pairs):
        return {name: _plain(part) for name, part in item}
    if isinstance(item, Number):
        number, _ = _number(item)
        return float(number) if isinstance(number, Decimal) else number
    return [_plain(part) for part in item] if isinstance(item, list) else item
