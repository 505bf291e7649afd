"""Finding the records that a list is narrowed to: by their keys as addresses have them, or by what they are called."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models.functions import Length

from kb.book.models import Address, Record, SearchWord
from kb.book.reading import Label, label
from kb.editorial.folding import fold, words

#: So many are offered where several are called the same.
MOST = 8
MOST_WORDS = 8


def by_keys(kind: str, keys: Iterable[str]) -> dict[str, Label]:
    """The published records at these keys, old ones included; what is not there is absent."""
    wanted = set(keys)
    rows = Record.objects.filter(kind=kind, key__in=wanted, withdrawn_in=None)
    found = {record.key: label(record) for record in rows}
    for key, uid in Address.objects.filter(kind=kind, key__in=wanted - found.keys()).values_list(
        "key", "uid"
    ):
        record = Record.objects.filter(uid=uid).first()
        while record and record.merged_into:
            record = Record.objects.filter(uid=record.merged_into).first()
        if record and record.withdrawn_in_id is None:
            found[key] = label(record)
    return found


def by_name(kind: str, text: str) -> list[Label]:
    """The records of a kind with all the words of a text in their names; if one is called just that, it alone."""
    wanted = list(dict.fromkeys(words(text)))[:MOST_WORDS]
    if not wanted:
        return []
    found = Record.objects.filter(kind=kind, withdrawn_in=None)
    for word in wanted:
        found = found.filter(uid__in=SearchWord.objects.filter(word=word).values("record"))
    labels = [label(record) for record in found.order_by(Length("label"), "uid")[: MOST + 1]]
    same = [one for one in labels if fold(text) in {fold(one.text), *(fold(name) for name, _ in one.parts)}]
    return same if len(same) == 1 else labels
