"""The values that a cell's text stands for: numbers, days, references, coordinates, dates that lean on an event.

What is written here still goes through `cell_text.write_text` on its way into a cell, and what is read here has come
through `cell_text.read_text`.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

EVENT, PLACE, AGENT, SOURCE = "event", "place", "agent", "source"
RELATIONS = ("before", "after", "within")
FROM = "from"

_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_MEASURED_FROM = re.compile(rf"(?:(?P<rest>.*);)?\s*{FROM}\s+(?:{PLACE}:)?(?P<place>[^;]+)", re.DOTALL)
_LEANS_ON = re.compile(rf"(?P<offset>.*?)\s*\b{EVENT}:(?P<event>\S+)", re.DOTALL)


class CellError(ValueError):
    """A cell cannot be read. The message tells an editor what would be right."""


def write_decimal(number: Decimal | None) -> str:
    """Without zeros at the end: 5003.100000 is "5003.1"."""
    if number is None:
        return ""
    text = format(number, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def read_decimal(text: str) -> Decimal | None:
    """A number with a decimal point, None where there is none. Raises CellError."""
    bare = text.strip().replace("\N{MINUS SIGN}", "-")
    if not bare:
        return None
    if not _NUMBER.fullmatch(bare):
        raise CellError(f"“{text}” is not a number. Write it in digits with a decimal point, as in “5003.1”.")
    try:
        return Decimal(bare)
    except InvalidOperation as error:
        raise CellError(f"“{text}” is not a number. Write it in digits, as in “5003.1”.") from error


def write_boolean(value: bool | None) -> str:
    return "" if value is None else "yes" if value else "no"


def read_boolean(text: str) -> bool | None:
    """Yes, no, or None where there is neither. Raises CellError."""
    word = text.strip().casefold()
    if not word:
        return None
    if word in ("yes", "true", "1"):
        return True
    if word in ("no", "false", "0"):
        return False
    raise CellError(f"“{text}” is neither “yes” nor “no”.")


def write_reference(kind: str, key: str) -> str:
    """`event:KEY`, where a cell may name records of several kinds."""
    return f"{kind}:{key}" if key else ""


def read_reference(text: str, kinds: Collection[str]) -> tuple[str, str]:
    """The kind and the key or name that a cell gives; the kind is "" where it names none of those that can be."""
    kind, colon, name = text.strip().partition(":")
    kind = kind.strip().casefold()
    return (kind, name.strip()) if colon and kind in kinds else ("", text.strip())


def write_coordinates(latitude: Decimal | None, longitude: Decimal | None) -> str:
    """`LATITUDE; LONGITUDE` in degrees, north and east positive."""
    if latitude is None and longitude is None:
        return ""
    return f"{write_decimal(latitude)}; {write_decimal(longitude)}"


def read_coordinates(text: str) -> tuple[Decimal | None, Decimal | None]:
    """Latitude and longitude. Raises CellError."""
    if not text.strip():
        return None, None
    parts = text.split(";") if ";" in text else text.split(",")
    if len(parts) != 2:
        raise CellError(f"“{text}” is not a position. Write latitude; longitude, as in “44.8333; 147.8333”.")
    return read_decimal(parts[0]), read_decimal(parts[1])


@dataclass(frozen=True)
class Leaning:
    """What a value leans on: `relation` (*before, after, within*) to an event, `offset` (ISO 8601, “P3M”), and the
    place from which a distance is measured. Keys; "" where there is none."""

    relation: str = ""
    event: str = ""
    offset: str = ""
    place: str = ""


def write_leaning(leaning: Leaning) -> str:
    """`before event:KEY`, `within P3M event:KEY`, `from place:KEY`; both, divided by a semicolon."""
    event = write_reference(EVENT, leaning.event)
    time = " ".join(part for part in (leaning.relation, leaning.offset, event) if part)
    distance = f"{FROM} {write_reference(PLACE, leaning.place)}" if leaning.place else ""
    return "; ".join(part for part in (time, distance) if part)


def read_leaning(text: str) -> Leaning:
    """What `write_leaning` wrote. Raises CellError for a text of another form."""
    rest, place = text.strip(), ""
    if measured := _MEASURED_FROM.fullmatch(rest):
        rest, place = (measured["rest"] or "").strip(), measured["place"].strip()
    if not rest:
        return Leaning(place=place)
    first, _, after = rest.partition(" ")
    relation = first.casefold() if first.casefold() in RELATIONS else ""
    leans_on = _LEANS_ON.fullmatch(after.strip()) if relation else None
    if leans_on:
        return Leaning(relation, leans_on["event"], leans_on["offset"].strip(), place)
    if not relation and rest.startswith("P"):
        return Leaning(offset=rest, place=place)
    raise CellError(
        f"“{text}” does not say what the value leans on. Write “before event:KEY”, “after event:KEY”, "
        "“within event:KEY”, “within P3M event:KEY” or “from place:KEY”."
    )


def write_value(kind: str, fields: dict[str, Any]) -> str:
    """A stated value by its attribute's type (*date, quantity, coordinates, text*), from the fields of that type."""
    if kind == "quantity":
        return write_decimal(fields["amount"])
    if kind == "coordinates":
        return write_coordinates(fields["latitude"], fields["longitude"])
    return str(fields["edtf" if kind == "date" else "text"])


def read_value(kind: str, text: str) -> dict[str, Any]:
    """The fields that a stated value's cell fills, by its attribute's type. Raises CellError.

    A date is left as it is written: what the date kernel makes of it is for the caller to ask.
    """
    if kind == "quantity":
        return {"amount": read_decimal(text)}
    if kind == "coordinates":
        latitude, longitude = read_coordinates(text)
        return {"latitude": latitude, "longitude": longitude}
    return {"edtf" if kind == "date" else "text": text}
