"""Finding published records by their words: statements, titles, and every name of a place."""

from __future__ import annotations

from django.db import connection
from django.db.models import Case, Q, QuerySet, When
from django.db.models.functions import Length

from kb.book.models import Record, SearchWord
from kb.book.reading import Label, label
from kb.editorial.folding import words

#: More words than this in a query are more than a reader means.
MOST_WORDS = 12
#: Kinds in the order in which a reader wants them.
ORDER = ("claim", "place", "event", "source", "agent", "topic", "rebuttal", "correction")


def search(text: str, limit: int = 50) -> list[Label]:
    """Published records that have all the words of the text, the last one as a beginning.

    By kind, and within one the shortest names first.
    """
    wanted = list(dict.fromkeys(words(text)))[:MOST_WORDS]
    if not wanted:
        return []
    found = Record.objects.filter(withdrawn_in=None, kind__in=ORDER)
    for word in wanted[:-1]:
        found = found.filter(uid__in=_with(Q(word=word)))
    found = found.filter(uid__in=_with(_beginning_with(wanted[-1])))
    rank = Case(*(When(kind=kind, then=at) for at, kind in enumerate(ORDER)))
    best = found.annotate(rank=rank, length=Length("label")).order_by("rank", "length", "uid")
    return [label(record) for record in best[:limit]]


def _with(condition: Q) -> QuerySet:
    return SearchWord.objects.filter(condition).values("record")


def _beginning_with(word: str) -> Q:
    if connection.vendor == "postgresql":
        return Q(word__startswith=word)
    # SQLite does not use an index for LIKE with an ESCAPE; the range is the same question.
    return Q(word__gte=word, word__lt=word + "\U0010ffff")
