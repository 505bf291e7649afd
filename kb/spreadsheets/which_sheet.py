"""Which of our sheets one of theirs is: by its name, or by its columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kb.spreadsheets import synonyms
from kb.spreadsheets.choices import Choices
from kb.spreadsheets.layout import BY_NAME, SHEETS, Sheet
from kb.spreadsheets.mapping import map_columns
from kb.spreadsheets.recognising import tells_nothing
from kb.spreadsheets.spelling import plain, recognised


def sheet_by_name(name: str) -> Sheet | None:
    """Our sheet that one of theirs is named after."""
    spelt = plain(name)
    for sheet in SHEETS:
        if spelt == plain(sheet.name) or spelt in map(
            plain, synonyms.words(synonyms.SHEETS.get(sheet.name, ""))
        ):
            return sheet
    return None


def sheet_by_columns(headers: Sequence[str], samples: Mapping[int, Sequence[str]]) -> Sheet | None:
    """The one sheet of ours that has these columns; None where none or several might.

    Of those that have as many of them, one goes before the others that has, beside its key, two or more columns that
    it cannot be without, and every one of them.
    """
    ranked = []
    for sheet in SHEETS:
        needed = _needed(sheet)
        if not needed - {"kind", "type"} <= _may_be(sheet, headers, samples):
            continue
        mapped = map_columns(sheet, headers, Choices(), samples=samples, strict=False)
        if needed - {"kind", "type"} <= set(mapped.positions) and len(mapped.positions) >= 2:
            whole = len(needed) > 1 and needed <= set(mapped.positions)
            ranked.append((len(mapped.positions), whole, sheet.name))
    ranked.sort(reverse=True)
    if not ranked or (len(ranked) > 1 and ranked[0][:2] == ranked[1][:2]):
        return None
    return BY_NAME[ranked[0][2]]


def _needed(sheet: Sheet) -> set[str]:
    return {column.name for column in sheet.columns if column.required} - {"key"}


def _may_be(sheet: Sheet, headers: Sequence[str], samples: Mapping[int, Sequence[str]]) -> set[str]:
    """Columns that the headers may be, by their spelling: to look at the cells of the likely sheets alone."""
    if any(tells_nothing(header) for header in headers) or len(samples) > len(headers):
        return set(sheet.by_name)
    return {match.column for header in headers if (match := recognised(header, sheet)).column}
