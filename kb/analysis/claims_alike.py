"""Has this been said before, at the desk? The claims most like a statement, found by the desk's index."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import Count, Max

from kb.analysis import claim_index
from kb.analysis.similarity import (
    Names,
    Similar,
    Similarity,
    Told,
    asked_by,
    candidate,
    cleaned,
    ranked,
    terms,
)
from kb.models import Claim, PlaceName

#: More of a text than this is not looked at.
LONGEST = 2_000


@dataclass(frozen=True)
class Alike:
    """A claim that is like what was asked for: its primary key, and how alike it is."""

    pk: int
    similar: Similar
    told: Told

    @property
    def key(self) -> str:
        return self.told.key


def similar(text: str, top: int = 5) -> list[Alike]:
    """The desk's claims most like a text, best first. The queries are as many for any number of claims."""
    return next(similar_to([text], top))


def similar_to(
    texts: Sequence[str], top: int = 5, *, compared: int = claim_index.COMPARED
) -> Iterator[list[Alike]]:
    """The same for many texts, one after the other, with as many queries for some hundred as for one.

    `compared` is how many claims are looked at for each.
    """
    clean = [cleaned(text[:LONGEST]) for text in texts]
    all_names = _names()
    names = all_names.among({record for text in clean for record in all_names.named(text)})
    asked = [_asked(text, names) for text in clean]
    others = [term for name in names.of for term in terms(name)]
    known = claim_index.frequencies([*(term for one in asked for term in one), *others], names)
    waiting = claim_index.waiting()
    by_text = [
        list(dict.fromkeys([*found, *waiting])) for found in claim_index.fetched(asked, known, compared)
    ]
    told = claim_index.told(pk for pks in by_text for pk in pks)
    for text, pks in zip(clean, by_text, strict=True):
        some = [pk for pk in pks if pk in told]
        found = ranked(text, [candidate(told[pk], names) for pk in some], known.rarity, names=names, top=top)
        by_key = {told[pk].key: pk for pk in some}
        yield [Alike(by_key[one.key], one, told[by_key[one.key]]) for one in found]


def _asked(text: str, names: Names) -> list[str]:
    """The terms of a text, and for the places that it names those of their other names."""
    records = names.named(text)
    called = [term for name in names.among(records).of for term in terms(name)] if records else []
    return [*asked_by(text, Names(())), *called]


def _names() -> Names:
    """All names of places. They are read again when one was written."""
    last = PlaceName.history.order_by("-history_id").values_list("history_id", "history_date").first()
    there = PlaceName.objects.order_by().aggregate(number=Count("pk"), last=Max("pk"))
    return _names_at(last, *there.values())


@lru_cache(maxsize=1)
def _names_at(*state: object) -> Names:
    return Names(_all_names())


def _all_names() -> Iterator[tuple[str, str]]:
    for text, place in PlaceName.objects.values_list("text", "place_id").iterator():
        yield text, str(place)


def in_memory() -> Similarity:
    """All claims of the desk, compared without the index: what the index is measured by."""
    pks = list(Claim.objects.order_by("pk").values_list("pk", flat=True))
    return Similarity(claim_index.told(pks).values(), Names(_all_names()))


__all__ = ["Alike", "in_memory", "similar", "similar_to"]
