"""The words of the published texts: how many records have each, what begins alike, what is spelt nearly alike.

Two words are near if one letter can be left out of each so that the same is left: a letter too many, too few, another,
or two turned. What is left of each word is a row (`SearchSlip`), so that near words are found by keys alone, on any
database; no extension is needed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.db.models import Q

from kb.book.search import dialect
from kb.book.search.tables import SearchSlip, SearchTerm
from kb.book.search.terms import BREAK, Entry
from kb.editorial.folding import UNSPACED
from kb.editorial.stemming import stem

#: Of the forms of a word, of what begins with it, and of near words so many are looked for, the frequent first.
FORMS, BEGINNINGS, NEAR = 16, 16, 3
#: So many that begin alike are looked through for the most frequent.
LOOKED_THROUGH = 2_000
#: Shorter words are near to too many others; longer ones nobody mistypes.
SHORTEST, LONGEST = 4, 24
_SHORTEST_HANGUL = 3
#: In words of so many letters two may be left out.
TWO_SLIPS = 7


@dataclass(frozen=True)
class Term:
    word: str
    records: int


# --- asking -----------------------------------------------------------------------------------------------------


def known(words: Iterable[str], stems: Iterable[str]) -> tuple[int, dict[str, list[Term]]]:
    """How many records there are; and by stem the words that have it, the frequent first. One query.

    `words` are looked for as they are, and given under themselves.
    """
    exact, several = set(words), set(stems)
    forms: dict[str, list[Term]] = defaultdict(list)
    number = 0
    for word, root, records in dialect.words_known(["", *sorted(exact)], sorted(several)):
        if word == "":
            number = records
            continue
        term = Term(word, records)
        if word in exact:
            forms[f"={word}"].append(term)
        if root in several and len(forms[root]) < FORMS:
            forms[root].append(term)
    return number, forms


def beginning(start: str) -> list[Term]:
    """The most frequent words that begin so."""
    some = SearchTerm.objects.filter(begins("word", start)).values_list("word", "records")[:LOOKED_THROUGH]
    best = sorted(some, key=lambda row: (-row[1], row[0]))[:BEGINNINGS]
    return [Term(*row) for row in best]


def all_beginning(starts: Iterable[str]) -> list[list[Term]]:
    """For each the words that begin so if it ends in %, else that word. One query."""
    return [[Term(word, records) for word, records in some] for some in dialect.words_like(list(starts))]


def begins(column: str, start: str) -> Q:
    if dialect.is_postgresql():
        return Q(**{f"{column}__startswith": start})
    # SQLite does not use an index for LIKE with an ESCAPE; the range is the same question.
    return Q(**{f"{column}__gte": start, f"{column}__lt": start + "\U0010ffff"})


def near(word: str) -> list[Term]:
    """The words most like one, the nearest; of those, the most frequent. Two queries, four for a long word."""
    if not _can_be_mistyped(word):
        return []
    left = set(slips(word))
    found = _near(word, left)
    if not found and len(word) >= TWO_SLIPS:
        found = _near(word, {other for one in left for other in slips(one)})
    return found


def _near(word: str, left: set[str]) -> list[Term]:
    rows = SearchSlip.objects.filter(spelling__in={word, *left}).values_list("word", flat=True)
    candidates = set(rows[:LOOKED_THROUGH]) | left
    terms = SearchTerm.objects.filter(word__in=candidates).exclude(word=word).values_list("word", "records")
    most = 1 if len(word) < 6 else 2
    scored = sorted(
        (distance, other[0] != word[0], -records, other)
        for other, records in terms
        if (distance := distance_between(word, other)) <= most
    )
    return [
        Term(other, -records) for distance, _, records, other in scored[:NEAR] if distance == scored[0][0]
    ]


def _can_be_mistyped(word: str) -> bool:
    if UNSPACED.search(word) or any(letter.isdigit() for letter in word):
        return False
    shortest = _SHORTEST_HANGUL if "\uac00" <= word[0] <= "\ud7a3" else SHORTEST
    return shortest <= len(word) <= LONGEST


def slips(word: str) -> Iterator[str]:
    """The word with one letter left out, in every way."""
    yield from {word[:at] + word[at + 1 :] for at in range(len(word))}


def distance_between(one: str, other: str) -> int:
    """Letters to add, to leave out, to change, and neighbours to turn, until the words are the same."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        before, last, row = row, before, [at]
        for there, beside in enumerate(other, 1):
            cost = before[there - 1] + (letter != beside)
            best = min(cost, before[there] + 1, row[-1] + 1)
            turned = at > 1 < there and letter == other[there - 2] and one[at - 2] == beside
            row.append(min(best, last[there - 2] + 1) if turned else best)
    return row[-1]


# --- writing ----------------------------------------------------------------------------------------------------


def words_of(title: str, body: str) -> set[str]:
    return {*title.split(), *body.split()} - {BREAK}


def count(added: Iterable[Entry], removed: Iterable[tuple[str, str]]) -> None:
    """Follow what was added to the index, and the titles and bodies that were taken out."""
    counts: Counter[str] = Counter()
    for title, body in removed:
        counts.subtract(("", *words_of(title, body)))
    for entry in added:
        counts.update(("", *words_of(entry.title, entry.body)))
    changed: Mapping[str, int] = {word: number for word, number in counts.items() if number}
    if not changed:
        return
    there = dialect.present_words(changed)
    dialect.add_to_counts([(word, stem(word), number) for word, number in sorted(changed.items())])
    dialect.add_slips(
        (left, word)
        for word in sorted(changed.keys() - there)
        if word and _can_be_mistyped(word)
        for left in sorted(slips(word))
    )
    if any(number < 0 for number in changed.values()):
        gone = list(SearchTerm.objects.filter(records__lte=0).values_list("word", flat=True))
        dialect.forget_words(gone)
