"""Which of the records that fit comes first: BM25 over titles, with more for what is spelt and ordered as it was asked.

A record that has a word in its body alone counts less than one that has it in its title, and one that is about what the
question names without saying so, less again. Bodies need not be read for that: what fits and is not in the title is in
the body.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import log

from kb.book.search.dialect import KIND_BITS, Row
from kb.book.search.planning import Group, Plan
from kb.book.search.terms import BREAK, ORDER, about

#: What a word's weight is multiplied by: in the title as it was typed, in another form, or instead of what was typed;
#: for what the record is; for what it is about; in the body.
TYPED, FORM, INSTEAD, ITSELF, ABOUT, BODY = 2.2, 1.8, 1.4, 2.5, 0.9, 0.6
#: BM25's: how much the length of a title counts, against this many words.
B, AVERAGE = 0.4, 14
#: The whole question in order in the title, or at its beginning; the whole title.
IN_ORDER, AT_THE_BEGINNING, WHOLE = 1.35, 1.15, 2.0
#: Called just so: before everything else.
CALLED = 1000.0
#: Between records of one score a reader wants these more.
KINDS = dict(zip(ORDER, (1.0, 1.1, 1.0, 0.95, 1.05, 1.05, 0.9, 0.95), strict=True))


def kind_of(number: int) -> str:
    return ORDER[number >> KIND_BITS]


def ranked(plan: Plan, rows: Iterable[Row], called: Iterable[int]) -> list[Row]:
    """The rows, the best first; of those alike, the first published."""
    first = set(called)
    weights = [_weight(group, plan.records) for group in plan.groups]
    asked = " ".join(plan.words)
    scored = [
        (_score(plan.groups, weights, asked, row) + (CALLED if row[0] in first else 0.0), row) for row in rows
    ]
    scored.sort(key=lambda pair: (-pair[0], pair[1][0]))
    return [row for _, row in scored]


def _weight(group: Group, records: int) -> float:
    """How rare it is, in parts of all records."""
    there = min(group.records or 1, records)
    return log(1 + (records - there + 0.5) / (there + 0.5)) + 0.05


def _score(groups: Sequence[Group], weights: Sequence[float], asked: str, row: Row) -> float:
    number, title, marks = row
    words = title.split()
    there = frozenset(words)
    spaced = f" {title} "
    scores = map(lambda group, weight: weight * _in(group, there, spaced, marks), groups, weights)
    score = sum(scores) / (1 - B + B * len(words) / AVERAGE)
    if " " in asked and f" {asked} " in spaced:
        score *= IN_ORDER
    if spaced.startswith(f" {asked} "):
        score *= AT_THE_BEGINNING
        if title in (asked, f"{asked} {BREAK}"):
            score *= WHOLE
    return score * KINDS[kind_of(number)]


def _in(group: Group, there: frozenset[str], spaced: str, marks: str) -> float:
    best = 0.0
    typed = group.piece.words
    for words, _ in group.forms:
        if words[0] not in there or (len(words) > 1 and f" {' '.join(words)} " not in spaced):
            continue
        best = max(best, TYPED if words == typed else INSTEAD if group.instead else FORM)
    for uid in group.named:
        if about(uid) in marks:
            best = max(best, ITSELF if marks.startswith(about(uid)) else ABOUT)
    return best or BODY


def counted(rows: Iterable[Row]) -> tuple[Mapping[str, int], Mapping[str, int]]:
    """How many rows have each rating, and each language."""
    ratings: dict[str, int] = {}
    languages: dict[str, int] = {}
    for _, _, marks in rows:
        for mark in marks.split():
            if mark.startswith("zzr"):
                ratings[mark[3:]] = ratings.get(mark[3:], 0) + 1
            elif mark.startswith("zzl"):
                languages[mark[3:]] = languages.get(mark[3:], 0) + 1
    return ratings, languages
