"""The desk's claims as a similarity index: their statements, and what else tells of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from kb.analysis.similarity import Names, Similarity, Told
from kb.models import Appearance, Claim, PlaceName, Review

#: So many titles and quotes are read of a claim, and so much of each.
MOST, LONGEST = 4, 300


def index() -> Similarity:
    """All claims of the desk, ready to be asked. Built anew at each call, from four queries."""
    return Similarity(_claims(), Names(_names()))


def _claims() -> Iterator[Told]:
    titles, quotes = _titles(), _quotes()
    for pk, key, statement in Claim.objects.order_by("pk").values_list("pk", "key", "statement").iterator():
        yield Told(key, statement, " ".join(titles.pop(pk, ())), " ".join(quotes.pop(pk, ())))


def _titles() -> dict[int, dict[str, None]]:
    """Per claim, the titles of what reviews it and of what makes it, as long as they are about no other claim."""
    found: dict[int, dict[str, None]] = defaultdict(dict)
    about: dict[int, set[int]] = defaultdict(set)
    of: dict[int, str] = {}
    for model in (Review, Appearance):
        rows = model._base_manager.filter(source__isnull=False).order_by("pk")
        for claim, source, title in rows.values_list("claim_id", "source_id", "source__title").iterator():
            about[source].add(claim)
            of[source] = title
    for source, claims in about.items():
        if len(claims) == 1:
            own = found[next(iter(claims))]
            if len(own) < MOST:
                own[of[source][:LONGEST]] = None
    return found


def _quotes() -> dict[int, dict[str, None]]:
    found: dict[int, dict[str, None]] = defaultdict(dict)
    rows = Appearance.objects.exclude(quote="").order_by("pk")
    for claim, quote in rows.values_list("claim_id", "quote").iterator():
        if len(found[claim]) < MOST:
            found[claim][quote[:LONGEST]] = None
    return found


def _names() -> Iterator[tuple[str, str]]:
    for text, place in PlaceName.objects.values_list("text", "place_id").iterator():
        yield text, str(place)
