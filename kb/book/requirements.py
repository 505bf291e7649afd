"""What many records need of each other, asked of whole sets: a few queries for some hundred records, none for one.

`kb.book.blocking` decides what a release is refused for, from the documents themselves. This tells beforehand, from the
desk's columns alone, in which order a hundred thousand records can go out and which of them cannot.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

from kb.book.asking import chunks
from kb.book.documents import model_of
from kb.book.kinds import KINDS
from kb.book.models import Address, Record

#: kind → what must be published for it, with the kind that the column leads to.
NEEDS: Mapping[str, Mapping[str, str]] = {
    "claim": {"appearances__source__uid": "source"},
    "rebuttal": {"claim__uid": "claim", "replies_to__uid": "rebuttal"},
    "correction": {"claim__uid": "claim", "rebuttal__uid": "rebuttal", "corrects__uid": "correction"},
    "delivery": {"correction__uid": "correction"},
}
#: kind → the columns by which its documents mention others of their own kind.
MENTIONS: Mapping[str, tuple[str, ...]] = {
    "source": ("in_reply_to__uid", "derived_from__uid"),
    "place": ("part_of__uid",),
    "event": ("part_of__uid", "after__uid"),
    "claim": ("appearances__derived_from__claim__uid",),
    "rebuttal": ("replies_to__uid", "duplicate_of__uid"),
    "correction": ("corrects__uid",),
}
#: Kinds in the order in which they go out: none mentions a later one. A naming policy names places.
ORDER: tuple[str, ...] = (
    *(kind for kind in KINDS if kind not in ("naming-policy", "desk")),
    "naming-policy",
    "desk",
)


def in_order(uids: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str]]:
    """The kind and uid of each of the records (by kind), those that others mention first.

    Of records that mention each other in a circle, one has to go out before what it mentions.
    """
    for kind in ORDER:
        own = uids.get(kind, ())
        yield from ((kind, uid) for uid in _mentioned_first(own, _mentions(kind, own)))


def _mentions(kind: str, uids: Sequence[str]) -> dict[str, list[str]]:
    known, found = set(uids), defaultdict(list)
    for path in MENTIONS.get(kind, ()):
        for uid, other in _pairs(kind, path, uids):
            if other in known and other != uid:
                found[uid].append(other)
    return found


def _pairs(kind: str, path: str, uids: Collection[str]) -> Iterator[tuple[str, str]]:
    """Each record with each uid that a column of it leads to."""
    for some in chunks(uids):
        rows = model_of(kind)._base_manager.filter(uid__in=some, **{f"{path}__isnull": False})
        yield from rows.order_by().values_list("uid", path).distinct()


def _mentioned_first(uids: Sequence[str], mentions: Mapping[str, Sequence[str]]) -> Iterator[str]:
    begun: set[str] = set()
    for first in uids:
        if first in begun:
            continue
        begun.add(first)
        # No recursion: a chain of answers may be longer than Python's stack.
        waiting = [first]
        while waiting:
            ahead = next((other for other in mentions.get(waiting[-1], ()) if other not in begun), None)
            if ahead is None:
                yield waiting.pop()
            else:
                begun.add(ahead)
                waiting.append(ahead)


def obstacles(records: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Why some of the records (kind and uid, in order) will not go out, in words for editors, by uid."""
    uids = defaultdict(list)
    for kind, uid in records:
        uids[kind].append(uid)
    seen, blocked = {uid for _, uid in records}, dict[str, str]()
    for kind in ORDER:
        own = uids.get(kind, [])
        for uid, message in _of_one_kind(kind, own, seen):
            blocked.setdefault(uid, message)
            seen.discard(uid)
    return blocked


def _of_one_kind(kind: str, uids: Sequence[str], seen: set[str]) -> Iterator[tuple[str, str]]:
    """In order, so that what blocks one of them also blocks those after it that need it."""
    if not uids:
        return
    yield from _addresses_taken(kind, uids)
    needs: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for path, leads_to in NEEDS.get(kind, {}).items():
        for uid, other in _pairs(kind, path, uids):
            needs[uid].append((leads_to, other))
    public = _published({other for found in needs.values() for _, other in found} - seen)
    missing: dict[str, tuple[str, str]] = {}
    for uid in uids:
        lacking = sorted(need for need in needs[uid] if need[1] not in seen and need[1] not in public)
        if lacking:
            missing[uid] = lacking[0]
            seen.discard(uid)
    silent = [uid for uid in uids if not needs[uid]] if kind == "claim" else []
    names = names_of({kind: [*missing, *silent]})
    others = defaultdict(list)
    for leads_to, other in missing.values():
        others[leads_to].append(other)
    names.update(names_of(others))
    for uid, (leads_to, other) in missing.items():
        yield uid, f"“{names[uid]}” needs the {leads_to} “{names[other]}”, which is not published."
    for uid in silent:
        yield uid, f"“{names[uid]}” has no appearance. Record where it was said."


def _published(uids: Collection[str]) -> set[str]:
    return {
        uid
        for some in chunks(uids)
        for uid in Record.objects.filter(uid__in=some, withdrawn_in=None).values_list("uid", flat=True)
    }


def _addresses_taken(kind: str, uids: Sequence[str]) -> Iterator[tuple[str, str]]:
    for some in chunks(uids):
        keys = dict(model_of(kind)._base_manager.filter(uid__in=some).values_list("key", "uid"))
        taken = Address.objects.filter(kind=kind, key__in=list(keys)).values_list("key", "uid")
        for key, owner in taken:
            if owner != keys[key]:
                yield keys[key], f"The key “{key}” once led readers to another {kind}. Choose another key."


def names_of(uids: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """What the desk calls records, given by kind."""
    return {
        record.uid: str(record)
        for kind, own in uids.items()
        for some in chunks(own)
        for record in model_of(kind)._base_manager.select_related().filter(uid__in=some)
    }
