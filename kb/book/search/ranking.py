"""Which of the records that fit comes first: BM25 over titles, with more for what is spelt and ordered as it was asked.

A record that has a word in its body alone counts less than one that has it in its title, and one that is about what the
question names without saying so, less again. Bodies need not be read for that: what fits and is not in the title is in
the body.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from math import log

from kb.book.search.dialect import KIND_BITS, Row
from kb.book.search.planning import Group, Plan
from kb.book.search.terms import BREAK, CODE, ORDER, about

#: What a word's weight is multiplied by: in the title as it was typed, in another form, or instead of what was typed;
#: for what the record is; for what it is about; in the body.
TYPED, FORM, INSTEAD, ITSELF, ABOUT, BODY = 2.2, 1.8, 1.4, 2.5, 0.9, 0.6
#: BM25's: how much the length of a title counts, against this many words.
B, AVERAGE = 0.4, 14
#: The whole question in order in the title, or at its beginning; the whole title.
IN_ORDER, AT_THE_BEGINNING, WHOLE = 1.35, 1.15, 2.0
#: Called just so: before everything else.
CALLED = 1000.0
#: Between records of one score a reader wants these more: by the kind's place in the order.
_OF_KINDS = (1.0, 1.1, 1.0, 0.95, 1.05, 1.05, 0.9, 0.95)
#: The codes of an entry's rating and language, without what all codes begin with.
_RATED_OR_SPOKEN = re.compile(rf"\b{CODE}([rl]\w+)")


def kind_of(number: int) -> str:
    return ORDER[number >> KIND_BITS]


def ranked(plan: Plan, rows: Iterable[Row], called: Iterable[int]) -> list[Row]:
    """The rows, the best first; of those alike, the first published."""
    first = set(called)
    score = _Score(plan).of
    scored = [(-score(row) - (CALLED if row[0] in first else 0.0), row[0], row) for row in rows]
    scored.sort()
    return [row for _, _, row in scored]


def _weight(group: Group, records: int) -> float:
    """How rare it is, in parts of all records."""
    there = min(group.records or 1, records)
    return log(1 + (records - there + 0.5) / (there + 0.5)) + 0.05


class _Score:
    """How well an entry fits. Hundreds are scored for a page: what hangs on the question alone is worked out once."""

    def __init__(self, plan: Plan) -> None:
        self.groups = [
            (_weight(group, plan.records), _forms(group), [about(uid) for uid in group.named])
            for group in plan.groups
        ]
        self.asked = " ".join(plan.words)
        self.begun, self.several = f" {self.asked} ", len(plan.words) > 1

    def of(self, row: Row) -> float:
        number, title, marks = row
        spaced = f" {title} "
        score = 0.0
        for weight, forms, named in self.groups:
            score += weight * _in(forms, named, spaced, marks)
        score /= 1 - B + B * (title.count(" ") + 1) / AVERAGE
        if self.several and self.begun in spaced:
            score *= IN_ORDER
        if spaced.startswith(self.begun):
            score *= AT_THE_BEGINNING
            if title in (self.asked, f"{self.asked} {BREAK}"):
                score *= WHOLE
        return score * _OF_KINDS[number >> KIND_BITS]


def _forms(group: Group) -> list[tuple[str, float]]:
    """What is looked for between two spaces, and what it counts; that which counts most first."""
    typed = group.piece.words
    forms = [
        (f" {' '.join(words)} ", TYPED if words == typed else INSTEAD if group.instead else FORM)
        for words, _ in group.forms
    ]
    return sorted(forms, key=lambda form: -form[1])


def _in(forms: Sequence[tuple[str, float]], named: Sequence[str], spaced: str, marks: str) -> float:
    best = 0.0
    for form, much in forms:
        if form in spaced:
            best = much
            break
    for mark in named:
        if mark in marks:
            best = max(best, ITSELF if marks.startswith(mark) else ABOUT)
    return best or BODY


def counted(rows: Iterable[Row]) -> tuple[Mapping[str, int], Mapping[str, int]]:
    """How many rows have each rating, and each language."""
    found = Counter(mark for _, _, marks in rows for mark in _RATED_OR_SPOKEN.findall(marks))
    ratings = {mark[1:]: number for mark, number in found.items() if mark[0] == "r"}
    return ratings, {mark[1:]: number for mark, number in found.items() if mark[0] == "l"}
