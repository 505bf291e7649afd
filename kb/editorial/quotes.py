"""Where a quotation stands in a text.

A quote is found by exact match, white space compared as one space, with its prefix and suffix to decide
between several places (W3C Web Annotation, TextQuoteSelector). The answer is a TextPositionSelector:
`start` and `end` count Unicode code points from 0, `end` is exclusive. Similar text is never taken for it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# What counts as white space: Unicode's, and the invisible characters that typesetters put beside it.
SPACE = re.compile(r"[\s\u00a0\u200b\u2060\ufeff]+")


@dataclass(frozen=True, slots=True)
class Position:
    """A passage of a text, in code points; `end` is exclusive."""

    start: int
    end: int


def fold_space(text: str) -> tuple[str, list[int]]:
    """The text with each run of white space as one space, and for each of its characters the place it came from.

    The list has one entry more than the folded text: the length of the original.
    """
    folded: list[str] = []
    places: list[int] = []
    at = 0
    for gap in SPACE.finditer(text):
        folded.append(text[at : gap.start()])
        places.extend(range(at, gap.start()))
        folded.append(" ")
        places.append(gap.start())
        at = gap.end()
    folded.append(text[at:])
    places.extend(range(at, len(text)))
    places.append(len(text))
    return "".join(folded), places


def candidates(text: str, quote: str, prefix: str = "", suffix: str = "") -> list[Position]:
    """Every place where the quote stands between its prefix and its suffix, in order."""
    wanted = fold_space(quote)[0].strip()
    if not wanted:
        return []
    folded, places = fold_space(text)
    before, after = fold_space(prefix)[0].strip(), fold_space(suffix)[0].strip()
    found = []
    at = folded.find(wanted)
    while at >= 0:
        end = at + len(wanted)
        left = at - folded.startswith(" ", at - 1) if at else 0
        right = end + folded.startswith(" ", end)
        if folded.endswith(before, 0, left) and folded.startswith(after, right):
            # The last character's own place plus one, so that a gap after the quote is not taken into it.
            found.append(Position(places[at], places[end - 1] + 1))
        at = folded.find(wanted, at + 1)
    return found


def anchor(text: str, quote: str, prefix: str = "", suffix: str = "") -> Position | None:
    """The one place where the quote stands, or None: not there, or there more than once.

    `prefix` and `suffix` are the text right before and after it; they are needed only where it occurs twice,
    but where they are given they must match.
    """
    found = candidates(text, quote, prefix, suffix)
    return found[0] if len(found) == 1 else None
