"""Conflicts among published values: what readers are told cannot both hold, and what the desk made of it.

One of the public side's doors. Found when a page is read, from what is published then, so that they never lag behind a
date that was published anew; nothing unpublished can be in them. What is undetermined is no conflict.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from operator import attrgetter

from django.db.models import Count, F, QuerySet, Window
from django.db.models.functions import RowNumber

from kb.analysis.conflicts import Stated, Verdict, compare
from kb.book.asking import chunks
from kb.book.kinds import Document
from kb.book.models import PublicRuling, PublicValue
from kb.book.stated import Around, alike, around, as_stated, fingerprint, folded

#: Of each question, so many values are read, and so many different answers compared each with each.
MOST_VALUES, MOST_ANSWERS = 400, 24
#: Of what other claims state of the same as one, so many are compared with it.
MOST_OF_CLAIM = 100
#: Of a subject, so many values are read in all.
MOST_IN_ALL = 2_000

Key = tuple[str, str, str]


@dataclass(frozen=True)
class Said:
    """One published value: its claim, and whose words it is."""

    value: str
    claim: str
    source: str
    claimants: tuple[str, ...]
    fingerprint: str


@dataclass(frozen=True)
class Answer:
    """What one or more values state alike. `own`: the page's own claim is among those who state it."""

    stated: Stated
    said: tuple[Said, ...]
    own: bool = False

    @property
    def claims(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one.claim for one in self.said))


@dataclass(frozen=True)
class Ruling:
    """What the desk made of it, that one claim’s value and another’s cannot both hold."""

    verdict: str
    reason: str
    ruled_on: str
    claims: tuple[str, str]


@dataclass(frozen=True)
class Pair:
    """Two answers that cannot both hold."""

    one: Answer
    other: Answer
    rulings: tuple[Ruling, ...] = ()
    #: Whether the desk has ruled on every two values of them.
    all_ruled: bool = False

    @property
    def verdict(self) -> str:
        """The desk's, where it made the same of every two values; else empty."""
        verdicts = {ruling.verdict for ruling in self.rulings}
        return verdicts.pop() if self.all_ruled and len(verdicts) == 1 else ""


@dataclass(frozen=True)
class Question:
    """What values speak of alike, the different answers to it, and which of them cannot both hold.

    `stated` is how many published values there are; `compared` how many of them were looked at.
    """

    subject: str
    subject_kind: str
    #: Its key and its label.
    attribute: Document
    type: str
    qualifier: str
    answers: tuple[Answer, ...]
    pairs: tuple[Pair, ...]
    stated: int
    compared: int


def of_claim(claim: Document) -> list[Question]:
    """What other published claims state otherwise than this one; in four queries and what places take."""
    own: dict[Key, list[Document]] = defaultdict(list)
    for value in claim["values"]:
        own[value["about"]["uid"], value["attribute"]["key"], folded(value["qualifier"])].append(value)
    if not own:
        return []
    rows = _read_of(own, claim["uid"])
    seen = around(
        [
            *(v for several in own.values() for v in several),
            *(r.stated for some in rows.values() for r in some),
        ]
    )
    found = []
    for key, mine in own.items():
        others = rows.get(key, [])
        ours = _answers([_whose(claim, value) for value in mine], seen, own=True)
        theirs = _answers([(r.record_id, r.stated) for r in others], seen)
        pairs = [Pair(one, other) for one in ours for other in theirs if _exclude(one, other)]
        if pairs:
            total = _in_all(others) + len(mine)
            found.append(_question(mine[0], (*ours, *theirs), pairs, total, len(others) + len(mine)))
    return _with_rulings(found)


def of_subject(uid: str) -> list[Question]:
    """Of what is stated of an event or a place, the questions whose answers cannot all hold."""
    rows = _read(PublicValue.objects.filter(subject=uid))
    rows = {key: some for key, some in rows.items() if len({row.record_id for row in some}) > 1}
    if not rows:
        return []
    seen = around(row.stated for some in rows.values() for row in some)
    found = []
    for some in rows.values():
        answers = _answers([(row.record_id, row.stated) for row in some], seen)
        often = sorted(answers, key=lambda answer: -len(answer.claims))[:MOST_ANSWERS]
        pairs = [Pair(one, other) for one, other in combinations(often, 2) if _exclude(one, other)]
        if pairs:
            compared = sum(len(answer.said) for answer in often)
            found.append(_question(some[0].stated, often, pairs, _in_all(some), compared))
    return _with_rulings(found)


def zones(values: Iterable[Document]) -> Mapping[str, str]:
    """The time zones of what these values are about, where readers see one."""
    return around(values).zones


def _read(rows: QuerySet[PublicValue]) -> dict[Key, list[PublicValue]]:
    """The values by what they speak of; of each question no more than are looked at."""
    alike_in = [F("subject"), F("attribute"), F("qualifier")]
    numbered = rows.annotate(
        number=Window(RowNumber(), partition_by=alike_in, order_by="value"),
        stated_in_all=Window(Count("*"), partition_by=alike_in),
    ).filter(number__lte=MOST_VALUES)
    found: dict[Key, list[PublicValue]] = defaultdict(list)
    for row in numbered.order_by("subject", "attribute", "qualifier", "value")[:MOST_IN_ALL]:
        found[row.subject, row.attribute, row.qualifier].append(row)
    return dict(found)


def _read_of(keys: Iterable[Key], claim: str) -> dict[Key, list[PublicValue]]:
    """What other claims than this one state of each key: no more rows are looked at than are read."""
    columns = "id, record_id, value, subject, attribute, qualifier, stated"
    most = min(MOST_VALUES, MOST_OF_CLAIM)
    one = (
        f"SELECT * FROM (SELECT {columns} FROM book_publicvalue WHERE subject = %s AND attribute = %s "  # noqa: S608
        f"AND qualifier = %s AND record_id <> %s ORDER BY value LIMIT {most}) AS few"
    )
    found: dict[Key, list[PublicValue]] = defaultdict(list)
    for some in chunks(keys, 50):
        statement = " UNION ALL ".join(one.replace("few", f"few{at}") for at in range(len(some)))
        given = [value for key in some for value in (*key, claim)]
        for row in PublicValue.objects.raw(statement, given):
            found[row.subject, row.attribute, row.qualifier].append(row)
    for (subject, attribute, qualifier), rows in found.items():
        there = len(rows)
        if there == most:
            alike = PublicValue.objects.filter(subject=subject, attribute=attribute, qualifier=qualifier)
            there = alike.exclude(record=claim).count()
        rows[0].stated_in_all = there  # type: ignore[attr-defined]  # as `_read` annotates it
    return dict(found)


def _in_all(rows: Sequence[PublicValue]) -> int:
    """How many there are of which these are the first."""
    total: int = rows[0].stated_in_all  # type: ignore[attr-defined]  # annotated by `_read`
    return total


def _whose(claim: Document, value: Document) -> tuple[str, Document]:
    """A value of a claim's document as the index would keep it."""
    said = next((row for row in claim["appearances"] if row["uid"] == value["appearance"]), None)
    said = said or next(iter(claim["appearances"]), None)
    whose = {"source": said["source"], "claimants": said["claimants"]} if said else {}
    return claim["uid"], {**value, **whose}


def _answers(values: Iterable[tuple[str, Document]], seen: Around, *, own: bool = False) -> list[Answer]:
    found = []
    for group in alike({**value, "claim": claim} for claim, value in values):
        said = tuple(
            Said(
                value["uid"],
                value["claim"],
                value.get("source", ""),
                tuple(value.get("claimants", ())),
                fingerprint(value, seen),
            )
            for value in group
        )
        found.append(Answer(as_stated(group[0], seen), said, own))
    return found


def _exclude(one: Answer, other: Answer) -> bool:
    if len({*one.claims, *other.claims}) < 2:  # a claim is not held against itself
        return False
    answer = compare(one.stated, other.stated)
    return answer is not None and answer.verdict is Verdict.CONFLICT


def _question(
    value: Document, answers: Iterable[Answer], pairs: Sequence[Pair], stated: int, compared: int
) -> Question:
    about, attribute = value["about"], value["attribute"]
    held = {answer for pair in pairs for answer in (pair.one, pair.other)}
    return Question(
        about["uid"],
        about["kind"],
        attribute,
        attribute["type"],
        value["qualifier"],
        tuple(answer for answer in answers if answer in held),
        tuple(pairs),
        stated,
        compared,
    )


# --- what the desk made of them -------------------------------------------------------------------------------


def _with_rulings(questions: Sequence[Question]) -> list[Question]:
    values = sorted({one.value for q in questions for answer in q.answers for one in answer.said})
    rulings: dict[tuple[str, str], PublicRuling] = {}
    for at in range(0, len(values), MOST_VALUES):
        for ruling in PublicRuling.objects.filter(one__in=values[at : at + MOST_VALUES]):
            rulings[ruling.one, ruling.other] = ruling
    if not rulings:
        return list(questions)
    return [
        Question(**{**vars(question), "pairs": tuple(_ruled(pair, rulings) for pair in question.pairs)})
        for question in questions
    ]


def _ruled(pair: Pair, rulings: Mapping[tuple[str, str], PublicRuling]) -> Pair:
    both = list(_both(pair))
    found = []
    for one, other in both:
        ruling = rulings.get((one.value, other.value))
        if ruling and (ruling.one_fingerprint, ruling.other_fingerprint) == (
            one.fingerprint,
            other.fingerprint,
        ):
            found.append(Ruling(ruling.verdict, ruling.reason, ruling.ruled_on, (one.claim, other.claim)))
    return Pair(pair.one, pair.other, tuple(found), all_ruled=len(found) == len(both))


def _both(pair: Pair) -> Iterator[tuple[Said, Said]]:
    """Every two values of a pair that are of different claims, the one first whose uid sorts first."""
    for one in pair.one.said:
        for other in pair.other.said:
            if one.claim != other.claim:
                first, second = sorted((one, other), key=attrgetter("value"))
                yield first, second
