"""Finding the records that a list is narrowed to: by their keys as addresses have them, or by what they are called."""

from __future__ import annotations

from collections.abc import Iterable

from kb.book.models import Address, Record
from kb.book.reading import Label, label, labels
from kb.book.search.engine import Chosen, engine
from kb.book.search.questions import read
from kb.editorial.folding import fold

#: So many are offered where several are called the same.
MOST = 8


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


def by_name(kind: str, text: str) -> tuple[list[Label], bool]:
    """The records of a kind that a text can mean, the best first, and whether it says which: called just that, or
    the only one with these words."""
    found = engine().find(read(text), Chosen(kind=kind), 0, MOST)
    known = labels(found.uids)
    named = [known[uid] for uid in found.uids if uid in known and not known[uid].withdrawn]
    same = [one for one in named if fold(text) in _names(one)]
    if len(same) == 1:
        return same, True
    return named, len(named) == 1 and not found.some and not found.instead


def _names(label: Label) -> set[str]:
    """All that a record is called."""
    names = [label.text, *(text for text, _ in label.parts), *(row[0] for row in label.card.get("names", ()))]
    return {fold(name) for name in names}
