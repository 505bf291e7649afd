"""What a column without a telling header is, by its cells alone: only where they can be nothing else.

Addresses, DOIs, ISBNs, Wikidata's identifiers and tags of languages say by their form what they are (DOI Handbook, 2.2;
ISO 2108 with its check digit; BCP 47). A column of an enumeration is one where every cell is a value of it, and of no
other of the sheet. A column that has a header of its own, which says nothing to us, is left alone: whoever wrote it
meant something.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.conf.locale import LANG_INFO

from kb.spreadsheets.columns import specs
from kb.spreadsheets.layout import Sheet

#: Fewer cells than these prove nothing.
ENOUGH = 3
_NO_NAME = re.compile(
    r"(?:column|col|field|feld|spalte|colonne|columna|coluna|unnamed|f|c)?[\W_]*\d*", re.IGNORECASE
)
_ADDRESS = re.compile(r"https?://[^\s/]+\.[^\s]+", re.IGNORECASE)
_ARCHIVE = re.compile(r"https?://(?:web\.archive\.org|archive\.(?:today|ph|is|org|md|vn))/", re.IGNORECASE)
_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:\s*)?10\.\d{4,9}/\S+", re.IGNORECASE)
_WIKIDATA = re.compile(r"Q[1-9]\d{0,9}")
#: The quarters of a year are written as Wikidata's first four.
_QUARTER = re.compile(r"Q[1-4]")
_LANGUAGE = re.compile(r"([a-z]{2,3})(?:-[A-Z][a-z]{3})?(?:-[A-Z]{2})?")
#: Tags of languages that are English words as well.
_WORDS = frozenset(
    {"am", "as", "be", "el", "he", "hi", "id", "in", "is", "it", "my", "no", "or", "pa", "so", "to", "us"}
)


def tells_nothing(header: str) -> bool:
    """Whether a header is none, or only a number: “Column 3”, “Unnamed: 0”, “F7”."""
    return _NO_NAME.fullmatch(header.strip()) is not None


def by_content(sheet: Sheet, texts: Sequence[str]) -> str:
    """The column of ours that these cells are, or ""."""
    cells = [text.strip() for text in texts if text.strip()]
    if len(cells) < ENOUGH or all(map(_QUARTER.fullmatch, cells)):
        return ""
    there = {spec.name for spec in specs(sheet.name)}
    for name, fits in _FORMS.items():
        if all(map(fits, cells)):
            return name if name in there else ""
    if _are_languages(cells):
        return "language" if "language" in there else ""
    return _of_enumeration(sheet, {cell.casefold() for cell in cells})


def _are_languages(cells: Sequence[str]) -> bool:
    """Whether these are tags of languages (BCP 47), two or more of which are nothing else."""
    tags = set(cells)
    found = [_LANGUAGE.fullmatch(tag) for tag in tags]
    return all(match and match[1] in LANG_INFO for match in found) and len(tags - _WORDS) > 1


def _of_enumeration(sheet: Sheet, values: set[str]) -> str:
    """The enumeration that holds all of these, where it is one alone; a single value may be anybody's."""
    if len(values) < 2:
        return ""
    fitting = [name for name, known in _enumerations(sheet).items() if values <= known]
    return fitting[0] if len(fitting) == 1 else ""


def _enumerations(sheet: Sheet) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = {}
    for spec in specs(sheet.name):
        field: Any = spec.field
        if spec.how == "plain" and getattr(field, "choices", None):
            found[spec.name] = {str(value).casefold() for value, _ in field.flatchoices if value}
    return found


def _is_isbn(text: str) -> bool:
    digits = text.replace("-", "").replace(" ", "").upper()
    if re.fullmatch(r"97[89]\d{10}", digits):
        return sum(int(d) * (3 if i % 2 else 1) for i, d in enumerate(digits)) % 10 == 0
    if re.fullmatch(r"\d{9}[\dX]", digits):
        return sum((10 - i) * (10 if d == "X" else int(d)) for i, d in enumerate(digits)) % 11 == 0
    return False


#: Asked in this order: an archive's address is an address, too.
_FORMS: Mapping[str, Callable[[str], bool]] = {
    "doi": lambda text: _DOI.fullmatch(text) is not None,
    "archived_url": lambda text: _ARCHIVE.match(text) is not None,
    "url": lambda text: _ADDRESS.fullmatch(text) is not None,
    "wikidata": lambda text: _WIKIDATA.fullmatch(text) is not None,
    "isbn": _is_isbn,
}
