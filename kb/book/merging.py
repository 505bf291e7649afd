"""Merges of the desk on their way to readers.

The merged record goes, and its address leads to the kept one, with the release that publishes the kept record. Until
then readers see both. What is published and refers to the merged record has to be published anew in the same release,
so that no page leads to what is no longer there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kb.book.asking import chunks
from kb.book.documents import model_of
from kb.book.models import Record, Reference
from kb.editorial.aggregate import Aggregate
from kb.models import Merge


def leaving(records: Sequence[Aggregate]) -> dict[str, str]:
    """What publishing these records takes away: uid of a published record that was merged into one of them → its uid.

    A withdrawn record keeps its tombstone.
    """
    merged = Merge.objects.into(record.uid for record in records)
    public: set[str] = set()
    for some in chunks(merged):
        public.update(Record.objects.filter(uid__in=some, withdrawn_in=None).values_list("uid", flat=True))
    return {uid: merged[uid] for uid in sorted(public)}


def left_behind(records: Sequence[Aggregate]) -> Iterator[tuple[Aggregate, str, Aggregate | None]]:
    """What would go on referring to a record that leaves: the kept record, the sentence, and what could go out too."""
    going = leaving(records)
    if not going:
        return
    kept = {record.uid: record for record in records}
    own = {*kept, *going}
    pairs: list[tuple[str, str]] = []
    for some in chunks(going):
        rows = Reference.objects.filter(target__in=some).exclude(source__in=some).order_by("source", "target")
        pairs += [pair for pair in rows.values_list("source", "target").distinct() if pair[0] not in own]
    known = _records({uid for pair in pairs for uid in pair})
    desk = _at_the_desk({source for source, _ in pairs}, known)
    for source, target in pairs:
        if source not in known:  # withdrawn
            continue
        record, kind = kept[going[target]], known[source].kind
        yield (
            record,
            f"The published {kind} “{known[source].label}” refers to “{known[target].label}”, which was merged into "
            f"“{record}”. It has to be published anew with it.",
            desk.get(source),
        )


def _records(uids: set[str]) -> dict[str, Record]:
    found: dict[str, Record] = {}
    for some in chunks(uids):
        found.update({row.uid: row for row in Record.objects.filter(uid__in=some, withdrawn_in=None)})
    return found


def _at_the_desk(uids: set[str], known: dict[str, Record]) -> dict[str, Aggregate]:
    """Published records as the desk has them; of one that was merged itself, the one that it was merged into."""
    later = Merge.objects.kept_for(uids)
    found: dict[str, Aggregate] = {}
    for kind in {row.kind for row in known.values()}:
        wanted = {later.get(uid, uid): uid for uid in uids if uid in known and known[uid].kind == kind}
        for some in chunks(wanted):
            for record in model_of(kind)._base_manager.filter(uid__in=some):
                found[wanted[record.uid]] = record
    return found


# --- where a merge stands with readers ------------------------------------------------------------------------------

NEVER, WAITS, LED, GONE = "never", "waits", "led", "gone"
#: Of what refers to a record, this many are named.
FIRST = 5


def state_of(uid: str) -> str:
    """Of a merged record: never published, waiting for the release that leads its address on, led on, or withdrawn."""
    row = Record.objects.filter(uid=uid).values_list("withdrawn_in", "merged_into").first()
    if row is None:
        return NEVER
    withdrawn, led = row
    return WAITS if withdrawn is None else LED if led else GONE


def is_led_on(uid: str) -> bool:
    return state_of(uid) == LED


def referring_to(uid: str) -> tuple[int, list[str]]:
    """The published records that refer to one: how many, and what the first of them are called."""
    sources = Reference.objects.filter(target=uid).exclude(source=uid).values("source")
    records = Record.objects.filter(uid__in=sources, withdrawn_in=None).order_by("label", "uid")
    return records.count(), list(records.values_list("label", flat=True)[:FIRST])
