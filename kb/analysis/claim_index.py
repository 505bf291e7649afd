"""The desk's index of claims: by which words each is found, kept up to date behind every write.

The database notes each claim that was written (`ClaimToIndex`, by trigger). `catch_up` indexes them after the write is
done, some at a time, so that no import holds its lock for that. Until then `waiting` names them, and who asks compares
them, too: a claim is found from the moment that it is written.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from heapq import nlargest
from itertools import combinations
from threading import Event, Thread
from time import sleep
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, models, transaction
from django.db.models.expressions import RawSQL

from kb.analysis.similarity import PLACE, Names, Told, inverse, terms
from kb.models import Appearance, Claim, ClaimToIndex, ClaimWords, Review, TermCount
from kb.models.similar import LONGEST_TERM

#: Claims that are indexed in one transaction, which keeps others from writing on SQLite; notes that are read together.
AT_ONCE: Mapping[str, int] = {"sqlite": 2_000, "postgresql": 10_000}
NOTES = 1_000_000
#: So many titles and quotes are read of a claim, and so much of each.
MOST, LONGEST = 4, 300
#: Of claims that wait to be indexed, the last so many are compared with every question.
WAITING = 200
#: Claims fetched for one question through its rarest terms and through one of them; of these, those whose terms are
#: looked at, and those that are compared letter by letter.
FETCHED, FOR_ONE, LOOKED_AT, COMPARED = 6_000, 3_000, 300, 70
#: How little a claim's length counts: as much as so many terms.
AVERAGE = 30
#: Where all terms are frequent, so many of them are looked for two by two.
TOGETHER = 5

_MARKS = re.compile(r"[^0-9a-z\u0080-\U0010ffff]")
#: Holds off others that index at the same time; any number that nothing else locks.
_LOCK = 7_310_542_866


# --- what claims are told by ----------------------------------------------------------------------------------------


def told(pks: Iterable[int]) -> dict[int, Told]:
    """These claims with the titles that are about them alone, and what is quoted. Three queries, however many."""
    some = among(pks)
    titles: dict[int, dict[str, None]] = defaultdict(dict)
    quotes: dict[int, dict[str, None]] = defaultdict(dict)
    for claim, source, quote, shared in _rows(Appearance, some, "quote"):
        _add(titles[claim], "" if shared else source)
        _add(quotes[claim], quote)
    for claim, source, _, shared in _rows(Review, some, "rating_text"):
        _add(titles[claim], "" if shared else source)
    claims = Claim.objects.filter(pk__in=some).order_by("pk").values_list("pk", "key", "statement")
    return {
        pk: Told(key, statement, " ".join(titles.get(pk, ())), " ".join(quotes.get(pk, ())))
        for pk, key, statement in claims
    }


def among(pks: Iterable[int]) -> RawSQL:
    """Primary keys as a subquery: a long list of parameters makes SQLite scan, and has a limit."""
    wanted = sorted(set(pks))
    if connection.vendor == "postgresql":
        return RawSQL("SELECT unnest(%s::bigint[])", [wanted])
    return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(wanted)])


def _add(known: dict[str, None], text: str | None) -> None:
    if text and len(known) < MOST:
        known[text[:LONGEST]] = None


def _rows(model: type[models.Model], claims: RawSQL, text: str) -> Iterator[tuple[Any, ...]]:
    """Rows that join these claims to sources: the source's title, and whether it is of another claim, too."""
    another: Any = models.Value(False)
    for beside in (Appearance, Review):
        rows = beside._base_manager.filter(source=models.OuterRef("source")).exclude(
            claim=models.OuterRef("claim")
        )
        another = models.Case(models.When(models.Exists(rows), then=True), default=another)
    found = model._base_manager.filter(claim__in=claims).order_by("pk").annotate(shared=another)
    return found.values_list("claim", "source__title", text, "shared").iterator()


#: By what texts are found, where that is known already.
Foreseen = Mapping[str, tuple[str, ...]]


def tokens(one: Told, foreseen: Foreseen | None = None) -> list[str]:
    """What a claim is found by, as the index holds it."""
    texts = (one.statement, one.titles, one.quotes)
    known = foreseen or {}
    return sorted({token for text in texts if text for token in known.get(text) or _tokens_of(text)})


def _tokens_of(text: str) -> tuple[str, ...]:
    return tuple({token for term in terms(text) if (token := as_token(term))})


@contextmanager
def foreseeing(texts: Sequence[str]) -> Iterator[Foreseen]:
    """By what texts will be found, worked out beside what is done in this context, as far as it gets.

    While the database writes a large import, this process only waits for it.
    """
    found: dict[str, tuple[str, ...]] = {}
    over = Event()

    def work() -> None:
        for number, text in enumerate(texts):
            if number % 16 == 0:
                sleep(0)  # whoever waits for the interpreter goes first
                if over.is_set():
                    return
            found[text] = _tokens_of(text)

    beside = Thread(target=work, name="foreseeing", daemon=True)
    beside.start()
    try:
        yield found
    finally:
        over.set()
        beside.join()


@lru_cache(maxsize=65_536)
def as_token(term: str) -> str:
    """A term without the signs that would divide it: transliteration writes some letters with an apostrophe."""
    return "" if term.startswith(PLACE) else _MARKS.sub("", term)[:LONGEST_TERM]


# --- keeping up to date ---------------------------------------------------------------------------------------------


def catch_up(progress: Callable[[int], None] | None = None, foreseen: Foreseen | None = None) -> int:
    """Index the claims that were written since. Returns how many.

    Where another process does so already, it is left to that one. `foreseen` saves work, and is looked at no further.
    """
    done = 0
    while noted := _noted():
        wanted = sorted(noted)
        at_once = AT_ONCE[connection.vendor]
        for start in range(0, len(wanted), at_once):
            claims = wanted[start : start + at_once]
            with transaction.atomic():
                if not _alone():
                    return done
                _index(claims, foreseen)
                # By their own keys: what others have noted meanwhile may have smaller ones.
                ClaimToIndex.objects.filter(
                    pk__in=among(pk for claim in claims for pk in noted[claim])
                ).delete()
            done += len(claims)
            if progress is not None:
                progress(done)
    return done


def _noted() -> dict[int, list[int]]:
    """The claims to index, each with the notes that say so: one for the claim, and one for each of its rows."""
    noted: dict[int, list[int]] = defaultdict(list)
    for pk, claim in ClaimToIndex.objects.order_by("pk").values_list("pk", "claim")[:NOTES].iterator():
        noted[claim].append(pk)
    return noted


def rebuild(progress: Callable[[int], None] | None = None) -> int:
    """Make the index again from nothing. Returns how many claims it has."""
    with transaction.atomic():
        for model in (ClaimWords, TermCount, ClaimToIndex):
            model._base_manager.all().delete()
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO kb_claimtoindex (claim) SELECT id FROM kb_claim ORDER BY id")
    catch_up(progress)
    return ClaimWords.objects.count()


def waiting() -> list[int]:
    """The claims that were written last and are not yet indexed."""
    newest = ClaimToIndex.objects.order_by("-pk").values_list("claim", flat=True)[:WAITING]
    return list(dict.fromkeys(newest))


def _alone() -> bool:
    """Whether no other process indexes; on SQLite a transaction is alone with its writes."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        return bool(cursor.fetchone()[0])


def _index(claims: list[int], foreseen: Foreseen | None = None) -> None:
    before = _words_of(claims)
    now = {pk: " ".join(tokens(one, foreseen)) for pk, one in told(claims).items()}
    changed = [pk for pk in claims if before.get(pk) != now.get(pk)]
    counts: Counter[str] = Counter()
    for pk in changed:
        if pk in before:
            counts.subtract(("", *before[pk].split()))
        if pk in now:
            counts.update(("", *now[pk].split()))
    gone = [pk for pk in changed if pk in before]
    new = [(pk, now[pk]) for pk in changed if pk in now]
    counted = sorted((term, count) for term, count in counts.items() if count)
    ClaimWords.objects.filter(pk__in=among(gone)).delete()
    _put("INSERT INTO kb_claimwords (rowid, words)", ("bigint", "text"), new)
    _put("INSERT INTO kb_termcount (term, claims)", ("text", "bigint"), counted, _ADDED)


_ADDED = "ON CONFLICT (term) DO UPDATE SET claims = kb_termcount.claims + excluded.claims"


def _put(insert: str, types: Sequence[str], rows: Sequence[tuple[Any, ...]], otherwise: str = "") -> None:
    """Rows into a table; PostgreSQL takes them in one statement, which is many times faster there."""
    with connection.cursor() as cursor:
        if not rows:
            return
        if connection.vendor == "postgresql":
            given = ", ".join(f"%s::{kind}[]" for kind in types)
            columns = [list(column) for column in zip(*rows, strict=True)]
            cursor.execute(f"{insert} SELECT * FROM unnest({given}) {otherwise}", columns)  # noqa: S608
            return
        cursor.executemany(f"{insert} VALUES ({', '.join(['%s'] * len(types))}) {otherwise}", rows)


def _words_of(claims: Iterable[int]) -> dict[int, str]:
    return dict(ClaimWords.objects.filter(pk__in=among(claims)).values_list("pk", "words"))


# --- asking ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Frequencies:
    """In how many claims terms are; a place is in as many as have one of its names."""

    counts: Mapping[str, int]
    names: Names

    @property
    def number(self) -> int:
        return max(1, self.counts.get("", 0))

    def there(self, term: str) -> float:
        if not term.startswith(PLACE):
            return self.counts.get(as_token(term), 0)
        rarest: dict[str, int] = {}
        for name in self.names.called.get(term[len(PLACE) :], []):
            there = {token: self.counts.get(token, 0) for part in terms(name) if (token := as_token(part))}
            if there:
                token = min(there, key=there.__getitem__)
                rarest[token] = there[token]
        return sum(rarest.values())

    def rarity(self, term: str) -> float:
        return inverse(self.number, self.there(term))


_COUNTS = {
    "sqlite": "SELECT term, claims FROM kb_termcount WHERE term IN (SELECT value FROM json_each(%s))",
    "postgresql": "SELECT term, claims FROM kb_termcount WHERE term = ANY(%s)",
}


def frequencies(asked: Iterable[str], names: Names) -> Frequencies:
    """How frequent terms are. One query, however many."""
    wanted = sorted({"", *filter(None, map(as_token, asked))})
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS[connection.vendor], [_as_list(wanted)])
        return Frequencies({term: count for term, count in cursor.fetchall() if count > 0}, names)


def fetched(asked: Sequence[Iterable[str]], known: Frequencies, most: int = COMPARED) -> list[list[int]]:
    """For each list of terms, the claims that share most of them, best first. Three queries for some hundred lists."""
    lists = [{token for term in one if (token := as_token(term)) in known.counts} for one in asked]
    probes = [_probes(one, known) for one in lists]
    wanted = sorted({probe for several in probes for probe in several})
    rows = dict(zip(wanted, _rows_of(wanted), strict=True))
    best = []
    for several in probes:
        scores: dict[int, float] = defaultdict(float)
        for probe, weight in several.items():
            for claim in rows[probe]:
                scores[claim] += weight
        best.append(nlargest(max(most, LOOKED_AT * most // COMPARED), scores, key=scores.__getitem__))
    words = _words_of(claim for some in best for claim in some)
    return [
        _sharing_most(some, words, {term: inverse(known.number, known.counts[term]) for term in one}, most)
        for some, one in zip(best, lists, strict=True)
    ]


def _sharing_most(
    some: list[int], words: Mapping[int, str], weights: Mapping[str, float], most: int
) -> list[int]:
    """Of some claims those that share most, the frequent terms counted, too. What a short claim shares counts more."""
    scores = {}
    for claim in some:
        own = words.get(claim, "").split()
        shared = sum(weights[term] for term in own if term in weights)
        scores[claim] = shared / (AVERAGE + len(own))
    return nlargest(most, scores, key=lambda claim: (scores[claim], -claim))


Probe = tuple[str, ...]


def _probes(asked: set[str], known: Frequencies) -> dict[Probe, float]:
    """What is looked for: the rarest terms one by one; frequent ones, which find too much, two by two."""
    there = sorted((known.counts[term], term) for term in asked if term)
    found: dict[Probe, float] = {}
    left = FETCHED
    frequent = []
    for count, term in there:
        if count <= min(left, FOR_ONE):
            found[(term,)] = inverse(known.number, count)
            left -= count
        else:
            frequent.append((term, inverse(known.number, count)))
    if left > FETCHED / 2:
        for (one, weight), (other, beside) in combinations(frequent[:TOGETHER], 2):
            found[one, other] = weight + beside
    return found


#: For each probe, the claims that have all its terms, up to a number.
_ROWS = {
    "sqlite": "SELECT (SELECT group_concat(rowid) FROM (SELECT rowid FROM kb_claimwords WHERE kb_claimwords MATCH "
    "asked.value LIMIT %s)) FROM json_each(%s) asked ORDER BY asked.key",
    "postgresql": "SELECT (SELECT string_agg(rowid::text, ',') FROM (SELECT rowid FROM kb_claimwords WHERE "
    "array_to_tsvector(string_to_array(words, ' ')) @@ asked.value::tsquery LIMIT %s) found) "
    "FROM unnest(%s::text[]) WITH ORDINALITY asked (value, key) ORDER BY asked.key",
}


def _rows_of(probes: Sequence[Probe]) -> list[list[int]]:
    if not probes:
        return []
    quote, both = ("'", " & ") if connection.vendor == "postgresql" else ('"', " ")
    spelt = [both.join(f"{quote}{term}{quote}" for term in probe) for probe in probes]
    with by_index() as cursor:
        cursor.execute(_ROWS[connection.vendor], [FOR_ONE, _as_list(spelt)])
        return [list(map(int, row[0].split(","))) if row[0] else [] for row in cursor.fetchall()]


@contextmanager
def by_index() -> Iterator[Any]:
    """A cursor for which PostgreSQL, which cannot tell how rare a term is, does not read the whole table."""
    if connection.vendor != "postgresql":
        with connection.cursor() as cursor:
            yield cursor
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        yield cursor
        cursor.execute("SET LOCAL enable_seqscan = on")


def _as_list(texts: Sequence[str]) -> Any:
    return list(texts) if connection.vendor == "postgresql" else json.dumps(texts)


# --- watching -------------------------------------------------------------------------------------------------------


def _written(sender: Any, using: str = DEFAULT_DB_ALIAS, **kwargs: Any) -> None:
    # A request that saves many rows waits for it once.
    noted: list[Any] = [entry[1] for entry in connection.run_on_commit[-1:]]
    if using == DEFAULT_DB_ALIAS and noted != [_after_commit]:
        transaction.on_commit(_after_commit, robust=True)


def _after_commit() -> None:
    catch_up()


def watch() -> None:
    """Index claims as soon as what a request has written of them is committed."""
    for model in (Claim, Appearance, Review):
        for signal in (models.signals.post_save, models.signals.post_delete):
            signal.connect(_written, sender=model, dispatch_uid=f"index_of_{model.__name__}_{id(signal)}")
